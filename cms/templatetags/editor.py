"""What a signed-in editor sees beside the facts, in the admin and on the public page."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from cms.admin.desk import with_back
from cms.models import Centre, Service, User
from cms.opening_hours import BERLIN
from cms.permissions import may_edit_centre, may_edit_contact, may_edit_hours
from cms.selectors.arrival import arrival_of
from cms.selectors.centres import centre_status
from cms.selectors.service_facts import facts_of_service
from cms.selectors.visitors import signed_in

register = template.Library()

Links = list[tuple[str, str]]
Subject = Centre | Service | None


@register.simple_tag(takes_context=True)
def editor_links(context: dict[str, Any], subject: Subject) -> Links:
    """Return (label, url) for what the reader may change of the subject; they come back here.

    Without a session cookie the answer is [] and neither session nor database is touched.
    """
    user = signed_in(context.get("request"))
    if user is None:
        return []
    back = context["request"].path
    if isinstance(subject, Service):
        return _service_links(user, subject, back)
    if isinstance(subject, Centre):
        return _centre_links(user, subject, back)
    return []


@register.simple_tag(takes_context=True)
def editor_page_link(context: dict[str, Any], page: Page | None) -> str:
    """Return the address of the page's editor, "" for everybody who may not change it."""
    user = signed_in(context.get("request"))
    if user is None or page is None or not page.permissions_for_user(user).can_edit():
        return ""
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


@register.inclusion_tag("cms/admin/facts.html", takes_context=True)
def facts_for_editors(context: dict[str, Any], subject: Subject) -> dict[str, Any]:
    """Show the facts as the residents read them, with the ways to change them."""
    now = timezone.now()
    today = now.astimezone(BERLIN).date()
    shown: dict[str, Any] = {"links": editor_links(context, subject)}
    if isinstance(subject, Service):
        shown["facts"] = facts_of_service(subject.pk, now)
    elif isinstance(subject, Centre):
        arrival = arrival_of(subject, today)
        shown |= {"centre": subject, "status": centre_status(subject, today), "arrival": arrival}
    return shown


def _service_links(user: User, service: Service, back: str) -> Links:
    links: Links = []
    if may_edit_hours(user, service):
        closure = reverse("hours_exception_add", args=[service.pk])
        links += [
            (_("Change times"), with_back(reverse("service_hours", args=[service.pk]), back)),
            (_("Enter leave or closure"), with_back(closure, back)),
        ]
    if may_edit_contact(user, service):
        contact = reverse("service_contact", args=[service.pk])
        links.append((_("Change contact"), with_back(contact, back)))
    return links


def _centre_links(user: User, centre: Centre, back: str) -> Links:
    if not may_edit_centre(user, centre):
        return []
    contact = with_back(reverse("centre_contact", args=[centre.pk]), back)
    return [
        (_("Change contact"), contact),
        (_("Change address & getting here"), with_back(reverse("centre_overview"), back)),
    ]
