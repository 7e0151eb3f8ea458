"""Rooms and requests; each address exists in every language."""

from django.urls import path

from bookings.views import rooms

urlpatterns = [
    path("raeume/", rooms.room_list, name="room_list"),
    path("raeume/<slug:centre>/<slug:room>/", rooms.room, name="room"),
]
