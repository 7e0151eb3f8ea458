"""Pages around one's own account beside those of allauth. Everything else is allauth's."""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.account.views import password_set
from allauth.decorators import rate_limit
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView, remove_webauthn
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from cms.forms.accounts import DeleteForm, NameForm
from cms.forms.typed import fill_in
from cms.models import User
from cms.selectors.accounts import account_facts, is_only_way_in
from cms.selectors.navigation import route_url
from cms.selectors.personal_data import as_json, personal_data
from cms.services.accounts import StaysError, delete_account, rename, what_keeps, what_stays
from cms.services.way_back import forget_way_back

View = Callable[..., HttpResponseBase]

show_or_change = require_http_methods(["GET", "HEAD", "POST"])


def after_confirming(view: View) -> View:
    """Ask again for password, passkey or code, unless that was done in the last minutes."""
    guarded: View = reauthentication_required(view)
    return never_cache(login_required(guarded))


def for_own_data(view: View) -> View:
    """Let somebody read what is stored, some times an hour."""
    limited: View = rate_limit(action="my_data", limit_get=True)(view)
    return after_confirming(require_safe(limited))


@never_cache
@login_required
def after_login(request: HttpRequest) -> HttpResponseRedirect:
    """Send everybody to where they were going, else staff to their desk, others to their dates."""
    if way_back := forget_way_back(request):
        return redirect(way_back)
    if request.user.has_perm("wagtailadmin.access_admin"):
        return redirect("wagtailadmin_home")
    return redirect(route_url("my_bookings") or "/")


@never_cache
@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show all that can be looked at and changed, each with its way."""
    context = {"facts": account_facts(_user(request)), "bookings_url": route_url("my_bookings")}
    return render(request, "account/overview.html", context)


@never_cache
@login_required
@show_or_change
def change_name(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    names = {"first_name": user.first_name, "last_name": user.last_name}
    form = NameForm(request.POST if request.method == "POST" else None, initial=names)
    if form.is_valid():
        rename(user=user, **form.cleaned_data)
        messages.success(request, _("Your name is changed."))
        return redirect("account")
    fill_in(request, form)
    return render(request, "account/name.html", {"form": form}, status=_status(form))


# Ways to sign in ---------------------------------------------------------------------------------

set_password_confirmed = after_confirming(password_set)


@sensitive_post_parameters("password1", "password2")
@login_required
def set_password(request: HttpRequest) -> HttpResponseBase:
    """Give a password to who has none. allauth's page does not ask again who is there.

    What is sent too late is typed once more: allauth would keep it in the session meanwhile.
    """
    if request.method == "POST" and is_reauthentication_required(request, app="allauth.account"):
        return redirect("account_set_password")
    return set_password_confirmed(request)


class ConfirmByKeyView(ReauthenticateWebAuthnView):
    """Who one is, said with a key. After a wrong one allauth leads away from where one was going."""

    def form_invalid(self, form: Any) -> HttpResponseBase:
        super().form_invalid(form)  # says what is wrong
        return redirect(self.passthrough_next_url(self.request.path))


@never_cache
@login_required
def remove_passkey(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Let nobody take away the only way into the own account."""
    if is_only_way_in(_user(request), pk):
        sentence = _("You sign in with this passkey only. Please set a password first.")
        messages.warning(request, sentence)
        return redirect("account_set_password")
    response: HttpResponseBase = remove_webauthn(request, pk=pk)
    return response


# One's own data ----------------------------------------------------------------------------------


@never_cache
@login_required
@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """Say what one gets, and in which form."""
    return render(request, "account/my_data.html")


@for_own_data
def my_data_page(request: HttpRequest) -> HttpResponse:
    return render(request, "account/my_data_page.html", _data(request))


@for_own_data
def my_data_html(request: HttpRequest) -> HttpResponse:
    """Give a file that can be read without this site."""
    response = render(request, "account/my_data_file.html", _data(request))
    return _as_file(response, _("my-data") + ".html")


@for_own_data
def my_data_json(request: HttpRequest) -> HttpResponseBase:
    data = as_json(personal_data(_user(request)))
    response = JsonResponse(
        {"made_at": timezone.now().isoformat(), **data},
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )
    return _as_file(response, _("my-data") + ".json")


def _data(request: HttpRequest) -> dict[str, Any]:
    return {"chapters": personal_data(_user(request)), "now": timezone.now()}


def _as_file(response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


# Leaving -----------------------------------------------------------------------------------------


@after_confirming
@show_or_change
def delete(request: HttpRequest) -> HttpResponse:
    """Say what goes and what stays; after a tick and a click the account is gone."""
    user, now = _user(request), timezone.now()
    form = DeleteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        email = user.email
        try:
            with transaction.atomic():
                delete_account(user=user, now=now)
                get_adapter().send_mail("account/email/account_deleted", email, {})
        except StaysError as error:
            context = {"form": form, "obstacles": error.sentences}
            return render(request, "account/delete.html", context, status=422)
        logout(request)
        messages.success(request, _("Your account is deleted."))
        return redirect("account_login")
    context = {
        "form": form,
        "obstacles": what_keeps(user=user, now=now),
        "stays": what_stays(user=user),
    }
    return render(request, "account/delete.html", context, status=_status(form))


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - login_required comes first
    return request.user


def _status(form: Any) -> int:
    return 422 if form.errors else 200
