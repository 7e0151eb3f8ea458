"""Mails on wishes to change, and on dates that have moved."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bookings.calendar_entries import Method
from bookings.models import ChangedDate, ChangeRequest
from bookings.notifications.letters import Button, Fact, Letter
from bookings.notifications.links import booking_url, decision_url, wish_decision_url
from bookings.notifications.notice import Notice
from bookings.notifications.promise import facts_of_the_house
from bookings.notifications.words import main_facts, seating_question, short_days
from bookings.rules.spans import Span
from bookings.rules.states import PROMISED, Action
from bookings.rules.wall_clock import berlin_day
from bookings.wording import day_and_time, room_names, short_day
from cms.wording import date_long


def names(notice: Notice) -> dict[str, object]:
    """Return what subjects name: the rooms and days as they were when the wish came."""
    return {
        "group": notice.booking.asker,
        "room": room_names(notice.dates),
        "day": short_days(notice.dates),
    }


def old_and_new(change: ChangeRequest) -> list[Fact]:
    """Say where the dates of a wish are or were, and where they shall go, line by line."""
    moves = [one for one in change.dates.all() if not one.left_out]
    old = [
        _line(Span(one.old_start, one.old_end), one.old_room)
        for one in moves
        if one.old_start and one.old_end
    ]
    new = [_line(one.span, one.room) for one in moves]
    facts = [
        Fact(pgettext("time of a date", "Until now"), "\n".join(old)),
        Fact(pgettext("time of a date", "New"), "\n".join(new)),
    ]
    return [fact for fact in facts if fact.text]


def _line(span: Span, room: object) -> str:
    return f"{day_and_time(span)}, {room}"


# To the group ------------------------------------------------------------------------------------


def _asked(notice: Notice) -> Letter:
    change = _change(notice)
    said = [_("Until we have decided, everything stays as it was.")]
    if change.holds_until:
        said.append(_("So long we keep the new time free for you, too."))
    else:
        said.append(_("Somebody else has the new time at present."))
    return Letter(
        subject=_("Your wish to change: %(room)s, %(day)s") % names(notice),
        answer=_("Your wish to change is here. We decide on it and write to you."),
        says=[" ".join(said)],
        button=_see(notice),
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
    booked = ngettext(
        "The new time is booked for you.", "The new times are booked for you.", len(dates)
    )
    open_ = _("The room is not firmly booked yet. We write to you as soon as it is decided.")
    return Letter(
        subject=subject % names(notice),
        answer=one if len(dates) == 1 else several % {"count": len(dates)},
        says=[
            text
            for text in (
                booked if is_promised else open_,
                change.answer,
                seating_question(notice.seating),
            )
            if text
        ],
        button=_see(notice),
        facts=[*_facts(notice), *(facts_of_the_house(notice) if is_promised else [])],
        after=[_("The attached file corrects your calendar.")] if is_promised else [],
        calendar=Method.PUBLISH if is_promised else None,
    )


def _refused(notice: Notice) -> Letter:
    return Letter(
        subject=_("Sorry, not possible: change of %(room)s, %(day)s") % names(notice),
        answer=_("We cannot change this as you wish. Everything stays as it was."),
        says=[_("Reason: %(reason)s") % {"reason": notice.text}],
        button=_see(notice),
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
        button=_see(notice),
        facts=_facts(notice),
    )


def _hold_ended(notice: Notice) -> Letter:
    return Letter(
        subject=_("Not decided yet: change of %(room)s, %(day)s") % names(notice),
        answer=_("We could not decide on your wish to change yet."),
        says=[_("The new time is no longer kept free; your wish remains.")],
        button=_see(notice),
        facts=_facts(notice),
    )


def _moved_on(notice: Notice) -> Letter:
    """Write about the new series; what is left of the old one stays as it was."""
    change = _change(notice)
    new = [one for one in change.dates.all() if not one.left_out]
    is_promised = all(date.state in PROMISED for date in notice.new)
    return Letter(
        subject=_("Changed from %(day)s on: %(room)s")
        % {"day": short_day(notice.dates[0].span), "room": _rooms(new)},
        answer=_("From %(date)s on your dates have changed.")
        % {"date": date_long(berlin_day(change.first_date.span.start))},
        says=[
            text for text in (notice.text, change.answer, seating_question(notice.seating)) if text
        ],
        button=Button(_("See your request"), booking_url(notice.new[0].booking)),
        facts=_facts(notice),
        after=[_("The attached file corrects your calendar.")] if is_promised else [],
        calendar=Method.PUBLISH if is_promised else None,
    )


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
        answer=_(
            "Still to be decided: %(group)s asks for a change. The new time is no longer kept free."
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
        answer=_("%(group)s has changed its dates. The rules of the room allow it."),
        button=_look(notice),
    )


def _decide(notice: Notice) -> Button:
    return Button(_("See the wish and decide"), wish_decision_url(_change(notice)))


def _look(notice: Notice) -> Button:
    return Button(_("See the request"), decision_url(notice.booking))


def _to_team(notice: Notice, *, subject: str, answer: str, button: Button) -> Letter:
    text = _change(notice).text
    return Letter(
        subject=subject % names(notice),
        answer=answer % names(notice),
        says=[said for said in (text, notice.seating) if said],
        button=button,
        facts=_facts(notice),
    )


# Parts -------------------------------------------------------------------------------------------


def _change(notice: Notice) -> ChangeRequest:
    if notice.change is None:
        msg = f"{notice.action} without the wish"
        raise ValueError(msg)
    return notice.change


def _see(notice: Notice) -> Button:
    return Button(_("See your request"), booking_url(notice.booking))


def _facts(notice: Notice) -> list[Fact]:
    """Return what every mail repeats, with the old and new times in place of room and time."""
    return [*old_and_new(_change(notice)), *main_facts(notice)[2:]]


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
    Action.MOVE_ON: _has_moved,
}
