"""Where one lands after signing in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from cms.selectors.navigation import route_url
from cms.services.way_back import forget_way_back


@never_cache
@login_required
def after_login(request: HttpRequest) -> HttpResponseRedirect:
    """Send everybody to where they were going, else staff to their desk, others to their dates."""
    if way_back := forget_way_back(request):
        return redirect(way_back)
    if request.user.has_perm("wagtailadmin.access_admin"):
        return redirect("wagtailadmin_home")
    return redirect(route_url("my_bookings") or "/")
