"""Links to pages of this site or to other addresses."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class LinkValue(blocks.StructValue):
    @property
    def url(self) -> str:
        """The address; empty when the page is not public any more."""
        page = self.get("page")
        if page:
            return page.url or "" if page.live else ""
        return self.get("address") or ""

    @property
    def text(self) -> str:
        page = self.get("page")
        return self.get("label") or (page.title if page else "")


class LinkBlock(blocks.StructBlock):
    label = blocks.CharBlock(
        max_length=120,
        required=False,
        label=_("Text of the link"),
        help_text=_("Empty: the title of the page."),
    )
    page = blocks.PageChooserBlock(required=False, label=_("Page of this site"))
    address = blocks.URLBlock(required=False, label=_("Or another address"))

    class Meta:
        label = _("Link")
        icon = "link"
        value_class = LinkValue

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        if bool(value.get("page")) == bool(value.get("address")):
            message = _("Please choose a page or enter an address, one of the two.")
            raise blocks.StructBlockValidationError({"address": ValidationError(message)})
        if value.get("address") and not value.get("label"):
            message = _("Please say where the link leads.")
            raise blocks.StructBlockValidationError({"label": ValidationError(message)})
        return value


class LinksBlock(blocks.StructBlock):
    heading = blocks.CharBlock(max_length=120, required=False, label=_("Heading"))
    links = blocks.ListBlock(LinkBlock(), min_num=1, label=_("Links"))

    class Meta:
        label = _("Links")
        icon = "link"
        template = "blocks/links.html"
        description = _("A list of links, internal or external.")
        preview_value = {
            "heading": "Mehr dazu",
            "links": [
                {
                    "label": "Land Niedersachsen",
                    "page": None,
                    "address": "https://www.niedersachsen.de/",
                }
            ],
        }
