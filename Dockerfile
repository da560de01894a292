# The image of web, worker and beat. What is installed is what tools/install.sh installs everywhere.
FROM debian:12-slim

ENV XDG_CACHE_HOME=/var/cache/house \
    JINCHUAN_DATA=/srv/data \
    DJANGO_SETTINGS_MODULE=jinchuan.settings.production \
    PYTHONUNBUFFERED=1 \
    LANG=C.UTF-8

WORKDIR /srv/jinchuan
COPY requirements.txt requirements-dev.txt ./
COPY tools tools
COPY jinchuan jinchuan
RUN sh tools/install.sh run \
    && apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/* /var/cache/house/jinchuan/wheels \
    && useradd --system --uid 10001 --home-dir /srv/data jinchuan \
    && install -d -m 700 -o jinchuan -g jinchuan /srv/data
COPY . .

USER jinchuan
VOLUME /srv/data
EXPOSE 8000
ENV PATH=/srv/jinchuan/.venv/bin:$PATH
CMD ["python", "manage.py", "serve", "--web", "--host", "0.0.0.0"]
