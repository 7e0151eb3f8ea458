"""What only paper needs: a code that leads back to the page."""

import segno
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def qr_code(address: str) -> SafeString:
    """Return the address as a drawing in the page: no style, no script, nothing to load."""
    drawing = segno.make_qr(address, error="m").svg_inline(
        omitsize=True, svgclass="rvz-qr", lineclass=None, dark="#000", light="#fff"
    )
    label = _("QR code: %(address)s") % {"address": address}
    # segno draws squares; nothing of the address stands in the markup.
    svg = mark_safe(drawing)  # noqa: S308
    return format_html('<div role="img" aria-label="{}">{}</div>', label, svg)
