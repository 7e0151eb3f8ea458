"""Pages of text: about the programme, legal notice, accessibility statement."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from cms.blocks.text import SMALL_FEATURES
from cms.models.base import BasePage
from cms.models.organisations import Operator

TEXT_PARENTS = ["home.HomePage", "cms.CentrePage", "cms.StandardPage"]


class StandardPage(BasePage):
    """A page of text, for example “Über RVZ” or the privacy notice."""

    class Purpose(models.TextChoices):
        TEXT = "text", _("Text")
        ABOUT = "about", _("About the programme")
        MUNICIPALITIES = "municipalities", _("For municipalities (with the table of the centres)")
        PRIVACY = "privacy", _("Privacy notice (linked in the footer)")

    purpose = models.CharField(
        _("What is this page for?"), max_length=20, choices=Purpose, default=Purpose.TEXT
    )
    source_date = models.DateField(
        _("State of the sources"),
        null=True,
        blank=True,
        help_text=_("Shown at the end of the page."),
    )
    guide = models.ForeignKey(
        "wagtaildocs.Document",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("guide for municipalities"),
        help_text=_(
            "Only for the municipalities' page. Without a file the page says how to get it."
        ),
    )

    content_panels: ClassVar[list[Any]] = [
        *BasePage.content_panels,
        FieldPanel("source_date"),
        FieldPanel("guide"),
    ]
    promote_panels: ClassVar[list[Any]] = [*BasePage.promote_panels, FieldPanel("purpose")]
    parent_page_types: ClassVar[list[str]] = TEXT_PARENTS
    subpage_types: ClassVar[list[str]] = ["cms.StandardPage"]
    template = "cms/standard_page.html"
    fetched_on_the_way: ClassVar[tuple[str, ...]] = ("guide",)

    class Meta:
        verbose_name = _("text page")
        verbose_name_plural = _("text pages")


class LegalNoticePage(BasePage):
    """Impressum: the operator's facts (DDG § 5) and what an editor adds."""

    operator = models.ForeignKey(
        "cms.Operator",
        on_delete=models.PROTECT,
        related_name="legal_notice_pages",
        verbose_name=_("operator"),
    )

    content_panels: ClassVar[list[Any]] = [*BasePage.content_panels, FieldPanel("operator")]
    parent_page_types: ClassVar[list[str]] = ["home.HomePage", "cms.CentrePage"]
    subpage_types: ClassVar[list[str]] = []
    template = "cms/legal_notice_page.html"
    fetched_on_the_way: ClassVar[tuple[str, ...]] = ("operator",)

    class Meta:
        verbose_name = _("legal notice")
        verbose_name_plural = _("legal notices")

    def limit_choices(self, fields: dict[str, Any], parent: Page | None) -> None:
        centre_id = getattr(parent, "centre_id", None)
        if "operator" in fields and centre_id:
            fields["operator"].queryset = Operator.objects.filter(centres=centre_id)


class AccessibilityStatementPage(BasePage):
    """Erklärung zur Barrierefreiheit: what NBGG § 9b asks for, field by field."""

    class Conformity(models.TextChoices):
        FULL = "full", _("fully accessible")
        PARTIAL = "partial", _("partly accessible")
        NONE = "none", _("not accessible")

    class Assessment(models.TextChoices):
        SELF = "self", _("assessed by ourselves")
        THIRD_PARTY = "third_party", _("assessed by an independent body")

    conformity = models.CharField(_("result"), max_length=10, choices=Conformity)
    assessment = models.CharField(_("how it was assessed"), max_length=20, choices=Assessment)
    made_on = models.DateField(_("statement made on"))
    reviewed_on = models.DateField(_("last reviewed on"))
    barriers = RichTextField(
        _("what is not accessible, why, and the alternative"), features=SMALL_FEATURES, blank=True
    )
    feedback_email = models.EmailField(_("e-mail address for reports of barriers"))
    enforcement = RichTextField(_("enforcement procedure (NBGG § 9d)"), features=SMALL_FEATURES)
    enforcement_url = models.URLField(_("link to the arbitration body"))

    content_panels: ClassVar[list[Any]] = [
        *BasePage.content_panels[:-1],
        MultiFieldPanel(
            [
                FieldPanel("conformity"),
                FieldPanel("assessment"),
                FieldPanel("made_on"),
                FieldPanel("reviewed_on"),
            ],
            heading=_("Result"),
        ),
        FieldPanel("barriers"),
        FieldPanel("feedback_email"),
        MultiFieldPanel(
            [FieldPanel("enforcement"), FieldPanel("enforcement_url")],
            heading=_("Enforcement"),
        ),
        FieldPanel("body"),
    ]
    parent_page_types: ClassVar[list[str]] = ["home.HomePage", "cms.CentrePage"]
    subpage_types: ClassVar[list[str]] = []
    template = "cms/accessibility_statement_page.html"

    class Meta:
        verbose_name = _("accessibility statement")
        verbose_name_plural = _("accessibility statements")
