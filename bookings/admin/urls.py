"""Addresses of the desk below /verwaltung/."""

from django.urls import URLPattern, path

from bookings.admin.associations import (
    AssociationCheckView,
    AssociationListView,
    AssociationView,
    NewMainContactView,
)
from bookings.admin.closures import ClosureAddView, ClosureEndView
from bookings.admin.exchange import ExchangeChoiceView, ExchangeView
from bookings.admin.no_shows import NoShowView
from bookings.admin.partly import PartlyView
from bookings.admin.request_detail import RequestDetailView
from bookings.admin.request_list import RequestListView
from bookings.admin.rooms import RoomOverviewView
from bookings.admin.steps import (
    ApproveView,
    AskView,
    MailDoneView,
    RejectView,
    RevokeView,
    UndoView,
)
from bookings.admin.wishes import GrantView, RefuseView, WishListView, WishView

REQUEST = "anfragen/<int:pk>/"
WISHES = "anfragen/aenderungswuensche/"  # below the requests, as the menu shows
WISH = f"{WISHES}<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("anfragen/", RequestListView.as_view(), name="request_list"),
    path(REQUEST, RequestDetailView.as_view(), name="request_detail"),
    path(f"{REQUEST}zusagen/", ApproveView.as_view(), name="request_approve"),
    path(f"{REQUEST}teils-zusagen/", PartlyView.as_view(), name="request_partly"),
    path(f"{REQUEST}nachfragen/", AskView.as_view(), name="request_ask"),
    path(f"{REQUEST}ablehnen/", RejectView.as_view(), name="request_reject"),
    path(f"{REQUEST}absagen/", RevokeView.as_view(), name="request_revoke"),
    path(f"{REQUEST}tauschen/", ExchangeChoiceView.as_view(), name="request_exchange_choice"),
    path(f"{REQUEST}tauschen/mit/", ExchangeView.as_view(), name="request_exchange"),
    path(f"{REQUEST}rueckgaengig/", UndoView.as_view(), name="request_undo"),
    path(f"{REQUEST}angerufen/", MailDoneView.as_view(), name="request_mail_done"),
    path(f"{REQUEST}nicht-genutzt/", NoShowView.as_view(), name="request_no_show"),
    path(WISHES, WishListView.as_view(), name="wish_list"),
    path(WISH, WishView.as_view(), name="wish_detail"),
    path(f"{WISH}zustimmen/", GrantView.as_view(), name="wish_grant"),
    path(f"{WISH}ablehnen/", RefuseView.as_view(), name="wish_refuse"),
    path("raeume/", RoomOverviewView.as_view(), name="room_overview"),
    path("raeume/schliessen/", ClosureAddView.as_view(), name="closure_add"),
    path("raeume/schliessung/<int:pk>/oeffnen/", ClosureEndView.as_view(), name="closure_end"),
    path("vereine/", AssociationListView.as_view(), name="association_list"),
    path("vereine/<int:pk>/", AssociationView.as_view(), name="association"),
    path("vereine/<int:pk>/geprueft/", AssociationCheckView.as_view(), name="association_check"),
    path(
        "vereine/<int:pk>/hauptkontakt/",
        NewMainContactView.as_view(),
        name="association_main_contact",
    ),
]
