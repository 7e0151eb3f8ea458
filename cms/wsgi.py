"""The WSGI application; RVZ_ENV says which settings."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault(
    "DJANGO_SETTINGS_MODULE", f"cms.settings.{os.environ.get('RVZ_ENV', 'development')}"
)
application = get_wsgi_application()
