"""Public addresses above the page tree; each exists in every language."""

from django.urls import path

from home import views

urlpatterns = [
    path("suche/", views.search, name="search"),
]
