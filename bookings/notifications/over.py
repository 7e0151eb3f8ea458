"""Mails to the group on dates that do not take place: given up by itself, or taken back."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.calendar_entries import Method
from bookings.notifications.letters import Letter
from bookings.notifications.notice import Notice
from bookings.notifications.parts import (
    as_sentence,
    decline,
    kept_free,
    reason_of,
    see_request,
    take,
)
from bookings.notifications.words import main_facts, room_and_day, seating_question
from bookings.rules.states import DateState
from bookings.wording import day_and_time
from cms.opening_hours import BERLIN
from cms.wording import date_long


def withdrawn(notice: Notice, _now: datetime) -> Letter:
    if notice.by:
        answer = _withdrawn_by(notice)
    elif notice.entry.from_state == DateState.OFFERED:
        answer = _("The date is free again. Thank you for telling us.")
    elif notice.is_series:
        answer = ngettext(
            "The date is withdrawn. Thank you for telling us.",
            "%(count)s dates are withdrawn. Thank you for telling us.",
            len(notice.dates),
        ) % {"count": len(notice.dates)}
    else:
        answer = _("Your request is withdrawn. Thank you for telling us.")
    return Letter(
        subject=_("Withdrawn: %(room)s, %(day)s") % room_and_day(notice),
        answer=answer,
        button=see_request(notice),
        facts=main_facts(notice),
    )


def _withdrawn_by(notice: Notice) -> str:
    names = {"name": notice.by, "count": len(notice.dates)}
    if not notice.is_series:
        return _("%(name)s has withdrawn your request.") % names
    return (
        ngettext(
            "%(name)s has withdrawn the date.",
            "%(name)s has withdrawn %(count)s dates.",
            len(notice.dates),
        )
        % names
    )


def cancelled(notice: Notice, _now: datetime) -> Letter:
    count = len(notice.dates)
    answer = _("Cancelled. Thank you – the room is free again.")
    if notice.by:
        answer = ngettext(
            "%(name)s has cancelled the date. The room is free again.",
            "%(name)s has cancelled %(count)s dates. The room is free again.",
            count,
        ) % {"name": notice.by, "count": count}
    return Letter(
        subject=_("Cancelled: %(room)s, %(day)s") % room_and_day(notice),
        answer=answer,
        button=see_request(notice),
        facts=main_facts(notice),
        after=[_takes_out(count)],
        calendar=Method.CANCEL,
    )


def revoked(notice: Notice, now: datetime) -> Letter:
    if len(notice.dates) == 1:
        day = date_long(notice.dates[0].span.start.astimezone(BERLIN).date())
        answer = (
            _("We are sorry, we have to take back our offer for %(date)s.")
            if notice.entry.from_state == DateState.OFFERED
            else _("We are sorry, we have to cancel your date on %(date)s.")
        ) % {"date": day}
    else:
        answer = _("We are sorry, we have to cancel %(count)s of your dates.") % {
            "count": len(notice.dates)
        }
    says = reason_of(notice)
    if notice.suggestion:
        offer = _("As a substitute we can offer: %(suggestion)s")
        says.append(offer % {"suggestion": as_sentence(notice.suggestion)})
    substitute = notice.substitute
    if substitute is not None:
        offer = _("As a substitute we can offer: %(suggestion)s")
        place = f"{substitute.room.name}, {day_and_time(substitute.span)}."
        says.append(f"{offer % {'suggestion': place}} {kept_free(substitute, now)}")
    if notice.seating:
        says.append(seating_question(notice.seating))
    return Letter(
        subject=_("Cancelled by the centre: %(room)s, %(day)s") % room_and_day(notice),
        answer=answer,
        says=says,
        button=take(substitute) if substitute else see_request(notice),
        second=decline(substitute) if substitute else None,
        facts=main_facts(notice),
        after=[_takes_out(len(notice.dates))],
        calendar=Method.CANCEL,
    )


def _takes_out(count: int) -> str:
    return ngettext(
        "The attached file takes the date out of your calendar.",
        "The attached file takes the dates out of your calendar.",
        count,
    )
