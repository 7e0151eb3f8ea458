"""The blocks of a page's body, as residents and as editors in the chooser see them."""

import gc
import warnings

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.blocks import StructBlockValidationError
from wagtail.documents import get_document_model
from wagtail.images.tests.utils import get_test_image_file

from cms.blocks import BODY_BLOCKS
from cms.blocks.links import LinkBlock, LinkValue
from cms.models import CustomImage, StandardPage
from tests import reading


def page_with(tree, *blocks) -> StandardPage:
    page = StandardPage(title="Text", slug="text", body=list(blocks))
    tree.home.add_child(instance=page)
    return page


@pytest.mark.parametrize("name", list(BODY_BLOCKS.child_blocks))
def test_every_block_has_a_preview(name, tree, client, administrator):
    client.force_login(administrator)
    block = BODY_BLOCKS.child_blocks[name]
    response = client.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})
    assert response.status_code == 200
    html = response.content.decode()
    assert "css/bridge.css" in html
    assert len(reading.words(html)) > 10


def test_contact_without_a_phone_says_so(tree, client):
    page_with(tree, ("contact", {"name": "Geschäftsstelle", "email": "post@example.org"}))
    text = reading.main(reading.read(client, "/text/"))
    assert "Geschäftsstelle Telefon: keine Angabe post@example.org" in text


def test_link_to_a_draft_is_left_out(tree, client):
    draft = StandardPage(title="Entwurf", slug="entwurf", live=False)
    tree.home.add_child(instance=draft)
    links = [
        {"label": "", "page": tree.index, "address": ""},
        {"label": "", "page": draft, "address": ""},
        {"label": "Land", "page": None, "address": "https://www.example.org/"},
    ]
    page_with(tree, ("links", {"heading": "Mehr dazu", "links": links}))
    html = reading.read(client, "/text/")
    assert reading.main(html).endswith("Mehr dazu Zentren Land")
    assert 'href="/zentren/"' in html


def test_question_folds_out_its_answer(tree, client):
    question = {"question": "Brauche ich einen Termin?", "answer": "<p>Ja.</p>"}
    page_with(tree, ("questions", {"heading": "", "questions": [question]}))
    html = reading.read(client, "/text/")
    assert '<details class="kern-accordion">' in html
    assert "Brauche ich einen Termin? Ja." in reading.main(html)


def test_document_says_kind_and_size(tree, client):
    document = get_document_model().objects.create(
        title="Hausordnung", file=ContentFile(b"x" * 2048, name="haus.pdf"), file_size=2048
    )
    page_with(tree, ("documents", {"heading": "", "documents": [document]}))
    assert "Hausordnung (PDF, 2,0 KB)" in reading.main(reading.read(client, "/text/"))


@pytest.fixture
def _temporary_files():
    """Wagtail leaves the temporary file of a new picture size to the garbage collector."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield
        gc.collect()


@pytest.mark.usefixtures("_temporary_files")
@pytest.mark.parametrize("decorative", [False, True])
def test_picture_has_its_text_or_none(tree, client, decorative):
    image = CustomImage.objects.create(
        title="haus.jpg", file=get_test_image_file(), alt_text="Das Haus von vorn"
    )
    image.contextual_alt_text = "" if decorative else "Das Haus von vorn"
    image.decorative = decorative
    page_with(tree, ("picture", {"image": image, "caption": "Im Sommer"}))
    html = reading.read(client, "/text/")
    assert ('alt="Das Haus von vorn"' in html) is not decorative
    assert 'width="' in html
    assert 'height="' in html
    assert 'type="image/webp"' in html
    assert "Im Sommer" in html


@pytest.mark.parametrize(
    ("label", "has_page", "address", "wrong_field"),
    [
        ("", True, "", None),
        ("Land", False, "https://www.example.org/", None),
        ("Land", False, "", "address"),
        ("Land", True, "https://www.example.org/", "address"),
        ("", False, "https://www.example.org/", "label"),
    ],
    ids=["a page", "an address", "neither", "both", "an address without words"],
)
def test_a_link_leads_to_one_place_and_says_where(tree, label, has_page, address, wrong_field):
    value = {"label": label, "page": tree.index if has_page else None, "address": address}
    block = LinkBlock()
    if wrong_field is None:
        assert block.clean(block.to_python({**value, "page": value["page"] and tree.index.pk}))
        return
    with pytest.raises(StructBlockValidationError) as refused:
        block.clean(LinkValue(block, list(value.items())))
    assert set(refused.value.block_errors) == {wrong_field}
