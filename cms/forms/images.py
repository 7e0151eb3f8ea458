"""Pictures as editors upload them: checked, turned upright, reduced, without camera data."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from cms.services.pictures import BROKEN, DECODING_ERRORS, clean_picture, pixels_of


class PictureField(WagtailImageField):
    """Looks at size and header first: Wagtail's field unpacks the picture before it counts."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.error_messages["invalid_image"] = _(
            "This file is no picture we can read. Please choose a JPEG, PNG, WebP, AVIF or HEIC "
            "file."
        )
        self.error_messages["file_too_many_pixels"] = _(
            "This picture has too many pixels. Please reduce it to 60 megapixels at most."
        )

    def to_python(self, data: Any) -> Any:
        if data in self.empty_values:
            return None
        if getattr(data, "size", None):
            self.check_image_file_size(data)
            if pixels_of(data) > self.max_image_pixels:
                message = self.error_messages["file_too_many_pixels"]
                raise ValidationError(message, code="file_too_many_pixels")
        try:
            return super().to_python(data)
        except DECODING_ERRORS as error:
            raise ValidationError(BROKEN, code="broken_image") from error


class ImageForm(BaseImageForm):
    """Used by every way to upload: single, several at once, the chooser.

    The uploaded file itself is rewritten, because Wagtail's upload of several files puts it aside
    and asks for the missing alternative text later: no camera data may be stored meanwhile.
    """

    class Meta(BaseImageForm.Meta):
        pass

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("file"):
            self.fields["file"] = PictureField(
                label=field.label, required=field.required, widget=field.widget
            )

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload and "file" in self.changed_data:
            clean_picture(upload)
        return upload
