"""What happens to a picture before it is stored."""

import math
import warnings
from io import BytesIO
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

LONGEST_SIDE = 2560  # pixels; enough for a full-width picture on a dense screen
QUALITY = 86
KEPT_FORMATS = {"PNG": ".png", "WEBP": ".webp"}  # others become JPEG, which every browser shows
DECODING_ERRORS = (OSError, SyntaxError, ValueError, EOFError)
BROKEN = _("This picture is damaged. Please choose another file or save it again.")


def pixels_of(upload: UploadedFile[Any]) -> float:
    """Return the number of pixels from the header alone; 0 if it cannot be read.

    A picture that Pillow takes for a decompression bomb has infinitely many.
    """
    upload.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(upload) as picture:
                width, height = picture.size
                return width * height * getattr(picture, "n_frames", 1)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        return math.inf
    except DECODING_ERRORS:
        return 0
    finally:
        upload.seek(0)


def clean_picture(upload: UploadedFile[Any]) -> None:
    """Rewrite the uploaded file in place: upright, at most 2560 pixels long, pixels only.

    Position, camera and everything else that is not colour is dropped. Formats that not every
    browser shows (HEIC, AVIF, TIFF …) become JPEG; the name of the file follows. Raises
    ValidationError for a file that cannot be decoded.
    """
    upload.seek(0)
    try:
        with Image.open(upload) as picture:
            kept = picture.format if picture.format in KEPT_FORMATS else "JPEG"
            data = _encode(_upright(picture), kept or "JPEG")
    except DECODING_ERRORS as error:
        raise ValidationError(BROKEN, code="broken_image") from error
    _replace(upload, data, KEPT_FORMATS.get(kept or "", ".jpg"))


def _upright(picture: Image.Image) -> Image.Image:
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # JPEG: decode no more than needed
    icc_profile = picture.info.get("icc_profile")
    turned = ImageOps.exif_transpose(picture)
    turned.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    transparency = turned.info.get("transparency")
    turned.info = {}
    if icc_profile:
        turned.info["icc_profile"] = icc_profile
    if transparency is not None:
        turned.info["transparency"] = transparency
    return turned


def _encode(picture: Image.Image, kind: str) -> bytes:
    if kind == "JPEG" and picture.mode not in {"RGB", "L"}:
        picture = _without_transparency(picture)
    target = BytesIO()
    picture.save(
        target,
        format=kind,
        icc_profile=picture.info.get("icc_profile"),
        **({} if kind == "PNG" else {"quality": QUALITY}),
        **({"progressive": True, "optimize": True} if kind == "JPEG" else {}),
    )
    return target.getvalue()


def _without_transparency(picture: Image.Image) -> Image.Image:
    """Put the picture on white: JPEG knows no transparency."""
    icc_profile = picture.info.get("icc_profile") if picture.mode != "CMYK" else None
    if not picture.has_transparency_data:
        flat = picture.convert("RGB")
    else:
        layer = picture.convert("RGBA")
        flat = Image.new("RGB", layer.size, "white")
        flat.paste(layer, mask=layer.getchannel("A"))
    flat.info = {"icc_profile": icc_profile} if icc_profile else {}
    return flat


def _replace(upload: UploadedFile[Any], data: bytes, suffix: str) -> None:
    file = upload.file
    if file is None:
        raise ValidationError(BROKEN, code="broken_image")
    file.seek(0)
    file.truncate()
    file.write(data)
    file.flush()
    upload.seek(0)
    upload.size = len(data)
    name = PurePath(upload.name or "bild")
    same = {".jpg", ".jpeg"} if suffix == ".jpg" else {suffix}
    if name.suffix.lower() not in same:
        upload.name = f"{name.stem}{suffix}"
