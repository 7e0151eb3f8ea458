"""Where one lands after signing in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache


@never_cache
@login_required
def after_login(request: HttpRequest) -> HttpResponseRedirect:
    """Send staff to their desk, everybody else to the start page."""
    if request.user.has_perm("wagtailadmin.access_admin"):
        return redirect("wagtailadmin_home")
    return redirect("/")
