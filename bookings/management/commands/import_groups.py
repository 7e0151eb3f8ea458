from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.ledger import BusyError, ConflictError
from bookings.management.arguments import (
    bytes_of,
    centre_called,
    day_called,
    person_called,
    text_called,
)
from bookings.rules.weekly_list import LARGEST, read_weekly_list
from bookings.selectors.day_one import Preview, RowPreview, rooms_of_list
from bookings.services.day_one import ImportRefusedError, import_groups, preview_import
from bookings.wording import recurrence_text
from bookings.wording.weekly_list import fault_sentence, problem_text
from cms.wording import date_long, join_and, plain_text, span_text


class Command(BaseCommand):
    help = (
        "Takes over a centre's weekly groups from a list: group; weekday; from–to; room; until. "
        "Without --save it shows what would happen. All groups are taken over or none; they get "
        "no mail. Who waits for one of the times goes to the waiting list and is told. The exit code is 1 if something is wrong with the list."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="CSV or typed list; - for standard input")
        parser.add_argument("--centre", type=text_called, metavar="SLUG", required=True)
        parser.add_argument("--save", action="store_true", help="take the list over")
        parser.add_argument(
            "--by", type=text_called, metavar="EMAIL", help="in whose name; needed with --save"
        )
        parser.add_argument(
            "--leave-out-conflicts",
            action="store_true",
            help="leave out dates that are taken, closed or outside the times of use",
        )
        parser.add_argument(
            "--from",
            dest="first",
            metavar="DAY",
            type=day_called,
            help="the first day that counts, like 2027-01-01; today unless given",
        )
        parser.add_argument("--encoding", default="", help="of the file; found out unless given")

    def handle(self, *_args: Any, file: str, centre: str, **options: Any) -> None:
        now, place = timezone.now(), centre_called(centre)
        actor = person_called(options["by"]) if options["save"] else None
        found = read_weekly_list(
            bytes_of(file, limit=LARGEST),
            rooms=rooms_of_list(place),
            now=now,
            first=options["first"],
            encoding=options["encoding"],
        )
        if found.faults:
            raise CommandError(plain_text("\n".join(map(fault_sentence, found.faults))))
        todo: dict[str, Any] = {
            "centre": place,
            "rows": found.rows,
            "now": now,
            "first": options["first"],
        }
        leave_out = options["leave_out_conflicts"]
        if actor is None:
            self._show(preview_import(**todo), leave_out=leave_out)
            return
        try:
            result = import_groups(**todo, actor=actor, leave_out_conflicts=leave_out)
        except ImportRefusedError as error:
            self._show(error.preview, leave_out=leave_out)
        except (BusyError, ConflictError):
            msg = _(
                "The rooms are being booked at this moment. Please try again; nothing is saved."
            )
            raise CommandError(msg) from None
        else:
            self._list(result.preview)
            self.stdout.write(_saved(len(result.bookings), len(result.new_groups)))

    def _list(self, preview: Preview) -> None:
        for line in _lines(preview):
            self.stdout.write(plain_text(line))

    def _show(self, preview: Preview, *, leave_out: bool) -> None:
        """Print what would happen; a list that cannot be taken over like this is an error."""
        self._list(preview)
        if preview.empty:
            msg = _(
                "Of some lines no date would be left. Please choose other times or leave these "
                "lines out. Nothing is saved."
            )
            raise CommandError(msg)
        if preview.in_the_way and not leave_out:
            msg = _(
                "Some dates are not possible. Please change the lines, or leave these dates out with "
                "--leave-out-conflicts. Nothing is saved."
            )
            raise CommandError(msg)
        self.stdout.write(_("Nothing is saved yet. With --save the list is taken over."))


def _lines(preview: Preview) -> Iterator[str]:
    for one in preview.rows:
        yield _line(one)
        for date_ in one.conflicts:
            problem = problem_text(
                date_.span, date_.verdict, reason=date_.reason, group=date_.group
            )
            yield f"  {problem}"


def _line(one: RowPreview) -> str:
    row = one.row
    return _("Line %(line)s: %(group)s, %(room)s, %(rule)s, %(times)s – %(said)s") % {
        "line": row.line,
        "group": row.group,
        "room": row.room.name,
        "rule": recurrence_text(row.recurrence),
        "times": span_text(row.start, row.end),
        "said": "; ".join(_said(one)),
    }


def _said(one: RowPreview) -> Sequence[str]:
    if one.is_there:
        return [_("is there already")]
    said = [_dates(one)]
    if one.holidays:
        names = list(dict.fromkeys(date_.reason for date_ in one.holidays))
        said.append(
            _("left out: %(count)s (%(names)s)")
            % {"count": len(one.holidays), "names": join_and(names)}
        )
    if one.conflicts:
        count = len(one.conflicts)
        said.append(
            ngettext("%(count)s date not possible", "%(count)s dates not possible", count)
            % {"count": count}
        )
    if one.association is None:
        said.append(_("new group"))
    return said


def _dates(one: RowPreview) -> str:
    count = len(one.taking_place)
    said = ngettext("%(count)s date", "%(count)s dates", count) % {"count": count}
    days = [date_.span.start.date() for date_ in (*one.taking_place[:1], *one.taking_place[-1:])]
    if not days:
        return said
    return _("%(dates)s from %(first)s to %(last)s") % {
        "dates": said,
        "first": date_long(days[0]),
        "last": date_long(days[-1]),
    }


def _saved(series: int, groups: int) -> str:
    return " ".join(
        [
            ngettext("%(count)s series taken over.", "%(count)s series taken over.", series)
            % {"count": series},
            ngettext("%(count)s new group.", "%(count)s new groups.", groups) % {"count": groups},
        ]
    )
