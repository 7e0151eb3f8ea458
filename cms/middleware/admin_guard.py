"""Who gets into /verwaltung/, and what Wagtail itself would show of other centres."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.apps import apps
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail.permissions import policy_registry

from cms.middleware.admin_policy import ADMIN_PATH

SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
# Reports that name objects and drafts of every centre.
FOR_ADMINISTRATORS = (
    "wagtailadmin_reports:aging_pages",
    "wagtailadmin_reports:locked_pages",
    "wagtailadmin_reports:page_types_usage",
    "wagtailadmin_reports:site_history",
    "wagtailadmin_reports:workflow",
)
# How Wagtail's addresses name pages.
PAGE_KEYS = {"page_id", "parent_page_id", "destination_id", "page_to_move_id"}
CHOSEN_PAGES = "wagtailadmin_choose_page_chosen_multiple"
OBJECT_ACTIONS = ("add", "change", "delete", "publish", "bulk_delete", "lock", "unlock")


class AdminGuardMiddleware:
    """Asks for the second factor and answers 404 for what belongs to another centre."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, kwargs: dict[str, str]
    ) -> HttpResponseBase | None:
        if not request.path_info.startswith(ADMIN_PATH) or not request.user.is_authenticated:
            return None  # Wagtail sends visitors to the sign-in page
        if not request.user.has_perm("wagtailadmin.access_admin"):
            raise PermissionDenied  # the sign-in page would send them straight back here
        answer = ask_for_second_factor(request)
        if answer is None and not request.user.is_superuser:
            refuse_other_centres(request, kwargs)
        return answer


def ask_for_second_factor(request: HttpRequest) -> HttpResponseBase | None:
    """Return a redirect until this session has proved the second factor."""
    if not settings.ADMIN_SECOND_FACTOR_REQUIRED:
        return None
    if not is_mfa_enabled(request.user, types=SECOND_FACTORS):
        messages.info(request, _("The administration asks for a second factor. Please set one up."))
        return redirect("mfa_index")
    # Without this the old password alone would do after a second factor was set up.
    records = get_authentication_records(request, request.user)
    if any(record["method"] == "mfa" for record in records):
        return None
    query = urlencode({"next": request.get_full_path()})
    return redirect(f"{second_factor_url(request)}?{query}")


def second_factor_url(request: HttpRequest) -> str:
    """Return the page that asks for a factor this person has; a password would not be one."""
    methods = get_adapter().get_reauthentication_methods(request.user)
    urls = [method["url"] for method in methods if method["id"].startswith("mfa_")]
    return str(urls[0]) if urls else reverse("mfa_index")


def refuse_other_centres(request: HttpRequest, kwargs: dict[str, str]) -> None:
    match = request.resolver_match
    assert match is not None  # noqa: S101 - set before process_view
    if match.view_name == "wagtail_bulk_action":
        refuse_other_objects(request, kwargs)
    elif match.view_name.startswith(FOR_ADMINISTRATORS):
        raise Http404
    refuse_other_drafts(request, kwargs)


def refuse_other_drafts(request: HttpRequest, kwargs: dict[str, str]) -> None:
    """Answer 404 when an address names a page that is neither public nor one's own.

    The page chooser and the confirmation of a move show the title of any page they are given.
    """
    named = {str(key) for name, key in kwargs.items() if name in PAGE_KEYS}
    match = request.resolver_match
    if match is not None and match.view_name == CHOSEN_PAGES:
        named |= set(request.GET.getlist("id"))
    if not named:
        return
    own = policy_registry.get_by_type(Page).instances_user_has_any_permission_for(
        request.user, OBJECT_ACTIONS
    )
    try:
        drafts = Page.objects.filter(pk__in=named, live=False)
        if drafts.exclude(pk__in=own.values("pk")).exists():
            raise Http404
    except ValueError:
        raise Http404 from None


def refuse_other_objects(request: HttpRequest, kwargs: dict[str, str]) -> None:
    """Answer 404 when a bulk action names an object this person may do nothing with.

    Wagtail's confirmation pages would show its title.
    """
    try:
        model = apps.get_model(kwargs["app_label"], kwargs["model_name"])
    except LookupError:
        raise Http404 from None
    listed = {*request.GET.getlist("id"), *request.POST.getlist("id")}
    named = listed - {"all"}
    own = policy_registry.get_by_type(model).instances_user_has_any_permission_for(
        request.user, OBJECT_ACTIONS
    )
    try:
        known = own.filter(pk__in=named).distinct().count()
        listing_is_own = "all" not in listed or is_own_listing(request, model, own)
    except (ValueError, ValidationError):
        raise Http404 from None
    if known != len(named) or not listing_is_own:
        raise Http404


def is_own_listing(request: HttpRequest, model: type[Model], own: QuerySet[Any, Any]) -> bool:
    """Tell whether Wagtail's "all" means only what this person sees in the listing.

    For images and documents Wagtail asks the policy itself; for pages it takes all children.
    """
    if issubclass(model, Page):
        return own.filter(pk=request.GET.get("childOf")).exists()
    return model in {get_image_model(), get_document_model()}
