"""The lists of requests."""

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bookings.admin import words
from bookings.admin.base import ManagerView, mail_of, undoable
from bookings.permissions import bookings_to_decide, changes_to_decide
from bookings.rules.states import UNDECIDED, Action, DateState
from bookings.selectors.desk import (
    Pile,
    RequestRow,
    pile_sizes,
    requests_in,
    rows_of,
    search_requests,
)
from bookings.selectors.desk_wishes import open_wishes
from bookings.selectors.policies import read_policies
from bookings.wording import room_names, state_word
from cms.models import User

PER_PAGE = 50
WISHES = "aenderungswuensche"
LONGEST_SEARCH = 100

PILES = {
    Pile.OPEN: pgettext_lazy("list of requests", "To decide"),
    Pile.ASKED: pgettext_lazy("list of requests", "Question asked"),
    Pile.WAITING: pgettext_lazy("list of requests", "Waiting list"),
    Pile.PROMISED: pgettext_lazy("list of requests", "Promised"),
    Pile.ALL: pgettext_lazy("list of requests", "All"),
}


class RequestListView(ManagerView):
    """What is to be decided, oldest first; the other lists, and a search over all."""

    template_name = "bookings/admin/request_list.html"
    page_title = gettext_lazy("Requests")
    header_icon = "mail"

    @cached_property
    def words(self) -> str:
        return self.request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]

    @cached_property
    def pile(self) -> Pile:
        if self.words:
            return Pile.ALL
        asked = self.request.GET.get("liste", "")
        return Pile(asked) if asked in set(Pile) else Pile.OPEN

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        bookings = bookings_to_decide(self.user)
        found = requests_in(bookings, self.pile, now=self.now)
        if self.words:
            found = search_requests(found, self.words)
        page = Paginator(found, PER_PAGE).get_page(self.request.GET.get("seite"))
        shown = tabs(self.user, self.now, shown="" if self.words else self.pile)
        return super().get_context_data(
            rows=shown_rows(rows_of(page.object_list, self.pile, now=self.now), self.now),
            page=page,
            pile=self.pile.value,
            tabs=shown,
            wish_count=next(tab["size"] for tab in shown if tab["key"] == WISHES),
            q=self.words,
            undoable=undoable(self.user, self.now),
            here=self.request.get_full_path(),
            **kwargs,
        )


def tabs(user: User, now: datetime, *, shown: Pile | str) -> list[dict[str, Any]]:
    """Return the lists side by side, wishes to change next to what else is to be decided."""
    sizes = pile_sizes(bookings_to_decide(user), now=now)
    url = reverse("request_list")
    found = [
        {
            "key": pile.value,
            "url": url if pile is Pile.OPEN else f"{url}?liste={pile}",
            "label": label,
            "size": sizes.get(pile),
            "is_shown": shown is pile,
        }
        for pile, label in PILES.items()
    ]
    wishes = {
        "key": WISHES,
        "url": reverse("wish_list"),
        "label": _("Wishes to change"),
        "size": open_wishes(changes_to_decide(user)).count(),
        "is_shown": shown == WISHES,
    }
    return [found[0], wishes, *found[1:]]


def shown_rows(rows: list[RequestRow], now: datetime) -> list[dict[str, Any]]:
    """Put rows into words; a plain one brings the mail that would go out."""
    read_policies(date.room for row in rows for date in row.dates)  # the mail says of them
    return [_shown_row(row, now) for row in rows]


def _shown_row(row: RequestRow, now: datetime) -> dict[str, Any]:
    open_dates = [date for date in row.dates if date.state in UNDECIDED]
    is_open = any(date.state == DateState.REQUESTED for date in row.dates)
    plain = is_open and row.is_plain
    return {
        "booking": row.booking,
        "dates": row.dates,
        "rooms": room_names(row.dates),
        "when": words.when_all(row.dates),
        "state": state_word(row.dates[0]),
        "verdict": words.row_verdict(row) if open_dates else "",
        "waits": words.waits(row.waiting_days) if open_dates else "",
        "mail": mail_of(Action.APPROVE, row.booking, row.dates, now) if plain else None,
    }
