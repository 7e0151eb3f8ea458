"""Addresses of the desk below /verwaltung/; names are used by templates and by the public page."""

from django.urls import URLPattern, path

from cms.admin.closures import ClosureDeleteView, ClosureView
from cms.admin.contacts import CentreContactView, CentreOverviewView, ServiceContactView
from cms.admin.hours import HoursListView, ServiceHoursView
from cms.admin.hours_actions import TypedWordsView, UndoView

CLOSURES = "oeffnungszeiten/<int:pk>/schliessung"

urlpatterns: list[URLPattern] = [
    path("oeffnungszeiten/", HoursListView.as_view(), name="hours_list"),
    path("oeffnungszeiten/<int:pk>/", ServiceHoursView.as_view(), name="service_hours"),
    path("oeffnungszeiten/<int:pk>/gelesen/", TypedWordsView.as_view(), name="hours_words"),
    path(
        "oeffnungszeiten/<int:pk>/verlauf/<int:entry>/rueckgaengig/",
        UndoView.as_view(),
        name="hours_undo",
    ),
    path(f"{CLOSURES}/neu/", ClosureView.as_view(), name="hours_exception_add"),
    path(f"{CLOSURES}/<int:exception>/", ClosureView.as_view(), name="hours_exception_edit"),
    path(
        f"{CLOSURES}/<int:exception>/loeschen/",
        ClosureDeleteView.as_view(),
        name="hours_exception_delete",
    ),
    path("zentrum/", CentreOverviewView.as_view(), name="centre_overview"),
    path("zentrum/<int:pk>/kontakt/", CentreContactView.as_view(), name="centre_contact"),
    path(
        "zentrum/angebote/<int:pk>/kontakt/", ServiceContactView.as_view(), name="service_contact"
    ),
]
