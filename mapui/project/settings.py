"""Django settings; what differs between places comes from the environment (environment.py)."""

from __future__ import annotations

import tomllib
from typing import Any

import dj_database_url
from django.utils.translation import gettext_lazy as _

from mapui.project.environment import ROOT, Mode, read_environment

ENV = read_environment()
VERSION: str = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
LINGE_MODE = ENV.mode
IS_PRODUCTION = ENV.mode is Mode.PRODUCTION

# DEBUG stays off everywhere: an error shows a page with a reference, never a traceback.
DEBUG = False
SECRET_KEY = ENV.secret_key
# What is sealed before it is stored (gis_grids/sealing.py): the first key seals, every one opens.
DATA_KEYS = ENV.data_keys
# What the digests of sealed numbers are keyed with; another one finds none of those that are stored.
DIGEST_KEY = ENV.digest_key or ENV.secret_key
# Whether identity numbers are kept whole, sealed, beside the digest and the last four.
KEEP_IDENTITY_NUMBERS = ENV.keep_identity_numbers
ALLOWED_HOSTS = list(ENV.hosts)
CSRF_TRUSTED_ORIGINS = list(ENV.origins)

INSTALLED_APPS = [
    "procrastinate.contrib.django",  # before incidents, whose admin leaves its page out
    "mapui.apps.MapuiConfig",
    "incidents.apps.IncidentsConfig",
    "households.apps.HouseholdsConfig",
    "gis_grids.apps.GisGridsConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "django.contrib.postgres",
    "pgtrigger",
    "channels",
    "leaflet",
    "allauth",
    "allauth.account",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "mapui.middleware.content_security_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "mapui.project.urls"
ASGI_APPLICATION = "mapui.project.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "mapui" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "mapui.office.menu.office_menu",
            ]
        },
    }
]


def _database() -> dict[str, Any]:
    config: dict[str, Any] = dict(dj_database_url.parse(ENV.database_url, conn_max_age=0))
    config["ENGINE"] = "django.contrib.gis.db.backends.postgis"
    config["CONN_HEALTH_CHECKS"] = True
    config["OPTIONS"] = {
        **config.get("OPTIONS", {}),
        # PostgreSQL's JIT takes seconds to compile what PostGIS queries do in milliseconds. Its costs are
        # made for turning disks: by them it reads a whole table where an index would do.
        "options": "-c jit=off -c random_page_cost=1.1",
        # A pool, and no persistent connections: under ASGI those leak (Django #33497).
        "pool": {"min_size": 1, "max_size": ENV.pool_size, "timeout": 5},
    }
    return config


DATABASES = {"default": _database()}
# What a server that people wait for adds to these options (mapui/live/life.py): nothing may hang there, and
# nobody who was forgotten may hold up the others. Migrations and imports take as long as they take.
WEB_DATABASE_OPTIONS = (
    " -c statement_timeout=10s -c lock_timeout=3s -c idle_in_transaction_session_timeout=30s"
)

CHANNEL_LAYERS: dict[str, dict[str, Any]] = {
    "default": {
        # The layer carries hints only; the truth is the feed in the database (design: the live path).
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        # redis-py 8 ends an idle socket after 5 s unless it's told not to (channels_redis#422).
        "CONFIG": {"hosts": [{"address": ENV.redis_url, "socket_timeout": None}], "prefix": "linge"},
    }
    if ENV.redis_url
    else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
}

# The limits of log-ins count in the cache: one process keeps its own, several share Redis while it is there.
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "mapui.project.cache.SharedCache", "LOCATION": ENV.redis_url}
    if ENV.redis_url
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Each write counts the files: more of them would cost more than they save.
    "rasters": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": ENV.raster_cache,
        "TIMEOUT": 30 * 24 * 3600,
        "OPTIONS": {"MAX_ENTRIES": 5000},
    },
}
RASTER_MAPS = ENV.raster_maps
TIANDITU_KEY = ENV.tianditu_key
TIANDITU_URL = ENV.tianditu_url

REDIS_URL = ENV.redis_url
BEHIND_PROXY = ENV.behind_proxy
REPORTS_PER_USER = ENV.reports_per_user
REPORTS_PER_ADDRESS = ENV.reports_per_address
RESIDENTS_PER_ADDRESS = ENV.residents_per_address
REVEALS_PER_HOUR = ENV.reveals_per_hour

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
if ENV.mode is Mode.TEST:
    # A real hash costs a fifth of a second; a test that logs in should not.
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "mapui.accounts.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "10/m/ip,5/5m/key"}

# The hours of a working week: who is on duty for more of them needs time off in lieu (S0 §18).
LINGE_WEEK_HOURS = ENV.week_hours

LANGUAGE_CODE = ENV.language
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "mapui" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = ENV.time_zone

FRONTEND = ROOT / "mapui" / "frontend"
STATIC_URL = "/static/"
STATIC_ROOT = ENV.static_root
# npm's Leaflet 1.9.4 shadows the 1.9.3 that django-leaflet bundles.
STATICFILES_DIRS = [("dist", FRONTEND / "dist"), ("leaflet", FRONTEND / "node_modules" / "leaflet" / "dist")]
MEDIA_ROOT = ENV.media_root
# Where `warm_tiles` puts what it makes; all processes of the machine read it.
TILES_ROOT = ENV.tiles_root
_BUCKET = {
    "bucket_name": ENV.s3_bucket,
    "location": ENV.s3_prefix,
    "endpoint_url": ENV.s3_endpoint,
    "region_name": ENV.s3_region,
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    # Files of cases that are whole. What still arrives is below MEDIA_ROOT in any case.
    "media": {"BACKEND": "incidents.storage.bucket.Bucket", "OPTIONS": _BUCKET}
    if ENV.s3_bucket
    else {"BACKEND": "incidents.storage.Folder"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

LEAFLET_CONFIG = {
    "TILES": [],
    "RESET_VIEW": False,
    "SCALE": "metric",
    "ATTRIBUTION_PREFIX": "",
    "MIN_ZOOM": 3,
    "MAX_ZOOM": 20,
    "DEFAULT_PRECISION": 9,
}

# Vector files are read by pyogrio, with a GDAL of its own and a list of allowed drivers; GeoDjango's GDAL
# (3.6 on Debian 12) opens no files here.
SILENCED_SYSTEM_CHECKS = ["gis.W001"]

# Security. Cookies and redirects need HTTPS, which a demo on the loopback address has not.
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "mapui.pages.errors.csrf_failure"
SECURE_CSP = {
    "default-src": ["'self'"],
    "script-src": ["'self'", "'nonce'"],
    "style-src": ["'self'", "'nonce'"],
    "img-src": ["'self'", "data:", "blob:"],
    "connect-src": ["'self'"],
    "worker-src": ["'self'"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
    "form-action": ["'self'"],
}
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 30 * 24 * 3600
CSRF_COOKIE_SAMESITE = "Lax"
if IS_PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
if IS_PRODUCTION or ENV.https:
    SESSION_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_SECURE = True
    CSRF_COOKIE_NAME = "__Host-csrftoken"
if ENV.behind_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "mapui.project.logs.WithoutWords",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "filters": {
        "one_line": {"()": "mapui.project.logs.OneLine"},
        "one_line_per_outage": {"()": "mapui.project.logs.OneLinePerOutage"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {
        # Uvicorn's own handler would write what an error says.
        "uvicorn": {"handlers": ["stderr"], "propagate": False},
        # Whoever asks for a foreign host must not fill the log, nor a Redis that is away.
        "django.security.DisallowedHost": {"filters": ["one_line"]},
        "channels_redis.pubsub": {"filters": ["one_line_per_outage"]},
        # That it finds our tasks is no news: it would say so above the answer of every command.
        "procrastinate.blueprints": {"level": "WARNING"},
    },
    "root": {"handlers": ["stderr"], "level": "INFO" if ENV.mode is not Mode.TEST else "WARNING"},
}
