from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = _("Centres")

    def ready(self) -> None:
        from allauth.account.signals import email_changed  # noqa: PLC0415

        from cms import (  # noqa: PLC0415 - need the models
            checks,  # noqa: F401 - registers itself
            page_cache,
        )

        page_cache.watch_changes()
        email_changed.connect(_forget_mails_of_address)


def _forget_mails_of_address(
    from_email_address: Any, to_email_address: Any, **_signal: Any
) -> None:
    """Forget what went to either address: whoever has it next may ask what was sent there."""
    from cms.services.mail import forget_mails  # noqa: PLC0415 - needs the models

    forget_mails(
        to=[one.email for one in (from_email_address, to_email_address) if one], waiting_too=False
    )
