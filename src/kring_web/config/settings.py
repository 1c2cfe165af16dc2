"""Django's settings, all made from the one typed environment."""

from __future__ import annotations

from pathlib import Path

from kring import languages
from kring_web.config.current import environment
from kring_web.config.databases import databases
from kring_web.config.logs import logging_of
from kring_web.config.secret_key import secret_key, ticket_secret
from kring_web.config.security import POLICY, cookie_name
from kring_web.config.static_files import is_immutable

KRING = environment()
HERE = Path(__file__).resolve().parent.parent
A_YEAR = 31_536_000

DEBUG = False
SECRET_KEY = secret_key(KRING)
KRING_TICKET_SECRET = ticket_secret(SECRET_KEY)
ALLOWED_HOSTS = list(KRING.hosts)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "csp",
    # From leaf to top, as the import contracts have it.
    "kring_web.web",
    "kring_web.jobs",
    "kring_web.feed",
    "kring_web.mail",
    "kring_web.accounts",
    "kring_web.circles",
    "kring_web.methods",
    "kring_web.workbench",
    "kring_web.vault",
    "kring_web.meetings",
    "kring_web.knocks",
    "kring_web.practice",
    "kring_web.site",
]
MIDDLEWARE = [
    "kring_web.config.proxies.forwarded",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "kring_web.config.security.headers",
    "kring_web.config.static_files.StaticFiles",
    "kring_web.config.security.same_origin",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
]
ROOT_URLCONF = "kring_web.config.urls"
ASGI_APPLICATION = "kring_web.config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
            ],
        },
    }
]

DATABASES = databases(KRING)
DATABASE_ROUTERS = ["kring_web.config.databases.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# One account, one cookie: made when somebody signs in, and for nobody else.
AUTH_USER_MODEL = "accounts.User"
SESSION_COOKIE_NAME = cookie_name("kring_session", secure=KRING.secure)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = KRING.secure
SESSION_COOKIE_PATH = "/"

LANGUAGE_CODE = "en"
LANGUAGES = [(code, languages.LANGUAGES[code].own) for code in languages.SCREENS]
LANGUAGE_COOKIE_NAME = cookie_name("kring_language", secure=KRING.secure)
LANGUAGE_COOKIE_AGE = A_YEAR
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = KRING.secure
LOCALE_PATHS = [HERE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = KRING.data / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "kring_web.config.static_files.Storage"},
}
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.AppDirectoriesFinder"]
WHITENOISE_IMMUTABLE_FILE_TEST = is_immutable
WHITENOISE_ALLOW_ALL_ORIGINS = False

CONTENT_SECURITY_POLICY = POLICY
# To nobody else, and without what stands behind the #, where the keys are: browsers leave that out by themselves.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = A_YEAR if KRING.secure else 0
# Behind a proxy that ends TLS; `kring_web.config.proxies` lets no one else say it.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if KRING.secure else None
# The largest body is a method in the workbench; every other endpoint allows less (`kring_web.web.json_api.read`). No uploads.
DATA_UPLOAD_MAX_MEMORY_SIZE = 640 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20

LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = logging_of(KRING.log_level, KRING.log_format)
