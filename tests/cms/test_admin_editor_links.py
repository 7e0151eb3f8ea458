"""What a signed-in editor sees beside the facts on the public page."""

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import reverse

from cms.models import PracticePage
from tests.factories.cms import UserFactory
from tests.factories.staff import assistant_of


def rendered(tag: str, user, *, cookie: bool = True, **context) -> str:
    request = RequestFactory().get("/alfeld/hausarztpraxis/")
    if cookie:
        request.COOKIES["sessionid"] = "x"
    request.user = user
    template = Template("{% load editor %}{% " + tag + " %}{{ result|safe }}")
    return template.render(Context({"request": request, **context}))


LINKS = "editor_links subject as result"


def test_an_editor_finds_her_links_beside_the_facts(manager, practice, alfeld):
    found = rendered(LINKS, manager, subject=practice)
    back = "?zurueck=%2Falfeld%2Fhausarztpraxis%2F"
    for name in ("service_hours", "service_contact", "hours_exception_add"):
        assert reverse(name, args=[practice.pk]) + back in found
    assert reverse("centre_contact", args=[alfeld.centre.pk]) in rendered(
        LINKS, manager, subject=alfeld.centre
    )
    page = PracticePage.objects.child_of(alfeld).get()
    edit = rendered("editor_page_link page as result", manager, page=page)
    assert edit == reverse("wagtailadmin_pages:edit", args=[page.pk])


def test_an_assistant_finds_the_hours_only(practice):
    found = rendered(LINKS, assistant_of(practice), subject=practice)
    assert reverse("service_hours", args=[practice.pk]) in found
    assert reverse("service_contact", args=[practice.pk]) not in found


def test_others_find_no_links(manager, nordholz, practice):
    assert rendered(LINKS, manager, subject=nordholz.centre) == "[]"
    assert rendered(LINKS, manager, subject=nordholz.centre.services.get()) == "[]"
    assert rendered(LINKS, UserFactory.create(), subject=practice) == "[]"
    page = PracticePage.objects.child_of(nordholz).get()
    assert rendered("editor_page_link page as result", manager, page=page) == ""


def test_visitors_touch_neither_session_nor_database(practice, django_assert_num_queries):
    class Untouched:
        def __getattr__(self, name):
            pytest.fail(f"user.{name} was asked for")

    with django_assert_num_queries(0):
        assert rendered(LINKS, Untouched(), cookie=False, subject=practice) == "[]"
