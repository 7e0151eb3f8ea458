"""Pictures and documents as editors upload them."""

import gc
import json
from io import BytesIO

import pillow_heif
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, TiffImagePlugin
from wagtail.documents.models import Document
from wagtail.models import UploadedFile

from cms.models import CustomImage
from cms.services.pictures import LONGEST_SIDE, clean_picture

# Wagtail leaves files open until they are collected.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

ORIENTATION, GPS, MAKE = 0x0112, 0x8825, 0x010F
TURNED = 6  # the camera was held upright: a viewer has to turn the picture by 90 degrees


def phone_picture(width: int = 4000, height: int = 3000, quality: int = 90) -> bytes:
    """Return a JPEG that lies on its side, red on the left, with the place it was taken at."""
    picture = Image.effect_noise((width, height), 60).convert("RGB")
    picture.paste("red", (0, 0, width // 4, height))
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = TURNED, "Telefon"
    exif.get_ifd(GPS)[2] = tuple(TiffImagePlugin.IFDRational(part) for part in (51, 59, 13))
    target = BytesIO()
    picture.save(target, "JPEG", exif=exif, quality=quality, comment=b"Zuhause")
    return target.getvalue()


def encoded(kind: str, size: tuple[int, int] = (60, 40), mode: str = "RGB", **options) -> bytes:
    target = BytesIO()
    Image.new(mode, size, "blue").save(target, kind, **options)
    return target.getvalue()


@pytest.fixture(autouse=True)
def _collect_open_files():
    yield
    gc.collect()


@pytest.fixture
def collection(desk, alfeld):
    alfeld.centre.refresh_from_db()
    return alfeld.centre.collection


def upload(desk, name: str, data: bytes, **values):
    fields = {"title": "Haus", "alt_text": "Das Haus von vorn", **values}
    file = SimpleUploadedFile(name, data)
    return desk.post(reverse("wagtailimages:add"), {"file": file, **fields})


def stored_picture() -> Image.Image:
    with CustomImage.objects.get().file.open() as file:
        picture = Image.open(BytesIO(file.read()))
        picture.load()
        return picture


# Phone pictures ----------------------------------------------------------------------------------


def assert_is_clean(picture: Image.Image) -> None:
    assert max(picture.size) == LONGEST_SIDE
    assert picture.height > picture.width
    pixels = picture.convert("RGB").crop((0, 0, picture.width, 40)).tobytes()
    assert min(pixels[0::3]) > 200
    assert max(pixels[1::3]) < 60
    assert not picture.getexif()
    assert "comment" not in picture.info


def test_a_large_phone_picture_is_turned_reduced_and_loses_its_place(desk, collection):
    data = phone_picture(quality=99)
    assert len(data) > 8_000_000
    assert upload(desk, "IMG_1.jpg", data).status_code == 302
    assert_is_clean(stored_picture())
    image = CustomImage.objects.get()
    assert (image.width, image.height) == stored_picture().size
    assert image.file_size == image.file.size
    assert image.file_size < 3_000_000
    assert image.collection == collection


def several(desk, name: str, data: bytes, **values):
    file = SimpleUploadedFile(name, data)
    answer = desk.post(
        reverse("wagtailimages:add_multiple"), {"title": "Haus", "files[]": file, **values}
    )
    return json.loads(answer.content)


def test_uploading_several_asks_for_the_text_and_stores_no_place_meanwhile(desk, collection):
    answer = several(desk, "IMG_1.jpg", phone_picture(), collection=collection.pk)
    assert answer["success"]
    assert not CustomImage.objects.exists()
    waiting = UploadedFile.objects.get()
    with waiting.file.open() as file:
        assert_is_clean(Image.open(BytesIO(file.read())))

    key = answer["uploaded_file_id"]
    url = reverse("wagtailimages:create_multiple_from_uploaded_image", args=[key])
    values = {f"uploaded-image-{key}-title": "Haus"}
    refused = json.loads(desk.post(url, values).content)
    assert not refused["success"]
    assert "Was ist auf dem Bild zu sehen?" in refused["form"] or "Bild" in refused["form"]
    values[f"uploaded-image-{key}-alt_text"] = "Das Haus von vorn"
    assert json.loads(desk.post(url, values).content)["success"]
    assert_is_clean(stored_picture())


def test_a_picture_uploaded_in_the_chooser_is_cleaned_too(desk, collection):
    file = SimpleUploadedFile("IMG_1.jpg", phone_picture())
    values = {"title": "Haus", "alt_text": "Das Haus von vorn", "file": file}
    prefixed = {f"image-chooser-upload-{name}": value for name, value in values.items()}
    answer = desk.post(reverse("wagtailimages_chooser:create"), prefixed)
    assert json.loads(answer.content)["step"] == "chosen"
    assert_is_clean(stored_picture())


def test_a_new_file_of_a_picture_is_cleaned_too(desk, collection):
    upload(desk, "klein.png", encoded("PNG"))
    image = CustomImage.objects.get()
    file = SimpleUploadedFile("IMG_1.jpg", phone_picture())
    values = {"title": "Haus", "alt_text": "Das Haus von vorn", "file": file}
    desk.post(reverse("wagtailimages:edit", args=[image.pk]), values)
    assert_is_clean(stored_picture())


# Kinds of files ----------------------------------------------------------------------------------


def test_a_small_picture_keeps_its_size_and_its_transparency(desk):
    upload(desk, "logo.png", encoded("PNG", mode="RGBA"))
    picture = stored_picture()
    assert (picture.format, picture.size, picture.mode) == ("PNG", (60, 40), "RGBA")


@pytest.mark.parametrize(("name", "kind"), [("bild.avif", "AVIF"), ("bild.webp", "WEBP")])
def test_new_formats_are_taken(desk, name, kind):
    assert upload(desk, name, encoded(kind)).status_code == 302
    assert stored_picture().format == ("WEBP" if kind == "WEBP" else "JPEG")


def test_a_heic_picture_becomes_a_jpeg(desk):
    pillow_heif.register_heif_opener()
    assert upload(desk, "IMG_2.heic", encoded("HEIF")).status_code == 302
    image = CustomImage.objects.get()
    assert image.filename.endswith(".jpg")
    assert stored_picture().format == "JPEG"


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("bild.svg", SVG),
        ("bild.png", SVG),
        ("bild.jpg", b"<html><script>alert(1)</script></html>"),
        ("bild.jpg", b"\xff\xd8\xff\xe0 kein Bild"),
        ("bild.jpg", encoded("PNG")),
        ("bild.gif", encoded("GIF", mode="P")),
        ("bild.jpg", b""),
        ("bild.html", b"<p>Hallo</p>"),
        ("bild.jpg", encoded("JPEG", (400, 300))[:1500]),
    ],
    ids=["svg", "svg as png", "html", "no picture", "png as jpg", "gif", "empty", "page", "cut"],
)
def test_what_is_no_picture_is_refused_in_every_way_to_upload(desk, collection, name, data):
    answer = upload(desk, name, data)
    assert answer.status_code == 200
    assert answer.context["form"].errors["file"]
    assert answer.context["form"]["alt_text"].value() == "Das Haus von vorn"
    assert not several(desk, name, data, collection=collection.pk)["success"]
    assert not CustomImage.objects.exists()
    assert not UploadedFile.objects.exists()


def test_a_file_of_50_mb_is_refused_with_a_sentence(desk, collection):
    data = encoded("JPEG", (400, 300)) + b"\0" * 50_000_000
    errors = upload(desk, "gross.jpg", data).context["form"].errors["file"]
    assert "20" in errors[0]
    assert "MB" in errors[0]
    assert "20" in several(desk, "gross.jpg", data, collection=collection.pk)["error_message"]
    assert not CustomImage.objects.exists()


@pytest.mark.parametrize("size", [(15_000, 15_000), (10_000, 9_500), (8_000, 8_000)])
def test_a_decompression_bomb_is_refused_before_it_is_unpacked(desk, monkeypatch, size):
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", pytest.fail)
    data = encoded("PNG", size, "1")
    assert len(data) < 100_000
    errors = upload(desk, "bombe.png", data).context["form"].errors["file"]
    assert "zu viele Bildpunkte" in errors[0]


def test_what_follows_the_picture_in_its_file_is_dropped(desk):
    upload(desk, "bild.png", encoded("PNG") + b"<script>alert(1)</script>")
    with CustomImage.objects.get().file.open() as file:
        assert b"script" not in file.read()


# The text ----------------------------------------------------------------------------------------


def test_a_picture_without_a_text_is_decoration_or_refused(desk):
    answer = upload(desk, "bild.png", encoded("PNG"), alt_text="")
    assert "Bild" in answer.context["form"].errors["alt_text"][0]
    assert not CustomImage.objects.exists()
    assert (
        upload(desk, "bild.png", encoded("PNG"), alt_text="", is_decoration="on").status_code == 302
    )
    assert CustomImage.objects.get().default_alt_text == ""


# Documents ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["seite.html", "bild.svg", "skript.js", "programm.exe", "ohne"])
def test_a_document_that_a_browser_would_run_is_refused(desk, collection, name):
    file = SimpleUploadedFile(name, b"<script>alert(1)</script>")
    values = {"title": "Datei", "file": file, "collection": collection.pk}
    answer = desk.post(reverse("wagtaildocs:add"), values)
    assert answer.context["form"].errors["file"]
    assert not Document.objects.exists()


def test_a_pdf_is_taken(desk, collection):
    file = SimpleUploadedFile("flyer.pdf", b"%PDF-1.7")
    values = {"title": "Flyer", "file": file, "collection": collection.pk}
    assert desk.post(reverse("wagtaildocs:add"), values).status_code == 302
    assert Document.objects.get().collection == collection


@pytest.mark.parametrize(
    ("kind", "mode"), [("TIFF", "RGBA"), ("TIFF", "LA"), ("TIFF", "P"), ("JPEG", "CMYK")]
)
def test_what_becomes_a_jpeg_has_colours_every_browser_knows(kind, mode):
    file = SimpleUploadedFile("plan.tif", encoded(kind, mode=mode) if mode != "RGBA" else clear())
    clean_picture(file)
    with Image.open(file) as picture:
        assert (picture.format, picture.mode) == ("JPEG", "RGB")
        if mode == "RGBA":
            assert picture.getpixel((0, 0)) == (255, 255, 255)
    assert file.name == "plan.jpg"


def clear() -> bytes:
    """Return a picture one looks through: black in its numbers, white on paper."""
    target = BytesIO()
    Image.new("RGBA", (60, 40), (0, 0, 0, 0)).save(target, "TIFF")
    return target.getvalue()


def test_a_truncated_picture_is_refused():
    data = encoded("PNG", (400, 400))
    with pytest.raises(ValidationError):
        clean_picture(SimpleUploadedFile("plan.png", data[: len(data) // 2]))
