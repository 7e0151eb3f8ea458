"""Who is open when: all services, the times of one, and its notice for the door.

The same for everybody, without cookie and without session.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail.models import Page

from cms.forms.who_is_open import WhoIsOpenForm
from cms.models import CentrePage
from cms.opening_hours import BERLIN
from cms.page_cache import live_until
from cms.selectors.centres import centre_status
from cms.selectors.frame import centre_pages_here
from cms.selectors.schedules import next_change
from cms.selectors.service_addresses import ServiceHere, full_address, service_here
from cms.selectors.service_facts import facts_of_service
from cms.selectors.sheets import notice_sheet
from cms.selectors.who_is_open import kinds_at, who_is_open


@require_safe
def opening_hours(request: HttpRequest) -> HttpResponse:
    """List the services that this host serves by centre; what was not understood is answered 400."""
    now = timezone.now().astimezone(BERLIN)
    pages = list(centre_pages_here(request))
    refuse_other_centres(request, pages)
    asked = any(name in request.GET for name in WhoIsOpenForm.FIELDS)
    form = WhoIsOpenForm(
        request.GET if asked else None, pages=pages, kinds=kinds_at(pages), now=now
    )
    question = form.question
    answer = who_is_open(pages, question, now=now, request=request)
    live_until(request, answer.changes_at)
    centre_page = next((page for page in pages if page.centre.slug == question.centre), None)
    context: dict[str, Any] = {
        "frame_page": centre_page,
        "form": form.again(),
        "question": question,
        "answer": None if form.errors else answer,
        "is_filtered": bool(question.kind or question.when),
        "now": now,
    }
    return render(request, "cms/opening_hours.html", context, status=400 if form.errors else 200)


@require_safe
def service_times(request: HttpRequest, centre: str, service: str) -> HttpResponse:
    """Show state, phone and times of a service, also of one without a page of its own."""
    now = timezone.now().astimezone(BERLIN)
    here = service_here(request, centre, service)
    facts = facts_of_service(here.service.pk, now)
    live_until(request, next_change([facts.row.schedule], now))
    context = shared_context(here) | {"facts": facts, "now": now}
    context["status"] = centre_status(here.centre_page.centre, now.date())
    return render(request, "cms/service_times.html", context)


@require_safe
def service_notice(request: HttpRequest, centre: str, service: str) -> HttpResponse:
    """Show the times of a service as a sheet of paper, with the way to the page they come from."""
    now = timezone.now().astimezone(BERLIN)
    here = service_here(request, centre, service)
    context = shared_context(here) | {
        "sheet": notice_sheet(facts_of_service(here.service.pk, now)),
        "address": full_address(here, request),
        "back": here.own_page.get_url(request) if here.own_page else here.times_url,
        "now": now,
    }
    return render(request, "cms/service_notice.html", context)


def refuse_other_centres(request: HttpRequest, pages: list[CentrePage]) -> None:
    """Raise Http404 where one centre stands alone and another one is asked for."""
    asked = request.GET.get("zentrum", "")
    if len(pages) == 1 and asked not in {"", pages[0].centre.slug}:
        raise Http404


def shared_context(here: ServiceHere) -> dict[str, Any]:
    own_page: Page | None = here.own_page
    return {
        "frame_page": here.centre_page,
        "canonical_page": own_page,
        "times_url": here.times_url,
    }
