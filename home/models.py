"""The start page of the programme and the list of its centres."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from cms.blocks.text import SMALL_FEATURES
from cms.models import BasePage
from cms.validators import validate_phone


class HomePage(BasePage):
    """The start page where several centres are installed."""

    site_name = models.CharField(
        _("Name in the header"), max_length=80, default="Regionale Versorgungszentren"
    )
    site_kind = models.CharField(
        _("Line below the name"), max_length=80, blank=True, default="in Niedersachsen"
    )
    about = RichTextField(
        _("What is an RVZ?"), features=SMALL_FEATURES, blank=True, help_text=_("Three sentences.")
    )
    help_email = models.EmailField(_("E-mail address of the help line"), blank=True)
    help_phone = models.CharField(
        _("Phone of the help line"), max_length=40, blank=True, validators=[validate_phone]
    )
    footer_name = models.CharField(_("Who runs this site (footer)"), max_length=120, blank=True)

    may_be_a_sites_start = True

    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("lead"),
        FieldPanel("about"),
        MultiFieldPanel(
            [
                FieldPanel("site_name"),
                FieldPanel("site_kind"),
                FieldPanel("help_email"),
                FieldPanel("help_phone"),
                FieldPanel("footer_name"),
            ],
            heading=_("Header and footer"),
        ),
    ]
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = [
        "home.CentreIndexPage",
        "cms.CentrePage",
        "cms.StandardPage",
        "cms.LegalNoticePage",
        "cms.AccessibilityStatementPage",
    ]
    template = "home/home_page.html"

    class Meta:
        verbose_name = _("start page")
        verbose_name_plural = _("start pages")


class CentreIndexPage(BasePage):
    """The list of all centres. It has no pages below it: centres are children of the start page."""

    own_slug = "zentren"
    max_count_per_parent = 1

    parent_page_types: ClassVar[list[str]] = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    template = "home/centre_index_page.html"

    class Meta:
        verbose_name = _("list of the centres")
        verbose_name_plural = _("lists of the centres")
