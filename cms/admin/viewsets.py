"""The generic views: buildings and transport for managers, the rest for the administration."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.admin.views.generic import DeleteView

from cms.admin.holidays import HolidayViewSet
from cms.admin.scoped import ProtectedDeleteView, ScopedViewSet
from cms.forms.administration import CentreForm, ServiceForm, StaffRoleForm
from cms.models import Centre, Location, Operator, Provider, Service, StaffRole, TransportOffer
from cms.services.staff import sync_assistant


class LocationViewSet(ScopedViewSet):
    model = Location
    name = "cms_locations"
    url_prefix = "gebaeude"
    icon = "home"
    list_display = ["__str__", "centre", "checked_on"]
    panels = [
        FieldPanel("centre"),
        MultiFieldPanel(
            [
                FieldPanel("name"),
                FieldRowPanel([FieldPanel("street"), FieldPanel("house_number")]),
                FieldRowPanel([FieldPanel("postcode"), FieldPanel("city")]),
                FieldPanel("address_note"),
            ],
            heading=_("Address"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("parking"),
                FieldPanel("disabled_parking"),
                FieldPanel("from_station"),
                FieldPanel("lift"),
                FieldPanel("accessible_toilet"),
                FieldPanel("checked_on"),
            ],
            heading=_("Way here and access"),
        ),
        InlinePanel(
            "entrances",
            heading=_("Entrances"),
            label=_("Entrance"),
            panels=[
                FieldPanel("name"),
                FieldPanel("step_free"),
                FieldPanel("automatic_door"),
                FieldPanel("door_width_cm"),
                FieldPanel("note"),
            ],
        ),
        InlinePanel(
            "stops",
            heading=_("Stops"),
            label=_("Stop"),
            panels=[
                FieldPanel("name"),
                FieldPanel("lines"),
                FieldPanel("walking_minutes"),
                FieldPanel("step_free"),
                FieldPanel("dhid"),
            ],
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")]),
                FieldPanel("sort_order"),
            ],
            heading=_("Position on the map and order"),
            classname="collapsed",
        ),
    ]


class TransportOfferViewSet(ScopedViewSet):
    model = TransportOffer
    name = "cms_transport_offers"
    url_prefix = "fahrdienste"
    icon = "order"
    list_display = ["__str__", "centre", "checked_on"]
    form_fields = [
        "centre",
        "kind",
        "name",
        "phone",
        "lead_minutes",
        "area",
        "price",
        "wheelchair",
        "valid_from",
        "valid_to",
        "checked_on",
        "sort_order",
    ]


# For the administration -------------------------------------------------------------------------


class CentreViewSet(ScopedViewSet):
    model = Centre
    name = "cms_centres"
    url_prefix = "zentren"
    icon = "site"
    add_to_admin_menu = True
    menu_order = 10
    list_display = ["name", "place", "status"]
    search_fields = ["name", "place"]
    own_form_class = CentreForm


class ServiceViewSet(ScopedViewSet):
    model = Service
    name = "cms_services"
    url_prefix = "angebote"
    icon = "list-ul"
    add_to_admin_menu = True
    menu_order = 20
    list_display = ["name", "centre", "kind"]
    list_filter = ["centre", "kind"]
    search_fields = ["name"]
    own_form_class = ServiceForm


class OperatorViewSet(ScopedViewSet):
    model = Operator
    name = "cms_operators"
    url_prefix = "traeger"
    icon = "group"
    add_to_admin_menu = True
    menu_order = 30
    list_display = ["name", "city"]
    search_fields = ["name"]
    panels = [
        FieldPanel("name"),
        MultiFieldPanel(
            [
                FieldPanel("street"),
                FieldRowPanel([FieldPanel("postcode"), FieldPanel("city")]),
                FieldPanel("phone"),
                FieldPanel("email"),
            ],
            heading=_("Address and contact"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("represented_by"),
                FieldPanel("register_entry"),
                FieldPanel("vat_id"),
                FieldPanel("supervisory_authority"),
                FieldPanel("professional_rules"),
                FieldPanel("responsible_for_content"),
            ],
            heading=_("Legal notice"),
        ),
        MultiFieldPanel([FieldPanel("logo"), FieldPanel("accent")], heading=_("Look")),
    ]


class ProviderViewSet(ScopedViewSet):
    model = Provider
    name = "cms_providers"
    url_prefix = "anbieter"
    icon = "group"
    add_to_admin_menu = True
    menu_order = 40
    list_display = ["name"]
    search_fields = ["name"]
    panels = [FieldPanel("name"), FieldPanel("website")]


class StaffRoleDeleteView(ProtectedDeleteView, DeleteView):
    object: StaffRole

    def delete_action(self) -> None:
        user = self.object.user
        super().delete_action()
        sync_assistant(user=user)


class StaffRoleViewSet(ScopedViewSet):
    model = StaffRole
    name = "cms_staff_roles"
    url_prefix = "rollen"
    icon = "user"
    add_to_admin_menu = True
    menu_order = 50
    list_display = ["__str__", "centre"]
    delete_view_class = StaffRoleDeleteView
    own_form_class = StaffRoleForm


VIEWSETS: tuple[type[ScopedViewSet], ...] = (
    LocationViewSet,
    TransportOfferViewSet,
    CentreViewSet,
    ServiceViewSet,
    OperatorViewSet,
    ProviderViewSet,
    StaffRoleViewSet,
    HolidayViewSet,
)
