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
from bookings.notifications.parts import as_sentence
from bookings.notifications.words import main_facts, room_and_day
from bookings.rules.policy import last_cancel
from bookings.rules.states import UNDECIDED, Action, DateState
from bookings.selectors.policies import read_policies
from bookings.wording import days_and_times, room_names, short_start, until
from cms.models import Centre


def promise(notice: Notice, now: datetime) -> Letter:
    others = _not_promised(notice, now)
    rooms = [date.room for date in notice.dates]
    several, total = len(notice.dates), len(notice.dates) + len(others)
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
    until_when = _until_when(notice, now)
    message = "" if notice.action is Action.BOOK else notice.text  # then it is the group's own
    cancel = ngettext("See or cancel the date", "See or cancel the dates", several)
    return Letter(
        subject=subject,
        answer=answer,
        says=[text for text in (message, _what_about_the_others(notice, others)) if text],
        button=Button(cancel if until_when else _("See your request"), booking_url(notice.booking)),
        facts=[*main_facts(notice), *facts_of_the_house(rooms, notice.booking.centre)],
        after=[
            _cancelling(until_when, cancel, several),
            ngettext(
                "The attached file enters the date in your calendar.",
                "The attached file enters the dates in your calendar.",
                several,
            ),
        ],
        calendar=Method.PUBLISH,
    )


def _until_when(notice: Notice, now: datetime) -> str:
    """Say until when the group can cancel itself by the rules of the rooms; "" if it is too late."""
    rooms = list({date.room_id: date.room for date in notice.dates}.values())
    if len(rooms) > 1:  # of one, who promises has read them mostly
        read_policies(rooms)
    policy = max((room.policy for room in rooms), key=lambda policy: policy.cancel_hours)
    hours = policy.cancel_hours
    if not hours:
        return _("You can do this until it begins.")
    if len(notice.dates) > 1:
        return ngettext(
            "You can do this until %(count)s hour before it begins; after that, please ring us up.",
            "You can do this until %(count)s hours before it begins; after that, please ring us up.",
            hours,
        ) % {"count": hours}
    last = last_cancel(policy, notice.dates[0].span.start)
    if last <= now:
        return ""
    moment = _("You can do this until %(moment)s; after that, please ring us up.")
    return moment % {"moment": until(last, now)}


def _cancelling(until_when: str, button: str, count: int) -> str:
    asks = ngettext("Does the date fall through?", "Does one of the dates fall through?", count)
    if not until_when:
        return " ".join([asks, _("Please ring us up – others are glad of the room.")])
    cancel = _("Please cancel it with “%(button)s” – others are glad of the room.")
    return " ".join([asks, cancel % {"button": button}, until_when])


def _promise_of_several(notice: Notice, several: int, total: int) -> str:
    if several == total:
        return _("Promised: %(room)s, %(day)s") % room_and_day(notice)
    return _("Promised for %(count)s of %(total)s dates: %(room)s") % {
        "count": several,
        "total": total,
        "room": room_names(notice.dates),
    }


def _not_promised(notice: Notice, now: datetime) -> list[BookingDate]:
    """Return the dates ahead that the group asked for, too, and that were refused or are open.

    What the rules promise at once is told by itself: it may have been added much later.
    """
    if notice.action is Action.BOOK:
        return []
    told = {date.pk for date in notice.dates}
    others = [
        date.pk
        for date in notice.booking.dates.all()  # which a list of requests has read for all
        if date.pk not in told and date.state in {*UNDECIDED, DateState.REJECTED}
    ]
    if not others:
        return []
    ahead = notice.booking.dates.filter(pk__in=others, occurrence__start__gt=now)
    previewed = {date.pk: date for date in notice.refused}
    found = ahead.select_related("room", "occurrence")
    return [previewed.get(date.pk, date) for date in found]


def _what_about_the_others(notice: Notice, others: Sequence[BookingDate]) -> str:
    """Say which other dates of the request were refused, and how many are still open."""
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
            _("Reason: %(reason)s") % {"reason": as_sentence(reason)}
            for reason in dict.fromkeys(date.reason for date in refused if date.reason)
        ]
        if notice.suggestion:
            said.append(
                _("Free would be, for example: %(suggestion)s")
                % {"suggestion": as_sentence(notice.suggestion)}
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


def facts_of_the_house(rooms: Sequence[Room], centre: Centre) -> list[Fact]:
    """Return key, costs and whom to ring, as far as they are known."""
    costs = _("Costs"), [room.costs_text or room.costs for room in rooms]
    return _known([_key(rooms), costs, _contact(centre)])


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
