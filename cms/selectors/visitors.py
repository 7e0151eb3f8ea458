"""Who is asking, without opening a session for strangers."""

from django.conf import settings
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
