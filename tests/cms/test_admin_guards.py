"""What stands in the way of a deletion is said, in every way to delete."""

from django.contrib.messages import get_messages
from django.urls import reverse
from wagtail.models import Page

from cms.admin.guards import NAMED, obstacle_sentence
from cms.models import Centre, Operator, Service, StandardPage
from tests.factories.cms import ServiceFactory


def test_many_obstacles_are_counted_not_listed(alfeld):
    services: list = [ServiceFactory.create(centre=alfeld.centre) for _ in range(NAMED + 2)]
    sentence = obstacle_sentence("RVZ Alfeld", services)
    assert services[NAMED - 1].name in sentence
    assert services[NAMED].name not in sentence
    assert "2 weitere" in sentence


def test_an_operator_with_centres_stays_and_says_why(client, administrator, alfeld):
    client.force_login(administrator)
    operator = alfeld.centre.operator
    response = client.post(reverse("cms_operators:delete", args=[operator.pk]))
    assert Operator.objects.filter(pk=operator.pk).exists()
    (message,) = get_messages(response.wsgi_request)
    assert "RVZ Alfeld" in str(message)


def test_what_is_used_meanwhile_stays_and_says_why(client, administrator, alfeld, monkeypatch):
    """Somebody may begin to use it between the question and the answer."""
    client.force_login(administrator)
    monkeypatch.setattr("cms.admin.scoped.obstacles_to_deleting", lambda _objects: [])
    centre = alfeld.centre
    response = client.post(reverse("cms_centres:delete", args=[centre.pk]))
    assert response.status_code == 302
    assert Centre.objects.filter(pk=centre.pk).exists()
    assert Service.objects.filter(centre=centre).exists()


def test_one_page_that_stays_keeps_all_of_them(client, administrator, alfeld, monkeypatch):
    client.force_login(administrator)
    practice = alfeld.centre.services.get()

    def protected(objects):
        return [practice] if any(page.pk == alfeld.pk for page in objects) else []

    monkeypatch.setattr("cms.admin.guards.obstacles_to_deleting", protected)
    page = alfeld.add_child(instance=StandardPage(title="Über uns", slug="ueber-uns"))
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    response = client.post(f"{bulk}?id={page.pk}&id={alfeld.pk}&next=/")
    assert Page.objects.filter(pk__in=[page.pk, alfeld.pk]).count() == 2
    (message,) = get_messages(response.wsgi_request)
    assert practice.name in str(message)


def test_publishing_several_pages_is_not_deleting(desk, alfeld):
    page = alfeld.add_child(instance=StandardPage(title="Über uns", slug="ueber-uns", live=False))
    page.save_revision()
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    desk.post(f"{bulk}?id={page.pk}&next=/")
    page.refresh_from_db()
    assert page.live
