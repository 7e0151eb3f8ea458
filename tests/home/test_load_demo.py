"""`load_demo`: what a run writes, and what it leaves alone."""

import datetime as dt
from collections import Counter
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from wagtail.models import Page, Revision, Site
from wagtail.users.models import UserProfile

from bookings.models import Occupancy
from bookings.selectors.ledger_check import differences
from bookings.selectors.series_check import series_differences
from cms.blocks import BODY_BLOCKS
from cms.models import (
    SERVICE_PAGE_TYPES,
    BasePage,
    Centre,
    CentrePage,
    CustomImage,
    Service,
    StaffRole,
    StandardPage,
    User,
)
from cms.opening_hours import BERLIN
from cms.supervisor.first_page import LOGINS
from home.demo import build, drawing
from home.models import CentreIndexPage, HomePage
from tests.home.conftest import BASE_URL, TODAY, load

APPS = (
    "account",
    "auth",
    "bookings",
    "cms",
    "home",
    "schedule",
    "wagtailcore",
    "wagtailusers",
)


def rows() -> dict[str, list[str]]:
    """Return every row that people see, change or sign in with."""
    tables = [
        model._meta.db_table for app in APPS for model in apps.get_app_config(app).get_models()
    ]
    with connection.cursor() as cursor:
        return {table: rows_of(cursor, table) for table in tables}


def rows_of(cursor, table: str) -> list[str]:
    cursor.execute(f'SELECT entry::text FROM "{table}" AS entry ORDER BY 1')  # noqa: S608
    return [entry for (entry,) in cursor.fetchall()]


# Running it again -------------------------------------------------------------------------------


def test_a_second_run_changes_no_row(demo):
    before = rows()

    lines = load()

    assert rows() == before
    assert all(line.endswith("already there") for line in lines)


def test_what_an_editor_changed_stays(demo):
    centre = Centre.objects.get(slug="alfeld")
    centre.phone = "030 23125 499"
    centre.save()
    page = CentrePage.objects.get(centre=centre)
    page.title = "Unser Haus"
    page.save_revision().publish()

    load()

    assert Centre.objects.get(slug="alfeld").phone == "030 23125 499"
    assert CentrePage.objects.get(centre=centre).title == "Unser Haus"


def test_what_an_editor_removed_from_a_service_stays_away(demo):
    practice = Service.objects.get(centre__slug="alfeld", slug="hausarztpraxis")
    practice.hours_exceptions.all().delete()
    practice.contacts.filter(label="Rezepte").delete()

    load()

    assert not practice.hours_exceptions.exists()
    assert practice.contacts.count() == 1


def test_a_new_short_name_or_address_makes_no_second_one(demo):
    Centre.objects.filter(slug="auetal").update(slug="rehren")
    Service.objects.filter(centre__slug="alfeld", slug="apotheke").update(slug="stadtapotheke")
    about = StandardPage.objects.get(slug="ueber-rvz")
    about.slug = "ueber-uns"
    about.save()
    before = Counter(centres=Centre.objects.count(), pages=Page.objects.count())

    load()

    assert Counter(centres=Centre.objects.count(), pages=Page.objects.count()) == before


def test_a_service_that_is_missing_comes_back_with_its_hours_and_page(demo):
    pharmacy = Service.objects.get(centre__slug="alfeld", slug="apotheke")
    pharmacy.servicepages.get().delete()
    pharmacy.delete()

    load()

    pharmacy = Service.objects.get(centre__slug="alfeld", slug="apotheke")
    assert pharmacy.weekly_rules.count() == 11
    assert pharmacy.servicepages.get().live


def test_the_addresses_follow_the_base_url_at_each_run(demo):
    build.load(today=TODAY, base_url="https://rvz.example.org", say=lambda _line: None)

    assert Site.objects.get(is_default_site=True).root_url == "https://rvz.example.org"
    assert Site.objects.get(hostname="alfeld.localhost").port == 443


def test_only_one_run_at_a_time(demo):
    other = connection.copy()
    try:
        with build.only_one_at_a_time(), other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [build.LOCK])
            during = cursor.fetchone()[0]
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [build.LOCK])
            afterwards = cursor.fetchone()[0]
    finally:
        other.close()

    assert (during, afterwards) == (False, True)


def test_it_refuses_to_run_in_production(demo, settings):
    settings.ENVIRONMENT = "production"
    Centre.objects.filter(slug="suedheide").update(slug="woanders", name="Woanders")

    with pytest.raises(CommandError, match="production"):
        call_command("load_demo", stdout=StringIO())

    assert not Centre.objects.filter(slug="suedheide").exists()


def test_the_command_says_what_it_does(demo, settings):
    settings.BASE_URL = BASE_URL
    out = StringIO()

    call_command("load_demo", stdout=out)

    assert "RVZ Leinebergland: already there" in out.getvalue()


# The tree and the sites -------------------------------------------------------------------------


def test_the_start_page_takes_the_place_of_the_welcome_page(demo):
    site = Site.objects.get(is_default_site=True)

    assert isinstance(site.root_page.specific, HomePage)
    assert (site.hostname, site.port) == ("localhost", 8123)
    assert HomePage.objects.count() == CentreIndexPage.objects.count() == 1
    assert not Page.objects.filter(depth=2, slug="home").exists()


def test_a_start_page_of_somebody_else_is_left_alone(demo):
    site = Site.objects.get(is_default_site=True)
    root = Page.get_first_root_node()
    theirs = root.add_child(instance=Page(title="Eigene Startseite", slug="eigene"))
    site.root_page = theirs
    site.save()

    load()

    assert Site.objects.get(is_default_site=True).root_page_id == theirs.pk

    HomePage.objects.get().delete()
    with pytest.raises(CommandError, match="start page of its own"):
        call_command("load_demo", stdout=StringIO())


def test_alfeld_stands_alone_under_its_own_host(demo):
    site = Site.objects.get(hostname="alfeld.localhost")

    assert site.root_page.specific.centre.slug == "alfeld"
    assert site.port == 8123
    assert {page.slug for page in site.root_page.get_children()} >= {
        "impressum",
        "datenschutz",
        "barrierefreiheit",
    }


def test_six_centres_have_their_pages_below_the_start_page(demo):
    home = HomePage.objects.get()

    assert {page.slug for page in CentrePage.objects.child_of(home).live()} == {
        "alfeld",
        "auetal",
        "baddeckenstedt",
        "nordenham",
        "nordholz",
        "suedheide",
    }


def test_every_kind_of_service_page_is_shown(demo):
    assert all(page_type.objects.live().exists() for page_type in SERVICE_PAGE_TYPES)


def test_every_page_has_a_history_to_go_back_to(demo):
    pages = Page.objects.filter(depth__gt=1)

    assert Revision.page_revisions.count() == pages.count()
    assert not pages.filter(live_revision=None).exists()


def test_every_row_and_body_passes_the_rules_of_its_model(demo):
    # Users have no rules beyond those of the sign-up form; the ledger is checked by `check_ledger`.
    models = {
        *apps.get_app_config("bookings").get_models(),
        *apps.get_app_config("cms").get_models(),
    }
    for model in models - {User, Occupancy}:
        for row in model._default_manager.all():
            row.full_clean()
    assert differences(now=dt.datetime.combine(TODAY, dt.time(), tzinfo=BERLIN)) == []
    assert list(series_differences()) == []
    for page in Page.objects.filter(depth__gt=1).specific():
        if isinstance(page, BasePage):
            BODY_BLOCKS.clean(page.body)


def test_the_pictures_say_what_they_show(demo):
    images = list(CustomImage.objects.all())

    assert len(images) == 3
    for image in images:
        assert image.alt_text
        assert image.width * 2 == image.height * 3
    assert CustomImage.objects.get(title=drawing.TITLE).renditions.exists()


# People ------------------------------------------------------------------------------------------


def test_everybody_can_sign_in_at_once(demo):
    people = User.objects.filter(email__in=LOGINS)

    assert len(people) == len(LOGINS)
    assert all(person.check_password("rvz-demo-2026") for person in people)
    confirmed = EmailAddress.objects.filter(verified=True, primary=True)
    assert confirmed.filter(user__in=people).count() == len(LOGINS)
    assert set(UserProfile.objects.values_list("preferred_language", flat=True)) == {"de"}


def test_nobody_else_can_sign_in_with_a_password(demo):
    others = User.objects.exclude(email__in=LOGINS)

    assert others.exists()
    assert not any(person.has_usable_password() for person in others)


def test_managers_belong_to_their_centre_only(demo):
    for slug in ("alfeld", "nordholz"):
        manager = User.objects.get(email=f"leitung.{slug}@example.org")
        assert [group.centre.slug for group in manager.groups.all()] == [slug]
        assert not manager.is_superuser
        assert manager.has_perm("wagtailadmin.access_admin")


def test_the_assistant_keeps_the_hours_of_the_practice_only(demo):
    role = StaffRole.objects.get(user__email="praxis.alfeld@example.org")

    assert role.centre.slug == "alfeld"
    assert [service.slug for service in role.services.all()] == ["hausarztpraxis"]
    assert role.user.has_perm("wagtailadmin.access_admin")
    assert not role.user.groups.filter(page_permissions__isnull=False).exists()


def test_somebody_with_a_login_of_the_demo_is_left_alone(demo):
    manager = User.objects.get(email="leitung.alfeld@example.org")
    manager.set_password("ein-anderes-kennwort")
    manager.save()
    manager.groups.clear()

    load()

    manager.refresh_from_db()
    assert manager.check_password("ein-anderes-kennwort")
    assert not manager.groups.exists()
