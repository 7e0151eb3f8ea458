"""A developer's machine: debug pages, mails on the console, no page cache."""

from cms.settings.base import *

ENVIRONMENT = "development"
DEBUG = True
DEMO = True  # load_demo runs here, too, and what it invents has to be announced
SECRET_KEY = "development-only"  # noqa: S105
ALLOWED_HOSTS = ["*"]
ADMIN_SECOND_FACTOR_REQUIRED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
PAGE_CACHE_SECONDS = 0
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
