import csv
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookings.ledger import BusyError
from bookings.management.arguments import (
    WRONG_USE,
    bytes_of,
    centre_called,
    day_called,
    person_called,
    text_called,
)
from bookings.models import Association, Booking, BookingDate, RenewalRound
from bookings.rules.plan_decisions import HEADER, Decided, LineFault, Wrong, read_decisions
from bookings.rules.renewal import PlanRefusedError
from bookings.rules.states import UNDECIDED
from bookings.rules.wall_clock import berlin_day
from bookings.rules.weekly_list import LARGEST
from bookings.selectors.renewals import PlanView, rivals_in
from bookings.services.renewals import RoundDecision, decide_round, open_round, renew_series
from bookings.wording import day_and_time
from bookings.wording.renewals import plan_sentence
from cms.models import Centre
from cms.wording import date_long, plain_text

_WRONG = {
    LineFault.UNREADABLE: gettext_lazy("The file cannot be read. Please save it as CSV in UTF-8."),
    LineFault.TOO_BIG: gettext_lazy(
        "The file is too big for a table of decisions. Please check whether it is the right one."
    ),
    LineFault.CONTROL_SIGN: gettext_lazy(
        "This line holds a sign that cannot be printed (%(text)s). Please delete it and type the "
        "line again."
    ),
    LineFault.COLUMNS: gettext_lazy("Please write: number; day; decision; reason."),
    LineFault.DAY_UNCLEAR: gettext_lazy(
        "“%(text)s” was not understood. Please write the day like this: 30.06.2027."
    ),
    LineFault.DECISION_UNCLEAR: gettext_lazy(
        "“%(text)s” was not understood. Please write “promise” or “refuse”, or leave it empty."
    ),
    LineFault.TWICE: gettext_lazy(
        "%(text)s is decided twice. Please leave one of the two lines out."
    ),
}


class Command(BaseCommand):
    help = (
        "The plan of a centre for a year: open it, renew all series of a group in it, show what was "
        "asked for with its rivals, decide on all of it. The exit code is 1 if a step is refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        steps = parser.add_subparsers(dest="step", metavar="STEP", required=True)
        opening = steps.add_parser("open", help="open a plan")
        opening.add_argument("--first", type=day_called, required=True, metavar="DAY")
        opening.add_argument("--last", type=day_called, required=True, metavar="DAY")
        opening.add_argument("--collect-until", type=day_called, required=True, metavar="DAY")
        renewing = steps.add_parser("renew", help="ask for all series of a group")
        renewing.add_argument("--association", type=text_called, required=True, metavar="NAME")
        showing = steps.add_parser("rivals", help="show what was asked for")
        showing.add_argument(
            "--csv", action="store_true", help="as a table in which the decisions can be written"
        )
        deciding = steps.add_parser("decide", help="decide as such a table says")
        deciding.add_argument("file", metavar="FILE", help="- for standard input")
        for step in (opening, renewing, showing, deciding):
            step.add_argument("--centre", type=text_called, required=True, metavar="SLUG")
            step.add_argument(
                "--plan",
                type=text_called,
                required=True,
                metavar="NAME",
                help="for example 2027/28",
            )
        for step in (opening, renewing, deciding):
            step.add_argument("--by", type=text_called, metavar="EMAIL", help="in whose name")

    def handle(self, *_args: Any, step: str, centre: str, plan: str, **options: Any) -> None:
        place = centre_called(centre)
        steps = {
            "open": self._open,
            "renew": self._renew,
            "rivals": self._rivals,
            "decide": self._decide,
        }
        try:
            steps[step](place, plan, options)
        except PlanRefusedError as error:
            sentences = [plain_text(plan_sentence(fault)) for fault in error.faults]
            raise CommandError("\n".join(sentences)) from None
        except BusyError:
            msg = _(
                "The rooms are being booked at this moment. Please try again; nothing is saved."
            )
            raise CommandError(msg) from None

    def _say(self, text: str) -> None:
        self.stdout.write(plain_text(text))

    def _open(self, centre: Centre, name: str, options: dict[str, Any]) -> None:
        plan = open_round(
            centre=centre,
            name=name,
            first=options["first"],
            last=options["last"],
            collects_until=options["collect_until"],
            actor=person_called(options["by"]),
            now=timezone.now(),
        )
        self._say(
            _("The plan “%(name)s” is open. Groups can ask until %(until)s.")
            % {"name": plan.name, "until": date_long(plan.collects_until)}
        )

    def _renew(self, centre: Centre, name: str, options: dict[str, Any]) -> None:
        renewed = renew_series(
            plan=_plan_called(centre, name),
            association=_group_called(centre, options["association"]),
            actor=person_called(options["by"]),
            now=timezone.now(),
        )
        new, already = len(renewed.new), len(renewed.already)
        self._say(
            ngettext("%(count)s series asked for.", "%(count)s series asked for.", new)
            % {"count": new}
        )
        if already:
            numbers = ", ".join(booking.number for booking in renewed.already)
            self._say(_("Already in the plan: %(numbers)s.") % {"numbers": numbers})

    def _rivals(self, centre: Centre, name: str, options: dict[str, Any]) -> None:
        view = rivals_in(_plan_called(centre, name))
        if options["csv"]:
            csv.writer(self.stdout, delimiter=";").writerows(_table(view))
            return
        for line in _picture(view):
            self._say(line)

    def _decide(self, centre: Centre, name: str, options: dict[str, Any]) -> None:
        plan, actor = _plan_called(centre, name), person_called(options["by"])
        decided, wrong = read_decisions(bytes_of(options["file"], limit=LARGEST))
        faults = [*map(_wrong_sentence, wrong)]
        decision = _decision(plan, decided, faults)
        if faults:
            raise CommandError(plain_text("\n".join(faults)))
        is_done = decide_round(plan=plan, decision=decision, actor=actor, now=timezone.now())
        self._say(
            _("Saved; the groups are told. The whole plan is decided.")
            if is_done
            else _("Saved; the groups are told. Some dates are still open.")
        )


# What is meant -----------------------------------------------------------------------------------


def _plan_called(centre: Centre, name: str) -> RenewalRound:
    plans = RenewalRound.objects.filter(centre=centre)
    found = plans.filter(name__iexact=name).first()
    if found is None:
        msg = _("There is no plan “%(name)s”. There are: %(known)s.")
        msg %= {"name": name, "known": ", ".join(plan.name for plan in plans)}
        raise CommandError(msg, returncode=WRONG_USE)
    return found


def _group_called(centre: Centre, name: str) -> Association:
    """Return the group of this name that has a request here."""
    found = Association.objects.filter(name__iexact=name, bookings__centre=centre).distinct()
    if len(found) != 1:
        msg = _("No group of the name “%(name)s” has dates here.")
        if found:
            msg = _("Several groups of the name “%(name)s” have dates here.")
        msg %= {"name": name}
        raise CommandError(msg, returncode=WRONG_USE)
    return found[0]


def _decision(plan: RenewalRound, decided: list[Decided], faults: list[str]) -> RoundDecision:
    """Return the decision that the lines mean; what they name and the plan does not have is a fault."""
    view = rivals_in(plan)
    by_number = {dates[0].booking.number: dates for dates in view.dates.values()}
    approve: list[int] = []
    approve_dates: list[int] = []
    reject: dict[int, str] = {}
    reject_dates: dict[int, str] = {}
    for one in decided:
        dates = by_number.get(one.number, [])
        if one.day is None and dates:
            if one.is_approved:
                approve.append(dates[0].booking_id)
            else:
                reject[dates[0].booking_id] = one.reason
            continue
        that_day = [date_.pk for date_ in dates if berlin_day(date_.span.start) == one.day]
        if not that_day:
            faults.append(_not_there(one))
        elif one.is_approved:
            approve_dates += that_day
        else:
            reject_dates |= dict.fromkeys(that_day, one.reason)
    return RoundDecision(
        approve=approve, approve_dates=approve_dates, reject=reject, reject_dates=reject_dates
    )


def _not_there(one: Decided) -> str:
    what = f"{one.number}, {date_long(one.day)}" if one.day else one.number
    sentence = _("%(key)s is not in this plan. Please look at the list again.") % {"key": what}
    return _("Line %(line)s: %(sentence)s") % {"line": one.line, "sentence": sentence}


def _wrong_sentence(wrong: Wrong) -> str:
    sentence = str(_WRONG[wrong.fault]) % {"text": wrong.text}
    if not wrong.line:
        return sentence
    return _("Line %(line)s: %(sentence)s") % {"line": wrong.line, "sentence": sentence}


# What is shown -----------------------------------------------------------------------------------


def _picture(view: PlanView) -> Iterator[str]:
    if not view.bookings:
        yield _("Nobody has asked for anything yet.")
    for rivalry in view.rivalries:
        yield _("These want the same time:")
        for booking in rivalry.bookings:
            yield f"  {_request(booking, view)}"
        for clash in rivalry.clashes:
            both = " | ".join(_side(one) for one in clash.dates)
            yield f"    {both}"
    if view.without_rivals:
        yield _("Without rivals:")
    for booking in view.without_rivals:
        yield f"  {_request(booking, view)}"


def _request(booking: Booking, view: PlanView) -> str:
    dates = view.dates[booking.pk]
    count = ngettext("%(count)s date", "%(count)s dates", len(dates)) % {"count": len(dates)}
    first = dates[0]
    return f"{booking.number}: {booking.asker}, {first.room}, {day_and_time(first.span)}, {count}"


def _side(one: BookingDate) -> str:
    return f"{one.booking.asker}, {one.room}, {day_and_time(one.span)}"


def _table(view: PlanView) -> Iterator[tuple[str, ...]]:
    """Give one line for each request, and one for each of its dates that somebody else wants, too."""
    yield (*HEADER, _("Group"), _("Room"))
    rivals = {
        one.pk for rivalry in view.rivalries for clash in rivalry.clashes for one in clash.dates
    }
    for dates in view.dates.values():
        open_dates = [one for one in dates if one.state in UNDECIDED]
        if not open_dates:
            continue
        booking = open_dates[0].booking
        about = (_no_formula(booking.asker), _no_formula(open_dates[0].room.name))
        yield (booking.number, "", "", "", *about)
        for one in open_dates:
            if one.pk in rivals:
                day = berlin_day(one.span.start).strftime("%d.%m.%Y")
                yield (booking.number, day, "", "", *about)


def _no_formula(text: str) -> str:
    """Return a name that no table program takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
