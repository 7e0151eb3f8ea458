"""Queries that are put together once: they say what the queryset would say."""

from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.db.models import BigIntegerField, CharField, Count, QuerySet
from django.db.models.functions import Upper

from cms.models import Centre, Contact, Service, ServiceKind
from cms.prepared import Given, OneOf, Prepared
from tests.factories.cms import CentreFactory, ServiceFactory

pytestmark = pytest.mark.django_db


class Counted:
    """A queryset, and how often it was put together."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> QuerySet[Any]:
        self.times += 1
        services: QuerySet[Any] = Service.objects.filter(
            centre=Given("centre", BigIntegerField()), kind=OneOf("kinds", CharField())
        )
        return (
            services.select_related("centre")
            .annotate(loud=Upper("name"), numbers=Count("contacts"))
            .prefetch_related("contacts")
            .order_by("name")
        )


@pytest.fixture
def services(db) -> list[Service]:
    centre = CentreFactory.create()
    found = [
        ServiceFactory.create(centre=centre, name=name, kind=kind)
        for name, kind in (("A", ServiceKind.GP), ("B", ServiceKind.CAFE), ("C", ServiceKind.GP))
    ]
    Contact.objects.create(service=found[0], phone="04731 1")
    return found


def test_each_call_reads_anew_with_its_own_values(services):
    build = Counted()
    prepared = Prepared(build)
    first, second, third = services
    found = prepared(centre=first.centre_id, kinds=[ServiceKind.GP])
    assert found == [first, third]
    assert prepared(centre=first.centre_id, kinds=[ServiceKind.CAFE]) == [second]
    assert prepared.first(centre=first.centre_id, kinds=ServiceKind.values) == first
    assert prepared.first(centre=first.centre_id, kinds=[]) is None
    assert prepared(centre=0, kinds=ServiceKind.values) == []
    assert prepared(centre=first.centre_id, kinds=[]) == []
    third.name = "AA"
    third.save()
    again = prepared(centre=first.centre_id, kinds=ServiceKind.values)
    assert [one.name for one in again] == ["A", "AA", "B"]
    assert build.times == 1


def test_what_belongs_to_the_rows_comes_along(services, django_assert_num_queries):
    prepared = Prepared(Counted())
    with django_assert_num_queries(2):
        first, *others = prepared(centre=services[0].centre_id, kinds=ServiceKind.values)
        assert first.centre == services[0].centre
        assert (first.loud, first.numbers) == ("A", 1)
        assert [one.phone for one in first.contacts.all()] == ["04731 1"]
        assert [list(one.contacts.all()) for one in others] == [[], []]


def test_columns_come_without_objects(services):
    columns = Prepared(lambda: Counted()().values_list("loud", "centre__name"))
    found = columns(centre=services[0].centre_id, kinds=[ServiceKind.CAFE])
    assert found == [("B", services[0].centre.name)]


def test_a_row_stands_alone(services):
    prepared = Prepared(Counted())
    values = {"centre": services[0].centre_id, "kinds": [ServiceKind.CAFE]}
    (found,) = prepared(**values)
    found.name = "Changed"
    assert [one.name for one in prepared(**values)] == ["B"]


def test_what_was_typed_is_a_value_and_no_statement(services):
    text = "' OR 1=1 --%s"
    prepared = Prepared(lambda: Service.objects.filter(name=Given("name", CharField())))
    assert prepared(name=text) == []
    services[1].name = text
    services[1].save()
    assert prepared(name=text) == [services[1]]


def test_nothing_means_no_row(services):
    prepared = Prepared(lambda: Service.objects.filter(centre=Given("centre", BigIntegerField())))
    assert prepared(centre=None) == []


def test_a_value_that_is_not_said_is_an_error(services):
    prepared = Prepared(Counted())
    with pytest.raises(KeyError, match="kinds"):
        prepared(centre=1)


@pytest.mark.django_db(transaction=True)
def test_threads_use_their_own_connections():
    centre = CentreFactory.create()
    prepared = Prepared(lambda: Centre.objects.filter(pk=Given("key", BigIntegerField())))
    assert prepared(key=centre.pk) == [centre]
    found: list[list[Centre]] = []

    def read() -> None:
        try:
            found.append(prepared(key=centre.pk))
        finally:
            connection.close()

    threads = [Thread(target=read) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[centre]] * 4
