"""Phone numbers and e-mail addresses in links."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cms.wording import phone_uri

register = template.Library()
register.filter("phone_uri", phone_uri)


@register.filter
def breakable(email: str) -> SafeString:
    """Let a narrow line break a long address before the "@", not anywhere."""
    name, _at, host = email.rpartition("@")
    return format_html("{}<wbr>@{}", name, host)
