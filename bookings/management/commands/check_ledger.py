from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bookings.management.arguments import centre_called, text_called
from bookings.selectors.ledger_check import differences
from bookings.selectors.series_check import series_differences

SHOWN = 50


class Command(BaseCommand):
    help = (
        "Proves that the ledger holds the spaces of all dates that stand and of all closures, and "
        "nothing else, and that every series has the dates that its rule makes. Names every "
        "difference with keys only; the exit code is 1 if there is one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--centre", type=text_called, metavar="SLUG", help="look at one centre only"
        )

    def handle(self, *_args: Any, centre: str | None = None, **options: Any) -> None:
        only = None if centre is None else centre_called(centre)
        found = [*differences(now=timezone.now(), centre=only), *series_differences(centre=only)]
        if found:
            lines = [str(difference) for difference in found[:SHOWN]]
            if len(found) > SHOWN:
                lines.append(f"… and {len(found) - SHOWN} more")
            msg = "\n".join(["The ledger is wrong:", *lines])
            raise CommandError(msg)
        if options["verbosity"]:
            self.stdout.write("The ledger is right.")
