"""Where somebody wanted to go who had to sign in or register first."""

from django.http import HttpRequest

# The sign-in pages say that the entries are saved while this is set.
SESSION_KEY = "way_back"


def remember_way_back(request: HttpRequest, path: str) -> None:
    """Lead there after signing in, however long the way: new password, code, second factor."""
    request.session[SESSION_KEY] = path


def forget_way_back(request: HttpRequest) -> str:
    """Return the path once, "" if there is none."""
    path: str = request.session.pop(SESSION_KEY, "")
    return path
