"""Who is asking, without opening a session for strangers."""

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db.models import Q
from django.http import HttpRequest

from cms.models import User


def signed_in(request: HttpRequest | None) -> User | None:
    """Return who is signed in.

    Without a session cookie nobody is, and neither session nor database is touched: the answer
    could not be cached otherwise.
    """
    if request is None or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    user = getattr(request, "user", None)
    return user if isinstance(user, User) and user.is_active else None


def opens_admin(user: User) -> bool:
    """Tell whether somebody may open the admin, in one query: a user's `has_perm` asks two."""
    own = Q(user=user) | Q(group__user=user)
    entry = Q(content_type__app_label="wagtailadmin", codename="access_admin")
    return user.is_superuser or Permission.objects.filter(own, entry).exists()
