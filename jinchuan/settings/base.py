"""What every installation shares. DATABASE_URL and REDIS_URL choose the engines, for every command."""

from pathlib import Path

from kombu import Exchange, Queue

from . import env

env.refuse_unknown()

ROOT = Path(__file__).resolve().parents[2]

# Where an embedded installation keeps what it must not lose: database, files, keys, queue. Only its owner
# may look in.
DATA = Path(env.text("JINCHUAN_DATA", str(ROOT / "var"))).resolve()
QUEUE = DATA / "queue"
for folder in (DATA, DATA / "files", DATA / "log", QUEUE, QUEUE / "control"):
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)

# The house -------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "jinchuan.shared.site.HouseAdminConfig",
    "organizations",
    "cases",
    "donations",
    "volunteers",
    "reports",
    "jinchuan.audit",
    "jinchuan.intake",
    "jinchuan.sheets",
    "jinchuan.printing",
    "jinchuan.ops",
    "jinchuan.shared",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_htmx",
]

MIDDLEWARE = [
    "jinchuan.shared.middleware.RequestIdMiddleware",
    "csp.middleware.CSPMiddleware",  # before whoever answers by itself, so that no answer goes without
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "jinchuan.shared.middleware.NoStoreMiddleware",
    "jinchuan.shared.middleware.SessionLimitMiddleware",
    "jinchuan.intake.carrying.SignInMiddleware",
    "jinchuan.shared.middleware.SecondFactorMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "jinchuan.audit.context.OriginMiddleware",
    "jinchuan.audit.doors.RefusalMiddleware",
    "jinchuan.ops.error_pages.NotAllowedMiddleware",
]

ROOT_URLCONF = "jinchuan.urls"
WSGI_APPLICATION = "jinchuan.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CSRF_FAILURE_VIEW = "jinchuan.intake.views.csrf_failure"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# One language, one place. No LocaleMiddleware: it would obey an English browser.
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# Database --------------------------------------------------------------------------------------------------

DATABASE = env.database("DATABASE_URL", f"sqlite:///{DATA / 'db.sqlite3'}", root=ROOT)
EMBEDDED = DATABASE["ENGINE"].endswith("sqlite3")
if EMBEDDED:
    # Immediate transactions in WAL mode: writers queue up instead of failing. NORMAL may lose the last moments
    # when the power fails, never the rest; FULL waits for the disk at every commit.
    synchronous = env.choice("JINCHUAN_SQLITE_SYNCHRONOUS", "NORMAL", ("NORMAL", "FULL"))
    # With recursive triggers, a guard also sees the row that INSERT OR REPLACE removes for another unique value.
    # A sheet of 10,000 rows is one transaction of half a minute and more; whoever writes meanwhile waits for it.
    DATABASE["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 300,
        "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; PRAGMA foreign_keys=ON; "
        "PRAGMA recursive_triggers=ON;",
    }
else:
    statement_timeout = env.number("DATABASE_STATEMENT_TIMEOUT", 0, most=3600)
    DATABASE["CONN_MAX_AGE"] = 600
    DATABASE["CONN_HEALTH_CHECKS"] = True
    # Compiling a statement of many parts (jit) takes seconds, where running it takes a tenth of one.
    DATABASE["OPTIONS"] |= {
        "connect_timeout": 5,
        "options": f"-c statement_timeout={statement_timeout}s -c idle_in_transaction_session_timeout=30s -c jit=off",
    }
DATABASES = {"default": DATABASE}

# Cache and queue: both shared by all processes, because the limits on sign-in count in the cache ----------------

REDIS = env.redis("REDIS_URL", "")
if REDIS:
    CELERY_BROKER_URL, cache_url = REDIS
    # A server that takes the call and never answers is given up on, so that no page hangs with it.
    patience = {"socket_timeout": 4, "socket_connect_timeout": 4}
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 3600,
        "queue_order_strategy": "sorted",
        **patience,
    }
    CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1}
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": cache_url,
            "OPTIONS": patience,
        }
    }
else:
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE),
        "data_folder_out": str(QUEUE),
        "control_folder": str(QUEUE / "control"),
        "polling_interval": 0.5,
    }
    CELERY_WORKER_POOL = "jinchuan.ops.lone_worker:TaskPool"
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "cache_entries",
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
    }

# Two queues. Reports by the hundred wait in the second, so that nobody waits behind them: Redis empties the queues in the
# order of their names, the queue of files takes from both in turn, so what a person asked for is at most the next but one.
IN_TURN = "later"
CELERY_TASK_QUEUES = [Queue(name, Exchange(name), routing_key=name) for name in ("celery", IN_TURN)]

# What a task does is decided by the row it works on, so a message may come twice or get lost.
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 600
CELERY_TASK_TIME_LIMIT = 660
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = (
    800_000  # KiB, after which a process is replaced: one that printed 200 pages
)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA / "beat")
CELERY_TIMEZONE = TIME_ZONE

# Files: nothing that people upload lies under an address; views hand it out after asking who wants it ------------

MEDIA_ROOT = DATA / "files"
MEDIA_URL = ""
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# Who comes in ----------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "organizations.User"
AUTHENTICATION_BACKENDS = ["organizations.backends.AccountBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

# Roles that come in through the organisations' pages; every other role works in the bureau, held to more.
PORTAL_ROLES = ("org_admin", "org_member")
BUREAU_IDLE_SECONDS = 30 * 60
BUREAU_SESSION_SECONDS = 12 * 60 * 60
PORTAL_SESSION_SECONDS = 7 * 24 * 60 * 60
# Must bureau roles enrol a second factor before anything else? (They may do so in any case.)
REQUIRE_SECOND_FACTOR = env.flag("JINCHUAN_REQUIRE_SECOND_FACTOR", False)

AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "jinchuan.shared.passwords.BureauLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "jinchuan.shared.passwords.CommonWordsValidator"},
    {"NAME": "jinchuan.shared.passwords.NotOnlyDigitsValidator"},
    {"NAME": "jinchuan.shared.passwords.ContextWordsValidator"},
]

ACCOUNT_ADAPTER = "jinchuan.shared.login.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_FORMS = {
    "login": "jinchuan.shared.login_forms.LoginForm",
    "change_password": "jinchuan.shared.login_forms.ChangePasswordForm",
    "reauthenticate": "jinchuan.shared.login_forms.ReauthenticateForm",
}
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = True
# Per account and per address. The second is wide, because a whole office may stand behind one address.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "5/15m/key,60/5m/ip"}
# Behind a proxy the caller's address is the last one but so many of X-Forwarded-For.
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("JINCHUAN_TRUSTED_PROXIES", 0, most=5)
MFA_FORMS = {
    "authenticate": "jinchuan.shared.login_forms.CodeForm",
    "reauthenticate": "jinchuan.shared.login_forms.CodeAgainForm",
    "activate_totp": "jinchuan.shared.login_forms.BindForm",
}
MFA_ADAPTER = "jinchuan.shared.login.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "爱心金川"
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True

# Mail: the daily digest of reminders, and nothing else. Without a server nothing is sent.
EMAIL_HOST = env.text("EMAIL_HOST", "")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'dummy'}.EmailBackend"
EMAIL_SECURITY = env.choice("EMAIL_SECURITY", "ssl", ("ssl", "starttls", "none"))
EMAIL_USE_SSL = EMAIL_SECURITY == "ssl"
EMAIL_USE_TLS = EMAIL_SECURITY == "starttls"
EMAIL_PORT = env.number(
    "EMAIL_PORT", {"ssl": 465, "starttls": 587, "none": 25}[EMAIL_SECURITY], least=1, most=65535
)
EMAIL_HOST_USER = env.text("EMAIL_USER", "")
EMAIL_HOST_PASSWORD = env.secret("EMAIL_PASSWORD", "")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text(
    "EMAIL_FROM",
    EMAIL_HOST_USER or (None if EMAIL_HOST else "nobody@localhost"),
    hint="Write the address that mails come from.",
)

SESSION_COOKIE_AGE = PORTAL_SESSION_SECONDS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# What a browser may do with our pages ----------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# Logs: to the terminal, with the number of the request, without what people typed --------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "jinchuan.shared.middleware.RequestIdFilter"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name} [{request_id}] {message}", "style": "{"}},
    "handlers": {
        "terminal": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]},
    },
    "root": {"handlers": ["terminal"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # Libraries that tell every glyph and every poll.
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
        "kombu": {"level": "WARNING"},
        # Quotes the uploaded file where it cannot read it.
        "pypdf": {"level": "CRITICAL"},
    },
}

# Periods and limits of the programme -----------------------------------------------------------------------

SITE_URL = env.text("SITE_URL", f"http://127.0.0.1:{env.text('PORT', '8000')}").rstrip("/")
HOME_DIVISION = env.text("HOME_DIVISION", "620302000000")
BUREAU_NAME = env.text("BUREAU_NAME", "金川区民政局")
HELP_PHONE = env.text("HELP_PHONE", "0935-0000000")
# May `seed_demo` load made-up people whose passwords are printed? Never on a server.
DEMO_ALLOWED = True
DRAFT_DAYS = 30
ATTACHMENTS_MOST = 6
ATTACHMENT_BYTES_MOST = 20 * 1024 * 1024
INVITATION_DAYS = 7
INTENTION_HOLD_DAYS = 30
CLAIM_HOLD_DAYS = 15
# An allocation worth this many 元 or more needs two approvers beside who proposed it.
SECOND_APPROVAL_FROM = 10_000
# This share of the delivered lines of a hand-over is called back.
VERIFICATION_SHARE = 0.1
# Goods in stock are pointed out this many days before they expire; lines on a sheet, this many days after it went out.
EXPIRES_SOON_DAYS = 30
UNSIGNED_AFTER_DAYS = 3
# A certificate of service is announced this long inside its organisation before it may be issued (at least 7 days).
CERTIFICATE_NOTICE_DAYS = 7
CERTIFICATES_MOST = 500
CERTIFICATE_ATTEMPTS_MOST = 3
# How often one address may ask on the pages that need no sign-in (how many, in how many seconds): a whole office may
# stand behind it.
PUBLIC_LIMITS = {
    "trace": (60, 600),
    "certificate": (30, 600),
    "report": (30, 600),
    "my_service": (60, 600),
    # A hall of 500 people behind one address checks in within five minutes; one name is tried only so often.
    "check_in": (3000, 300),
    "check_in_code": (60, 600),
    "check_in_name": (12, 600),
}
# A printed paper with names on it lies ready this long; then it is printed anew.
PAPER_HOURS = 72
PAPER_ATTEMPTS_MOST = 3
# Photos of the signed sheet of one batch.
SIGNED_SHEETS_MOST = 60
GRACE_AFTER_END_DAYS = 90
RETENTION_YEARS = 3
# Names typed at the door of a session by people on nobody's roll.
UNKNOWN_PEOPLE_DAYS = 365
HOLD_WARNING_DAYS = 7
# What a volunteer says against a record is the organisation's to answer; after so long it stands on the bureau's list.
CORRECTION_ANSWER_DAYS = 7
CONFIRM_WITHIN_DAYS = 3
DUE_SOON_DAYS = 14
ESCALATE_AFTER_DAYS = 7
DIGEST_DAYS = 7
# What is printed beside the report of a district or street; see reports.services.papers.
REPORT_VARIANTS = ["brief", "large"]
REPORT_HEARTBEAT_LIMIT = 120
# A ledger of fewer lines is compared whole where a running month is read; see reports.ledger.touched.
LEDGER_LOOKED_THROUGH = 300_000
REPORT_ATTEMPTS_MOST = 3
IMPORT_HEARTBEAT_LIMIT = 120
IMPORT_ATTEMPTS_MOST = 3
IMPORT_KEPT_HOURS = 24
