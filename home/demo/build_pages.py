"""Writes pages: the start page's children and those of a centre."""

import datetime as dt
from collections.abc import Iterable
from io import BytesIO
from typing import Any

from django.core.files.images import ImageFile
from wagtail.models import Page

from cms.blocks import BODY_BLOCKS
from cms.models import (
    SERVICE_PAGE_TYPES,
    AbstractServicePage,
    AccessibilityStatementPage,
    BasePage,
    Centre,
    CentrePage,
    CustomImage,
    LegalNoticePage,
    Operator,
    Service,
    ServiceKind,
    StandardPage,
)
from home.demo import about, drawing, legal, municipalities
from home.demo.values import Block, CentreData, PageText
from home.models import CentreIndexPage, HomePage

SOURCES_READ_ON = dt.date(2026, 11, 21)
PROGRAMME_OPERATOR = "Programm Regionale Versorgungszentren, Land Niedersachsen"
PRACTICE = "Hausarztpraxis"


def start_page() -> HomePage:
    return HomePage(
        title="Gut versorgt in Ihrer Nähe",
        slug="start",
        lead="Hausarztpraxis, Beratung und Räume für Vereine – in sechs Orten unter einem Dach.",
        about=(
            "<p>Ein Regionales Versorgungszentrum ist ein Haus in der Hand der Gemeinde. Im "
            "Mittelpunkt steht eine Hausarztpraxis, dazu kommen Beratung, Pflege und Treffpunkte "
            "unter einem Dach. Sie erreichen es auch mit Bus oder Rufbus.</p>"
        ),
        help_email="post@example.org",
        footer_name=PROGRAMME_OPERATOR,
    )


def ensure_programme_pages(home: HomePage, today: dt.date) -> int:
    """Create the pages below the start page that are missing; return how many."""
    operator, _created = Operator.objects.get_or_create(name=PROGRAMME_OPERATOR)
    pages = [
        CentreIndexPage(title="Zentren", slug="zentren", lead="Sechs Zentren, sechs Orte."),
        StandardPage(
            title=municipalities.TITLE,
            slug="fuer-kommunen",
            lead=municipalities.LEAD,
            purpose=StandardPage.Purpose.MUNICIPALITIES,
            source_date=SOURCES_READ_ON,
            show_in_menus=True,
        ),
        StandardPage(
            title=about.TITLE,
            slug="ueber-rvz",
            lead=about.LEAD,
            purpose=StandardPage.Purpose.ABOUT,
            source_date=SOURCES_READ_ON,
            show_in_menus=True,
        ),
        *legal_pages(operator, "post@example.org", today),
    ]
    bodies = {"ueber-rvz": about.BODY, "fuer-kommunen": municipalities.BODY, **LEGAL_BODIES}
    return sum(ensure_child(home, page, bodies.get(page.slug, ())) for page in pages)


LEGAL_BODIES = {
    "impressum": legal.LEGAL_NOTICE_BODY,
    "datenschutz": legal.PRIVACY_BODY,
    "barrierefreiheit": legal.STATEMENT_BODY,
}


def legal_pages(operator: Operator, reports: str, today: dt.date) -> list[BasePage]:
    """Return what every site of its own needs: legal notice, privacy, accessibility."""
    return [
        LegalNoticePage(
            title="Impressum",
            slug="impressum",
            lead=legal.LEGAL_NOTICE_LEAD,
            operator=operator,
        ),
        StandardPage(
            title="Datenschutz",
            slug="datenschutz",
            lead=legal.PRIVACY_LEAD,
            purpose=StandardPage.Purpose.PRIVACY,
        ),
        AccessibilityStatementPage(
            title="Erklärung zur Barrierefreiheit",
            slug="barrierefreiheit",
            lead=legal.STATEMENT_LEAD,
            conformity=AccessibilityStatementPage.Conformity.PARTIAL,
            assessment=AccessibilityStatementPage.Assessment.SELF,
            made_on=today - dt.timedelta(days=30),
            reviewed_on=today,
            barriers=legal.BARRIERS,
            feedback_email=reports,
            enforcement=legal.ENFORCEMENT,
            enforcement_url=legal.ENFORCEMENT_URL,
        ),
    ]


def ensure_centre_page(home: HomePage, centre: Centre, data: CentreData) -> tuple[CentrePage, bool]:
    """Return the centre's page and whether it is new."""
    existing = CentrePage.objects.filter(centre=centre, locale=home.locale).first()
    if existing:
        return existing, False
    page = CentrePage(title=data.title, slug=centre.slug, centre=centre, lead=data.lead)
    publish(home, page, data.body)
    return page, True


def ensure_service_page(parent: CentrePage, service: Service, words: PageText) -> bool:
    """Create the service's page if it has none; return whether it is new."""
    page_type = page_type_for(service)
    if page_type.objects.filter(service=service, locale=parent.locale).exists():
        return False
    page = page_type(title=service.name, slug=service.slug, service=service, lead=words.lead)
    if service.kind == ServiceKind.GP:
        page.title = f"{PRACTICE} im {service.centre.name}"
        page.seo_title = PRACTICE  # the site's template adds the centre
    return ensure_child(parent, page, words.body)


def page_type_for(service: Service) -> type[AbstractServicePage]:
    return next(page_type for page_type in SERVICE_PAGE_TYPES if service.kind in page_type.kinds)


def ensure_child(parent: Page, page: BasePage, body: Iterable[Block]) -> bool:
    """Publish the page unless there is one of its purpose or address; return whether it is new."""
    if Page.objects.child_of(parent).filter(slug=page.slug).exists() or has_its_like(parent, page):
        return False
    publish(parent, page, body)
    return True


def has_its_like(parent: Page, page: BasePage) -> bool:
    """Tell whether the page's job is done already, perhaps under another address."""
    if isinstance(page, AbstractServicePage):
        return False
    likes = type(page).objects.child_of(parent)
    if isinstance(page, StandardPage):
        likes = likes.filter(purpose=page.purpose)
    return bool(likes.exists())


def publish(parent: Page, page: BasePage, body: Iterable[Block]) -> None:
    page.body = BODY_BLOCKS.to_python([with_numbers(block, parent) for block in body])
    parent.refresh_from_db()
    parent.add_child(instance=page)
    page.save_revision().publish()
    for picture in page.body.blocks_by_name("picture"):
        picture.render()  # makes the sizes, so that the first reader does not wait for them


def with_numbers(block: Block, home: Page) -> Block:
    """Put the numbers of pages and pictures in the place of their names."""
    value: Any = block["value"]
    if block["type"] == "links":
        pages = dict(Page.objects.child_of(home).values_list("slug", "pk"))
        items = [{**link, "page": pages[link["page"]]} for link in value["links"]]
        return {**block, "value": {**value, "links": items}}
    if block["type"] == "picture":
        image = ensure_drawing()
        picture = {"image": image.pk, "alt_text": image.alt_text, "decorative": False}
        return {**block, "value": {**value, "image": picture}}
    return block


def ensure_drawing() -> CustomImage:
    image: CustomImage | None = CustomImage.objects.filter(title=drawing.TITLE).first()
    if image is None:
        file = ImageFile(BytesIO(drawing.png()), name=drawing.FILE_NAME)
        image = CustomImage.objects.create(
            title=drawing.TITLE, alt_text=drawing.ALT_TEXT, file=file
        )
    return image
