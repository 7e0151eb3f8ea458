"""What somebody typed and did not send yet: kept, bound to its person, sent at most once."""

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from bookings.models import Association, Booking, RequestDraft, Room
from bookings.selectors.drafts import find_draft
from bookings.services.associations import register_association
from bookings.services.requests import SentAlreadyError
from cms.models import User

GUEST_VALUES = ("guest_name", "guest_email")  # what a later step asked for


def save_draft(
    *,
    key: uuid.UUID | None,
    room: Room,
    user: User | None,
    browser_keys: Collection[str],
    values: Mapping[str, Any],
    now: datetime,
) -> RequestDraft:
    """Keep what was typed, under this key if it is free or one's own.

    `browser_keys`: the drafts that were typed in this browser. Raises SentAlreadyError if the
    draft was sent: somebody went back to the form and sent it again.
    """
    own = find_draft(key=key, user=user, browser_keys=browser_keys) if key else None
    if own is not None and own.room_id == room.pk:
        if own.booking is not None:
            raise SentAlreadyError(own.booking)
        guest = {name: own.values[name] for name in GUEST_VALUES if name in own.values}
        own.values, own.updated_at, own.user = {**guest, **values}, now, own.user or user
        if _write(own, "values", "updated_at", "user"):
            return own
    draft = RequestDraft(room=room, user=user, values=dict(values), updated_at=now)
    try:
        return _create(draft, key or uuid.uuid4())
    except IntegrityError:  # somebody else's key, or the same click twice at once
        return _create(draft, uuid.uuid4())


def _create(draft: RequestDraft, key: uuid.UUID) -> RequestDraft:
    draft.pk = key
    with transaction.atomic():
        draft.save(force_insert=True)
    return draft


def _write(draft: RequestDraft, *names: str) -> bool:
    """Store these columns; False if somebody threw the draft away in another window meanwhile."""
    stored = RequestDraft.objects.filter(pk=draft.pk)
    return bool(stored.update(**{name: getattr(draft, name) for name in names}))


def bind_draft(*, draft: RequestDraft, user: User) -> None:
    """Give a draft to whoever signed in in the browser it was typed in; nobody else sees it then."""
    if draft.user_id is None:
        draft.user = user
        _write(draft, "user")


def keep_dates(*, draft: RequestDraft, dates: Mapping[str, Any], now: datetime) -> None:
    """Keep the dates of a series as they were shown and chosen (selectors.kept_dates)."""
    draft.dates, draft.updated_at = dict(dates), now
    _write(draft, "dates", "updated_at")


def discard_draft(*, draft: RequestDraft) -> None:
    """Throw away what was typed; what was sent stays."""
    RequestDraft.objects.filter(pk=draft.pk, booking__isnull=True).delete()


def begin_again(
    *, booking: Booking, browser_keys: Collection[str], now: datetime
) -> RequestDraft | None:
    """Keep what was typed for a request that cannot be confirmed as something begun, once a browser.

    None: it was begun again and sent, or nobody knows any more what was typed.
    """
    sent = RequestDraft.objects.filter(booking=booking).select_related("room").first()
    if sent is None:
        return None
    try:
        return save_draft(
            key=uuid.uuid5(booking.uid, "again"),
            room=sent.room,
            user=None,
            browser_keys=browser_keys,
            values=sent.values,
            now=now,
        )
    except SentAlreadyError:
        return None


@transaction.atomic
def register_for_draft(
    *,
    draft: RequestDraft,
    user: User,
    name: str,
    legal_form: str,
    name_is_public: bool,
    now: datetime,
) -> Association:
    """Register the association that a draft is for, once however often one clicks.

    Raises RequestDraft.DoesNotExist if somebody threw the draft away meanwhile.
    """
    RequestDraft.objects.select_for_update(of=["self"]).get(pk=draft.pk)
    existing = Association.objects.filter(memberships__user=user).first()
    if existing is not None:
        return existing
    return register_association(
        name=name,
        legal_form=legal_form,
        name_is_public=name_is_public,
        home_centre=draft.room.centre,
        user=user,
        now=now,
    )


def choose_association(*, draft: RequestDraft, association: Association) -> None:
    """Note for which of several associations a draft is."""
    draft.values = {**draft.values, "association": str(association.pk)}
    _write(draft, "values")


def name_guest(*, draft: RequestDraft, guest_name: str, guest_email: str) -> None:
    """Note who asks without an association; the address is confirmed after sending."""
    draft.values = {**draft.values, "guest_name": guest_name, "guest_email": guest_email}
    _write(draft, "values")
