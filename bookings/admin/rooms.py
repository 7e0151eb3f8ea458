"""Rooms and the parts of the house: the overview and the forms."""

from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
)
from wagtail.admin.views.generic import CreateView, EditView, IndexView

from bookings.admin.base import BUSY, ManagerView
from bookings.admin.closures import closure_sentence
from bookings.forms.room import (
    LayoutFormSet,
    RoomForm,
    RoomHoursForm,
    RoomHoursFormSet,
    RowsFormSet,
)
from bookings.ledger import BusyError
from bookings.models import ChangedDate, Equipment, Occupancy, Room, RoomHours, Space
from bookings.selectors.desk import closures_from
from bookings.services.rooms import delete_calendar
from cms.admin.desk import CHANGED_MEANWHILE
from cms.admin.scoped import ScopedDeleteView, ScopedViewSet, share_choices
from cms.permissions import centres_of, is_administration
from cms.wording import join_and

share_choices(Equipment)

OPENS, CLOSES = time(8), time(22)  # of a new room, until somebody says otherwise


class RoomOverviewView(ManagerView):
    """Rooms, closed times and parts of the house, by centre."""

    template_name = "bookings/admin/room_overview.html"
    page_title = gettext_lazy("Rooms")
    header_icon = "home"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        centres = list(centres_of(self.user).prefetch_related("rooms__spaces", "spaces__rooms"))
        closures: dict[int, list[Any]] = {}
        for closure in closures_from(centres_of(self.user), now=self.now):
            entry = (closure, closure_sentence(closure))
            closures.setdefault(closure.centre_id, []).append(entry)
        return super().get_context_data(
            centres=[
                {"centre": centre, "closures": closures.get(centre.pk, [])}
                for centre in sorted(centres, key=lambda centre: centre.place)
            ],
            several=len(centres) > 1,
            is_administration=is_administration(self.user),
            here=self.request.get_full_path(),
            **kwargs,
        )


class ToOverview(IndexView):
    """The rooms have a list of their own."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("room_overview")


class OwnCentre(View):
    """Mixed in front of add and edit views: who has one centre need not choose it."""

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(*args, **kwargs)  # type: ignore[misc]
        if centres_of(self.request.user).count() == 1:
            form.fields["centre"].empty_label = None
        return form


class RoomView(OwnCentre):
    """Mixed in front of the views of a room: what the service refuses stands at the field."""

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(*args, **kwargs)
        form.now = form.formsets["layouts"].now = timezone.now()
        if centres_of(self.request.user).count() > 1:
            form.fields["spaces"].label_from_instance = lambda space: (
                f"{space.name} ({space.centre.name})"
            )
        return form

    def form_valid(self, form: Any) -> Any:
        try:
            return super().form_valid(form)  # type: ignore[misc]
        except ValidationError as error:
            form.add_error("spaces", error)
        except BusyError:
            form.add_error(None, str(BUSY))
        except IntegrityError:  # somebody else stored the same rows a moment ago
            form.add_error(None, str(CHANGED_MEANWHILE))
        self.produced_error_message = self.get_error_message()  # type: ignore[attr-defined]
        self.produced_error_code = "validation_error"
        return self.form_invalid(form)  # type: ignore[attr-defined]


class RoomAddView(RoomView, CreateView):
    def get_initial_form_instance(self) -> Room:
        """Start with a usual week; one changes or removes what does not fit."""
        room = Room()
        room.hours = [
            RoomHours(weekday=weekday, opens=OPENS, closes=CLOSES) for weekday in range(7)
        ]
        return room


class RoomEditView(RoomView, EditView):
    pass


class SpaceAddView(OwnCentre, CreateView):
    pass


class SpaceEditView(OwnCentre, EditView):
    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(*args, **kwargs)
        form.fields["centre"].disabled = True
        return form


class KeepingDeleteView(ScopedDeleteView):
    """Says in one sentence why something has to stay."""

    object: Any

    def why_it_stays(self) -> str:
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if sentence := self.why_it_stays():
            return self._stay(sentence)
        return super().dispatch(request, *args, **kwargs)

    def _refuse(self, obstacles: list[Any]) -> HttpResponse:
        return self._stay(self.why_it_stays() or _("Somebody is using this right now."))

    def _stay(self, sentence: str) -> HttpResponse:
        messages.error(self.request, sentence)
        return redirect(self.edit_url_name, self.object.pk)


class RoomDeleteView(KeepingDeleteView):
    def why_it_stays(self) -> str:
        if self.object.dates.exists():
            return _(
                "There are requests or dates for “%(room)s”, so it cannot be deleted. Take away "
                "“can be booked online” instead; then nobody finds it any more."
            ) % {"room": self.object}
        wished = ChangedDate.objects.filter(Q(room=self.object) | Q(old_room=self.object))
        if wished.exists():
            return _(
                "A wish to change a date names “%(room)s”, so it cannot be deleted. Take away “can "
                "be booked online” instead; then nobody finds it any more."
            ) % {"room": self.object}
        if self.object.closures.filter(ends_at__gt=timezone.now()).exists():
            return _(
                "“%(room)s” is closed for a time. Please open it again before you delete it."
            ) % {"room": self.object}
        return ""

    def delete_action(self) -> None:
        calendar_id = self.object.calendar_id
        super().delete_action()
        delete_calendar(calendar_id)


class SpaceDeleteView(KeepingDeleteView):
    def why_it_stays(self) -> str:
        rooms = [room.name for room in self.object.rooms.all()]
        if rooms:
            return _("“%(space)s” belongs to %(rooms)s. Please take it out of there first.") % {
                "space": self.object,
                "rooms": join_and(rooms),
            }
        if Occupancy.objects.filter(space=self.object).exists():
            return _(
                "“%(space)s” was taken or closed before and belongs to the history, so it cannot "
                "be deleted. You can rename it and use it for another room."
            ) % {"space": self.object}
        return ""


class RowsPanel(InlinePanel):
    """Rows with a form and a formset of our own."""

    def __init__(self, *args: Any, row_options: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row_options = row_options

    def clone_kwargs(self) -> dict[str, Any]:
        return {**super().clone_kwargs(), "row_options": self.row_options}

    def get_form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_form_options()
        options["formsets"][self.relation_name] |= self.row_options
        return options


ROOM_PANELS = [
    MultiFieldPanel(
        [
            FieldPanel("centre"),
            FieldRowPanel([FieldPanel("name"), FieldPanel("capacity")]),
            FieldPanel("lead"),
            FieldPanel("is_public"),
            FieldPanel("spaces", widget=forms.CheckboxSelectMultiple),
        ],
        heading=gettext_lazy("The room"),
    ),
    RowsPanel(
        "hours",
        heading=gettext_lazy("When it can be used"),
        label=gettext_lazy("Time of use"),
        panels=[FieldRowPanel([FieldPanel("weekday"), FieldPanel("opens"), FieldPanel("closes")])],
        row_options={"form": RoomHoursForm, "formset": RoomHoursFormSet},
    ),
    RowsPanel(
        "layouts",
        heading=gettext_lazy("Seating"),
        label=gettext_lazy("Seating"),
        panels=[FieldRowPanel([FieldPanel("name"), FieldPanel("capacity")])],
        row_options={"formset": LayoutFormSet},
    ),
    MultiFieldPanel(
        [
            FieldPanel("floor"),
            FieldRowPanel([FieldPanel("step_free"), FieldPanel("hearing_loop")]),
            FieldPanel("access_text"),
        ],
        heading=gettext_lazy("Access"),
    ),
    MultiFieldPanel([FieldPanel("costs"), FieldPanel("costs_text")], heading=gettext_lazy("Costs")),
    MultiFieldPanel(
        [FieldPanel("key_text"), FieldPanel("house_rules")],
        heading=gettext_lazy("Key and house rules"),
    ),
    FieldPanel("equipment", widget=forms.CheckboxSelectMultiple),
    MultiFieldPanel(
        [FieldPanel("picture"), FieldPanel("floor_plan")],
        heading=gettext_lazy("Picture and floor plan"),
    ),
    RowsPanel(
        "use_buffers",
        heading=gettext_lazy("Set-up by kind of use"),
        label=gettext_lazy("Kind of use"),
        help_text=gettext_lazy(
            "Where the room's own times of set-up and clearing up do not fit. Applies to new "
            "bookings only."
        ),
        panels=[
            FieldRowPanel(
                [FieldPanel("use"), FieldPanel("setup_minutes"), FieldPanel("turnover_minutes")]
            )
        ],
        row_options={"formset": RowsFormSet},
    ),
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("setup_minutes"), FieldPanel("turnover_minutes")]),
            FieldPanel("sort_order"),
            FieldPanel("slug"),
        ],
        heading=gettext_lazy("Set-up, order and address"),
        classname="collapsed",
    ),
]


class RoomViewSet(ScopedViewSet):
    model = Room
    name = "bookings_rooms"
    url_prefix = "raeume/raum"
    icon = "home"
    index_view_class = ToOverview
    add_view_class = RoomAddView
    edit_view_class = RoomEditView
    delete_view_class = RoomDeleteView
    edit_handler = ObjectList(ROOM_PANELS, base_form_class=RoomForm)


class SpaceViewSet(ScopedViewSet):
    model = Space
    name = "bookings_spaces"
    url_prefix = "raeume/teil"
    icon = "home"
    index_view_class = ToOverview
    add_view_class = SpaceAddView
    edit_view_class = SpaceEditView
    delete_view_class = SpaceDeleteView
    form_fields = ["centre", "name"]


class EquipmentViewSet(ScopedViewSet):
    """One list of words for all centres; the administration keeps it."""

    model = Equipment
    name = "bookings_equipment"
    url_prefix = "ausstattung"
    icon = "list-ul"
    add_to_admin_menu = True
    menu_order = 60
    list_display = ["name"]
    form_fields = ["name"]


VIEWSETS: tuple[type[ScopedViewSet], ...] = (RoomViewSet, SpaceViewSet, EquipmentViewSet)
