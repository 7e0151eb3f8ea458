"""Whose draft is whose."""

import uuid
from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db.models import BigIntegerField, DateField, Q, QuerySet, UUIDField

from bookings.models import RequestDraft
from bookings.selectors.terms import terms_row
from cms.models import User
from cms.prepared import Given, OneOf, Prepared

KEEP_DRAFTS = timedelta(days=7)


def own_drafts(*, user: User | None, browser_keys: Collection[str]) -> QuerySet[RequestDraft]:
    """Return the drafts of a person; those without a person only in the browser they come from.

    `find_draft` has the same rule as a query that is put together once.
    """
    unbound = Q(user__isnull=True, pk__in=browser_keys)
    return RequestDraft.objects.filter(Q(user=user) | unbound if user else unbound)


def find_draft(
    *,
    key: uuid.UUID,
    user: User | None,
    browser_keys: Collection[str],
    terms_on: date | None = None,
) -> RequestDraft | None:
    """Return somebody's own draft with its room, in one query; None for anybody else's.

    `terms_on`: read the terms of use along that count on this day, as `terms`.
    """
    asked = {"key": key, "user": user and user.pk, "browser_keys": browser_keys}
    if terms_on is None:
        return _FIND.first(**asked)
    return _FIND_WITH_TERMS.first(**asked, today=terms_on)


def _to_find() -> QuerySet[RequestDraft]:
    """By the rule of `own_drafts`: whoever is not signed in finds what is nobody's, in its browser."""
    unbound = Q(user__isnull=True, pk=OneOf("browser_keys", UUIDField()))
    drafts = RequestDraft.objects.filter(unbound | Q(user=Given("user", BigIntegerField())))
    found: QuerySet[RequestDraft] = drafts.filter(pk=Given("key", UUIDField()))
    return found.select_related("room__centre")


_FIND = Prepared(_to_find)
_FIND_WITH_TERMS = Prepared(
    lambda: _to_find().annotate(terms=terms_row("room__centre", Given("today", DateField())))
)


def last_unsent(
    *, user: User | None, browser_keys: Collection[str], since: datetime
) -> RequestDraft | None:
    """Return what was typed last in this browser, at most so long ago, and not sent."""
    if not browser_keys:
        return None
    drafts = own_drafts(user=user, browser_keys=browser_keys).filter(
        booking__isnull=True, pk__in=browser_keys, updated_at__gt=since
    )
    return drafts.order_by("updated_at").last()


def newest_unsent(
    *, user: User | None, browser_keys: Collection[str], now: datetime
) -> RequestDraft | None:
    """Return what somebody began last and did not send, here or on another device."""
    if user is None and not browser_keys:
        return None
    drafts = own_drafts(user=user, browser_keys=browser_keys).filter(
        booking__isnull=True, room__is_public=True, updated_at__gt=now - KEEP_DRAFTS
    )
    return drafts.select_related("room__centre").order_by("updated_at").last()


def is_bound(key: uuid.UUID) -> bool:
    """Tell whether a draft belongs to a person: whoever was signed out has to sign in again."""
    return RequestDraft.objects.filter(pk=key, user__isnull=False).exists()


def is_gone(key: uuid.UUID) -> bool:
    """Tell whether nobody has such a draft, any more or at all."""
    return not RequestDraft.objects.filter(pk=key).exists()
