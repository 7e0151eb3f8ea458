"""The list of the centres, the way to a page, and the frame around it."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group
from django.test import RequestFactory
from wagtail.models import PageViewRestriction, Site

from cms.models import Centre, CentrePage, LegalNoticePage, StandardPage
from cms.opening_hours import BERLIN
from cms.selectors.centres import centre_entries
from cms.selectors.frame import account_link, frame_of
from cms.selectors.pages import public_pages
from tests.factories.cms import CentreFactory, OperatorFactory, ServiceFactory

NOW = dt.datetime(2026, 11, 24, 10, 14, tzinfo=BERLIN)


def request_for(path: str = "/", host: str = "localhost"):
    return RequestFactory().get(path, headers={"host": host})


def add(parent, page_class, **values):
    return parent.add_child(instance=page_class(**values))


# Centres


def test_centres_are_listed_by_place_with_the_leading_practice(tree):
    nordholz = tree.add_centre("Nordholz", name="RVZ Wurster Nordseeküste")
    tree.add_centre("Alfeld")
    ServiceFactory.practice(nordholz.centre, name="Zweite", slug="zweite", sort_order=99)
    entries = centre_entries(tree.home.locale_id, NOW, request_for())
    assert [entry.centre.place for entry in entries] == ["Alfeld", "Nordholz"]
    assert entries[1].practice
    assert entries[1].practice.name == "Hausarztpraxis (MVZ)"
    assert entries[1].phone == "030 23125 410"
    assert entries[1].url == "/nordholz/"


def test_centre_that_is_not_open_says_so_instead_of_a_practice(tree):
    tree.add_centre(
        "Südheide",
        slug="suedheide",
        status=Centre.Status.PLANNED,
        expected_opening="Ende 2026",
        expected_by=dt.date(2026, 12, 31),
        status_date=dt.date(2024, 11, 29),
    )
    (entry,) = centre_entries(tree.home.locale_id, NOW, request_for())
    assert entry.status
    assert entry.status.text == (
        "Geplant – Eröffnung vorgesehen für Ende 2026 (Stand: 29.\u00a0November 2024)."
    )
    assert entry.phone == ""
    (later,) = centre_entries(
        tree.home.locale_id, dt.datetime(2027, 1, 4, 9, tzinfo=BERLIN), request_for()
    )
    assert later.status
    assert later.status.word == "Die Eröffnung war für Ende 2026 geplant."


def test_town_is_told_only_if_the_name_leaves_it_open(tree):
    tree.add_centre("Alfeld")
    tree.add_centre("Auetal").centre.locations.update(city="Rehren")
    towns = [entry.town for entry in centre_entries(tree.home.locale_id, NOW, request_for())]
    assert towns == ["", "Rehren"]


def test_centre_whose_page_is_a_draft_is_not_listed(tree, alfeld, nordholz):
    alfeld.unpublish()
    entries = centre_entries(tree.home.locale_id, NOW, request_for())
    assert [entry.centre.place for entry in entries] == ["Nordholz"]


def test_pages_behind_a_password_are_not_public_nor_what_is_below(tree, alfeld, nordholz):
    PageViewRestriction.objects.create(page=alfeld, restriction_type="password", password="x")
    public = public_pages()
    assert not public.filter(path__startswith=alfeld.path).exists()
    assert public.filter(path__startswith=nordholz.path).count() == 2


# Routing


@pytest.mark.parametrize("restricted", ["alfeld", "start"])
def test_restriction_above_asks_for_the_password(tree, alfeld, client, restricted):
    page = alfeld if restricted == "alfeld" else tree.home
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert client.get("/alfeld/hausarztpraxis/").status_code == 302


def test_alias_takes_the_restriction_of_its_source(tree, alfeld, client):
    about = add(alfeld, StandardPage, title="Intern", slug="intern")
    alias = about.create_alias(parent=tree.home, update_slug="offen")
    assert client.get(alias.url).status_code == 200
    restriction = PageViewRestriction.objects.create(page=about, restriction_type="groups")
    restriction.groups.add(Group.objects.create(name="Team"))
    assert client.get(alias.url).status_code == 302


def test_draft_below_a_live_page_is_not_found(tree, alfeld, client):
    add(alfeld, StandardPage, title="Entwurf", slug="entwurf", live=False)
    assert client.get("/alfeld/entwurf/").status_code == 404


# Frame


def labels(links):
    return [str(link.label) for link in links]


def test_programme_navigates_to_what_exists_only(tree):
    assert labels(frame_of(request_for(), tree.home).navigation) == ["Zentren", "Öffnungszeiten"]
    add(tree.home, StandardPage, title="Ü", slug="ueber", purpose="about")
    add(tree.home, StandardPage, title="Aktion", slug="aktion", show_in_menus=True)
    add(tree.home, StandardPage, title="K", slug="k", purpose="municipalities", live=False)
    assert labels(frame_of(request_for(), tree.home).navigation) == [
        "Zentren",
        "Öffnungszeiten",
        "Über RVZ",
        "Aktion",
    ]


def test_centre_has_its_own_name_help_and_navigation_on_the_programmes_host(tree, alfeld):
    add(alfeld, StandardPage, title="Förderverein", slug="verein", show_in_menus=True)
    frame = frame_of(request_for("/alfeld/"), alfeld)
    assert frame.name == "RVZ Alfeld"
    assert frame.start_url == "/alfeld/"
    assert labels(frame.navigation) == [
        "Öffnungszeiten",
        "Angebote",
        "Anfahrt & Kontakt",
        "Förderverein",
    ]
    assert frame.navigation[0].url == "/oeffnungszeiten/?zentrum=alfeld"
    assert frame.help.phone == alfeld.centre.phone
    assert frame.help.centres_url == ""
    assert frame.site_name == "Regionale Versorgungszentren"
    assert not frame.stands_alone


def test_legal_pages_are_the_centres_own_else_the_programmes(tree, alfeld, nordholz):
    operator = OperatorFactory.create()
    add(tree.home, LegalNoticePage, title="Impressum", slug="impressum", operator=operator)
    add(tree.home, StandardPage, title="D", slug="datenschutz", purpose="privacy")
    add(alfeld, LegalNoticePage, title="Impressum", slug="impressum", operator=operator)
    urls = [link.url for link in frame_of(request_for("/alfeld/"), alfeld).footer]
    assert urls == ["/alfeld/impressum/", "/datenschutz/"]
    urls = [link.url for link in frame_of(request_for("/nordholz/"), nordholz).footer]
    assert urls == ["/impressum/", "/datenschutz/"]


def test_legal_pages_do_not_stand_in_the_menu_too(tree):
    add(tree.home, StandardPage, title="D", slug="d", purpose="privacy", show_in_menus=True)
    assert labels(frame_of(request_for(), tree.home).navigation) == ["Zentren", "Öffnungszeiten"]


def test_no_footer_link_without_a_page(tree, alfeld):
    assert frame_of(request_for(), tree.home).footer == []
    assert frame_of(request_for(), alfeld).footer == []


def test_site_with_a_centre_as_root_stands_alone(tree, alfeld, nordholz):
    Site.objects.create(hostname="alfeld.localhost", root_page=alfeld, port=80)
    frame = frame_of(request_for("/", "alfeld.localhost"), alfeld)
    assert frame.stands_alone
    assert frame.start_url == "/"
    assert frame.site_name == ""
    assert [link.url for link in frame.navigation] == [
        "/oeffnungszeiten/",
        "/#angebote",
        "/#anfahrt",
    ]


def test_plain_view_has_the_frame_of_the_site(tree, alfeld):
    assert frame_of(request_for("/suche/")).name == "Regionale Versorgungszentren"
    Site.objects.create(hostname="alfeld.localhost", root_page=alfeld, port=80)
    assert frame_of(request_for("/suche/", "alfeld.localhost")).name == "RVZ Alfeld"


def test_people_sign_in_on_the_base_host(tree, alfeld, settings):
    settings.BASE_URL = "http://localhost:8000"
    Site.objects.create(hostname="alfeld.localhost", root_page=alfeld, port=80)
    here = account_link(request_for("/"))
    elsewhere = account_link(request_for("/", "alfeld.localhost"))
    assert here
    assert here.url == "/konto/login/"
    assert elsewhere
    assert elsewhere.url == "http://localhost:8000/konto/login/"


def test_frame_stands_without_any_site(db):
    Site.objects.all().delete()
    assert frame_of(request_for()).name == "Regionale Versorgungszentren"


def test_page_of_a_service_marks_services_as_here(tree, alfeld):
    practice = alfeld.get_children().first().specific
    current = [link for link in frame_of(request_for(), practice).navigation if link.current]
    assert labels(current) == ["Angebote"]


def test_centre_page_knows_the_pages_of_its_services(tree, alfeld):
    service = alfeld.centre.services.get()
    assert frame_of(request_for(), alfeld).services == {service.pk: "/alfeld/hausarztpraxis/"}


def test_draft_of_a_new_centre_page_can_be_shown(tree):
    centre = CentreFactory.create(place="Neu")
    page = CentrePage(title="RVZ Neu", centre=centre, slug="neu", locale=tree.home.locale)
    page.set_url_path(tree.home)
    page.path = tree.home.path + "000Z"
    page.depth = tree.home.depth + 1
    assert frame_of(request_for(), page).name == "RVZ Neu"
