from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = _("Centres")

    def ready(self) -> None:
        from cms import (  # noqa: PLC0415 - need the models
            checks,  # noqa: F401 - registers itself
            page_cache,
        )

        page_cache.watch_changes()
