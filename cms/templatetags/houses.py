"""Line drawings of houses, for centres without a picture."""

from functools import cache
from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static

register = template.Library()

FOLDER = "img/houses"


@cache
def _drawn() -> frozenset[str]:
    folder = finders.find(FOLDER)
    return frozenset(path.stem for path in Path(folder).glob("*.svg")) if folder else frozenset()


@register.simple_tag
def house_drawing(slug: str) -> str:
    """Return the address of the drawing's symbol, "" if nobody drew this house."""
    return static(f"{FOLDER}/{slug}.svg") + "#d" if slug in _drawn() else ""
