"""Mails on wishes to change, and on dates that have moved."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bookings.calendar_entries import Method
from bookings.models import ChangedDate, ChangeRequest, Room
from bookings.notifications.letters import Button, Fact, Letter
from bookings.notifications.links import booking_url, decision_url, wish_decision_url
from bookings.notifications.notice import Notice
from bookings.notifications.parts import reason_of, see_request
from bookings.notifications.promise import facts_of_the_house
from bookings.notifications.words import purpose_of, seating_question, short_days
from bookings.rules.spans import Span
from bookings.rules.states import GONE, PROMISED, Action
from bookings.rules.wall_clock import berlin_day
from bookings.wording import day_and_time, room_names, short_day
from cms.lines import one_line
from cms.wording import date_long


def names(notice: Notice) -> dict[str, object]:
    """Return what subjects name: the rooms and days as they were when the wish came."""
    return {
        "group": one_line(notice.booking.asker),
        "room": room_names(notice.dates),
        "day": short_days(notice.dates),
    }


def old_and_new(notice: Notice) -> list[Fact]:
    """Say where the dates of a wish are or were, and where they shall go, line by line."""
    change = _change(notice)
    new = [one for one in notice.moves or change.dates.all() if not one.left_out]
    if change.kind == ChangeRequest.Kind.FOLLOWING:
        # Of those that have just moved on none is left.
        standing = [date for date in notice.dates if date.state not in GONE] or notice.dates
        old = [_line(date.span, date.room) for date in standing]
    else:
        old = [
            _line(Span(one.old_start, one.old_end), one.old_room)
            for one in new
            if one.old_start and one.old_end
        ]
    wanted = (
        pgettext("time of a date", "New")
        if notice.action in _DONE
        else pgettext("time of a date", "Wished for")
    )
    facts = [
        Fact(pgettext("time of a date", "Until now"), "\n".join(old)),
        Fact(wanted, "\n".join(_line(one.span, one.room) for one in new)),
    ]
    return [fact for fact in facts if fact.text]


def _from_when(change: ChangeRequest) -> str:
    """Say that a wish is about all dates from one on; "" for one on single dates."""
    if change.kind != ChangeRequest.Kind.FOLLOWING:
        return ""
    return _("It is about the date on %(date)s and all that follow.") % _first_day(change)


def _first_day(change: ChangeRequest) -> dict[str, str]:
    return {"date": date_long(berlin_day(change.first_date.span.start))}


def _line(span: Span, room: object) -> str:
    return f"{day_and_time(span)}, {room}"


# To the group ------------------------------------------------------------------------------------


def _asked(notice: Notice) -> Letter:
    change = _change(notice)
    said = [_("Until we have decided, everything stays as it was.")]
    if change.holds_until:
        kept = ngettext(
            "So long we keep the new time free for you, too.",
            "So long we keep the new times free for you, too.",
            _count(change),
        )
        said.append(kept)
    else:
        said.append(_("Somebody else has the new time at present."))
    return Letter(
        subject=_("Your wish to change: %(room)s, %(day)s") % names(notice),
        answer=_("Your wish to change is here. We decide on it and write to you."),
        says=[text for text in (_from_when(change), " ".join(said)) if text],
        button=see_request(notice),
        facts=_facts(notice),
    )


def _moved(notice: Notice) -> Letter:
    return _changed(
        notice,
        subject=_("Changed: %(room)s, %(day)s"),
        one=_("Your date has changed."),
        several=_("%(count)s of your dates have changed."),
    )


def _exchanged(notice: Notice) -> Letter:
    return _changed(
        notice,
        subject=_("Exchanged: %(room)s, %(day)s"),
        one=_("We have exchanged your date with that of another group."),
        several=_("We have exchanged %(count)s of your dates with those of another group."),
    )


def _changed(notice: Notice, *, subject: str, one: str, several: str) -> Letter:
    """Write about dates that take place at another time now; those promised go into calendars."""
    change, dates = _change(notice), notice.dates
    is_promised = all(date.state in PROMISED for date in dates)
    rooms = [date.room for date in dates]
    return Letter(
        subject=subject % names(notice),
        answer=one if len(dates) == 1 else several % {"count": len(dates)},
        says=[
            text
            for text in (
                _booked_or_open(len(dates), is_promised=is_promised),
                change.answer,
                seating_question(notice.seating),
            )
            if text
        ],
        button=see_request(notice),
        facts=[*_facts(notice), *(_house(notice, rooms) if is_promised else [])],
        after=[_("The attached file corrects your calendar.")] if is_promised else [],
        calendar=Method.PUBLISH if is_promised else None,
    )


def _booked_or_open(count: int, *, is_promised: bool) -> str:
    if is_promised:
        return ngettext(
            "The new time is booked for you.", "The new times are booked for you.", count
        )
    return _("The room is not firmly booked yet. We write to you as soon as it is decided.")


def _house(notice: Notice, rooms: Sequence[Room]) -> list[Fact]:
    return facts_of_the_house(rooms, notice.booking.centre)


def _refused(notice: Notice) -> Letter:
    return Letter(
        subject=_("Sorry, not possible: change of %(room)s, %(day)s") % names(notice),
        answer=_("We cannot change this as you wish. Everything stays as it was."),
        says=reason_of(notice),
        button=see_request(notice),
        facts=_facts(notice),
    )


def _expired(notice: Notice) -> Letter:
    return Letter(
        subject=_("Nothing changed: %(room)s, %(day)s") % names(notice),
        answer=_("Your wish to change is over. Everything else stays as it was."),
        says=[
            _(
                "It was not decided in time, or a date that it was about does not take place any "
                "more."
            )
        ],
        button=see_request(notice),
        facts=_facts(notice),
    )


def _hold_ended(notice: Notice) -> Letter:
    return Letter(
        subject=_("Not decided yet: change of %(room)s, %(day)s") % names(notice),
        answer=_("We could not decide on your wish to change yet."),
        says=[
            ngettext(
                "The new time is no longer kept free; your wish remains.",
                "The new times are no longer kept free; your wish remains.",
                _count(_change(notice)),
            )
        ],
        button=see_request(notice),
        facts=_facts(notice),
    )


def _moved_on(notice: Notice) -> Letter:
    """Write about the new series; what is left of the old one stays as it was."""
    change = _change(notice)
    new = [one for one in change.dates.all() if not one.left_out]
    is_promised = _is_promised_anew(notice)
    return Letter(
        subject=_("Changed from %(day)s on: %(room)s") % _names_of_new(notice),
        answer=_("From %(date)s on your dates have changed.") % _first_day(change),
        says=[
            text
            for text in (
                _booked_or_open(len(new), is_promised=is_promised),
                notice.text,
                change.answer,
                seating_question(notice.seating),
            )
            if text
        ],
        button=Button(_("See your request"), booking_url(notice.new[0].booking)),
        facts=[
            *_facts(notice),
            *(_house(notice, [one.room for one in new]) if is_promised else []),
        ],
        after=[_("The attached file corrects your calendar.")] if is_promised else [],
        calendar=Method.PUBLISH if is_promised else None,
    )


def _is_promised_anew(notice: Notice) -> bool:
    return all(date.state in PROMISED for date in notice.new)


def _names_of_new(notice: Notice) -> dict[str, object]:
    """Return the first old day and the new rooms, as subjects name a series that goes on."""
    new = [one for one in _change(notice).dates.all() if not one.left_out]
    return {**names(notice), "day": short_day(notice.dates[0].span), "room": _rooms(new)}


def _rooms(dates: Sequence[ChangedDate]) -> str:
    return ", ".join(dict.fromkeys(one.room.name for one in dates))


# To the team -------------------------------------------------------------------------------------


def _to_decide(notice: Notice) -> Letter:
    return _to_team(
        notice,
        subject=_("Wish to change: %(room)s, %(day)s – %(group)s"),
        answer=_("%(group)s asks for a change."),
        button=_decide(notice),
    )


def _still_to_decide(notice: Notice) -> Letter:
    return _to_team(
        notice,
        subject=_("Not decided yet: change of %(room)s, %(day)s – %(group)s"),
        answer=ngettext(
            "Still to be decided: %(group)s asks for a change. The new time is no longer kept free.",
            "Still to be decided: %(group)s asks for a change. The new times are no longer kept "
            "free.",
            _count(_change(notice)),
        ),
        button=_decide(notice),
    )


def _has_withdrawn(notice: Notice) -> Letter:
    return _to_team(
        notice,
        subject=_("Wish withdrawn: %(room)s, %(day)s – %(group)s"),
        answer=_("%(group)s does not want the change any more. There is nothing to do."),
        button=_look(notice),
    )


def _has_moved(notice: Notice) -> Letter | None:
    """Tell of a change that nobody decided on."""
    if _change(notice).decided_by_id is not None:
        return None
    return _to_team(
        notice,
        subject=_("Changed: %(room)s, %(day)s – %(group)s"),
        answer=ngettext(
            "%(group)s has changed a date. The rules of the room allow it.",
            "%(group)s has changed its dates. The rules of the room allow it.",
            len(notice.dates),
        ),
        button=_look(notice),
    )


def _has_moved_on(notice: Notice) -> Letter | None:
    """Tell of a series that goes on under a new number, which nobody decided on."""
    change = _change(notice)
    if change.decided_by_id is not None:
        return None
    if _is_promised_anew(notice):
        answer = _(
            "%(group)s has changed its dates from %(date)s on. The rules of the room allow it."
        )
        label = _("See the request")
    else:
        answer = _("%(group)s has changed its request from %(date)s on. It is still to be decided.")
        label = _("See the request and decide")
    return Letter(
        subject=_("Changed from %(day)s on: %(room)s – %(group)s") % _names_of_new(notice),
        answer=answer % {**names(notice), **_first_day(change)},
        says=[said for said in (notice.text, change.text, notice.seating) if said],
        button=Button(label, decision_url(notice.new[0].booking)),
        facts=_facts_for_team(notice),
    )


def _decide(notice: Notice) -> Button:
    return Button(_("See the wish and decide"), wish_decision_url(_change(notice)))


def _look(notice: Notice) -> Button:
    return Button(_("See the request"), decision_url(notice.booking))


def _to_team(notice: Notice, *, subject: str, answer: str, button: Button) -> Letter:
    change = _change(notice)
    return Letter(
        subject=subject % names(notice),
        answer=answer % names(notice),
        says=[said for said in (_from_when(change), change.text, notice.seating) if said],
        button=button,
        facts=_facts_for_team(notice),
    )


# Parts -------------------------------------------------------------------------------------------


def _change(notice: Notice) -> ChangeRequest:
    if notice.change is None:
        msg = f"{notice.action} without the wish"
        raise ValueError(msg)
    return notice.change


def _count(change: ChangeRequest) -> int:
    """Return how many new times a wish is about."""
    return sum(not one.left_out for one in change.dates.all())


def _facts(notice: Notice) -> list[Fact]:
    """Return what every mail repeats, with the old and new times in place of room and time."""
    return _facts_with_number(notice, _("Number of your request"))


def _facts_for_team(notice: Notice) -> list[Fact]:
    return _facts_with_number(notice, pgettext("of a request", "Number"))


def _facts_with_number(notice: Notice, label: str) -> list[Fact]:
    booking = notice.new[0].booking if notice.new else notice.booking
    return [*old_and_new(notice), purpose_of(booking), Fact(label, booking.number)]


_DONE = frozenset({Action.MOVE, Action.EXCHANGE, Action.MOVE_ON})
TO_GROUP: dict[Action, Callable[[Notice], Letter]] = {
    Action.ASK_CHANGE: _asked,
    Action.MOVE: _moved,
    Action.EXCHANGE: _exchanged,
    Action.REFUSE_CHANGE: _refused,
    Action.EXPIRE_CHANGE: _expired,
    Action.END_CHANGE_HOLD: _hold_ended,
    Action.MOVE_ON: _moved_on,
}
TO_TEAM: dict[Action, Callable[[Notice], Letter | None]] = {
    Action.ASK_CHANGE: _to_decide,
    Action.MOVE: _has_moved,
    Action.WITHDRAW_CHANGE: _has_withdrawn,
    Action.END_CHANGE_HOLD: _still_to_decide,
    Action.MOVE_ON: _has_moved_on,
}
