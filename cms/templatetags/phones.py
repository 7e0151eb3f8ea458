"""Phone numbers as links."""

from django import template

from cms.wording import phone_uri

register = template.Library()
register.filter("phone_uri", phone_uri)
