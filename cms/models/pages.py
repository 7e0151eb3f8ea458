"""Pages of a centre and of its services. Prose only: times and phones are facts."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, PublishingPanel
from wagtail.models import Page
from wagtail.search import index

from cms.models.base import BasePage
from cms.models.centres import Centre
from cms.models.services import Service, ServiceKind
from cms.panels import FactsPanel


class CentrePage(BasePage):
    """The page of one centre; the start page where only this centre is installed."""

    centre = models.ForeignKey(
        Centre, on_delete=models.PROTECT, related_name="pages", verbose_name=_("centre")
    )
    picture = models.ForeignKey(
        "cms.CustomImage",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture of the house"),
    )

    may_be_a_sites_start = True

    search_fields: ClassVar[list[Any]] = [
        *BasePage.search_fields,
        index.RelatedFields(
            "centre",
            [index.SearchField("name"), index.SearchField("place"), index.SearchField("district")],
        ),
    ]
    content_panels: ClassVar[list[Any]] = [
        FactsPanel(),
        *Page.content_panels,
        FieldPanel("centre", permission="superuser"),
        FieldPanel("lead"),
        FieldPanel("body", heading=_("About the house")),
        FieldPanel("picture"),
    ]
    # The address follows Centre.slug; a manager must not part the two.
    promote_panels: ClassVar[list[Any]] = [FieldPanel("search_description")]
    settings_panels: ClassVar[list[Any]] = [PublishingPanel()]

    parent_page_types: ClassVar[list[str]] = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = [
        "cms.PracticePage",
        "cms.DayCarePage",
        "cms.TherapyPage",
        "cms.CafePage",
        "cms.AdvicePage",
        "cms.ServicePage",
        "cms.StandardPage",
        "cms.LegalNoticePage",
        "cms.AccessibilityStatementPage",
    ]
    template = "cms/centre_page.html"
    fetched_on_the_way: ClassVar[tuple[str, ...]] = ("centre__operator", "picture")

    class Meta:
        verbose_name = _("centre page")
        verbose_name_plural = _("centre pages")

    @property
    def facts_subject(self) -> Centre:
        centre: Centre = self.centre
        return centre

    def field_errors(self, values: dict[str, Any], parent: Page | None) -> dict[str, Any]:
        centre = values.get("centre")
        others = CentrePage.objects.filter(centre=centre, locale_id=self.locale_id).exclude(
            pk=self.pk
        )
        if centre and self.locale_id and others.exists():
            return {"centre": ValidationError(_("This centre already has a page."))}
        return super().field_errors(values, parent)

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        if self.centre_id:
            self.slug = self.centre.slug
        super().full_clean(*args, **kwargs)


class AbstractServicePage(BasePage):
    """A page about one service of the centre above it; kinds fit the page type."""

    service = models.ForeignKey(
        Service,
        on_delete=models.PROTECT,
        related_name="%(class)ss",
        verbose_name=_("service"),
    )

    kinds: ClassVar[frozenset[ServiceKind]] = frozenset()

    search_fields: ClassVar[list[Any]] = [
        *BasePage.search_fields,
        index.RelatedFields("service", [index.SearchField("name")]),
    ]
    content_panels: ClassVar[list[Any]] = [
        FactsPanel(),
        *Page.content_panels,
        FieldPanel("service"),
        FieldPanel("lead"),
        FieldPanel("body"),
    ]
    parent_page_types: ClassVar[list[str]] = ["cms.CentrePage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        abstract = True

    @property
    def facts_subject(self) -> Service:
        service: Service = self.service
        return service

    def limit_choices(self, fields: dict[str, Any], parent: Page | None) -> None:
        if "service" in fields and isinstance(parent, CentrePage):
            fields["service"].queryset = Service.objects.filter(
                centre=parent.centre_id, kind__in=self.kinds
            )

    def get_template(self, *_args: Any, **_kwargs: Any) -> str:
        """Return the skeleton of all kinds; Wagtail would name a template after each class."""
        return "cms/service_page.html"

    def field_errors(self, values: dict[str, Any], parent: Page | None) -> dict[str, Any]:
        service = values.get("service")
        if isinstance(parent, CentrePage) and service and service.centre_id != parent.centre_id:
            return {"service": ValidationError(_("This service belongs to another centre."))}
        if service and service.kind not in self.kinds:
            return {"service": ValidationError(_("This kind of page does not fit this service."))}
        others = type(self).objects.filter(service=service, locale_id=self.locale_id)
        if service and self.locale_id and others.exclude(pk=self.pk).exists():
            return {"service": ValidationError(_("This service already has a page."))}
        return super().field_errors(values, parent)


class PracticePage(AbstractServicePage):
    kinds = frozenset({ServiceKind.GP, ServiceKind.SPECIALIST, ServiceKind.PSYCHOTHERAPY})

    class Meta:
        verbose_name = _("practice page")
        verbose_name_plural = _("practice pages")


class DayCarePage(AbstractServicePage):
    kinds = frozenset({ServiceKind.DAY_CARE})

    class Meta:
        verbose_name = _("day care page")
        verbose_name_plural = _("day care pages")


class TherapyPage(AbstractServicePage):
    kinds = frozenset({ServiceKind.THERAPY})

    class Meta:
        verbose_name = _("therapy page")
        verbose_name_plural = _("therapy pages")


class CafePage(AbstractServicePage):
    kinds = frozenset({ServiceKind.CAFE})

    class Meta:
        verbose_name = _("café page")
        verbose_name_plural = _("café pages")


class AdvicePage(AbstractServicePage):
    kinds = frozenset({ServiceKind.ADVICE, ServiceKind.OFFICE})

    class Meta:
        verbose_name = _("advice page")
        verbose_name_plural = _("advice pages")


class ServicePage(AbstractServicePage):
    """Every other kind of service."""

    kinds = frozenset(
        {
            ServiceKind.MIDWIFE,
            ServiceKind.PHARMACY,
            ServiceKind.HOUSEHOLD,
            ServiceKind.HOUSE,
            ServiceKind.OTHER,
        }
    )

    class Meta:
        verbose_name = _("service page")
        verbose_name_plural = _("service pages")


SERVICE_PAGE_TYPES: tuple[type[AbstractServicePage], ...] = (
    PracticePage,
    DayCarePage,
    TherapyPage,
    CafePage,
    AdvicePage,
    ServicePage,
)
