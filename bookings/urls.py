"""Rooms and requests; each address exists in every language."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
