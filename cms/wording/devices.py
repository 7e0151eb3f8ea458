"""The device that somebody signed in on, as far as its browser tells."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

# What the browser says → its name. In this order: many of them also claim to be others.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def device_text(user_agent: str) -> str:
    """Say "Firefox auf Windows"; never what the browser wrote itself."""
    browser, system = _name(user_agent, BROWSERS), _name(user_agent, SYSTEMS)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown device")


def _name(user_agent: str, names: Sequence[tuple[str, str]]) -> str:
    return next((name for sign, name in names if sign in user_agent), "")
