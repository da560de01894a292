"""A server: HTTPS, PostgreSQL, Redis, and keys that come from the environment alone."""

from . import env
from .base import *

DEBUG = False
DEMO_ALLOWED = False
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", hint="Write the host names people type, separated by commas.")

KEYS_HINT = (
    "Run `python -m jinchuan.settings.newkeys` once and put its three lines into .env; keep a copy elsewhere."
)
SECRET_KEY = env.secret("SECRET_KEY", hint=KEYS_HINT)
FIELD_KEYS = env.secret("FIELD_KEYS", hint=KEYS_HINT)
INDEX_KEY = env.secret("INDEX_KEY", hint=KEYS_HINT)
env.secret("DATABASE_URL", hint=env.DATABASE_HINT)
env.secret("REDIS_URL", hint="Use redis://host:6379/0.")

# Off only while trying the server out inside one machine: without HTTPS anybody on the way reads everything.
HTTPS = env.flag("JINCHUAN_HTTPS", True)
if HTTPS:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    if env.number("JINCHUAN_TRUSTED_PROXIES", 0, most=5):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
