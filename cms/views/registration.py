"""The last step of registering without a password. The steps before are allauth's.

Whoever is here has confirmed the e-mail address in this browser, has no way to sign in yet, and is
not signed in.
"""

from collections.abc import Callable
from functools import wraps

from allauth.account.forms import SetPasswordForm
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginStage, LoginStageController
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.webauthn.stages import PasskeySignupStage
from allauth.mfa.webauthn.views import signup_webauthn
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cms.selectors.navigation import route_url
from cms.services.way_back import forget_way_back, remember_way_back

Step = Callable[[HttpRequest, LoginStage], HttpResponseBase]
View = Callable[[HttpRequest], HttpResponseBase]


def last_step(view: Step) -> View:
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            return redirect("after_login")
        stage = LoginStageController.enter(request, PasskeySignupStage.key)
        if stage is None:
            return redirect("account_signup")
        if stage.login.user is None or stage.login.user.last_login:
            # Begun again (see `forget_unfinished`) or finished meanwhile, on another device.
            clear_login(request)
            sentence = _("This registration is over. Please sign in, or register once more.")
            messages.warning(request, sentence)
            return redirect("account_login")
        return view(request, stage)

    return guarded


@last_step
def make_passkey(request: HttpRequest, stage: LoginStage) -> HttpResponseBase:
    """Make the passkey, then show the recovery codes: without a password nothing else helps."""
    response: HttpResponseBase = signup_webauthn(request)
    if not request.user.is_authenticated:
        return response
    RecoveryCodes.activate(stage.login.user)
    # The device has just asked who is there; the page of the codes need not ask again.
    record_authentication(
        request,
        stage.login.user,
        "mfa",
        type=Authenticator.Type.WEBAUTHN,
        passwordless=True,
        reauthenticated=True,
    )
    way_on = response["Location"]
    if way_on == reverse("after_login"):
        way_on = forget_way_back(request) or route_url("my_bookings") or "/"
    remember_way_back(request, way_on)
    return redirect("mfa_view_recovery_codes")


@sensitive_post_parameters("password1", "password2")
@last_step
def choose_password(request: HttpRequest, stage: LoginStage) -> HttpResponseBase:
    """Let somebody whose device makes no passkey end with a password."""
    form = SetPasswordForm(stage.login.user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        form.save()
        response: HttpResponseBase = stage.exit()
        return response
    context = {"form": form}
    status = 422 if form.errors else 200
    return render(request, "account/signup_password.html", context, status=status)
