"""Pages for what went wrong: they help, and they stand when nothing else does."""

import pytest
from django.db import DatabaseError
from django.test import Client, RequestFactory
from wagtail.models import Locale, Site

from cms.models import Centre
from cms.views import errors
from tests.factories.cms import PASSWORD, UserFactory


@pytest.fixture
def visitor() -> Client:
    """Return a browser that gets the error page, as outside of tests."""
    return Client(headers={"host": "localhost"}, raise_request_exception=False)


def test_unknown_page_offers_search_centres_and_phones(visitor, alfeld, nordholz):
    response = visitor.get("/gibt-es-nicht/")
    assert response.status_code == 404
    assert "nicht gefunden" in response.text
    assert 'name="q"' in response.text
    assert "RVZ Alfeld" in response.text
    assert alfeld.centre.phone in response.text
    assert "tel:+4930" in response.text
    assert nordholz.centre.phone in response.text


def test_unknown_page_of_a_centres_own_site_speaks_of_this_centre_only(visitor, alfeld, nordholz):
    Site.objects.create(hostname="alfeld.localhost", root_page=alfeld)
    text = visitor.get("/nordholz/", headers={"host": "alfeld.localhost"}).text
    assert alfeld.centre.phone in text
    assert "Nordholz" not in text


def test_centres_that_are_not_open_are_not_offered(visitor, alfeld, nordholz):
    Centre.objects.filter(pk=nordholz.centre_id).update(status=Centre.Status.BUILDING)
    assert nordholz.centre.phone not in visitor.get("/gibt-es-nicht/").text


def test_unknown_page_without_database_is_still_a_404(rf: RequestFactory, monkeypatch, caplog):
    def fail(_request):
        raise DatabaseError

    monkeypatch.setattr(errors, "centres_to_ring", fail)
    response = errors.not_found(rf.get("/x/"))
    assert response.status_code == 404
    assert "nicht gefunden" in response.text
    assert "116117" in response.text


def test_server_error_page_needs_nothing(rf: RequestFactory, settings):
    """No database (no fixture of it here), no cache, no session, no manifest of static files."""
    settings.CACHES = {}
    settings.STORAGES = {}
    response = errors.server_error(rf.get("/"))
    assert response.status_code == 500
    assert 'href="/"' in response.text
    assert 'href="tel:116117"' in response.text
    assert 'href="tel:112"' in response.text
    assert '<html lang="de">' in response.text
    assert "<script" not in response.text
    assert "style=" not in response.text


def test_crash_in_a_view_shows_the_server_error_page(visitor, tree, monkeypatch):
    def crash(*_args, **_kwargs):
        message = "boom"
        raise RuntimeError(message)

    monkeypatch.setattr("home.views.search_site", crash)
    response = visitor.get("/suche/?q=arzt")
    assert response.status_code == 500
    assert "Diese Seite ist gerade gestört" in response.text
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]


def test_form_without_token_is_explained(alfeld):
    client = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    response = client.post("/konto/login/", {"login": "a@example.org", "password": PASSWORD})
    assert response.status_code == 403
    assert "Es wurde nichts gespeichert" in response.text
    assert "Cookies" in response.text


def test_no_right_is_explained_in_the_frame(client, tree):
    client.force_login(UserFactory.create())
    response = client.get("/verwaltung/")
    assert response.status_code == 403
    assert "Diese Seite dürfen Sie nicht öffnen" in response.text


LONG = "a" * 10_000
HOSTILE = {
    "unknown page": ("/gibt-es-nicht/", 404),
    "unknown page, no slash": ("/gibt-es-nicht", 301),
    "unknown language": ("/fr/", 404),
    "language without pages": ("/en/", 404),
    "centre in a language without pages": ("/en/alfeld/", 404),
    "easy language without pages": ("/de-simple/", 404),
    "centre in easy language without pages": ("/de-simple/alfeld/", 404),
    "language that looks like one": ("/de-DE-x-y/", 404),
    "default language as a prefix": ("/de/alfeld/", 404),
    "NUL in the path": ("/alfeld%00/", 400),
    "NUL in the query": ("/suche/?q=a%00b", 400),
    "NUL in a name of the query": ("/alfeld/?%00=1", 400),
    "NUL in the path of a picture": ("/media/images/a%00.jpg", 400),
    "no UTF-8 in the path": ("/%ff%fe/", 404),
    "no UTF-8 in the query": ("/suche/?q=%ff%fe", 200),
    "half a surrogate": ("/suche/?q=%ed%a0%80", 200),
    "long path": (f"/{LONG}/", 404),
    "long path below a centre": (f"/alfeld/{LONG}/", 404),
    "long query": (f"/suche/?q={LONG}", 200),
    "long name in the query": (f"/?{LONG}=1", 200),
    "many fields": ("/suche/?" + "&".join(f"a{n}=1" for n in range(200)), 200),
    "the same field twice": ("/suche/?q=arzt&q=alfeld", 200),
    "field as a list": ("/suche/?q[]=arzt", 200),
    "SQL in the query": ("/suche/?q=' OR 1=1; DROP TABLE cms_centre --", 200),
    "search operators": ("/suche/?q=%26 | ! ( ) : * <-> \\", 200),
    "HTML in the query": ("/suche/?q=<script>alert(1)</script>", 200),
    "format string": ("/suche/?q=%25(name)s %25s {0}", 200),
    "emoji": ("/suche/?q=%F0%9F%98%80", 200),
    "only a space": ("/suche/?q=%20", 200),
    "traversal": ("/media/../manage.py", 404),
    "encoded traversal": ("/media/%2e%2e/%2e%2e/manage.py", 404),
    "twice encoded traversal": ("/media/images/%252e%252e/secret-key", 404),
    "absolute picture path": ("/media//etc/passwd", 404),
    "document that is not there": ("/documents/999999/x.pdf", 404),
    "huge number of a document": ("/documents/99999999999999999999/x.pdf", 404),
    "page number that is none": ("/zentren/?p=x&page=-1", 200),
    "confirmation link, now that a code confirms": ("/konto/confirm-email/x:y:z/", 404),
    "password key that is none": ("/konto/password/reset/key/zz-xx/", 200),
    "mail that is not there": ("/demo/post/999999/", 404),
    "huge number of a mail": ("/demo/post/99999999999999999999/", 404),
    "next address elsewhere": ("/konto/login/?next=https://evil.example/", 200),
    "next address with a line break": ("/konto/login/?next=/%0d%0aSet-Cookie:x", 200),
}


@pytest.mark.parametrize(("path", "status"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_address_is_answered(visitor, alfeld, path, status):
    response = visitor.get(path)
    assert response.status_code == status
    if status != 301 and response.headers["Content-Type"].startswith("text/html"):
        assert '<html lang="' in response.text
        assert "<script>alert" not in response.text


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options", "post"])
def test_other_methods_change_nothing(visitor, alfeld, method):
    assert getattr(visitor, method)("/alfeld/").status_code < 500
    assert getattr(visitor, method)("/suche/").status_code in {405, 403}


def test_language_exists_with_its_start_page(visitor, tree):
    assert "Diese Seite haben wir nicht gefunden" in visitor.get("/en/suche/").text
    english = Locale.objects.create(language_code="en")
    tree.home.copy_for_translation(english).save_revision().publish()
    assert visitor.get("/en/").status_code == 200
    assert visitor.get("/en/suche/").status_code == 200
    assert visitor.get("/de-simple/suche/").status_code == 404


def test_unknown_host_is_refused_with_a_page(visitor, alfeld):
    response = visitor.get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "116117" in response.text
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
