"""What tests of the admin share: reading its pages as people do."""

import datetime as dt
import html
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from cms.opening_hours import BERLIN

NOW = dt.datetime(2026, 11, 24, 10, 14, tzinfo=BERLIN)
TODAY = NOW.date()


def text(response) -> str:
    """Return the page with plain spaces; times and dates have ones that do not break."""
    return html.unescape(response.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


def menu(client) -> dict[str, str]:
    """Return label → address of the side menu, submenus by their children."""
    body = client.get("/verwaltung/").content.decode()
    props = re.search(r'id="wagtail-sidebar-props"[^>]*>(.*?)</script>', body, re.DOTALL)
    assert props is not None
    return dict(menu_entries(json.loads(props[1])))


def menu_entries(node) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        if "label" in node and "classname" in node:
            yield node["label"], node.get("url", "")
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from menu_entries(child)


UNSEEN = {"script", "style", "template", "svg"}
SPOKEN_ATTRIBUTES = {"title", "placeholder", "aria-label", "alt"}


VOID = {"area", "br", "hr", "img", "input", "link", "meta", "source", "wbr", "use", "path"}


class Words(HTMLParser):
    """Collects what people see or hear of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.unseen: list[bool] = [False]  # for each open element

    def handle_starttag(self, tag, attrs) -> None:
        unseen = self.unseen[-1] or tag in UNSEEN or "hidden" in dict(attrs)
        if not unseen:
            self.words += [value or "" for name, value in attrs if name in SPOKEN_ATTRIBUTES]
        if tag not in VOID:
            self.unseen.append(unseen)

    def handle_startendtag(self, tag, attrs) -> None:
        pass

    def handle_endtag(self, tag) -> None:
        if tag not in VOID and len(self.unseen) > 1:
            self.unseen.pop()

    def handle_data(self, data) -> None:
        if not self.unseen[-1]:
            self.words.append(data)


def visible_words(body: str) -> str:
    parser = Words()
    parser.feed(body)
    return " ".join(parser.words)


def follow(client, address: str, label: str) -> str:
    """Click the link with this label on this page and return its address."""
    body = client.get(address).content.decode()
    for url, words in re.findall(r'<a\b[^>]*href="([^"]+)"[^>]*>(.*?)</a>', body, re.DOTALL):
        if label in " ".join(visible_words(words).split()):
            return html.unescape(url)
    pytest.fail(f"no link “{label}” on {address}")


def form_values(client, address: str) -> dict[str, object]:
    """Return what the form on this page would send as it stands."""
    form = client.get(address).context["form"]
    formsets = [client.get(address).context.get(name) for name in ("contacts", "people")]
    values: dict[str, object] = {}
    for part in [form, *(formset.management_form for formset in formsets if formset)]:
        values |= {field.html_name: field.value() for field in part}
    for formset in formsets:
        for row in formset or []:
            values |= {field.html_name: field.value() for field in row}
    return {
        name: value for name, value in values.items() if value is not None and value is not False
    }
