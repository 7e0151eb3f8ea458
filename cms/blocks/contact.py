"""Somebody to ring or to write to, who is not a service of a centre."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from cms.validators import validate_phone


class ContactBlock(blocks.StructBlock):
    name = blocks.CharBlock(max_length=150, label=_("Name or office"))
    role = blocks.CharBlock(max_length=150, required=False, label=_("Responsible for"))
    phone = blocks.CharBlock(
        max_length=40, required=False, validators=[validate_phone], label=_("Phone")
    )
    email = blocks.EmailBlock(required=False, label=_("E-mail address"))
    address = blocks.TextBlock(max_length=300, required=False, rows=2, label=_("Address"))

    class Meta:
        label = _("Contact")
        icon = "mail"
        template = "blocks/contact.html"
        description = _("Name, phone and e-mail. An empty phone reads “not specified”.")
        preview_value = {
            "name": "Empfang",
            "role": "Auskunft und Räume",
            "phone": "030 23125 400",
            "email": "empfang@example.org",
            "address": "",
        }
