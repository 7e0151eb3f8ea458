"""Whole public pages, kept until something they show changes.

Every key carries a generation token that lives in the same cache. A change renews the token on
commit, so all stored pages are out of reach at once, in every process. A page that was being
rendered meanwhile is stored under the token read before it was rendered: it can never be served
after the change. Besides, a page lives no longer than until the next change of the hours on it
(`live_until`) and `PAGE_CACHE_SECONDS` at most.
"""

import datetime as dt
import gzip
import hashlib
import logging
import secrets
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import BaseCache, caches
from django.core.cache.backends.filebased import FileBasedCache
from django.db import models, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers, set_response_etag
from wagtail.models import Page
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

logger = logging.getLogger(__name__)

GENERATION_KEY = "generation"
KEEP_FILES_SECONDS = 10 * 60
# First path segments with something personal, changing or not rendered by us.
NEVER_CACHED = frozenset(
    ["verwaltung", "konto", "buchungen", "demo", "health", "media", "documents", "static", "api"],
)

CHANGING_APPS = frozenset(
    ["cms", "home", "bookings", "wagtailcore", "wagtailimages", "wagtaildocs", "wagtailredirects"],
)
# Written often and never shown on a public page.
SILENT_MODELS = frozenset(
    {
        "bookings.bookinglog",
        "bookings.membership",
        "bookings.personalchoices",
        "bookings.requestdraft",
        "cms.customrendition",
        "cms.outgoingmail",
        "cms.staffrole",
        "cms.user",
        "wagtailcore.comment",
        "wagtailcore.commentreply",
        "wagtailcore.modellogentry",
        "wagtailcore.pagelogentry",
        "wagtailcore.pagesubscription",
        "wagtailcore.referenceindex",
        "wagtailcore.revision",
        "wagtailcore.uploadedfile",
        "wagtailcore.editingsession",
    }
)
# What Wagtail writes to the page's row when a draft is saved.
DRAFT_FIELDS = frozenset(
    {"draft_title", "has_unpublished_changes", "latest_revision", "latest_revision_created_at"}
)


@dataclass(frozen=True, slots=True)
class StoredPage:
    headers: tuple[tuple[str, str], ...]
    etag: str
    gzipped: bytes


def live_until(request: HttpRequest, moment: dt.datetime | None) -> None:
    """Say that the page being rendered is right until `moment` only; the earliest one counts."""
    known: dt.datetime | None = getattr(request, "page_live_until", None)
    if moment is not None and (known is None or moment < known):
        request.page_live_until = moment  # type: ignore[attr-defined]


# What may be kept -----------------------------------------------------------------------------


def may_be_cached(request: HttpRequest) -> bool:
    """Tell whether the answer to this request can be the same for everybody."""
    return (
        settings.PAGE_CACHE_SECONDS > 0
        and request.method in {"GET", "HEAD"}
        # Endless different queries must not fill the disk: they are answered uncached.
        and not request.META.get("QUERY_STRING")
        # The second segment counts too: the first one may be a language.
        and not NEVER_CACHED & set(request.path_info.strip("/").split("/")[:2])
        and not {settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name} & request.COOKIES.keys()
        and not {"HTTP_AUTHORIZATION", "HTTP_HX_REQUEST"} & request.META.keys()
    )


def is_public_page(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Tell whether this answer holds nothing personal: no cookie, hence no session or CSRF token."""
    return (
        isinstance(response, HttpResponse)
        and not getattr(request, "is_preview", False)
        and response.status_code == HTTPStatus.OK
        and not response.cookies
        and response.headers.get("Content-Type", "").startswith("text/html")
        and not {"private", "no-store"} & set(_cache_control(response))
        and "Content-Encoding" not in response.headers
    )


def _cache_control(response: HttpResponse) -> list[str]:
    return [part.strip() for part in response.headers.get("Cache-Control", "").split(",")]


def seconds_to_live(request: HttpRequest, now: dt.datetime) -> int:
    """Return for how long the rendered page stays right: today's words end at midnight."""
    local = timezone.localtime(now)
    midnight = timezone.make_aware(dt.datetime.combine(local.date() + dt.timedelta(1), dt.time()))
    moment = min(midnight, getattr(request, "page_live_until", None) or midnight)
    return min(settings.PAGE_CACHE_SECONDS, int((moment - now).total_seconds()))


# Reading and writing ------------------------------------------------------------------------------


def pages_cache() -> BaseCache:
    return caches["pages"]


def generation() -> str:
    """Return the token of all pages stored since the last change."""
    cache = pages_cache()
    token: str | None = cache.get(GENERATION_KEY)
    if token is None:
        token = secrets.token_urlsafe(12)
        cache.set(GENERATION_KEY, token, timeout=None)
    return token


def renew_generation() -> None:
    """Put all stored pages out of reach."""
    pages_cache().set(GENERATION_KEY, secrets.token_urlsafe(12), timeout=None)


def page_key(request: HttpRequest, token: str) -> str:
    """Return the key of the address under this token. Raises DisallowedHost."""
    address = f"{request.scheme}://{request.get_host()}{request.path}"
    return f"{token}:{hashlib.sha256(address.encode()).hexdigest()}"


def store(key: str, response: HttpResponse, *, seconds: int) -> StoredPage:
    """Keep the page with its headers, and return what was kept."""
    response.headers.setdefault("Cache-Control", "no-cache")
    patch_vary_headers(response, ["Accept-Encoding"])
    headers = tuple(
        (name, value) for name, value in response.items() if name.lower() != "content-length"
    )
    digest = hashlib.sha256(repr(headers).encode() + response.content).hexdigest()
    page = StoredPage(headers, f'W/"{digest[:32]}"', gzip.compress(response.content, 6, mtime=0))
    pages_cache().set(key, page, timeout=seconds)
    return page


def asked_again(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Have an answer that is not kept here asked for each time; who has it gets no body."""
    response.headers["Cache-Control"] = "no-cache"
    if response.status_code != HTTPStatus.OK:
        return response
    set_response_etag(response)
    answer = get_conditional_response(request, response.headers["ETag"], response=response)
    return answer if isinstance(answer, HttpResponse) else response


def prune_files(now: dt.datetime) -> int:
    """Remove the files of pages nobody can read any more; return how many."""
    cache = pages_cache()
    if not isinstance(cache, FileBasedCache):
        return 0
    oldest = now.timestamp() - KEEP_FILES_SECONDS
    # Django's cache has no public way to its files.
    token_file = cache._key_to_file(GENERATION_KEY)  # type: ignore[attr-defined]  # noqa: SLF001
    removed = 0
    for name in cache._list_cache_files():  # type: ignore[attr-defined]  # noqa: SLF001
        path = Path(name)
        try:
            if name != token_file and path.stat().st_mtime < oldest:
                path.unlink()
                removed += 1
        except FileNotFoundError:  # another process was faster
            continue
    return removed


# Changes -----------------------------------------------------------------------------------------


def content_changed(**_signal: Any) -> None:
    """Renew the token when the change is committed; never let the cache break the change."""
    transaction.on_commit(renew_generation, robust=True)


def row_changed(
    sender: type[models.Model], update_fields: frozenset[str] | None = None, **signal: Any
) -> None:
    """Renew the token for a saved or deleted row; saving a draft changes nothing public."""
    if issubclass(sender, Page) and update_fields and update_fields <= DRAFT_FIELDS:
        return
    content_changed(**signal)


def watch_changes() -> None:
    """Connect the token to everything that public pages show."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label not in CHANGING_APPS or model._meta.label_lower in SILENT_MODELS:
            continue
        post_save.connect(row_changed, sender=model, dispatch_uid="page_cache_save")
        post_delete.connect(row_changed, sender=model, dispatch_uid="page_cache_delete")
        for field in model._meta.many_to_many:
            m2m_changed.connect(
                content_changed, sender=field.remote_field.through, dispatch_uid="page_cache_m2m"
            )
    for signal in (page_published, page_unpublished, page_slug_changed, post_page_move):
        signal.connect(content_changed, dispatch_uid="page_cache_page")
