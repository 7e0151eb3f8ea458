"""The desk's entries of the bookings in the menu."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem

from bookings.permissions import bookings_to_decide, changes_to_decide
from bookings.selectors.desk import Pile, pile_sizes
from bookings.selectors.desk_wishes import open_wishes
from cms.admin.menu import ManagerItem


class DeskItem(ManagerItem):
    keep_in_menu = True


class RequestsItem(DeskItem):
    """Says how many requests and wishes to change are to be decided."""

    def render_component(self, request: HttpRequest) -> LinkMenuItem:
        sizes = pile_sizes(bookings_to_decide(request.user), now=timezone.now())
        wishes = open_wishes(changes_to_decide(request.user)).count()
        label = self.label
        if count := sizes[Pile.OPEN] + wishes:
            label = _("Requests (%(count)s)") % {"count": count}
        return LinkMenuItem(self.name, label, self.url, icon_name=self.icon_name)


def items() -> list[MenuItem]:
    return [
        RequestsItem(
            gettext_lazy("Requests"),
            reverse("request_list"),
            name="requests",
            icon_name="mail",
            order=10,
        ),
        DeskItem(
            gettext_lazy("Associations"),
            reverse("association_list"),
            name="associations",
            icon_name="group",
            order=54,
        ),
        DeskItem(
            gettext_lazy("Rooms"),
            reverse("room_overview"),
            name="rooms",
            icon_name="key",
            order=56,
        ),
    ]
