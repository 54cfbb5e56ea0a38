"""Settings that hold everywhere. The other modules add where the services and secrets are."""

from datetime import timedelta
from pathlib import Path

import environ
from celery.schedules import crontab
from corsheaders.defaults import default_headers

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parents[2]

INSTALLED_APPS = [
    "config.apps.SecondFactorAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "corsheaders",
    "rest_framework",
    "django_filters",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "django_fsm",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "health_check",
    "knox",
    "common",
    "accounts",
    "author",
    "blog",
]

MIDDLEWARE = [
    "common.middleware.request_id",
    "django.middleware.security.SecurityMiddleware",
    "common.middleware.security_headers",
    "corsheaders.middleware.CorsMiddleware",
    "common.middleware.refuse_null_bytes",
    "common.middleware.refuse_bad_bodies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
CSRF_FAILURE_VIEW = "common.api.csrf_failure"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
# A redirect would lose the body of a POST; an address without its slash is a 404.
APPEND_SLASH = False
# Anywhere else than at admin/, a honeypot takes that place.
ADMIN_PATH = (env.str("ADMIN_PATH", default="").strip("/") or "admin") + "/"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# Logs: to stderr, where whatever runs the app collects them
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"context": {"()": "common.logs.ContextFilter"}},
    "formatters": {
        "plain": {"()": "common.logs.PlainFormatter"},
        "json": {"()": "common.logs.JsonLineFormatter"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "filters": ["context"],
            "formatter": "plain",
        }
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # Without handlers of its own, which write only where DEBUG is on.
    "loggers": {"django": {"handlers": [], "level": "INFO"}},
}
# The header in which callers offer an id of their own for a request.
TRUSTED_REQUEST_ID_HEADER = "X-Request-ID"

# Database and cache
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Migrations of a large table need more: run them with DATABASE_STATEMENT_TIMEOUT_MS=0.
DATABASE_STATEMENT_TIMEOUT_MS = env.int("DATABASE_STATEMENT_TIMEOUT_MS", default=10_000)
# Seconds for a connection to the store, and for each of its answers: what a request can do
# without must not hold it up.
STORE_TIMEOUT = 0.1
# Whether what a transaction has not committed is kept, too: tests alone never commit.
CACHE_UNCOMMITTED = False
# knox's own migrations would make a table for the token model that ours replaces.
MIGRATION_MODULES = {"knox": None}

# What browsers are told. Styles stand inside the pages of the documentation and of health.
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Pages of these origins, such as https://www.example.com, may call the API from a browser.
# Without cookies: they send tokens.
CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_URLS_REGEX = r"^/v[0-9]+/"
CORS_ALLOW_HEADERS = [*default_headers, "idempotency-key", "if-match", "if-none-match"]
CORS_EXPOSE_HEADERS = [
    "ETag",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "X-Cache",
    "X-Request-ID",
]

# Languages and time
LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True

# Files
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
MEDIA_URL = "media/"
MEDIA_ROOT = BASE_DIR / "media"

# Sizes of requests and files, in bytes
MAX_BODY_BYTES = 512 * 1024
MAX_UPLOAD_BYTES = 3 * 1024 * 1024
MAX_COVER_BYTES = 2 * 1024 * 1024

# Health page
HEALTH_FREE_DISK_MB = env.int("HEALTH_FREE_DISK_MB", default=100)
# How long workers have to answer; 0 does not ask them.
HEALTH_WORKER_SECONDS = env.float("HEALTH_WORKER_SECONDS", default=0)

# Accounts
AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# What the second factor is called on a phone; its secret is shown once, by add_second_factor.
OTP_TOTP_ISSUER = env.str("OTP_TOTP_ISSUER", default="Blog")
OTP_ADMIN_HIDE_SENSITIVE_DATA = True
KNOX_TOKEN_MODEL = "accounts.DeviceToken"
REST_KNOX = {"TOKEN_TTL": timedelta(days=14)}
# Until when the links of mails work.
VERIFICATION_MAX_AGE = timedelta(days=3)
PASSWORD_RESET_MAX_AGE = timedelta(hours=1)
# The pages that these links open; they send the token on to the API.
FRONTEND_URL = env.str("FRONTEND_URL", default="http://localhost:3000").rstrip("/")
# They name the user by the uuid; the key that signs them is made of SECRET_KEY.
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=5),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=14),
    "USER_ID_FIELD": "uuid",
    "USER_ID_CLAIM": "uuid",
}
# Logins elsewhere; a provider without id and secret is not offered.
SOCIAL_LOGIN_MAX_AGE = timedelta(minutes=10)
SOCIAL_TIMEOUT = 5
SOCIAL_PROVIDERS = {
    "google": {
        "client_id": env.str("GOOGLE_CLIENT_ID", default=""),
        "client_secret": env.str("GOOGLE_CLIENT_SECRET", default=""),
        "scope": "openid email profile",
        "authorization_url": "https://accounts.google.com/o/oauth2/v2/auth",
        "token_url": "https://oauth2.googleapis.com/token",
        "profile_url": "https://openidconnect.googleapis.com/v1/userinfo",
    },
    "github": {
        "client_id": env.str("GITHUB_CLIENT_ID", default=""),
        "client_secret": env.str("GITHUB_CLIENT_SECRET", default=""),
        "scope": "read:user user:email",
        "authorization_url": "https://github.com/login/oauth/authorize",
        "token_url": "https://github.com/login/oauth/access_token",
        "profile_url": "https://api.github.com/user",
        "emails_url": "https://api.github.com/user/emails",
    },
}
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="blog@example.com")

# How many requests somebody may send: docs/throttling.md. Of several rates all hold at once.
# THROTTLE_LOGIN_ANONYMOUS in the environment is the first of login, and so on.
THROTTLE_RATES = {
    scope: {
        tier: env.str(f"THROTTLE_{scope}_{tier}".upper(), default=rate)
        for tier, rate in rates.items()
    }
    for scope, rates in {
        "general": {"anonymous": "120/minute", "user": "600/minute", "subscriber": "3000/minute"},
        "search": {"anonymous": "30/minute", "user": "60/minute", "subscriber": "300/minute"},
        "comments": {"anonymous": "10/minute", "subscriber": "30/minute"},
        "login": {"anonymous": "10/minute; 60/hour"},
        "mail": {"anonymous": "5/minute; 30/hour"},
        "publication": {"anonymous": "30/hour", "subscriber": "120/hour"},
    }.items()
}
# Seconds that a request waits for the store to count it, and seconds where the store is seen to
# answer others meanwhile. With STORE_TIMEOUT, a store that hangs costs a quarter second at most.
THROTTLE_STORE_TIMEOUT = 0.125
THROTTLE_PATIENCE = 0.5
# How many proxies of ours stand in front, each appending to X-Forwarded-For; 0 ignores the header.
THROTTLE_PROXIES = env.int("THROTTLE_PROXIES", default=0)

# The API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.DeviceTokenAuthentication",
        "accounts.authentication.JwtAuthentication",
        "accounts.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    # JSON, unless a browser asks for a page.
    "DEFAULT_RENDERER_CLASSES": [
        "rest_framework.renderers.JSONRenderer",
        "common.renderers.PageRenderer",
    ],
    "DEFAULT_PARSER_CLASSES": ["common.parsers.StrictJSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["common.filters.FormFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "common.pagination.PageNumberPages",
    "DEFAULT_VERSIONING_CLASS": "common.versioning.PathVersioning",
    "DEFAULT_VERSION": "v1",
    "DEFAULT_SCHEMA_CLASS": "common.schema.LimitedSchema",
    # Each view names its own.
    "DEFAULT_THROTTLE_CLASSES": [],
    "NUM_PROXIES": THROTTLE_PROXIES,
    "EXCEPTION_HANDLER": "common.handlers.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "TEST_REQUEST_RENDERER_CLASSES": [
        "rest_framework.renderers.JSONRenderer",
        "rest_framework.renderers.MultiPartRenderer",
    ],
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Blog API",
    "DESCRIPTION": "Authors write, editors review and publish, everyone reads and comments.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": "/v[0-9]+",
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "accounts.schema.document_bad_tokens",
        "common.schema.document_errors",
    ],
}

# Background tasks
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
# The soft limit is an error that the task can answer with another try; the hard one kills it.
CELERY_TASK_SOFT_TIME_LIMIT = 45
CELERY_TASK_TIME_LIMIT = 60
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A worker's lines look as those of the web server do.
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# A request that starts a task does not wait long for a broker that is silent.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    # When a message whose worker died is given to another one. It has to be more than a task may
    # take and wait for its next try, else a living worker's task is run twice.
    "visibility_timeout": 15 * 60,
    # A worker of several queues serves the first one that has a message.
    "queue_order_strategy": "priority",
}
# With late acknowledgement, what a worker has fetched beyond its task only waits.
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Mail goes first: it ends the work that fan-outs begin.
CELERY_TASK_QUEUES = {"mail": {}, "celery": {}, "fan_out": {}}
CELERY_TASK_ROUTES = {
    "author.tasks.mail_*": {"queue": "mail"},
    "author.tasks.fan_out_*": {"queue": "fan_out"},
}

# Periodic tasks: of several `celery --app config beat`, the one that holds the lock sends them.
CELERY_BEAT_SCHEDULER = "redbeat.RedBeatScheduler"
# It extends the lock each time it wakes up.
CELERY_BEAT_MAX_LOOP_INTERVAL = 10
CELERY_REDBEAT_LOCK_TIMEOUT = 60
# A beat that waited longer for a silent server would lose the lock.
CELERY_REDBEAT_REDIS_OPTIONS = {"socket_timeout": 5, "socket_connect_timeout": 2}
CELERY_BEAT_SCHEDULE = {
    "publish-due-blogs": {
        "task": "blog.tasks.publish_due_blogs",
        "schedule": timedelta(minutes=1),
        # Where workers are late, the next message does the work of this one.
        "options": {"expires": 60},
    },
    "forget-idempotency-keys": {
        "task": "blog.tasks.forget_idempotency_keys",
        "schedule": crontab(minute=30, hour=3),
    },
    "reconcile-publications": {
        "task": "author.tasks.reconcile_publications",
        "schedule": timedelta(minutes=10),
        "options": {"expires": 600},
    },
    "weekly-digest": {
        "task": "author.tasks.fan_out_digest",
        # Again during the day, for those whose mail was lost or refused: nobody gets a second one.
        "schedule": crontab(minute=0, hour="6-22/4", day_of_week="monday"),
    },
}
