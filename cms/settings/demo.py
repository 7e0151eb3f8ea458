"""`make demo`: production's settings on plain HTTP, with example data and readable mail."""

import os
import secrets

from cms.environment import VAR_DIR
from cms.settings.base import *


def _secret_key() -> str:
    """Return the key of this checkout, made once under var/."""
    path = VAR_DIR / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(secrets.token_urlsafe(50))
        path.chmod(0o600)
    return path.read_text()


ENVIRONMENT = "demo"
DEMO = True
SECRET_KEY = _secret_key()
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", ".localhost"]
if os.environ.get("RVZ_ALLOWED_HOSTS"):
    ALLOWED_HOSTS += os.environ["RVZ_ALLOWED_HOSTS"].split(",")
ADMIN_SECOND_FACTOR_REQUIRED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
# Mails stay in cms.OutgoingMail and are read at /demo/post/.
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
