"""What every page of the site shares."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from cms.blocks import BODY_BLOCKS
from cms.models.routing import DirectRouting
from cms.validators import RESERVED_SLUGS, reserved_slug_error

if TYPE_CHECKING:
    from cms.models.centres import Centre
    from cms.models.services import Service


class BasePageForm(WagtailAdminPageForm):
    """Asks the page's own rules while the form can still show the answer at the field.

    Wagtail saves a new page only after its form has passed; a `ValidationError` raised then would be
    a server error. So the rules live on the page (`field_errors`) and are asked here first.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.limit_choices(self.fields, self._parent)

    @property
    def _parent(self) -> Page | None:
        return self.parent_page.specific if self.parent_page else None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        for field, message in self.instance.field_errors(cleaned, self._parent).items():
            self.add_error(field if field in self.fields else None, message)
        return cleaned


class BasePage(DirectRouting, Page):
    """Abstract; every page type of ours comes from it (a system check holds that)."""

    lead = models.CharField(
        _("First sentence"),
        max_length=300,
        blank=True,
        help_text=_("What the page is about, in one sentence. Stands below the heading."),
    )
    body = StreamField(BODY_BLOCKS, blank=True, verbose_name=_("Content"), use_json_field=True)

    base_form_class = BasePageForm
    # A site may start here, so the slugs of the pages below are first path segments.
    may_be_a_sites_start: ClassVar[bool] = False
    # A reserved first path segment that this page type may use.
    own_slug: ClassVar[str] = ""

    search_fields: ClassVar[list[Any]] = [
        *Page.search_fields,
        index.SearchField("lead"),
        index.SearchField("body"),
    ]
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("lead"),
        FieldPanel("body"),
    ]
    promote_panels: ClassVar[list[Any]] = [
        MultiFieldPanel(
            [FieldPanel("slug"), FieldPanel("show_in_menus"), FieldPanel("search_description")],
            heading=_("Address and menu"),
        ),
    ]

    class Meta:
        abstract = True

    @property
    def facts_subject(self) -> "Centre | Service | None":
        """What the page's facts belong to; None for pages without facts."""
        return None

    def limit_choices(self, fields: dict[str, Any], parent: Page | None) -> None:
        """Cut the choices of the form's fields to what fits below this parent."""

    def field_errors(self, values: dict[str, Any], parent: Page | None) -> dict[str, Any]:
        """Return field → message for values that this page may not take below this parent."""
        slug = values.get("slug", self.slug)
        first_segment = getattr(parent, "may_be_a_sites_start", False)
        if first_segment and slug in RESERVED_SLUGS and slug != self.own_slug:
            return {"slug": reserved_slug_error(slug)}
        return {}

    def clean(self) -> None:
        super().clean()
        parent = self.get_parent() if self.path else None
        values = {field.name: getattr(self, field.name, None) for field in self._meta.fields}
        errors = self.field_errors(values, parent.specific if parent else None)
        if errors:
            raise ValidationError(errors)
