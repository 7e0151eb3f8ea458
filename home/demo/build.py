"""Puts the demo into an installation: creates what is missing, never overwrites."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection, transaction
from wagtail.models import Site
from wagtail.signal_handlers import disable_reference_index_auto_update

from cms.models import CentrePage
from cms.services.centres import set_up_centre
from home.demo.alfeld import ALFELD
from home.demo.auetal import AUETAL
from home.demo.baddeckenstedt import BADDECKENSTEDT
from home.demo.build_bookings import ensure_bookings
from home.demo.build_facts import ensure_centre, ensure_service
from home.demo.build_pages import (
    LEGAL_BODIES,
    ensure_centre_page,
    ensure_child,
    ensure_programme_pages,
    ensure_service_page,
    legal_pages,
    start_page,
)
from home.demo.build_people import ensure_people
from home.demo.build_rooms import ensure_rooms
from home.demo.nordenham import NORDENHAM
from home.demo.nordholz import NORDHOLZ
from home.demo.suedheide import SUEDHEIDE
from home.demo.terms import ensure_terms
from home.demo.values import CentreData
from home.models import HomePage
from home.services.sites import ensure_start_page, write_address

CENTRES = (NORDENHAM, NORDHOLZ, ALFELD, BADDECKENSTEDT, AUETAL, SUEDHEIDE)
OWN_SITE, OWN_HOST = ALFELD, "alfeld.localhost"
SITE_NAME = "Regionale Versorgungszentren"
LOCK = 2_026_112_100  # any number that nothing else in this database locks

Say = Callable[[str], None]


def load(*, today: dt.date, base_url: str, say: Say) -> None:
    """Create what is missing. Whoever comes second waits and finds everything there."""
    with only_one_at_a_time():
        changed = False
        with disable_reference_index_auto_update():
            home, new = load_programme(today, base_url)
            changed |= report(say, "Programme", new)
            for data in CENTRES:
                new = load_centre(home, data, today)
                changed |= report(say, data.name, new)
        with transaction.atomic():
            load_own_site(base_url)
            changed |= report(say, "Logins", ensure_people())
        with transaction.atomic(), disable_reference_index_auto_update():
            changed |= report(say, "Rooms", ensure_rooms() + ensure_terms())
            changed |= report(say, "Groups and their dates", ensure_bookings(today))
        if changed:
            say("Search index …")
            call_command("update_index", verbosity=0)
            call_command("rebuild_references_index", verbosity=0)


def report(say: Say, what: str, new: int) -> bool:
    say(f"{what}: {new} created" if new else f"{what}: already there")
    return bool(new)


@contextmanager
def only_one_at_a_time() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


@transaction.atomic
def load_programme(today: dt.date, base_url: str) -> tuple[HomePage, int]:
    home = ensure_start_page(start_page=start_page(), site_name=SITE_NAME)
    write_address(site=Site.objects.get(is_default_site=True), base_url=base_url)
    return home, ensure_programme_pages(home, today)


@transaction.atomic
def load_centre(home: HomePage, data: CentreData, today: dt.date) -> int:
    """Create the missing facts and pages of a centre; return how many services and pages."""
    centre = ensure_centre(data, today)
    before = centre.services.count()
    page, created = ensure_centre_page(home, centre, data)
    if created or centre.group is None:
        set_up_centre(centre=centre, pages=[page])
    pages = int(created)
    for order, service_data in enumerate(data.services):
        service = ensure_service(centre, service_data, order, today)
        if service_data.page:
            pages += ensure_service_page(page, service, service_data.page)
    if data is OWN_SITE:
        for legal_page in legal_pages(centre.operator, data.email, today):
            pages += ensure_child(page, legal_page, LEGAL_BODIES[legal_page.slug])
    return pages + centre.services.count() - before


def load_own_site(base_url: str) -> None:
    """Let one centre stand alone under a host name of its own."""
    root_page = CentrePage.objects.filter(centre__slug=OWN_SITE.slug).first()
    if root_page is None:
        return
    site = Site.objects.filter(hostname=OWN_HOST).first() or Site(
        hostname=OWN_HOST, root_page=root_page, site_name=OWN_SITE.name
    )
    write_address(site=site, base_url=base_url, hostname=OWN_HOST)
