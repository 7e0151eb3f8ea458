"""A group asks for another time or room for a date, takes such a wish back, or adds a date again."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from bookings.forms.changes import DateChangeForm, WhyForm, times_of
from bookings.ledger import BusyError
from bookings.models import Booking, BookingDate, ChangeRequest, Room
from bookings.rules.refusals import Code, Refusal, RefusedError
from bookings.rules.spans import Span
from bookings.rules.states import SKIPPED, Action, DateState
from bookings.selectors.own_changes import OwnWish, open_wish_of, rooms_to_choose
from bookings.services.changes import Move, ask_for_change, withdraw_change
from bookings.services.changes.moves import WAITED_FOR
from bookings.services.decisions import DecidedAlreadyError
from bookings.services.looking import look_at_added, look_at_change, refusals_to_change
from bookings.services.series_edits import add_back
from bookings.views.of_group import BUSY, actor_of, for_askers, own_booking, own_date
from bookings.views.steps_of_group import (
    BUSY_STATUS,
    REFUSED,
    Ask,
    Link,
    StepPage,
    back_to_booking,
    show_step,
    to_booking,
    ways_back,
)
from bookings.wording import day_and_time, refusal_sentence, until
from cms.wording import date_long

MOVED = "verlegt"
WAITS = "wartet"
AGAIN = "noch-einmal"  # back from the preview to the form


# Another time or room -------------------------------------------------------------------------------


@for_askers
@require_http_methods(["GET", "HEAD", "POST"])
def date_change(request: HttpRequest, number: str, date: int) -> HttpResponse:
    """Ask for another time or room: form, preview, wish; afterwards say what came of it."""
    found = own_booking(request, number)
    wanted = own_date(found, date)
    wanted.booking = found
    wish = open_wish_of(found, wanted.pk)
    if wish is not None:
        return show_step(request, found, _wished(wanted, wish))
    if request.method != "POST" and request.GET.get("stand") == MOVED and _has_moved(wanted):
        return show_step(request, found, _moved(wanted))
    refusals = refusals_to_change(wanted, now=timezone.now())
    if refusals:
        return show_step(request, found, _closed(wanted, refusals))
    return _ask_for_change(request, found, wanted)


def _ask_for_change(request: HttpRequest, found: Booking, wanted: BookingDate) -> HttpResponse:
    sent = request.POST if request.method == "POST" else request.GET
    rooms = rooms_to_choose(found, wanted.room)
    if request.method != "POST" and ("day" not in sent or AGAIN in sent):
        initial = {**times_of(wanted), **sent.dict()}
        form = DateChangeForm(initial=initial, rooms=rooms)
        return show_step(request, found, _form_page(wanted, form))
    form = DateChangeForm(sent, rooms=rooms)
    if not form.is_valid():
        return show_step(request, found, _form_page(wanted, form), status=REFUSED)
    try:
        return _look_or_send(request, wanted, form, waits=sent.get(WAITS) == "1")
    except RefusedError as refused:
        if request.method == "POST" and _was_sent_already(wanted, refused.refusals):
            return redirect(f"{request.path}?stand={MOVED}")
        form.add_refusals(refused.refusals)
        second = _wait_instead(wanted, refused.refusals, sent)
        return show_step(request, found, _form_page(wanted, form, second), status=REFUSED)


def _look_or_send(
    request: HttpRequest, wanted: BookingDate, form: DateChangeForm, *, waits: bool
) -> HttpResponse:
    """Show what would happen, or send the wish. Raises RefusedError."""
    why = WhyForm(request.POST if request.method == "POST" else None)
    move = Move(wanted.pk, form.cleaned_data["room"], form.span)
    at_once = look_at_change(date=wanted, move=move, now=timezone.now(), waits=waits)
    status, notice = 200, ""
    if request.method == "POST":
        status = REFUSED
        if why.is_valid():
            try:
                _send(request, wanted, move, why.cleaned_data["text"], waits=waits)
                return redirect(f"{request.path}?stand={MOVED}")
            except BusyError:
                status, notice = BUSY_STATUS, "busy"
    page = _preview(wanted, form, why, at_once=at_once, waits=waits, notice=notice)
    return show_step(request, wanted.booking, page, status=status)


def _send(request: HttpRequest, wanted: BookingDate, move: Move, text: str, *, waits: bool) -> None:
    ask_for_change(
        booking=wanted.booking,
        moves=[move],
        actor=actor_of(request, wanted.booking),
        now=timezone.now(),
        text=text,
        waits=waits,
    )


def _was_sent_already(wanted: BookingDate, refusals: Sequence[Refusal]) -> bool:
    """Tell whether a second click came after the first one had moved the date."""
    codes = {one.code for one in refusals}
    return Code.NOTHING_CHANGES in codes and _has_moved(wanted)


def _form_page(wanted: BookingDate, form: DateChangeForm, second: Ask | None = None) -> StepPage:
    return StepPage(
        heading=_("Another time or another room"),
        lead=_("Until now: %(date)s") % {"date": _line(wanted.span, wanted.room)},
        form=form,
        look=pgettext("step", "Next"),
        second=second,
    )


def _wait_instead(
    wanted: BookingDate, refusals: Sequence[Refusal], sent: Mapping[str, str]
) -> Ask | None:
    """Offer to wish for a time that somebody else has, as far as there is a promise to keep."""
    is_possible = wanted.state == DateState.APPROVED and all(
        one.code in WAITED_FOR for one in refusals
    )
    if not is_possible:
        return None
    hidden = [(name, sent.get(name, "")) for name in ("day", "start", "end", "room")]
    return Ask(label=_("Wish for it all the same"), hidden=[*hidden, (WAITS, "1")])


def _preview(
    wanted: BookingDate,
    form: DateChangeForm,
    why: WhyForm,
    *,
    at_once: bool,
    waits: bool,
    notice: str = "",
) -> StepPage:
    room = form.cleaned_data["room"]
    sent = _sent(form)
    here = reverse("date_change", args=[wanted.booking.number, wanted.pk])
    return StepPage(
        heading=_("Change it like this?") if at_once else _("Wish for this?"),
        lead=_("New: %(date)s") % {"date": _line(form.span, room)},
        says=[
            _("Until now: %(date)s") % {"date": _line(wanted.span, wanted.room)},
            *_what_follows(wanted, at_once=at_once, waits=waits),
        ],
        notice=notice,
        ask=Ask(
            label=_("Yes, change it") if at_once else _("Send the wish"),
            hidden=[*sent.items(), *([(WAITS, "1")] if waits else [])],
            form=why,
            back=Link(pgettext("button", "Back"), f"{here}?{urlencode({**sent, AGAIN: '1'})}"),
        ),
    )


def _sent(form: DateChangeForm) -> dict[str, object]:
    values = form.cleaned_data
    return {
        "day": values["day"].isoformat(),
        "start": f"{values['start']:%H:%M}",
        "end": f"{values['end']:%H:%M}",
        "room": values["room"].pk,
    }


def _what_follows(wanted: BookingDate, *, at_once: bool, waits: bool) -> list[str]:
    if at_once and wanted.state == DateState.APPROVED:
        return [_("The room is free at that time. The new time holds at once.")]
    if at_once:
        return [_("The room is free at that time. Your request goes on with the new time.")]
    kept = _("The team of the centre decides. Until then your old time stays yours.")
    if waits:
        return [_("Somebody else has the new time at present."), kept]
    return [_("The room is free at that time."), kept]


def _wished(wanted: BookingDate, wish: OwnWish) -> StepPage:
    new = next(one for one in wish.dates if one.date_id == wanted.pk)
    change = wish.change
    held = (
        _("So long we keep the new time free for you, too.")
        if change.holds
        else _("Somebody else has the new time at present.")
    )
    withdraw = reverse("wish_withdraw", args=[wanted.booking.number, change.pk])
    return StepPage(
        heading=_("Your wish to change is with the centre."),
        lead=_("New: %(date)s") % {"date": _line(new.span, new.room)},
        says=[
            _("Until now: %(date)s") % {"date": _line(wanted.span, wanted.room)},
            _("Until we have decided, everything stays as it was."),
            held,
        ],
        links=[ways_back(wanted.booking)[0], Link(_("Take the wish back"), withdraw)],
    )


def _has_moved(wanted: BookingDate) -> bool:
    last = wanted.log.order_by("at", "pk").last()
    return last is not None and last.action == Action.MOVE


def _moved(wanted: BookingDate) -> StepPage:
    is_promised = wanted.state == DateState.APPROVED
    return StepPage(
        heading=_("Your date has changed."),
        lead=_line(wanted.span, wanted.room),
        says=[
            _("The room is booked for you.")
            if is_promised
            else _("The room is not firmly booked yet. You will hear from us by %(date)s.")
            % {"date": date_long(wanted.booking.answer_due)}
        ],
        links=ways_back(wanted.booking),
    )


def _closed(wanted: BookingDate, refusals: Sequence[Refusal]) -> StepPage:
    return StepPage(
        heading=_("This date cannot be changed here."),
        lead=_line(wanted.span, wanted.room),
        says=[refusal_sentence(one) for one in refusals],
        links=[to_booking(wanted.booking)],
    )


def _line(span: Span, room: Room) -> str:
    return f"{day_and_time(span)}, {room.name}"


# A wish taken back ----------------------------------------------------------------------------------


@for_askers
@require_http_methods(["GET", "HEAD", "POST"])
def wish_withdraw(request: HttpRequest, number: str, wish: int) -> HttpResponse:
    """Ask whether a wish is taken back, do it, and say so; or say what was decided meanwhile."""
    found = own_booking(request, number)
    wishes = found.changes.select_related("first_date__occurrence", "first_date__room")
    change = get_object_or_404(wishes, pk=wish)
    here = reverse("wish_withdraw", args=[found.number, change.pk])
    if request.method == "POST":
        try:
            withdraw_change(change=change, actor=actor_of(request, found), now=timezone.now())
        except DecidedAlreadyError:
            pass  # the page says what was decided
        except BusyError:
            return redirect(f"{here}?stand={BUSY}")
        return redirect(here)
    if change.status != ChangeRequest.Status.OPEN:
        return show_step(request, found, _closed_wish(found, change))
    page = StepPage(
        heading=_("Take this wish back?"),
        lead=_of_which(change),
        says=[_("Everything stays as it was.")],
        notice="busy" if request.GET.get("stand") == BUSY else "",
        ask=Ask(label=_("Yes, take it back"), back=back_to_booking(found)),
    )
    return show_step(request, found, page)


def _closed_wish(found: Booking, change: ChangeRequest) -> StepPage:
    said = {
        ChangeRequest.Status.WITHDRAWN: _("The wish is taken back. Everything stays as it was."),
        ChangeRequest.Status.GRANTED: _("The centre has granted this wish already."),
        ChangeRequest.Status.REFUSED: _("The centre has refused this wish already."),
        ChangeRequest.Status.EXPIRED: _("This wish is over: it was not decided in time."),
    }
    says = [_("Reason: %(reason)s") % {"reason": change.answer}] if change.answer else []
    return StepPage(
        heading=said[ChangeRequest.Status(change.status)],
        lead=_of_which(change),
        says=says,
        links=[to_booking(found)],
    )


def _of_which(change: ChangeRequest) -> str:
    line = _line(change.first_date.span, change.first_date.room)
    if change.kind == ChangeRequest.Kind.FOLLOWING:
        return _("From %(date)s on") % {"date": line}
    return line


# A date added again ---------------------------------------------------------------------------------


@for_askers
@require_http_methods(["GET", "HEAD", "POST"])
def date_add_back(request: HttpRequest, number: str, date: int) -> HttpResponse:
    """Ask whether a left-out date takes place after all, do it, and say so."""
    now = timezone.now()
    found = own_booking(request, number)
    wanted = own_date(found, date)
    wanted.booking = found
    here = reverse("date_add_back", args=[found.number, wanted.pk])
    if request.method == "POST":
        try:
            add_back(date=wanted, actor=actor_of(request, found), now=now)
        except RefusedError:
            pass  # the page says what speaks against it now
        except BusyError:
            return redirect(f"{here}?stand={BUSY}")
        return redirect(here)
    if wanted.state not in SKIPPED:
        return show_step(request, found, _added(wanted))
    try:
        at_once = look_at_added(date=wanted, now=now)
    except RefusedError as refused:
        return show_step(request, found, _not_added(wanted, refused.refusals))
    page = StepPage(
        heading=_("Let this date take place after all?"),
        lead=_line(wanted.span, wanted.room),
        says=[
            _("The room is free at that time. The date is booked for you at once.")
            if at_once
            else _("The room is free at that time. The centre decides on this date.")
        ],
        notice="busy" if request.GET.get("stand") == BUSY else "",
        ask=Ask(
            label=_("Yes, book it") if at_once else _("Yes, ask for it"),
            back=back_to_booking(found),
        ),
    )
    return show_step(request, found, page)


def _added(wanted: BookingDate) -> StepPage:
    """Say what a date is that was added, or that it is not left out any more."""
    says: list[str] = []
    if wanted.state == DateState.APPROVED:
        heading = _("The room is booked for you.")
    elif wanted.state == DateState.REQUESTED:
        heading = _("You have asked for this date.")
        due = {"date": date_long(wanted.booking.answer_due)}
        says = [_("The room is not firmly booked yet. You will hear from us by %(date)s.") % due]
        if wanted.holds_until:
            moment = {"moment": until(wanted.holds_until, timezone.now())}
            says.append(_("We keep it free for you until %(moment)s.") % moment)
    else:
        heading = refusal_sentence(Refusal(Code.NOT_LEFT_OUT, "date"))
    return StepPage(
        heading=heading,
        lead=_line(wanted.span, wanted.room),
        says=says,
        links=ways_back(wanted.booking),
    )


def _not_added(wanted: BookingDate, refusals: Sequence[Refusal]) -> StepPage:
    return StepPage(
        heading=_("This date cannot be added at present."),
        lead=_line(wanted.span, wanted.room),
        says=[refusal_sentence(one) for one in refusals],
        links=[to_booking(wanted.booking)],
    )
