"""Pictures and documents."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock


class PictureBlock(blocks.StructBlock):
    image = ImageBlock(label=_("Picture"))
    caption = blocks.CharBlock(max_length=200, required=False, label=_("Caption"))

    class Meta:
        label = _("Picture")
        icon = "image"
        template = "blocks/picture.html"
        description = _(
            "A picture with a text for those who do not see it, or marked as decoration."
        )
        preview_template = "blocks/previews/picture.html"


class DocumentsBlock(blocks.StructBlock):
    heading = blocks.CharBlock(max_length=120, required=False, label=_("Heading"))
    documents = blocks.ListBlock(DocumentChooserBlock(), min_num=1, label=_("Documents"))

    class Meta:
        label = _("Documents")
        icon = "doc-full"
        template = "blocks/documents.html"
        description = _("Files to download, with kind and size.")
        preview_template = "blocks/previews/documents.html"
