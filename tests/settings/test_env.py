from pathlib import Path

import pytest

from jinchuan.settings import env

ROOT = Path("/srv/house")


def test_text_that_is_missing_says_how_to_set_it(monkeypatch):
    monkeypatch.delenv("SITE_URL", raising=False)
    with pytest.raises(env.EnvError, match=r"SITE_URL: is missing\. Write where links lead\."):
        env.text("SITE_URL", hint="Write where links lead.")


def test_secret_is_read_from_a_file(monkeypatch, tmp_path):
    (tmp_path / "key").write_text("value\n")
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))
    assert env.secret("SECRET_KEY") == "value"


def test_secret_file_that_is_missing_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "none"))
    with pytest.raises(env.EnvError, match="SECRET_KEY_FILE: names a file that cannot be read"):
        env.secret("SECRET_KEY")


@pytest.mark.parametrize(("value", "expected"), [("on", True), ("off", False), ("", True)])
def test_flag(monkeypatch, value, expected):
    monkeypatch.setenv("JINCHUAN_HTTPS", value)
    assert env.flag("JINCHUAN_HTTPS", True) is expected


@pytest.mark.parametrize("value", ["yes", "True", "1", "ON"])
def test_flag_refuses_other_words(monkeypatch, value):
    monkeypatch.setenv("JINCHUAN_HTTPS", value)
    with pytest.raises(env.EnvError, match="Use on or off"):
        env.flag("JINCHUAN_HTTPS", True)


@pytest.mark.parametrize("value", ["-1", "6", "two", "1.0", "１"])
def test_number_keeps_its_bounds(monkeypatch, value):
    monkeypatch.setenv("JINCHUAN_TRUSTED_PROXIES", value)
    with pytest.raises(env.EnvError, match="from 0 to 5"):
        env.number("JINCHUAN_TRUSTED_PROXIES", 0, most=5)


def test_mistyped_variable_is_refused_with_the_nearest_name(monkeypatch):
    monkeypatch.setenv("JINCHUAN_HTTP", "off")
    with pytest.raises(env.EnvError, match=r"JINCHUAN_HTTP: is not known\. Did you mean JINCHUAN_HTTPS\?"):
        env.refuse_unknown()


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite:///var/db.sqlite3", "/srv/house/var/db.sqlite3"),
        ("sqlite:////data/a b.sqlite3", "/data/a b.sqlite3"),
        ("sqlite:////data/%E7%88%B1.sqlite3", "/data/爱.sqlite3"),
    ],
)
def test_sqlite_paths(monkeypatch, url, name):
    monkeypatch.setenv("DATABASE_URL", url)
    assert env.database("DATABASE_URL", None, root=ROOT)["NAME"] == name


def test_postgres_with_everything(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://who:p%40ss@db.example:5433/house?sslmode=require")
    assert env.database("DATABASE_URL", None, root=ROOT) == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "house",
        "USER": "who",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }


def test_postgres_through_a_unix_socket(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql:///house?host=/run/postgresql")
    database = env.database("DATABASE_URL", None, root=ROOT)
    assert (database["HOST"], database["NAME"]) == ("/run/postgresql", "house")


@pytest.mark.parametrize(
    "url",
    [
        "mysql://db/house",
        "house.sqlite3",
        "sqlite://house.sqlite3",
        "sqlite:///",
        "postgres://db",
        "postgres://db:many/house",
        "postgres://db/house/other",
        "postgres://db/house?sslmod=require",
    ],
)
def test_database_addresses_that_are_refused(monkeypatch, url):
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(env.EnvError, match="Environment variable DATABASE_URL: "):
        env.database("DATABASE_URL", None, root=ROOT)


def test_redis_gives_broker_and_cache_databases_of_their_own(monkeypatch):
    monkeypatch.setenv("REDIS_URL", "redis://:secret@redis:6379/3")
    assert env.redis("REDIS_URL") == ("redis://:secret@redis:6379/3", "redis://:secret@redis:6379/4")
    monkeypatch.setenv("REDIS_URL", "redis://redis")
    assert env.redis("REDIS_URL") == ("redis://redis/0", "redis://redis/1")


@pytest.mark.parametrize(
    "url", ["http://redis:6379/0", "redis://", "redis://redis/house", "redis://redis/0?x=1"]
)
def test_redis_addresses_that_are_refused(monkeypatch, url):
    monkeypatch.setenv("REDIS_URL", url)
    with pytest.raises(env.EnvError, match="Use redis://"):
        env.redis("REDIS_URL")
