"""What signed-in people typed into a form that they sent after their session had ended.

Each such form carries whose it is and on which page it stands, signed. So what was typed comes back
there, and to nobody else who signs in with this browser.
"""

import datetime as dt

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from cms.models import User
from cms.services.way_back import remember_way_back

FIELD = "seite"
SESSION_KEY = "typed"
SALT = "cms.services.typed"
KEPT_FOR = dt.timedelta(hours=2)
LONGEST = 20_000  # encoded characters


def mark_of_form(request: HttpRequest) -> str:
    """Return what the hidden field says; "" for strangers."""
    if not request.user.is_authenticated:
        return ""
    return signing.dumps([request.user.pk, request.get_full_path()], salt=SALT)


def is_marked(request: HttpRequest) -> bool:
    return request.method == "POST" and FIELD in request.POST


def lead_back(request: HttpRequest) -> HttpResponseRedirect | None:
    """Keep what was typed and lead to its page, by the sign-in if need be.

    None: the form is no page's of ours, or of somebody else than who is signed in now. Nobody but
    our own page may have sent it: what it says will stand in a form.
    """
    try:
        account, page = signing.loads(request.POST.get(FIELD, ""), salt=SALT)
    except signing.BadSignature:
        return None
    if request.user.is_authenticated:
        if request.user.pk != account:
            return None
        _keep(request, account, page)
        return redirect(page)
    is_kept = _keep(request, account, page)
    messages.info(request, _sentence(is_kept=is_kept))
    if is_kept:
        remember_way_back(request, page)
    return redirect(f"{resolve_url('account_login')}?{urlencode({'next': page})}")


def _sentence(*, is_kept: bool) -> str:
    if is_kept:
        return _(
            "You were signed out for security reasons. After signing in you can go on here; "
            "what you entered is saved."
        )
    return _("You were signed out for security reasons. After signing in you can go on here.")


def _keep(request: HttpRequest, account: int, page: str) -> bool:
    """Keep what was typed for a while, but no passwords, and nothing huge."""
    typed = request.POST.copy()
    for name in list(typed):
        if name in {FIELD, "csrfmiddlewaretoken"} or "password" in name:
            del typed[name]
    text = typed.urlencode()
    is_kept = bool(text) and len(text) <= LONGEST
    if is_kept:
        until = (timezone.now() + KEPT_FOR).isoformat()
        request.session[SESSION_KEY] = [account, page.partition("?")[0], until, text]
    return is_kept


def typed_before(request: HttpRequest) -> QueryDict | None:
    """Return what was typed on this page before signing in again; None is the usual case."""
    kept = request.session.get(SESSION_KEY)
    if kept is None or request.method == "POST" or not isinstance(request.user, User):
        return None
    account, page, until, text = kept
    is_over = dt.datetime.fromisoformat(until) < timezone.now()
    if is_over or account != request.user.pk:
        forget_typed(request)
        return None
    return QueryDict(text) if page == request.path else None


def forget_typed(request: HttpRequest) -> None:
    if SESSION_KEY in request.session:
        del request.session[SESSION_KEY]
