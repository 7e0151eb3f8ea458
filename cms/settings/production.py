"""Production: refuses to start without its secrets and its database."""

import os

from django.core.exceptions import ImproperlyConfigured

from cms.settings.base import *


def _required(name: str) -> str:
    value = os.environ.get(name, "").strip()
    if not value:
        msg = f"{name} must be set in production."
        raise ImproperlyConfigured(msg)
    return value


ENVIRONMENT = "production"
_required("DATABASE_URL")
SECRET_KEY = _required("RVZ_SECRET_KEY")
BASE_URL = WAGTAILADMIN_BASE_URL = _required("RVZ_BASE_URL")
ALLOWED_HOSTS = _required("RVZ_ALLOWED_HOSTS").split(",")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if not host.startswith(".")]

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

EMAIL_HOST = os.environ.get("RVZ_SMTP_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("RVZ_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("RVZ_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("RVZ_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("RVZ_SMTP_TLS", "1") == "1"
EMAIL_TIMEOUT = 20

# Rate limits count by the visitor's address, which the proxies in front pass on.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("RVZ_TRUSTED_PROXIES", "1"))
