from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cms.services.housekeeping import JobsFailedError, alone, keep_house


class Command(BaseCommand):
    help = "Queues due mails again and deletes what is over. Run it every minute; it is idempotent."

    def handle(self, *_args: Any, **options: Any) -> None:
        with alone() as locked:
            if not locked:
                self.stdout.write("Another housekeeping is running; nothing to do.")
                return
            try:
                done = keep_house(now=timezone.now())
            except JobsFailedError as error:
                msg = f"These jobs failed, as the log says; all others are done: {error}."
                raise CommandError(msg) from error
        if options["verbosity"] > 1 or any(done.values()):
            self.stdout.write(", ".join(f"{job}: {count}" for job, count in done.items() if count))
