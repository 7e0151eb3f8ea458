"""What every environment shares. Reads the environment, starts nothing.

`DATABASE_URL` must be set by whoever loads these settings: `manage.py`, the pytest plugin and the
demo supervisor start an embedded PostgreSQL when nobody else provides one.
"""

import os
from typing import Any

import django.conf.locale
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from cms.environment import BASE_DIR, VAR_DIR
from cms.settings.database import database_from_url

ENVIRONMENT = "base"
DEBUG = False
ALLOWED_HOSTS: list[str] = []
BASE_URL = os.environ.get("RVZ_BASE_URL", "http://localhost:8000")

INSTALLED_APPS = [
    "home",
    "bookings",
    "cms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    # After Wagtail: where both translate the same English word, Wagtail's German holds.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",  # for its copy of htmx
    "modelcluster",
    "ninja",  # its pages about the API load from here, not from a foreign host
    "taggit",
    "treebeard",
    "django_tasks",
    "django_tasks_db",
    # Calendars of the rooms; its addresses and its admin are not mounted.
    "schedule",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cms.middleware.page_cache.PageCacheMiddleware",
    "csp.middleware.CSPMiddleware",
    "cms.middleware.admin_policy.AdminPolicyMiddleware",
    "cms.middleware.hostile_input.HostileInputMiddleware",
    "cms.middleware.base_host.BaseHostMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "cms.middleware.ended_session.EndedSessionMiddleware",
    "cms.middleware.admin_guard.AdminGuardMiddleware",
    "cms.middleware.language_tree.LanguageTreeMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": database_from_url(os.environ.get("DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES: dict[str, dict[str, Any]] = {
    # Rate limits count here (allauth knows only "default"): right across processes and hosts.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # Django would cull at 300: whoever sends enough requests could wipe out the counts.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # Whole pages. Redis by setting when there are several hosts; never culled in normal use.
    "pages": (
        {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": os.environ["RVZ_REDIS_URL"],
        }
        if os.environ.get("RVZ_REDIS_URL")
        else {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": VAR_DIR / "cache",
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    ),
}

# People ----------------------------------------------------------------------------------------

AUTH_USER_MODEL = "cms.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
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
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "after_login"
LOGOUT_REDIRECT_URL = "account_login"  # where the word of it is shown

ACCOUNT_ADAPTER = "cms.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
# Once: it can be looked at while it is typed, and a mail helps with one that was mistyped.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FORM_CLASS = "cms.forms.accounts.NameForm"
ACCOUNT_FORMS = {
    "add_email": "cms.forms.registration.AnotherAddressForm",
    "signup": "cms.forms.registration.RegisterForm",
    "reset_password_from_key": "cms.forms.registration.NewPasswordForm",
}
ACCOUNT_EMAIL_MAX_LENGTH = 254
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# By code: one stays in the same window, and what was typed before is not lost.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": True}
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 60 * 60
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
# The hour of the code, and time to make a passkey after it; allauth's own 15 minutes end before.
ACCOUNT_LOGIN_TIMEOUT = 75 * 60
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True  # tell people when their password or second factor changes
ACCOUNT_CHANGE_EMAIL = True  # one address a person; a new one counts when it is confirmed
# Whoever finds a device unlocked cannot take the account over: such changes ask for the password,
# or for the passkey.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {  # beside allauth's own
    "my_data": "10/h/user",
    "own_calendar": "120/m/ip",  # calendar services ask for many people from one address
    "room_calendar": "120/m/ip",
    "guest_request": "20/h/ip,5/d/key",
    "guest_link": "20/h/ip,5/h/key",
    "request_draft": "120/h/ip",  # each is kept for a week; a town hall is one network
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "cms.forms.accounts.PasskeyForm",
    "signup_webauthn": "cms.forms.accounts.FirstPasskeyForm",
    "login_webauthn": "cms.forms.accounts.LoginByPasskeyForm",
    "reauthenticate_webauthn": "cms.forms.accounts.ConfirmByKeyForm",
    "authenticate_webauthn": "cms.forms.accounts.SecondFactorByKeyForm",
}
MFA_TOTP_ISSUER = "Regionale Versorgungszentren"
# Second factor for everybody who may open the admin; off only in demo, development and tests.
ADMIN_SECOND_FACTOR_REQUIRED = True

# Language and time --------------------------------------------------------------------------------

# Leichte Sprache is German: same formats and catalogue, own page tree.
django.conf.locale.LANG_INFO["de-simple"] = {
    **django.conf.locale.LANG_INFO["de"],
    "code": "de-simple",
    "name": "German (easy to read)",
    "name_local": "Leichte Sprache",
}
LANGUAGE_CODE = "de"
LANGUAGES = [("de", _("German")), ("de-simple", _("Easy language")), ("en", _("English"))]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Berlin"

# Files ---------------------------------------------------------------------------------------

STATIC_URL = "static/"
# Built from the checkout, so beside it: not part of an installation's data.
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "static", BASE_DIR / "var" / "assets"]
MEDIA_URL = "media/"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # a page with many blocks

# Mail: written to cms.OutgoingMail in the transaction of the change, sent by the worker ----------

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
DEFAULT_FROM_EMAIL = os.environ.get("RVZ_MAIL_FROM", "rvz@example.org")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": ["default"],
    }
}

# Wagtail --------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Regionale Versorgungszentren"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAILIMAGES_IMAGE_MODEL = "cms.CustomImage"
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms.forms.images.ImageForm"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "avif", "heic"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 60_000_000
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "odt", "xlsx", "ods", "csv", "txt"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILEMBEDS_FINDERS: list[dict[str, Any]] = []  # no third-party content
WAGTAILSEARCH_BACKENDS = {
    "default": {
        "BACKEND": "wagtail.search.backends.database",
        "SEARCH_CONFIG": "german",
    }
}
WAGTAILADMIN_RICH_TEXT_EDITORS = {"default": {"WIDGET": "cms.forms.rich_text.RichTextArea"}}
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_USER_TIME_ZONES = ["Europe/Berlin"]
WAGTAILADMIN_PERMITTED_LANGUAGES = [("de", "Deutsch")]
WAGTAILADMIN_RECENT_EDITS_LIMIT = 5
WAGTAIL_WORKFLOW_ENABLED = False
WAGTAILADMIN_COMMENTS_ENABLED = False
# One login for site and admin: allauth owns passwords and e-mail addresses.
WAGTAILADMIN_LOGIN_URL = "/konto/login/"
WAGTAIL_FRONTEND_LOGIN_URL = "/konto/login/"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False

# Security ------------------------------------------------------------------------------------

X_FRAME_OPTIONS = "SAMEORIGIN"  # the admin preview is a frame
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # asks for DENY, see above
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "cms.views.errors.csrf_failure"

CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # KERN's icons are data: URIs
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
# Under /verwaltung/ only: Wagtail's editors carry inline scripts (nonce) and inline styles.
ADMIN_CSP_REPLACE = {
    "script-src": [SELF, NONCE],
    "style-src": [SELF, "'unsafe-inline'"],
    "img-src": [SELF, "data:", "blob:"],
}

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "errors": {"class": "logging.StreamHandler", "formatter": "line", "level": "ERROR"},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "bookings": {"level": "INFO"},
        "cms": {"level": "INFO"},
        "home": {"level": "INFO"},
        # The worker sets these to INFO itself and prints two lines per task; what failed is enough.
        "django_tasks": {"handlers": ["errors"], "propagate": False},
        "django_tasks_db": {"handlers": ["errors"], "propagate": False},
    },
}

# The site says what is an example; only load_demo and the demo settings turn it on.
DEMO = False
PAGE_CACHE_SECONDS = 60
