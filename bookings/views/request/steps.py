"""What the steps share: the room in the address, the drafts of this browser, ways between them."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.forms.series import REGULARLY
from bookings.models import Association, Booking, RequestDraft, Room
from bookings.rules.refusals import Code, Refusal
from bookings.rules.spans import Span
from bookings.rules.wall_clock import (
    berlin_day,
    clock_end,
    clock_length,
    in_berlin,
    monday_of,
)
from bookings.rules.week import shown_days, week_text
from bookings.selectors.drafts import find_draft, is_bound
from bookings.selectors.rooms import room_here, space_ids_of
from bookings.selectors.week import Day, ShownBlock, room_week
from bookings.services.requests import Guest, Waits
from bookings.wording import times
from cms.models import CentrePage
from cms.selectors.visitors import signed_in
from cms.services.way_back import remember_way_back

BROWSER_DRAFTS = "request_drafts"
KEEP_BROWSER_DRAFTS = 20
DRAFT_FIELD = "entwurf"
WAITS_FIELD = "wartet"
LIKE_FIELD = "wie"
LEAVE_FIELD = "weg"
FIRM_FIELD = "verbindlich"  # what the button said: "ja" only for "Verbindlich buchen"
WAITS_BY_CODE = {
    Code.HELD: Waits.BEHIND_REQUEST,
    Code.OWN_HELD: Waits.BEHIND_REQUEST,
    Code.TAKEN: Waits.BEHIND_PROMISE,
}


@dataclass(frozen=True)
class Place:
    """The room that is asked for, and the page whose frame stands around the form."""

    room: Room
    page: CentrePage

    @property
    def slugs(self) -> list[str]:
        return [self.room.centre.slug, self.room.slug]


def place_or_404(request: HttpRequest, centre: str, room: str) -> Place:
    """Return the room that is asked for; without parts there is nothing to take."""
    page, found = room_here(request, centre, room)
    if not space_ids_of(found):
        raise Http404
    return Place(found, page)


# Drafts ------------------------------------------------------------------------------------------


def as_key(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def browser_drafts(request: HttpRequest) -> list[str]:
    """Return the keys of the drafts that were typed in this browser."""
    keys: list[str] = request.session.get(BROWSER_DRAFTS, [])
    return keys


def note_browser_draft(request: HttpRequest, draft: RequestDraft) -> None:
    key = str(draft.pk)
    others = [other for other in browser_drafts(request) if other != key]
    request.session[BROWSER_DRAFTS] = [*others, key][-KEEP_BROWSER_DRAFTS:]


class NoDraftError(Http404):
    """A draft is over, was thrown away, or is another person's: nobody learns which."""


def draft_or_404(
    request: HttpRequest,
    place_slugs: Sequence[str],
    key: uuid.UUID,
    *,
    terms_on: date | None = None,
) -> RequestDraft:
    """Return one's own draft for this room, see `find_draft`. Raises NoDraftError, also for another's."""
    draft = find_draft(
        key=key,
        user=signed_in(request),
        browser_keys=browser_drafts(request),
        terms_on=terms_on,
    )
    if draft is None or not draft.room.is_public:
        raise NoDraftError
    if [draft.room.centre.slug, draft.room.slug] != list(place_slugs):
        raise NoDraftError
    return draft


def has_to_sign_in_again(request: HttpRequest, key: uuid.UUID) -> bool:
    """Tell whether somebody who was signed out asks for a draft that belongs to a person."""
    return signed_in(request) is None and is_bound(key)


def sign_in(
    request: HttpRequest,
    way_back: str,
    *,
    again: bool = False,
    draft: RequestDraft | None = None,
) -> HttpResponse:
    """Send to the sign-in, and from there back here. `draft`: what somebody without account began."""
    remember_way_back(request, way_back, name=contact_of(draft) if draft else "")
    if again:
        messages.info(
            request,
            _(
                "You were signed out for security reasons. After signing in you can go on here; "
                "what you entered is saved."
            ),
        )
    return redirect(sign_in_url(way_back))


def contact_of(draft: RequestDraft) -> str:
    """Return who is to be rung up on the day: most often the one who asks."""
    return str(draft.values.get("contact_name", ""))


def sign_in_url(way_back: str) -> str:
    return f"{reverse('account_login')}?{urlencode({'next': way_back})}"


def may_ask_as_guest(draft: RequestDraft) -> bool:
    """Tell whether the rules let somebody ask for this without an association."""
    return draft.room.policy.guests and draft.values.get("repeats") != REGULARLY


def guest_of(draft: RequestDraft) -> Guest | None:
    """Return who asks as a guest; None: nobody said so."""
    name, email = draft.values.get("guest_name"), draft.values.get("guest_email")
    return Guest(name, email) if name and email else None


# Addresses ---------------------------------------------------------------------------------------


def form_url(slugs: Sequence[str], **query: str) -> str:
    url = reverse("room_request", args=slugs)
    return f"{url}?{urlencode(query)}" if query else url


def check_url(slugs: Sequence[str], draft: RequestDraft) -> str:
    return reverse("room_request_check", args=[*slugs, draft.pk])


def guest_url(slugs: Sequence[str], draft: RequestDraft) -> str:
    return reverse("room_request_guest", args=[*slugs, draft.pk])


def dates_url(slugs: Sequence[str], draft: RequestDraft) -> str:
    return reverse("room_request_dates", args=[*slugs, draft.pk])


def step_urls(draft: RequestDraft) -> dict[str, str]:
    """Return the ways between the steps of a draft."""
    slugs = [draft.room.centre.slug, draft.room.slug]
    return {
        "edit_url": form_url(slugs, **{DRAFT_FIELD: str(draft.pk)}),
        "dates_url": dates_url(slugs, draft),
        "check_url": check_url(slugs, draft),
    }


def sent_url(booking: Booking, *, already: bool = False) -> str:
    if booking.is_of_guest:
        return reverse("guest_sent")
    url = reverse("booking_sent", args=[booking.number])
    return f"{url}?schon=1" if already else url


def week_url(place: Place, day: date | None) -> str:
    """Return the address of the room's week with this day."""
    url = reverse("room", args=place.slugs)
    first, last = shown_days(berlin_day(timezone.now()), place.room.policy)
    if day is None or not first <= day <= last:
        return url
    return f"{url}?woche={week_text(day)}"


# The day -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PlanRow:
    """A block of the day beside the form. `url`: asks for it; "" where one cannot."""

    block: ShownBlock
    url: str


def room_day(place: Place, day: date, now: datetime) -> Day:
    """Return what the room's week says of this day."""
    week = room_week(place.room, space_ids_of(place.room), monday_of(day), now=now)
    return week.days[day.weekday()]


def plan_of(place: Place, day: Day, draft: uuid.UUID) -> list[PlanRow]:
    """Return the blocks of a day; a free one goes on with this draft."""
    return [PlanRow(block, _asking_url(block, place, draft)) for block in day.blocks]


def _asking_url(block: ShownBlock, place: Place, draft: uuid.UUID) -> str:
    start = block.asks_from
    if start is None:
        return ""
    when = {"tag": start.date().isoformat(), "von": f"{start:%H:%M}"}
    return form_url(place.slugs, **when, **{DRAFT_FIELD: str(draft)})


# Refusals ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Way:
    """What one can do about a time that is gone: take another one, or wait behind it."""

    free: list[tuple[str, str]]  # "17:00–19:00 Uhr", address
    waits: Waits
    is_own: bool  # the group itself has it


def way_out(
    refusals: Sequence[Refusal], room: Room, span: Span | None, *, draft: uuid.UUID | None
) -> Way | None:
    """Return the ways out of a time that is gone; a free one goes on with this draft, however old."""
    gone = next((refusal for refusal in refusals if "free" in refusal.values), None)
    if gone is None or span is None:
        return None
    length = clock_length(span)
    kept = {DRAFT_FIELD: str(draft)} if draft else {}
    free = [_free_link(other, length, room, kept) for other in gone.values["free"]]
    is_own = gone.code in {Code.OWN_HELD, Code.OWN_TAKEN}
    return Way(free, WAITS_BY_CODE.get(gone.code, Waits.NO), is_own)


def _free_link(
    span: Span, length: timedelta, room: Room, kept: Mapping[str, str]
) -> tuple[str, str]:
    end = clock_end(span.start, length) or span.end
    asked = in_berlin(Span(span.start, min(span.end, end)))
    query = {
        "tag": asked.start.date().isoformat(),
        "von": f"{asked.start:%H:%M}",
        "bis": f"{asked.end:%H:%M}",
    }
    return times(span), form_url([room.centre.slug, room.slug], **query, **kept)


def firm_now() -> str:
    """Say why nothing was stored: the button that was pressed did not say that it is a promise."""
    return _("The room would be booked firmly at once now. Please check it once more.")


def waits_of(value: str | None) -> Waits:
    """Return what a second button said; anything else is a plain request."""
    try:
        return Waits(value or "")
    except ValueError:
        return Waits.NO


def group_of(draft: RequestDraft, associations: Sequence[Association]) -> Association | None:
    """Return the association a draft is for; None: the person has to say so first."""
    chosen = draft.values.get("association")
    if chosen is None and len(associations) == 1:
        return associations[0]
    return next((one for one in associations if str(one.pk) == chosen), None)
