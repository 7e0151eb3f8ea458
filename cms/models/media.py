"""Images with a text for those who do not see them."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition, Image


class CustomImage(AbstractImage):
    """An image that either says what it shows or is marked as decoration."""

    alt_text = models.CharField(
        _("What does the picture show?"),
        max_length=250,
        blank=True,
        help_text=_("One sentence for people who do not see the picture."),
    )
    # Not `decorative`: Wagtail's own attribute of this name says it for one use of the picture, and
    # every instance starts with False there.
    is_decoration = models.BooleanField(
        _("decoration only"),
        default=False,
        help_text=_("The picture tells nothing that the text does not say."),
    )

    # `description` is Wagtail's own field; `alt_text` takes its place here.
    admin_form_fields: ClassVar = (
        *(name for name in Image.admin_form_fields if name != "description"),
        "alt_text",
        "is_decoration",
    )

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    @property
    def default_alt_text(self) -> str:
        return "" if self.is_decoration else self.alt_text

    def clean(self) -> None:
        super().clean()
        if not self.alt_text and not self.is_decoration:
            raise ValidationError(
                {"alt_text": _("Please say what the picture shows, or mark it as decoration.")},
            )


class CustomRendition(AbstractRendition):
    image = models.ForeignKey(
        "cms.CustomImage", on_delete=models.CASCADE, related_name="renditions"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"],
                name="rendition_once_per_filter",
            ),
        ]
