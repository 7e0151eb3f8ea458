from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "home"
    verbose_name = _("Programme")

    def ready(self) -> None:
        post_migrate.connect(write_base_url, sender=self)


def write_base_url(**_signal: Any) -> None:
    """Give the default site the address of RVZ_BASE_URL: every release in production migrates.

    The demo's address is written by load_demo, together with that of its second site.
    """
    if settings.ENVIRONMENT != "production":
        return
    from wagtail.models import Site  # noqa: PLC0415 – models are loaded after the apps

    from home.services.sites import write_address  # noqa: PLC0415

    for site in Site.objects.filter(is_default_site=True):
        write_address(site=site, base_url=settings.BASE_URL)
