"""Every setting, top to bottom, read from the environment; every default works on a laptop.

The README's environment table lists the names. `manage.py up` switches DEBUG on; nothing else does.
"""

import os
import sys
from pathlib import Path
from urllib.parse import urlparse

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from members.sandbox import lockdown
from studygroup.environment import database, env, env_bool, env_int, env_zone
from studygroup.logs import LOGGING  # noqa: F401  Django reads it here
from studygroup.other_sites import other_sites
from studygroup.secret import secret_key

lockdown.hide()  # every process that reads these settings has secrets: another of the same user looks at none of them
BASE_DIR = Path(__file__).resolve().parent.parent


# Where everything that is not code lives: database, papers, mail files, broker, secret key.
DATA_DIR = Path(env("DATA_DIR") or BASE_DIR / "data").resolve()
os.umask(0o077)  # whatever is written from here on is for this account alone: database, mail files, messages, zips
INCOMING = DATA_DIR / "incoming"  # uploads while they arrive: on the disk of the papers, not in memory
try:
    INCOMING.mkdir(parents=True, exist_ok=True)
    if DATA_DIR.stat().st_uid == os.geteuid():
        DATA_DIR.chmod(0o700)  # nobody else on this machine looks in
except OSError as error:
    raise ImproperlyConfigured(f"DATA_DIR cannot be used: {error.filename}: {error.strerror}.") from error

DEBUG = env_bool("DEBUG")
HTTPS = env_bool("HTTPS", default=False)
SECRET_KEY = secret_key(env("SECRET_KEY"), DATA_DIR / "secret_key", debug=DEBUG)

SITE_URL = env("SITE_URL", "http://localhost:8000").rstrip("/")
# this machine itself is always among them: health checks ask from there
ALLOWED_HOSTS = [host.strip() for host in env("ALLOWED_HOSTS").split(",") if host.strip()]
ALLOWED_HOSTS = ALLOWED_HOSTS or [urlparse(SITE_URL).hostname or "localhost"]
ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]  # the health check of the container asks from inside
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SIGN_IN_APPS, SOCIALACCOUNT_PROVIDERS, SIGN_IN_ORIGINS = other_sites()

# ── apps and the way of a request ────────────────────────────────────────────────────────────────
INSTALLED_APPS = [
    "studygroup",
    "members",
    "papers",
    "schedule",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    *SIGN_IN_APPS,
    "crispy_forms",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "studygroup.headers.ResourcePolicyMiddleware",
    "csp.middleware.CSPMiddleware",  # above all that answers by itself: files and redirects have a policy, too
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "studygroup.compression.CompressedPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # before the check of a form's token: who has lost all cookies is asked to sign in, not told that the token is missing
    "members.middleware.SignInMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "members.middleware.MemberMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "members.middleware.FormMiddleware",
]

ROOT_URLCONF = "studygroup.urls"
WSGI_APPLICATION = "studygroup.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "members.context.shell",
            ],
            "builtins": ["members.templatetags.formatting", "members.templatetags.form_token"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["study"]
CRISPY_TEMPLATE_PACK = "study"
CRISPY_FAIL_SILENTLY = DEBUG


# ── database: SQLite until DATABASE_URL names a PostgreSQL ───────────────────────────────────────
DATABASES = {"default": database(env("DATABASE_URL"), folder=DATA_DIR)}

# ── Celery: rows are the to-do list, messages only wake a worker ──────────────────────────────────
CELERY_BROKER_URL = env("CELERY_BROKER_URL", "filesystem://localhost")
# two kinds of worker: work that takes long has a queue of its own, so that it never keeps mail waiting
CELERY_TASK_DEFAULT_QUEUE = "mail"
CELERY_TASK_ROUTES = {"papers.tasks.*": {"queue": "heavy"}, "schedule.tasks.make_bundle": {"queue": "heavy"}}
CELERY_TASK_IGNORE_RESULT = True
CELERY_ACCEPT_CONTENT = ["json"]  # whoever can write to the broker runs no code here
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 0}
if CELERY_BROKER_URL.startswith("filesystem://"):
    _broker = DATA_DIR / "broker"
    CELERY_BROKER_TRANSPORT = "studygroup.file_broker:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_broker / "messages"),
        "data_folder_out": str(_broker / "messages"),
        "control_folder": str(_broker / "control"),
        "polling_interval": 0.2,
    }
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 2, "socket_timeout": 5}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat")
CELERY_BEAT_SCHEDULE = {
    "tick": {"task": "schedule.tasks.tick", "schedule": 60.0, "kwargs": {"beat": True}, "options": {"expires": 55}},
    "read-new-papers": {"task": "papers.tasks.read_next", "schedule": 30.0, "options": {"expires": 25}},
    "tidy-papers": {"task": "papers.tasks.tidy", "schedule": 3600.0, "options": {"expires": 3500}},
    "look-up": {"task": "papers.tasks.look_up", "schedule": 30.0, "options": {"expires": 25}},
    "send-account-notices": {
        "task": "members.tasks.send_account_notices",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "send-invitations": {"task": "members.tasks.send_invitations", "schedule": 60.0, "options": {"expires": 55}},
}

# ── public catalogues: the worker asks them about arXiv numbers and DOIs; nothing else leaves the server for it ──────
LOOK_UP = env_bool("LOOK_UP", default=True)
LOOK_UP_CONTACT = env("LOOK_UP_CONTACT")  # an address for the people who run the catalogues; SITE_URL is named anyway
LOOK_UP_SECONDS = env_int("LOOK_UP_SECONDS", 10)
LOOK_UP_PDF_SECONDS = env_int("LOOK_UP_PDF_SECONDS", 60)
# another base than these is a mirror of one's own: it may speak http and stand at home
SOURCES = {
    "arxiv": env("ARXIV_URL", "https://export.arxiv.org"),
    "crossref": env("CROSSREF_URL", "https://api.crossref.org"),
    "openalex": env("OPENALEX_URL", "https://api.openalex.org"),
}
OPENALEX_KEY = env("OPENALEX_KEY")
# seconds between two questions of all workers together
SOURCE_PAUSES = {"arxiv": 3.0, "crossref": 1.0, "openalex": 1.0}

# ── cache: a table, because limits of sign-in live in it and hold while Redis is away ────────────────────────────────
CACHES = {"default": {"BACKEND": "members.cache.JsonCache"}}

# ── who you are ──────────────────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "members.Member"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [f"django.contrib.auth.hashers.{name}PasswordHasher" for name in ("Argon2", "PBKDF2")]
_validation = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_validation}.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("email", "name")}},
    {"NAME": f"{_validation}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_validation}.CommonPasswordValidator"},
    {"NAME": f"{_validation}.NumericPasswordValidator"},
]
LOGIN_URL, LOGIN_REDIRECT_URL = "account_login", "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "members.adapter.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = None  # the sign-in page asks
ACCOUNT_FORMS = {
    "add_email": "members.forms.ChangeAddressForm", "request_login_code": "members.forms.AskForCodeForm",
    "reset_password": "members.forms.AskForPasswordForm", "reset_password_from_key": "members.forms.NewPasswordForm",
}  # fmt: skip
ACCOUNT_LOGOUT_ON_GET = False
# changes to an account ask for a proof again when the last one is older than so many seconds (members.reauthentication)
ACCOUNT_REAUTHENTICATION_REQUIRED, ACCOUNT_REAUTHENTICATION_TIMEOUT = True, 600
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
SOCIALACCOUNT_ADAPTER = "members.other_sites.OtherSiteAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True  # to the account of an address that the other site has confirmed
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG  # browsers know http://localhost alone besides https
MFA_ADAPTER = "members.second_step.SecondStepAdapter"

# how many proxies stand in front and add to X-Forwarded-For: limits per address count the visitor, not the proxy
ALLAUTH_TRUSTED_PROXY_COUNT = env_int("PROXIES", 1 if HTTPS else 0)

# ── security headers and cookies ─────────────────────────────────────────────────────────────────
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": dict.fromkeys(["default-src", "base-uri", "frame-ancestors"], [NONE])
    | dict.fromkeys(["script-src", "style-src", "font-src", "connect-src", "manifest-src"], [SELF])
    | {"img-src": [SELF, "data:", "blob:"], "form-action": [SELF, *SIGN_IN_ORIGINS]}
}
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "studygroup.errors.csrf_failed"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health/$"]
    SECURE_HSTS_SECONDS = 31_536_000
    # they speak for hosts that are not ours: only whoever owns the whole domain can want them
    SECURE_HSTS_INCLUDE_SUBDOMAINS, SECURE_HSTS_PRELOAD = env_bool("HSTS_SUBDOMAINS"), env_bool("HSTS_PRELOAD")
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
_prefix = "__Host-" if HTTPS else ""  # a browser takes such a cookie from this host alone (RFC 6265bis, 4.1.3)
LANGUAGE_COOKIE_NAME, THEME_COOKIE_NAME = f"{_prefix}django_language", f"{_prefix}theme"
MESSAGE_COOKIE_NAME, DEVICE_COOKIE_NAME = f"{_prefix}messages", f"{_prefix}device"
MESSAGE_STORAGE = "members.message_storage.MessageStorage"

# ── words and clocks ─────────────────────────────────────────────────────────────────────────────
LANGUAGES = [("ko", _("Korean")), ("en", _("English"))]
LANGUAGE_CODE = "en"
LOCALE_PATHS = [BASE_DIR / "studygroup" / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_MEMBER_TIME_ZONE = env_zone("TIME_ZONE", "Asia/Seoul")

# ── files ────────────────────────────────────────────────────────────────────────────────────────
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "static-built"
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = ""  # files are handed out by views that ask who is asking
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or "test" in sys.argv or "pytest" in sys.modules
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
UPLOAD_LIMIT_MB = env_int("UPLOAD_LIMIT_MB", 50)
# what people bring: a group's files, and one member's in all groups together; 0: as much as the disk holds
GROUP_QUOTA_MB, MEMBER_QUOTA_MB = env_int("GROUP_QUOTA_MB", 5000), env_int("MEMBER_QUOTA_MB", 2000)
FILE_UPLOAD_HANDLERS = [
    "papers.uploads.SizeLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = (
    1024 * 1024
)  # of a form without its files; a page shows again what was typed, at up to a hundred times its size
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_TEMP_DIR = INCOMING

# ── mail: SMTP by environment; without it notifications go to files, and the outbox page shows them ────
EMAIL_HOST = env("EMAIL_HOST")
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if EMAIL_HOST else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_PORT = env_int("EMAIL_PORT", 587 if env("EMAIL_USER") else 25)
EMAIL_HOST_USER = env("EMAIL_USER")
EMAIL_HOST_PASSWORD = env("EMAIL_PASSWORD")
EMAIL_USE_SSL = env_bool("EMAIL_SSL", EMAIL_PORT == 465)
EMAIL_USE_TLS = env_bool("EMAIL_TLS", EMAIL_PORT == 587) and not EMAIL_USE_SSL
EMAIL_TIMEOUT = env_int("EMAIL_TIMEOUT", 20)  # seconds for each answer of the server
# the names with LETTER are those of earlier versions; a notification whose worker fell silent for this long goes to another one: well above the few answers that sending takes
NOTIFICATION_LEASE_SECONDS = env_int("NOTIFICATION_LEASE_SECONDS", env_int("LETTER_LEASE_SECONDS", EMAIL_TIMEOUT * 10))
NOTIFICATION_PAUSE_SECONDS = env_int(
    "NOTIFICATION_PAUSE_SECONDS", env_int("LETTER_PAUSE_SECONDS", 120)
)  # before the second try; four times as long before each further; what the server puts off waits four times it at most
AUDIT = "members.audit.record"  # where a backup and a restore are written down
INVITATIONS_A_DAY = env_int("INVITATIONS_A_DAY", 1000)  # by e-mail, of all groups together
HEALTH_REPORT = "schedule.worker.heartbeat.report"  # what /health/ says besides the database
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("EMAIL_FROM", "Study group <studygroup@localhost>")
