"""Where somebody wanted to go who had to sign in or register first, and what was said on the way."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

# The sign-in pages say that the entries are saved while this is set.
SESSION_KEY = "way_back"
NAME_KEY = "name_on_the_way"


def remember_way_back(request: HttpRequest, path: str, *, name: str = "") -> None:
    """Lead there after signing in, however long the way: new password, code, second factor.

    `name`: what somebody typed already, so that registering need not ask again.
    """
    request.session[SESSION_KEY] = path
    request.session[NAME_KEY] = name


def forget_way_back(request: HttpRequest) -> str:
    """Return the path once, "" if there is none."""
    request.session.pop(NAME_KEY, None)
    path: str = request.session.pop(SESSION_KEY, "")
    return path


def first_and_last_name(request: HttpRequest) -> tuple[str, str]:
    """Return the name that was typed on the way; empty unless it is two words, which leave no doubt."""
    words = str(request.session.get(NAME_KEY, "")).split()
    return (words[0], words[1]) if len(words) == 2 else ("", "")  # noqa: PLR2004 - first and last


def own_address(text: str | None) -> str:
    """Return an address that was sent along if it is one of this site, else ""."""
    address = text or ""
    is_ours = address.startswith("/") and url_has_allowed_host_and_scheme(
        address, allowed_hosts=None
    )
    return address if is_ours else ""
