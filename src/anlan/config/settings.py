"""All settings, read from the environment. `docs/operators.md` lists every variable."""

import contextlib
import os
import secrets
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlparse

from cryptography.fernet import Fernet
from csp.constants import NONCE, SELF

HOME = Path(os.environ.get("ANLAN_HOME", "var")).absolute()


def _database(url: str) -> dict[str, Any]:
    """Return Django's settings for a `sqlite:///path` or `postgresql://user:pw@host/name` URL.

    An absolute SQLite path has four slashes: `sqlite:////srv/anlan/anlan.sqlite3`.
    """
    parts = urlparse(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": parts.path.removeprefix("/"),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL;"
                    f"PRAGMA synchronous={os.environ.get('ANLAN_SQLITE_SYNCHRONOUS', 'FULL')};"
                    "PRAGMA cache_size=-65536;PRAGMA temp_store=MEMORY;"
                ),
            },
        }
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError(f"ANLAN_DATABASE_URL: {parts.scheme!r} is not sqlite or postgresql")
    query = parse_qs(parts.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.removeprefix("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [parts.hostname or ""])[0],
        "PORT": str(parts.port or query.get("port", [""])[0]),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # A server that vanished without a word is noticed, instead of being waited for.
        "OPTIONS": {"connect_timeout": 10, "tcp_user_timeout": 20_000},
    }


def _secret(name: str, *, file: str, make: Callable[[], str]) -> str:
    """Return a secret from the environment, or from a file under HOME made on first use."""
    if value := os.environ.get(name):
        return value
    path = HOME / file
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{file}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(make())
        # Two processes that start at once agree on the first one's: a link replaces nothing.
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text().strip()


def _flag(name: str, *, default: str) -> bool:
    return os.environ.get(name, default).lower() in ("1", "yes", "true", "on")


SECRET_KEY = _secret("ANLAN_SECRET_KEY", file="secret.key", make=lambda: secrets.token_urlsafe(50))

# The keys in the environment win; without them those in the file, which may change while we run.
ANLAN_ENCRYPTION_KEYS = [x for x in os.environ.get("ANLAN_ENCRYPTION_KEYS", "").split(",") if x]
ANLAN_ENCRYPTION_KEY_FILE = HOME / "encryption.key"
_secret(
    "ANLAN_ENCRYPTION_KEYS",
    file=ANLAN_ENCRYPTION_KEY_FILE.name,
    make=lambda: Fernet.generate_key().decode(),
)

# Finds encrypted numbers without opening them. It is not rotated: a new one would find nothing.
ANLAN_INDEX_KEY = _secret("ANLAN_INDEX_KEY", file="index.key", make=lambda: secrets.token_hex(32))

DEBUG = _flag("ANLAN_DEBUG", default="no")
ALLOWED_HOSTS = os.environ.get("ANLAN_HOSTS", "127.0.0.1,localhost").split(",")
CSRF_TRUSTED_ORIGINS = [x for x in os.environ.get("ANLAN_ORIGINS", "").split(",") if x]
BEHIND_HTTPS = _flag("ANLAN_HTTPS", default="no")

# A drill runs on its own file with the virtual clock and reaches no real phone.
ANLAN_DRILL = _flag("ANLAN_DRILL", default="no")
ANLAN_DRILL_SEED = int(os.environ.get("ANLAN_DRILL_SEED", "20120804"))
DATABASES = {
    "default": _database(
        os.environ.get("ANLAN_DATABASE_URL", f"sqlite:///{HOME / 'anlan.sqlite3'}")
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_tasks",
    "django_tasks_db",
    "django_htmx",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_static",
    "anlan.kernel",
    "anlan.registry",
    "anlan.monitoring",
    "anlan.supplies",
    "anlan.plans",
    "anlan.warning",
    "anlan.command",
    "anlan.relief",
    "anlan.assessment",
    "anlan.drills",
    "anlan.web",
    "anlan.demo",
    "anlan.config",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "anlan.web.middleware.browser_limits",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "anlan.web.middleware.SessionTimeMiddleware",
    "anlan.web.middleware.ScopeMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "anlan.config.urls"
WSGI_APPLICATION = "anlan.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "anlan.web.context.house",
            ]
        },
    }
]

# ------------------------------------------------------------------------------- who gets in
# docs/decisions/0009-who-gets-in.md says why.
AUTH_USER_MODEL = "registry.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "anlan.registry.passwords.ThreeKindsValidator"},
    {"NAME": "anlan.registry.passwords.WithoutNameValidator"},
    {"NAME": "anlan.registry.passwords.NotOfOldValidator"},
]
# After how many days a password must be changed; 0: never.
ANLAN_PASSWORD_DAYS = int(os.environ.get("ANLAN_PASSWORD_DAYS", "90"))
# Whether administrators and commanders must show a code of the moment: required, optional.
ANLAN_SECOND_FACTOR = os.environ.get("ANLAN_SECOND_FACTOR", "required")
if ANLAN_SECOND_FACTOR not in ("required", "optional"):
    raise ValueError(f"ANLAN_SECOND_FACTOR: {ANLAN_SECOND_FACTOR!r} is not required or optional")

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "map"
LOGOUT_REDIRECT_URL = "login"

# By name and address together: whoever only knows a name cannot lock its owner out in a storm.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=10)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "anlan.web.visitor.client_address"
AXES_LOCKOUT_TEMPLATE = "web/locked_out.html"
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

ANLAN_IDLE_MINUTES = int(os.environ.get("ANLAN_IDLE_MINUTES", "30"))
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_HTTPS
SECURE_SSL_REDIRECT = BEHIND_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "style-src": [SELF],
        "script-src": [SELF, NONCE],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
        "base-uri": [SELF],
        "form-action": [SELF],
    }
}

# Single sign-on, off without an issuer. It opens no account and gives no authority.
ANLAN_OIDC_ISSUER = os.environ.get("ANLAN_OIDC_ISSUER", "").rstrip("/")
ANLAN_OIDC_USERNAME_CLAIM = os.environ.get("ANLAN_OIDC_USERNAME_CLAIM", "preferred_username")
# Which values of the claim `amr` stand for a second factor; none: we ask for our own.
ANLAN_OIDC_STRONG = [x for x in os.environ.get("ANLAN_OIDC_STRONG", "").split(",") if x]
if ANLAN_OIDC_ISSUER:
    AUTHENTICATION_BACKENDS.append("anlan.web.sign_on.IssuerBackend")
OIDC_OP_AUTHORIZATION_ENDPOINT = os.environ.get(
    "ANLAN_OIDC_AUTHORIZATION_URL", f"{ANLAN_OIDC_ISSUER}/authorize"
)
OIDC_OP_TOKEN_ENDPOINT = os.environ.get("ANLAN_OIDC_TOKEN_URL", f"{ANLAN_OIDC_ISSUER}/token")
OIDC_OP_USER_ENDPOINT = ""  # all that we ask stands in the signed id token
OIDC_OP_JWKS_ENDPOINT = os.environ.get("ANLAN_OIDC_KEYS_URL", f"{ANLAN_OIDC_ISSUER}/jwks")
OIDC_RP_CLIENT_ID = os.environ.get("ANLAN_OIDC_CLIENT_ID", "anlan")
OIDC_RP_CLIENT_SECRET = os.environ.get("ANLAN_OIDC_CLIENT_SECRET", "")
OIDC_RP_SIGN_ALGO = os.environ.get("ANLAN_OIDC_ALGORITHM", "RS256")
OIDC_RP_SCOPES = os.environ.get("ANLAN_OIDC_SCOPES", "openid profile")
OIDC_AUTHENTICATION_CALLBACK_URL = "sign_on_back"
OIDC_CREATE_USER = False
OIDC_USE_PKCE = True
OIDC_TIMEOUT = 10

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
LOCALE_PATHS = [Path(__file__).parent.parent / "cli" / "locale"]

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

# The queue: rows in the database; in a drill, a heap on virtual time.
ANLAN_QUEUE = os.environ.get("ANLAN_QUEUE", "virtual" if ANLAN_DRILL else "database")
TASKS = {
    "default": {
        "BACKEND": {
            "database": "anlan.kernel.queue.DatabaseBackend",
            "virtual": "anlan.kernel.queue.VirtualTimeBackend",
        }[ANLAN_QUEUE],
        # Readings and the wires to other servers wait for nobody: each queue has its own worker.
        "QUEUES": ["default", "readings", "wires"],
        "OPTIONS": {"ENTER_AT_ONCE": _flag("ANLAN_QUEUE_ENTER_AT_ONCE", default="no")}
        if ANLAN_QUEUE == "virtual"
        else {},
    }
}

# Readings: full months that stay in the table before they go to the archive, and its folder;
# days for which bad frames, and values of addresses that nobody has adopted, are kept.
ANLAN_KEEP_MONTHS = max(int(os.environ.get("ANLAN_KEEP_MONTHS", "14")), 2)
ANLAN_ARCHIVE = os.environ.get("ANLAN_ARCHIVE", str(HOME / "archive"))
ANLAN_KEEP_FAULTS_DAYS = int(os.environ.get("ANLAN_KEEP_FAULTS_DAYS", "90"))
ANLAN_KEEP_UNKNOWN_DAYS = int(os.environ.get("ANLAN_KEEP_UNKNOWN_DAYS", "180"))

# Channels by name, in the order in which they are tried. A drill has only its simulated phones.
ANLAN_CHANNELS = (
    {"sms": "anlan.drills.phone.SimulatedPhone", "voice": "anlan.drills.phone.SimulatedPhone"}
    if ANLAN_DRILL
    else {"inbox": "anlan.warning.gateways.inbox.channel.Inbox"}
)

# Where people reach these pages from outside, for the links in messages: https://anlan.county.cn
ANLAN_ADDRESS = os.environ.get("ANLAN_ADDRESS", "").rstrip("/")

# The county's MQTT broker, off without a URL. A drill hears no real device.
ANLAN_MQTT = {
    "url": "" if ANLAN_DRILL else os.environ.get("ANLAN_MQTT_URL", ""),
    "client_id": os.environ.get("ANLAN_MQTT_CLIENT_ID", "anlan"),
    "ca": os.environ.get("ANLAN_MQTT_CA", ""),
    "certificate": os.environ.get("ANLAN_MQTT_CERTIFICATE", ""),
    "key": os.environ.get("ANLAN_MQTT_KEY", ""),
    "version": os.environ.get("ANLAN_MQTT_VERSION", "5"),
    "session_hours": os.environ.get("ANLAN_MQTT_SESSION_HOURS", "72"),
    "share": os.environ.get("ANLAN_MQTT_SHARE", ""),
}

# Warnings for other programs (CAP 1.2): as whom, signed with which key, and whether anybody may
# read them without a login. A drill publishes nothing and signs nothing.
ANLAN_CAP_SENDER = os.environ.get("ANLAN_CAP_SENDER", "")
ANLAN_CAP_KEY = "" if ANLAN_DRILL else os.environ.get("ANLAN_CAP_KEY", "")
ANLAN_CAP_CERTIFICATE = "" if ANLAN_DRILL else os.environ.get("ANLAN_CAP_CERTIFICATE", "")
ANLAN_CAP_PUBLIC = not ANLAN_DRILL and _flag("ANLAN_CAP_PUBLIC", default="no")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {
        "handlers": ["stderr"],
        "level": os.environ.get("ANLAN_LOG_LEVEL", "WARNING" if ANLAN_DRILL else "INFO"),
    },
    "loggers": {"axes": {"level": "WARNING"}, "django_tasks": {"level": "WARNING"}},
}
