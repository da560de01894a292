#!/bin/sh
# Django's own list for a server, with the settings of a server and keys that are thrown away.
. "$(dirname "$0")/common.sh"

JINCHUAN_DATA=$(mktemp -d)
trap 'rm -rf "$JINCHUAN_DATA"' EXIT
export JINCHUAN_DATA
export DJANGO_SETTINGS_MODULE=jinchuan.settings.production
export ALLOWED_HOSTS=example.org DATABASE_URL=postgres://db/jinchuan REDIS_URL=redis://redis:6379/0
for pair in $("$PYTHON" -m jinchuan.settings.newkeys); do
    export "${pair?}"
done
"$PYTHON" manage.py check --deploy --fail-level WARNING
