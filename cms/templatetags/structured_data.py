"""Facts for machines, as a block of JSON-LD in the page. A browser never executes it."""

import json
from typing import Any
from urllib.parse import urljoin

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from cms.selectors.frame import Frame
from cms.selectors.service_facts import ServiceFacts
from cms.selectors.structured_data import data_of_centre, data_of_service
from cms.templatetags.facts import CentreFacts
from cms.templatetags.frame import canonical_url

register = template.Library()

# As django.utils.html.json_script does it: no value can end the block or begin another one.
ESCAPES = {ord(character): f"\\u{ord(character):04X}" for character in "<>&"}


@register.simple_tag(takes_context=True)
def service_data(context: template.Context, facts: ServiceFacts) -> SafeString:
    """Return the block of a service for its own page, or for its times where it has none."""
    url, centre_page = canonical_url(context), context.get("frame_page")
    centre_url = centre_page.get_full_url() if centre_page else urljoin(url, "..")
    return json_ld(data_of_service(facts, timezone.localdate(), url=url, centre_url=centre_url))


@register.simple_tag(takes_context=True)
def centre_data(context: template.Context, facts: CentreFacts, frame: Frame) -> SafeString:
    """Return the block of a centre and what is in it."""
    url = canonical_url(context)
    rows = [
        (row, _address(row.url, frame.start_url, url))
        for group in facts.groups
        for row in group.rows
    ]
    return json_ld(data_of_centre(facts.centre, facts.arrival.location, rows, url=url))


def _address(page_url: str, start_url: str, centre_url: str) -> str:
    """Return the one address of a page below the centre's, whichever host is asked."""
    return urljoin(centre_url, page_url.removeprefix(start_url)) if page_url and centre_url else ""


def json_ld(data: Any) -> SafeString:
    """Return the data as a script of a type that is no code; nothing for None."""
    if data is None:
        return SafeString()
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped above
