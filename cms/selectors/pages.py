"""Pages that everybody may see."""

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from wagtail.models import Page, PageViewRestriction

from cms.models import SERVICE_PAGE_TYPES

# Which service a plain Page is about, whatever its type; NULL for pages about something else.
SERVICE_OF_PAGE = Coalesce(
    *(f"{model._meta.model_name}__service_id" for model in SERVICE_PAGE_TYPES)
)


def public_pages() -> QuerySet[Page]:
    """Return the live pages that nobody needs a password or a group for, in one query.

    Wagtail's own `.public()` asks for the restrictions in a query of its own.
    """
    path = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    restriction = PageViewRestriction.objects.alias(below=path).filter(
        below__startswith=F("page__path")
    )
    pages: QuerySet[Page] = Page.objects.live().filter(~Exists(restriction))
    return pages
