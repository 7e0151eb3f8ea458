"""The centre that a question names."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.errors import HttpError

from cms.models import CentrePage
from cms.selectors.exchange import centre_pages_by_id

NOT_FOUND = 404


def centre_page(slug: str, request: HttpRequest) -> CentrePage:
    """Return the page of a centre that this host serves. Raises HttpError."""
    pages = (page for page in centre_pages_by_id(request).values() if page.centre.slug == slug)
    page = next(pages, None)
    if page is None:
        raise HttpError(NOT_FOUND, _("There is no centre with this short name here."))
    return page
