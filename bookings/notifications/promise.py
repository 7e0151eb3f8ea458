"""The mail that says yes: with key, costs, whom to ring and how to cancel."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.calendar_entries import Method
from bookings.models import BookingDate, Room
from bookings.notifications.letters import Button, Fact, Letter
from bookings.notifications.links import booking_url
from bookings.notifications.notice import Notice
from bookings.notifications.words import (
    main_facts,
    room_and_day,
)
from bookings.rules.policy import last_cancel
from bookings.rules.states import SKIPPED, UNDECIDED, Action, DateState
from bookings.wording import days_and_times, room_names, short_start, until
from cms.models import Centre


def promise(notice: Notice, now: datetime) -> Letter:
    several, total = len(notice.dates), _number_of_dates(notice)
    if several == 1 and total == 1:
        subject = _("Promised: %(room)s, %(start)s") % {
            "room": room_names(notice.dates),
            "start": short_start(notice.dates[0].span),
        }
        answer = _("The room is booked for you.")
    else:
        subject = _promise_of_several(notice, several, total)
        answer = ngettext(
            "%(count)s date is booked for you.", "%(count)s dates are booked for you.", several
        ) % {"count": several}
    return Letter(
        subject=subject,
        answer=answer,
        says=[text for text in (notice.text, _what_about_the_others(notice, total)) if text],
        button=Button(_("See or cancel the date"), booking_url(notice.booking)),
        facts=[*main_facts(notice), *facts_of_the_house(notice)],
        after=[
            _how_to_cancel(notice.dates, now),
            _("The attached file enters the date in your calendar."),
        ],
        calendar=Method.PUBLISH,
    )


def _promise_of_several(notice: Notice, several: int, total: int) -> str:
    if several == total:
        return _("Promised: %(room)s, %(day)s") % room_and_day(notice)
    return _("Promised for %(count)s of %(total)s dates: %(room)s") % {
        "count": several,
        "total": total,
        "room": room_names(notice.dates),
    }


def _number_of_dates(notice: Notice) -> int:
    """Return how many dates the group asked for; what it left out itself does not count.

    What the rules promise at once is told by itself: it may have been added much later.
    """
    if notice.action is Action.BOOK:
        return len(notice.dates)
    return sum(date.state not in SKIPPED for date in notice.booking.dates.all())


def _what_about_the_others(notice: Notice, total: int) -> str:
    """Say which other dates of the request were refused, and how many are still open."""
    if total == len(notice.dates):
        return ""
    others = notice.booking.dates.exclude(pk__in=[date.pk for date in notice.dates])
    others = others.select_related("room", "occurrence")
    refused = [date for date in others if date.state == DateState.REJECTED]
    undecided = [date for date in others if date.state in UNDECIDED]
    said = []
    if refused:
        cannot = ngettext(
            "We cannot promise this %(count)s date:",
            "We cannot promise these %(count)s dates:",
            len(refused),
        ) % {"count": len(refused)}
        said.append(f"{cannot}\n{days_and_times(refused)}")
        said += [
            _("Reason: %(reason)s") % {"reason": reason}
            for reason in dict.fromkeys(date.reason for date in refused if date.reason)
        ]
        if notice.suggestion:
            said.append(
                _("Free would be, for example: %(suggestion)s") % {"suggestion": notice.suggestion}
            )
    if undecided:
        said.append(
            ngettext(
                "We have not decided on %(count)s date yet.",
                "We have not decided on %(count)s dates yet.",
                len(undecided),
            )
            % {"count": len(undecided)}
        )
    return "\n".join(said)


def _how_to_cancel(dates: Sequence[BookingDate], now: datetime) -> str:
    """Say until when the group can cancel itself; some centres want to hear of it earlier."""
    rooms = {date.room_id: date.room for date in dates}
    hours = max(room.policy.cancel_hours for room in rooms.values())
    if not hours:
        return _(
            "Does the date fall through? Please cancel it with the button above – others are "
            "glad of the room. You can do this until it begins."
        )
    if len(dates) > 1:
        return ngettext(
            "Does a date fall through? Please cancel it with the button above – others are glad of "
            "the room. You can do this until %(hours)s hour before it begins; later please ring us.",
            "Does a date fall through? Please cancel it with the button above – others are glad of "
            "the room. You can do this until %(hours)s hours before it begins; later please ring us.",
            hours,
        ) % {"hours": hours}
    last = last_cancel(dates[0].room.policy, dates[0].span.start)
    if last < now:
        return _("Does the date fall through? Please ring us – others are glad of the room.")
    return _(
        "Does the date fall through? Please cancel it with the button above – others are glad of "
        "the room. You can do this until %(moment)s; later please ring us."
    ) % {"moment": until(last, now)}


def facts_of_the_house(notice: Notice) -> list[Fact]:
    """Return key, costs and whom to ring, as far as they are known."""
    rooms = list({date.room_id: date.room for date in notice.dates}.values())
    costs = _("Costs"), [room.costs_text or room.costs for room in rooms]
    return _known([_key(rooms), costs, _contact(notice.booking.centre)])


def way_in(notice: Notice) -> list[Fact]:
    """Return where the key is and who opens or can be rung, as far as that is known."""
    rooms = list({date.room_id: date.room for date in notice.dates}.values())
    return _known([_key(rooms), _contact(notice.booking.centre)])


Lines = tuple[str, list[str]]


def _key(rooms: Sequence[Room]) -> Lines:
    return _("Key"), [room.key_text for room in rooms]


def _contact(centre: Centre) -> Lines:
    said = ", ".join(part for part in (centre.name, centre.phone, centre.email) if part)
    return _("Contact at the centre"), [said]


def _known(facts: Iterable[Lines]) -> list[Fact]:
    return [
        Fact(label, "\n".join(dict.fromkeys(text for text in texts if text)))
        for label, texts in facts
        if any(texts)
    ]
