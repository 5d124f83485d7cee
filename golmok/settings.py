"""Django's settings, derived from the operator's choices in `golmok.configuration`."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit
from wsgiref.headers import Headers

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from golmok.configuration import CONFIGURATION

BASE = Path(__file__).parent


SQLITE = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    "cache_size=-32768",  # KiB: the indexes of a busy evening
    "wal_autocheckpoint=8000",  # pages, 32 MB: a drop is not stopped every few transactions to tidy up
)


def database(url: str) -> dict[str, Any]:
    """Django's description of the database at `url`.

    ``sqlite:///path`` (four slashes for an absolute path) or ``postgres://user:password@host:port/name``;
    ``?sslmode=require`` and the like after that are handed to libpq.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite" and not parts.query:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path.removeprefix("/")),
            "OPTIONS": {
                # A deferred transaction that reads and then writes fails at once however long the timeout.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": " ".join(f"PRAGMA {pragma};" for pragma in SQLITE),
            },
            # A file, so that the threads of a race share it; in memory each connection has its own.
            "TEST": {"NAME": str(CONFIGURATION.var / "test.sqlite3")},
        }
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            f"DATABASE_URL is {parts.scheme}://…; it must be sqlite:///path or postgres://user@host/name"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)) | {"pool": {"min_size": 1, "max_size": 16, "timeout": 2}},
    }


class Mail(NamedTuple):
    """Where e-mail goes: out by SMTP, into files, or nowhere because nobody set it up."""

    kind: Literal["smtp", "file", "none"]
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    starttls: bool = False
    tls: bool = False

    @property
    def backend(self) -> str:
        module = {"smtp": "smtp", "file": "filebased", "none": "dummy"}[self.kind]
        return f"django.core.mail.backends.{module}.EmailBackend"


def mail(url: str) -> Mail:
    """``smtp://user:password@host:port?tls=1`` (STARTTLS), ``smtps://…`` (TLS), ``file:`` or empty."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    if url in {"", "file:"}:
        return Mail("file" if url else "none")
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or query.keys() - {"tls"}:
        raise ImproperlyConfigured(
            "GOLMOK_MAIL_URL must be smtp://user:password@host:port?tls=1 or smtps://…"
        )
    tls, starttls = parts.scheme == "smtps", query.get("tls") == "1"
    return Mail(
        "smtp",
        host=parts.hostname,
        port=parts.port or (465 if tls else 587 if starttls else 25),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starttls=starttls and not tls,
        tls=tls,
    )


SECRET_KEY = CONFIGURATION.secret_key
ROOM_PASS_KEY = "room-pass:" + SECRET_KEY
BUYER_PASS_KEY = "buyer-pass:" + SECRET_KEY
DEBUG = CONFIGURATION.debug
ALLOWED_HOSTS = ["127.0.0.1", "localhost", urlsplit(CONFIGURATION.public_url).hostname or "localhost"]
CSRF_TRUSTED_ORIGINS = [CONFIGURATION.public_url]
ROOT_URLCONF = "golmok.web.urls"
WSGI_APPLICATION = None
DATABASES = {"default": database(CONFIGURATION.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "csp",
    "django_vite",
    "golmok.domain.core",
    "golmok.domain.accounts",
    "golmok.domain.places",
    "golmok.domain.shops",
    "golmok.domain.festas",
    "golmok.domain.orders",
    "golmok.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "golmok.web.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["golmok.web.templatetags.golmok"],
        },
    },
]

# --- language and time: Korean first; inside everything is UTC -------------------------------------
LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Seoul"

# --- people ----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_ADAPTER = "golmok.web.accounts.adapter.GuestsKeepTheirOrders"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "login": "golmok.web.accounts.forms.LogInForm",
    "signup": "golmok.web.accounts.forms.SignUpForm",
}

# --- e-mail ----------------------------------------------------------------------------------------
_MAIL = mail(CONFIGURATION.mail_url)
MAIL_KIND = _MAIL.kind
EMAIL_BACKEND = _MAIL.backend
EMAIL_HOST, EMAIL_PORT = _MAIL.host, _MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.user, _MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL.starttls, _MAIL.tls
EMAIL_TIMEOUT = 10
EMAIL_FILE_PATH = CONFIGURATION.var / "mail"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = CONFIGURATION.mail_from

# --- safety ----------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(timedelta(days=30).total_seconds())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIGURATION.public_url.startswith("https://")
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
PAYMENT_SCRIPTS = [
    *([CONFIGURATION.toss.origin] if "toss" in CONFIGURATION.payments else []),
    *([CONFIGURATION.portone.origin] if "portone" in CONFIGURATION.payments else []),
]
"""Origins whose script opens a payment window, of the gateways that were chosen."""
# PortOne opens windows of many payment companies; from which hosts, it does not say beforehand.
PAYMENT_WINDOWS = [*PAYMENT_SCRIPTS, *(["https:"] if "portone" in CONFIGURATION.payments else [])]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, *PAYMENT_SCRIPTS],
        "style-src": [SELF],
        "frame-src": [SELF, *PAYMENT_WINDOWS],
        "img-src": [SELF, "data:", "blob:", *PAYMENT_WINDOWS],
        "media-src": [SELF, "blob:"],
        "worker-src": [SELF, "blob:"],
        "connect-src": [SELF, *PAYMENT_WINDOWS],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF, *PAYMENT_WINDOWS],
        "frame-ancestors": [NONE],
    },
}

# Rate limits are counted here; the default of 300 entries would forget callers while they still press.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# --- files -----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = CONFIGURATION.var / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
BUILT = re.compile(r"/static/build/assets/.+-[\w-]{8}\.\w+")
"""What Vite built: the name changes with the content."""


def keep_built_files(headers: Headers, path: str, url: str) -> None:
    """A name that never gets another content is never asked for again; other files are good for a minute."""
    if BUILT.fullmatch(url):
        headers["Cache-Control"] = "public, max-age=31536000, immutable"


WHITENOISE_ADD_HEADERS_FUNCTION = keep_built_files
MEDIA_URL = "/media/"
MEDIA_ROOT = CONFIGURATION.var / "uploads"
DJANGO_VITE = {
    "default": {
        "dev_mode": False,
        "manifest_path": BASE / "web" / "static" / "build" / "manifest.json",
        "static_url_prefix": "build",
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # Addresses at payment gateways carry the names of payments; httpx would log each of them.
    "loggers": {"httpx": {"level": "WARNING"}, "httpcore": {"level": "WARNING"}},
}

# --- the organiser's desk: words and links come from golmok.web.desk.navigation ----------------------
UNFOLD = {
    "SITE_TITLE": "golmok.web.desk.navigation.site_title",
    "SITE_HEADER": "golmok.web.desk.navigation.site_title",
    "SITE_SUBHEADER": "golmok.web.desk.navigation.site_subheader",
    "SITE_URL": "golmok.web.desk.navigation.home",
    "SITE_SYMBOL": "storefront",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "/static/build/icon.svg"}],
    "SHOW_BACK_BUTTON": True,
    "DASHBOARD_CALLBACK": "golmok.web.desk.dashboard.fill",
    "ACCOUNT": {"navigation": "golmok.web.desk.navigation.account_links"},
    "SIDEBAR": {"show_search": True, "navigation": "golmok.web.desk.navigation.sidebar"},
    "BORDER_RADIUS": "12px",
    "COLORS": {
        "base": {
            "50": "#FBF8F3",
            "100": "#F5F0E8",
            "200": "#E7DFD4",
            "300": "#D5CABB",
            "400": "#A79C90",
            "500": "#6A625A",
            "600": "#544D46",
            "700": "#3F3933",
            "800": "#2C2520",
            "900": "#211B17",
            "950": "#15110E",
        },
        "primary": {
            "50": "#FFF4EF",
            "100": "#FFE5DA",
            "200": "#FFCAB5",
            "300": "#FFAA8A",
            "400": "#FF8A5C",
            "500": "#E8602F",
            "600": "#D4471A",
            "700": "#B03814",
            "800": "#8C2E13",
            "900": "#6F2713",
            "950": "#3D1207",
        },
    },
}
