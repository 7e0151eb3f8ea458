"""Nobody sees or changes another centre: every address of the admin, with the other centre's keys.

Nor another group: the addresses of one's own requests are tried with the other group's keys.

The addresses come from the URL configuration, so a new view is tested as soon as it exists. All
objects of the other centre have keys from FIRST_KEY on; every number in an address is one of them.
"""

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import ModelLogEntry, Page, PageLogEntry, Revision

from bookings.models import (
    Association,
    Booking,
    BookingDate,
    BookingLog,
    Closure,
    Room,
    Space,
    TermsOfUse,
)
from bookings.services.closures import create_closure
from cms.models import (
    Centre,
    CentrePage,
    Contact,
    CustomImage,
    Entrance,
    HoursException,
    Location,
    Person,
    Service,
    StaffRole,
    StandardPage,
    Stop,
    TransportOffer,
    WeeklyRule,
)
from cms.selectors.hours_snapshots import week_snapshot
from cms.services.hours import CHANGE_HOURS
from tests.factories.bookings import (
    AssociationFactory,
    SpaceFactory,
    add_room,
    member_of,
    requested,
    span,
)
from tests.factories.cms import CentreFactory, OperatorFactory, UserFactory, weekly
from tests.factories.staff import assistant_of, manager_of

FIRST_KEY = 990_001
FOREIGN_NUMBER = "GEHEIM"
FACT, DRAFT, PUBLIC = "Geheimfakt", "Geheimentwurf", "Fremdseite"
LANGUAGE_NAMES = {"app_label": "cms", "model_name": "location", "content_type_id": "1"}

# What Wagtail shows on purpose: links may lead to every public page.
SHOWS_PUBLIC_TITLES = re.compile(r"/(choose-page|pages/.*/(move|copy|usage))")


def next_keys(*tables: str) -> None:
    """Let the next rows have the foreign key; undone with the test's transaction."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER SEQUENCE {table}_id_seq RESTART WITH {FIRST_KEY}")


# Wagtail's page for trying out the error page; signing out would end the test.
LEFT_OUT = {"/verwaltung/failwhale/", "/verwaltung/logout/"}


class Foreign:
    """The other centre with one object of each kind, named by a marker."""

    def __init__(self, tree) -> None:
        self.centre = CentreFactory.create(
            pk=FIRST_KEY,
            name=f"{PUBLIC} RVZ",
            place=f"{PUBLIC} Ort",
            slug="fremd",
            phone="030 23125 999",
            operator=OperatorFactory.create(pk=FIRST_KEY, name=f"{FACT} Träger"),
        )
        next_keys("wagtailcore_page")
        self.page = CentrePage(title=f"{PUBLIC} Zentrum", centre=self.centre)
        tree.home.add_child(instance=self.page)
        self.draft = StandardPage(title=f"{DRAFT} Text", slug="entwurf", live=False)
        self.page.add_child(instance=self.draft)
        assert (self.page.pk, self.draft.pk) == (FIRST_KEY, FIRST_KEY + 1)
        self.draft.save_revision()
        Revision.objects.filter(object_id=str(self.draft.pk)).update(id=FIRST_KEY)
        Page.objects.filter(pk=self.draft.pk).update(latest_revision=FIRST_KEY)
        self._add_facts()
        self._add_files()
        self._add_bookings()
        manager_of(self.page, email="fremde.leitung@example.org", pk=FIRST_KEY)

    def _add_facts(self) -> None:
        location = Location.objects.create(
            pk=FIRST_KEY, centre=self.centre, name=f"{FACT} Haus", city=f"{FACT}stadt"
        )
        Entrance.objects.create(pk=FIRST_KEY, location=location, name=f"{FACT} Tür")
        Stop.objects.create(pk=FIRST_KEY, location=location, name=f"{FACT} Halt")
        TransportOffer.objects.create(pk=FIRST_KEY, centre=self.centre, name=f"{FACT} Bus")
        self.service = Service.objects.create(
            pk=FIRST_KEY, centre=self.centre, name=f"{FACT} Praxis", slug="praxis", kind="gp"
        )
        Contact.objects.create(
            pk=FIRST_KEY, service=self.service, label=FACT, phone="030 23125 998"
        )
        Person.objects.create(pk=FIRST_KEY, service=self.service, name=FACT, role=f"{FACT} Rolle")
        weekly(self.service, 0, "08:00", "12:00", pk=FIRST_KEY, note=FACT)
        HoursException.objects.create(
            pk=FIRST_KEY,
            service=self.service,
            first_day=dt.date(2030, 1, 1),
            last_day=dt.date(2030, 1, 2),
            note=FACT,
        )
        StaffRole.objects.create(
            pk=FIRST_KEY, user=UserFactory.create(last_name=FACT), centre=self.centre
        )

    def _add_files(self) -> None:
        self.centre.refresh_from_db()
        manager_of(self.page, email="noch.eine@example.org")
        self.centre.refresh_from_db()
        CustomImage.objects.create(
            pk=FIRST_KEY,
            title=f"{FACT} Bild",
            file=get_test_image_file(filename="geheim.png"),
            alt_text=FACT,
            collection=self.centre.collection,
        )
        Document.objects.create(
            pk=FIRST_KEY,
            title=f"{FACT} Dokument",
            file=ContentFile(b"%PDF", name="geheim.pdf"),
            collection=self.centre.collection,
        )
        next_keys("wagtailcore_modellogentry")  # the hours' history is addressed by it
        ModelLogEntry.objects.log_action(
            self.service,
            CHANGE_HOURS,
            title=f"{FACT} Verlauf",
            data={
                "before": {"holiday_policy": "closed", "rules": []},
                "after": week_snapshot(self.service),
            },
        )
        PageLogEntry.objects.log_action(self.draft, "wagtail.edit", title=f"{DRAFT} Verlauf")

    def _add_bookings(self) -> None:
        now = timezone.now()
        day = now.date() + dt.timedelta(days=7)
        next_keys(*(f"bookings_{name}" for name in ("booking", "bookingdate", "closure")))
        space = SpaceFactory.create(pk=FIRST_KEY, centre=self.centre, name=f"{FACT} Teil")
        room = add_room(
            self.centre, f"{FACT} Raum", spaces=[space], pk=FIRST_KEY, slug="geheim", lead=FACT
        )
        TermsOfUse.objects.create(
            pk=FIRST_KEY, centre=self.centre, version=1, text=FACT, valid_from=day
        )
        group = AssociationFactory.create(
            pk=FIRST_KEY, name=f"{FACT} Chor", home_centre=self.centre, checked_at=None
        )
        self.booking = requested(
            room,
            span(day=day),
            association=group,
            requester=member_of(group, last_name=FACT, email="fremd@example.org"),
            purpose=f"{FACT} Probe",
            contact_name=FACT,
            now=now,
        )
        Booking.objects.update(number=FOREIGN_NUMBER)
        create_closure(
            centre=self.centre,
            rooms=[room],
            span=span("08:00", "09:00", day=day),
            reason=f"{FACT} Reinigung",
            actor=self.booking.requester,
            now=now,
        )
        assert self.booking.dates.get().pk == self.booking.pk == FIRST_KEY
        assert Closure.objects.get().pk == FIRST_KEY


@pytest.fixture
def foreign(tree) -> Foreign:
    return Foreign(tree)


@pytest.fixture
def manager(alfeld, foreign):
    return manager_of(alfeld)


@pytest.fixture
def assistant(alfeld, foreign):
    return assistant_of(alfeld.centre.services.get())


@pytest.fixture
def member(alfeld, foreign):
    """Return somebody who books for another group."""
    return member_of(AssociationFactory.create(home_centre=alfeld.centre))


def own_addresses() -> list[str]:
    """Return every address of one's own requests and groups, filled with the foreign keys."""
    found = {filled(route) for route in routes(get_resolver().url_patterns)}
    own = {one for one in found if one.startswith(("/buchungen/", "/konto/vereine/"))}
    return sorted(own - {"/konto/vereine/neu/"})  # has no key: everybody may register a group


def admin_addresses() -> list[str]:
    """Return every address below /verwaltung/, its arguments filled with the foreign keys."""
    found = {filled(route) for route in routes(get_resolver().url_patterns)}
    own = {address for address in found if address.startswith("/verwaltung/")}
    return sorted(own - LEFT_OUT)


def routes(patterns, above: str = "/") -> Iterator[str]:
    for pattern in patterns:
        route = above + plain(str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route


def plain(route: str) -> str:
    """Turn a regular expression of a route into a path with <placeholders>."""
    route = route.replace("^", "").replace("\\Z", "").replace("$", "").replace("\\", "")
    route = re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", route)
    return re.sub(r"\([^)]*\)\*?\??", "", route)


def filled(route: str) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda match: value_of(match[1]), route)


def value_of(name: str) -> str:
    if name in LANGUAGE_NAMES:
        return LANGUAGE_NAMES[name]
    if name in {"page_id", "page_to_move_id", "pk", "object_id", "parent_page_id"}:
        return str(FIRST_KEY + 1) if name != "pk" else str(FIRST_KEY)
    if name.endswith(("id", "id_a", "id_b")) or name == "exception":
        return str(FIRST_KEY)
    words = {"action_name": "delete", "action": "delete", "number": FOREIGN_NUMBER}
    return words.get(name, str(FIRST_KEY))


def leaks(response, address: str) -> list[str]:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    body = content.decode("utf-8", "replace")
    # The page that says “not found” or “forbidden” names the centres with their phone numbers.
    shows_public = response.status_code in {403, 404} or SHOWS_PUBLIC_TITLES.search(address)
    markers = (FACT, DRAFT, "23125 998") if shows_public else (FACT, DRAFT, PUBLIC, "23125 99")
    return [marker for marker in markers if marker in body]


def foreign_rows() -> dict[str, list]:
    """Return all rows of the other centre, to see that none of them changed."""
    models = [
        Centre, Location, Entrance, Stop, TransportOffer, Service, Contact, Person, WeeklyRule,
        HoursException, StaffRole, CustomImage, Document, Page, CentrePage, StandardPage, Revision,
        Space, Room, TermsOfUse, Closure, Association, Booking, BookingDate,
    ]  # fmt: skip
    keys = (FIRST_KEY, FIRST_KEY + 1)
    rows = {model.__name__: list(model.objects.filter(pk__in=keys).values()) for model in models}
    rows["children"] = list(
        Page.objects.filter(path__startswith=CentrePage.objects.get(pk=FIRST_KEY).path).values_list(
            "pk"
        )
    )
    rows["history"] = list(BookingLog.objects.filter(booking=FIRST_KEY).values_list("pk"))
    rows["closed rooms"] = list(Closure.rooms.through.objects.values_list("closure", "room"))
    rows["services"] = list(Service.objects.filter(centre=FIRST_KEY).values_list("pk"))
    return rows


@contextmanager
def writes() -> Iterator[list[str]]:
    """Give a list of the statements that may write. Most addresses refuse before they do."""
    written: list[str] = []

    def note(execute, statement, *rest):
        if not statement.startswith(("SELECT ", "SAVEPOINT ", "RELEASE ", "ROLLBACK ")):
            written.append(statement)
        return execute(statement, *rest)

    with connection.execute_wrapper(note):
        yield written


def variants(address: str) -> list[str]:
    """Return the address with each of the foreign keys, and with the queries it may understand."""
    found = {address, address.replace(str(FIRST_KEY + 1), str(FIRST_KEY))}
    if "/bulk/" in address:
        found |= {f"{address}?id={FIRST_KEY}&id={FIRST_KEY + 1}", f"{address}?id=all"}
    elif str(FIRST_KEY) not in address:
        found |= {f"{address}?q=Geheim&id={FIRST_KEY}&export=csv", f"{address}?id={FIRST_KEY + 1}"}
    return sorted(found)


@pytest.mark.parametrize("who", ["manager", "assistant"])
def test_no_address_of_the_admin_shows_another_centre(request, client, who):
    client.force_login(request.getfixturevalue(who))
    client.raise_request_exception = False
    found, failed = {}, []
    for address in admin_addresses():
        for variant in variants(address):
            response = client.get(variant)
            if response.status_code >= 500:
                failed.append((variant, response.status_code))
            if markers := leaks(response, address):
                found[variant] = markers
    assert not found, "\n".join(found)
    assert not failed


@pytest.mark.parametrize("who", ["manager", "assistant"])
def test_no_post_to_the_admin_shows_or_changes_another_centre(request, client, who):
    client.force_login(request.getfixturevalue(who))
    client.raise_request_exception = False
    before = foreign_rows()
    found, changed = {}, []
    for address in admin_addresses():
        with writes() as written:
            for variant in variants(address):
                with transaction.atomic():
                    response = client.post(variant, forged())
                if markers := leaks(response, address):
                    found[variant] = markers
        if written and foreign_rows() != before:
            changed.append(address)
            before = foreign_rows()
    assert not found, "\n".join(found)
    assert not changed


def test_no_address_of_ones_own_requests_shows_or_changes_another_group(client, member):
    client.force_login(member)
    before = foreign_rows()
    assert len(own_addresses()) >= 5
    for address in own_addresses():
        for response in (client.get(address), client.post(address, forged())):
            assert not leaks(response, address), address
            has_key = FOREIGN_NUMBER in address or str(FIRST_KEY) in address
            expected = {404, 405} if has_key else {200, 405, 422}
            assert response.status_code in expected, address
    assert foreign_rows() == before


def test_the_walk_through_ones_own_requests_would_find_a_leak(client, foreign):
    client.force_login(foreign.booking.requester)
    seen = [address for address in own_addresses() if leaks(client.get(address), address)]
    group = f"/konto/vereine/{FIRST_KEY}/"
    assert {"/buchungen/", f"/buchungen/{FOREIGN_NUMBER}/", group} <= set(seen)


def forged() -> dict[str, object]:
    """Return what an attacker would send to any form: the foreign keys in every field."""
    key = FIRST_KEY
    names = [
        "centre", "location", "service", "services", "page", "parent_page", "new_parent_page",
        "collection", "image", "document", "user", "operator", "provider", "id", "selected",
        "room", "rooms", "spaces", "association", "termin", "bestaetigt", "picture", "floor_plan",
    ]  # fmt: skip
    management = {
        f"{prefix}-{name}_FORMS": 0
        for prefix in ("entrances", "stops", "contacts", "people", "hours", "layouts")
        for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")
    }
    return {
        **dict.fromkeys(names, key),
        **management,
        "title": "Überschrieben",
        "name": "Überschrieben",
        "slug": "ueberschrieben",
        "new_title": "Überschrieben",
        "new_slug": "ueberschrieben",
        "city": "Überschrieben",
        "kind": "on_demand_bus",
        "first_day": "2030-01-01",
        "what": "closed",
        "reason": "leave",
        "status": "open",
        "status_date": "2020-01-01",
        "phone": "030 23125 001",
        "holiday_policy": "closed",
        "open_0": "9–10",
        "vorlage": key,
        "new_patients": "yes",
        "text": "Überschrieben",
        "choice": "0",
        "trotzdem": "1",
        "legal_form": "group",
        "capacity": "5",
        "action-publish": "1",
        "next": "/",
    }
