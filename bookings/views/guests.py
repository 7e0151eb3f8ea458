"""Where the signed links of guests lead: confirming, the request itself, and having a link sent again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bookings.forms.guests import LinkForm
from bookings.ledger import BusyError
from bookings.models import Booking, BookingDate
from bookings.notifications.links import ANSWER, GIVE_UP, STEP, TAKE, guest_uid
from bookings.rules.refusals import Refusal, RefusedError
from bookings.rules.states import DateState
from bookings.rules.wall_clock import berlin_day
from bookings.rules.week import week_text
from bookings.selectors.guests import link_is_over, request_of_guest
from bookings.services.drafts import begin_again
from bookings.services.guests import confirm_request, promises_at_once, send_links_again
from bookings.services.own_dates import NotPossibleError
from bookings.services.requests import FirmNowError
from bookings.views.guest_access import open_for_guest
from bookings.views.guest_limits import is_allowed, too_often
from bookings.views.request.steps import (
    FIRM_FIELD,
    WAITS_FIELD,
    Way,
    browser_drafts,
    firm_now,
    note_browser_draft,
    waits_of,
    way_out,
)
from bookings.views.steps_of_group import BUSY_STATUS, CHANGED_STATUS, REFUSED, Link
from bookings.wording import day_and_time, refusal_sentence
from cms.selectors.frame import centre_page_here

GONE, LIMITED = 410, 429


@dataclass(frozen=True, kw_only=True)
class GuestPage:
    """What the page shows, from above. label: of the button that sends `form`, or just a POST.

    hidden: what is sent with it. way: what else is free, and whether one can wait, when the time is gone.
    """

    heading: str
    lead: str = ""
    says: Sequence[str] = ()
    problems: Sequence[str] = ()
    form: forms.Form | None = None
    label: str = ""
    hidden: Sequence[tuple[str, str]] = ()
    way: Way | None = None
    links: Sequence[Link] = ()


def show(
    request: HttpRequest, page: GuestPage, *, centre_id: int | None = None, status: int = 200
) -> HttpResponse:
    frame = centre_page_here(request, centre_id) if centre_id else None
    context = {"page": page, "frame_page": frame}
    return render(request, "bookings/guest.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def guest_request(request: HttpRequest, token: str) -> HttpResponse:
    """Open a guest's request by its signed link; before it counts, ask for the confirmation."""
    uid, now = guest_uid(token), timezone.now()
    found = request_of_guest(uid) if uid else None
    if found is None:
        raise Http404
    if link_is_over(found, now=now):
        return _over(request, found)
    if found.status == Booking.Status.UNVERIFIED:
        return _confirm(request, found, now)
    return _open(request, found)


def _open(request: HttpRequest, found: Booking) -> HttpResponse:
    """Lead on to the request; the address with the signature is not the one that stays open."""
    open_for_guest(request, found)
    for substitute in found.successors.all():  # of the same guest
        open_for_guest(request, substitute)
    step = request.GET.get(STEP)
    if step == ANSWER:
        return redirect("booking_answer", found.number)
    names = {TAKE: "date_take", GIVE_UP: "date_give_up"}
    if step in names:
        return redirect(names[step], found.number, _date_of(found).pk)
    return redirect("booking", found.number)


def _date_of(found: Booking) -> BookingDate:
    """Return the one date of a guest's request."""
    dates = found.dates.select_related("room__centre", "occurrence").order_by("pk")
    return dates[0]


def _confirm(request: HttpRequest, found: Booking, now: datetime) -> HttpResponse:
    if request.method != "POST":
        return _ask_to_confirm(request, found, now)
    try:
        confirm_request(
            booking=found,
            now=now,
            waits=waits_of(request.POST.get(WAITS_FIELD)),
            may_be_firm=request.POST.get(FIRM_FIELD) == "ja",
        )
    except NotPossibleError as error:  # a second click, or too late
        done = error.date.state not in {DateState.UNVERIFIED, DateState.EXPIRED}
        return _open(request, found) if done else _over(request, found)
    except RefusedError as refused:
        return _not_any_more(request, found, refused.refusals, now)
    except FirmNowError:
        return _ask_to_confirm(request, found, now, problems=[firm_now()], status=CHANGED_STATUS)
    except BusyError:
        busy = _("Many people are asking for this room right now. Please try again.")
        return _ask_to_confirm(request, found, now, problems=[busy], status=BUSY_STATUS)
    return _open(request, found)


def _ask_to_confirm(
    request: HttpRequest,
    found: Booking,
    now: datetime,
    *,
    problems: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    at_once = promises_at_once(booking=found, now=now)
    what_follows = (
        _("With the confirmation the room is firmly booked for you. Until then it is not.")
        if at_once
        else _(
            "With the confirmation your request goes to the centre. Until then it does not count."
        )
    )
    page = GuestPage(
        heading=_("Confirm your request?"),
        lead=_place_and_time(_date_of(found)),
        says=[what_follows],
        problems=problems,
        label=_("Book firmly") if at_once else _("Yes, confirm"),
        hidden=[(FIRM_FIELD, "ja" if at_once else "nein")],
    )
    return show(request, page, centre_id=found.centre_id, status=status)


def _not_any_more(
    request: HttpRequest, found: Booking, refusals: Sequence[Refusal], now: datetime
) -> HttpResponse:
    """Say why it cannot be confirmed, and what can be done; what was typed is begun again."""
    draft = begin_again(booking=found, browser_keys=browser_drafts(request), now=now)
    if draft is not None:
        note_browser_draft(request, draft)
    date, phone = _date_of(found), found.centre.phone
    page = GuestPage(
        heading=_("This is not possible any more."),
        lead=_place_and_time(date),
        says=[_("If you have questions: %(phone)s.") % {"phone": phone}] if phone else [],
        problems=[refusal_sentence(one) for one in refusals],
        way=way_out(refusals, date.room, date.span, draft=draft.pk if draft else None),
        links=[Link(_("See free times"), _free_times_url(date))],
    )
    return show(request, page, centre_id=found.centre_id, status=REFUSED)


def _place_and_time(date: BookingDate) -> str:
    return f"{date.room.name}, {day_and_time(date.span)}"


def _free_times_url(date: BookingDate) -> str:
    room = date.room
    if not room.is_public:
        return reverse("room_list")
    week = week_text(berlin_day(date.span.start))
    return f"{reverse('room', args=[room.centre.slug, room.slug])}?woche={week}"


def _over(request: HttpRequest, found: Booking) -> HttpResponse:
    page = GuestPage(
        heading=_("This link has expired."),
        says=[_("Do you still need a room? Please ask again.")],
        links=[
            Link(_("See free rooms"), reverse("room_list")),
            Link(_("Send the link again"), reverse("guest_link")),
        ],
    )
    return show(request, page, centre_id=found.centre_id, status=GONE)


@never_cache
@require_safe
def guest_sent(request: HttpRequest) -> HttpResponse:
    """Say that a mail is on its way; who comes here without one learns nothing."""
    page = GuestPage(
        heading=_("Please confirm your e-mail address."),
        lead=_("We have sent you an e-mail with a link."),
        says=[
            _("Only when you confirm there does your request count. The link holds for 24 hours."),
            _("No e-mail? Please also look into the spam folder."),
        ],
        links=[Link(_("Send the link again"), reverse("guest_link"))],
    )
    return show(request, page)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def guest_link(request: HttpRequest) -> HttpResponse:
    """Send the links of an address again; the answer is the same whether it is known or not."""
    form = LinkForm(request.POST if request.method == "POST" else None)
    problems: list[str] = []
    status = 422 if form.errors else 200
    if form.is_valid():
        email = form.cleaned_data["guest_email"]
        if is_allowed(request, "guest_link", email):
            send_links_again(email=email, now=timezone.now())
            page = GuestPage(
                heading=_("Please look into your mailbox."),
                says=[
                    _(
                        "If there is a request with this address, an e-mail with the link is on its"
                        " way. It can take a few minutes."
                    )
                ],
            )
            return show(request, page)
        problems, status = [too_often()], LIMITED
    page = GuestPage(
        heading=_("Send the link again"),
        lead=_("With which e-mail address did you ask for a room?"),
        form=form,
        label=_("Send the link"),
        problems=problems,
    )
    return show(request, page, status=status)
