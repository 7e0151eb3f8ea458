from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from home.demo.build import load
from home.services.sites import StartPageTakenError


class Command(BaseCommand):
    help = "Create the six centres, their pages and the demo logins, as far as they are missing."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if settings.ENVIRONMENT == "production":
            msg = "load_demo does not run in production: it invents hours and publishes passwords."
            raise CommandError(msg)
        try:
            load(
                today=timezone.localdate(),
                base_url=settings.BASE_URL,
                say=self.say,
            )
        except StartPageTakenError as error:
            raise CommandError(str(error)) from error

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()  # somebody waits for it
