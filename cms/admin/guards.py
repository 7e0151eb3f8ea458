"""What must not be deleted, and the sentence that says what stands in the way."""

from collections.abc import Iterable
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model
from django.db.models.deletion import Collector, ProtectedError, RestrictedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.models import Page

from cms.models import CentrePage
from cms.permissions import is_administration
from cms.wording import join_and

NAMED = 4  # obstacles; the others are counted


def obstacles_to_deleting(objects: Iterable[Model]) -> list[Model]:
    """Return what protects these objects from deletion."""
    collector = Collector(using=DEFAULT_DB_ALIAS)
    try:
        for instance in objects:
            collector.collect([instance])
    except ProtectedError as error:
        return sorted(error.protected_objects, key=_name)
    except RestrictedError as error:
        return sorted(error.restricted_objects, key=_name)
    return []


def obstacle_sentence(name: str, obstacles: list[Model]) -> str:
    named = [_name(obstacle) for obstacle in obstacles[:NAMED]]
    if len(obstacles) > NAMED:
        named.append(_("%(count)s more") % {"count": len(obstacles) - NAMED})
    return _(
        "“%(name)s” cannot be deleted, because it is still used by %(users)s. "
        "Please change or delete that first."
    ) % {"name": name, "users": join_and(named)}


def _name(instance: Model) -> str:
    return f"{instance._meta.verbose_name} “{instance}”"


def refuse_page_delete(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Answer instead of Wagtail when a page, or something below it, has to stay."""
    sentence = why_page_stays(request.user, page)
    if not sentence:
        return None
    messages.error(request, sentence)
    return redirect("wagtailadmin_explore", page.get_parent().pk)


def refuse_bulk_delete(
    request: HttpRequest, action_type: str, objects: Iterable[Any], _action: Any
) -> HttpResponse | None:
    if action_type != "delete":
        return None
    for page in objects:
        if isinstance(page, Page) and (response := refuse_page_delete(request, page)):
            return response
    return None


def why_page_stays(user: Any, page: Page) -> str:
    """Return the sentence that says why the page cannot be deleted; "" if it can."""
    if isinstance(page.specific, CentrePage) and not is_administration(user):
        return _("Only the administration can delete the page of a centre.")
    obstacles = obstacles_to_deleting(page.get_descendants(inclusive=True))
    return obstacle_sentence(page.get_admin_display_title(), obstacles) if obstacles else ""
