"""Whole pages from the cache: fast, and never wrong."""

import datetime as dt

import pytest
from django.core.cache import BaseCache, caches
from django.test import Client, RequestFactory
from django.utils import timezone
from wagtail.models import Site

from cms import page_cache
from cms.models import Contact, HolidayOverride
from cms.selectors.service_facts import facts_of_service
from cms.services.hours import locked, store_hours
from tests.factories.cms import UserFactory, closed, weekly


@pytest.fixture(autouse=True)
def _cache_on(settings):
    settings.PAGE_CACHE_SECONDS = 60


def get(client: Client, path: str = "/alfeld/hausarztpraxis/", **headers):
    response = client.get(path, headers={"host": "localhost", **headers})
    assert response.status_code == 200
    return response


def test_second_visit_costs_no_query(client, practice, django_assert_num_queries):
    first = get(client)
    with django_assert_num_queries(0):
        second = get(client)
    assert second.content == first.content


def test_stored_page_carries_policy_and_headers(client, practice):
    get(client)
    headers = get(client).headers
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe-inline" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in headers


def test_cache_can_be_turned_off(client, settings, practice):
    settings.PAGE_CACHE_SECONDS = 0
    get(client)
    assert page_cache.pages_cache().get(page_cache.GENERATION_KEY) is None


def test_new_phone_number_shows_at_once(client, practice, django_capture_on_commit_callbacks):
    assert "030 23125 410" in get(client).text
    with django_capture_on_commit_callbacks(execute=True):
        Contact.objects.filter(service=practice, label="").get().delete()
        Contact.objects.create(service=practice, phone="030 23125 499")
    assert "030 23125 499" in get(client).text


def test_new_closure_shows_at_once(client, practice, django_capture_on_commit_callbacks):
    today = timezone.localdate()
    get(client, "/alfeld/")
    with django_capture_on_commit_callbacks(execute=True):
        closed(practice, str(today), str(today + dt.timedelta(3)), substitute="Praxis Nebenan")
    assert "Praxis Nebenan" in get(client, "/alfeld/").text


def test_new_holiday_and_undone_hours_show_at_once(
    client, practice, django_capture_on_commit_callbacks
):
    today = timezone.localdate()
    get(client)
    with django_capture_on_commit_callbacks(execute=True):
        HolidayOverride.objects.create(
            kind="public", name="Tag des Dorfes", first_day=today, last_day=today
        )
        weekly(practice, today.weekday(), "06:00", "23:00", kind="walk_in")
    assert "Tag des Dorfes" in get(client).text
    with django_capture_on_commit_callbacks(execute=True):
        service = locked(practice)
        store_hours(service=service, rules=[], holiday_policy="closed", user=None)
    assert "keine Angabe" in get(client).text


def test_change_that_is_rolled_back_keeps_the_pages(
    client, practice, django_capture_on_commit_callbacks, django_assert_num_queries
):
    get(client)
    with django_capture_on_commit_callbacks(execute=False):
        Contact.objects.create(service=practice, phone="030 23125 499")
    with django_assert_num_queries(0):
        get(client)


@pytest.mark.parametrize("event", ["publish", "unpublish", "move", "delete", "site", "restrict"])
def test_every_change_of_the_tree_renews_the_generation(
    event, tree, alfeld, nordholz, django_capture_on_commit_callbacks
):
    page = alfeld.get_children().get()
    nordholz.get_children().get().specific.delete()
    nordholz.refresh_from_db()
    before = page_cache.generation()
    with django_capture_on_commit_callbacks(execute=True):
        match event:
            case "publish":
                page.specific.save_revision().publish()
            case "unpublish":
                page.unpublish()
            case "move":
                page.move(nordholz, pos="last-child")
            case "delete":
                page.specific.delete()
            case "site":
                Site.objects.create(hostname="alfeld.localhost", root_page=alfeld)
            case "restrict":
                page.view_restrictions.create(restriction_type="login")
    assert page_cache.generation() != before


def test_saving_a_draft_keeps_the_pages(alfeld, django_capture_on_commit_callbacks):
    before = page_cache.generation()
    with django_capture_on_commit_callbacks(execute=True):
        alfeld.title = "Entwurf"
        alfeld.save_revision()
    assert page_cache.generation() == before


def test_people_signing_in_keep_the_pages(db, django_capture_on_commit_callbacks):
    before = page_cache.generation()
    with django_capture_on_commit_callbacks(execute=True):
        UserFactory.create()
    assert page_cache.generation() == before


def test_signed_in_editors_neither_get_nor_fill_the_cache(client, alfeld, administrator):
    editor = Client()
    editor.force_login(administrator)
    assert "private" in get(editor, "/alfeld/").headers["Cache-Control"]
    key = page_cache.page_key(
        RequestFactory().get("/alfeld/", headers={"host": "localhost"}), page_cache.generation()
    )
    assert page_cache.pages_cache().get(key) is None
    get(client, "/alfeld/")
    assert page_cache.pages_cache().get(key) is not None
    assert "ETag" not in get(editor, "/alfeld/").headers


def test_message_for_one_person_stays_with_her(client, alfeld):
    """The word after signing out travels in a cookie of its own."""
    client.cookies["messages"] = "anything"
    assert "ETag" not in get(client, "/alfeld/").headers


def test_pages_with_a_form_token_are_not_kept(client, tree):
    response = get(client, "/konto/login/")
    assert "csrfmiddlewaretoken" in response.text
    assert "private" in response.headers["Cache-Control"]
    assert "ETag" not in response.headers


def test_password_protected_page_is_not_kept(client, alfeld):
    alfeld.view_restrictions.create(restriction_type="password", password="geheim")
    response = get(client, "/alfeld/")
    assert "Diese Seite ist nicht öffentlich" in response.text
    assert "ETag" not in response.headers


def test_other_site_has_its_own_pages(client, alfeld, tree):
    Site.objects.create(hostname="alfeld.localhost", port=80, root_page=alfeld)
    programme = get(client, "/")
    own = get(client, "/", host="alfeld.localhost")
    assert "RVZ Alfeld in Alfeld" in own.text
    assert own.content != programme.content
    assert get(client, "/").content == programme.content


def test_unknown_queries_do_not_fill_the_cache(client, alfeld):
    for number in range(5):
        assert "ETag" not in get(client, f"/alfeld/?x={number}").headers


def test_unknown_host_is_refused_not_stored(client, alfeld):
    assert client.get("/alfeld/", headers={"host": "evil.example"}).status_code == 400


def test_browser_that_has_the_page_gets_no_body(client, practice, django_assert_num_queries):
    etag = get(client).headers["ETag"]
    with django_assert_num_queries(0):
        response = client.get(
            "/alfeld/hausarztpraxis/", headers={"host": "localhost", "if-none-match": etag}
        )
    assert response.status_code == 304
    assert response.content == b""


def test_compressed_for_who_understands_it(client, practice):
    plain = get(client)
    packed = get(client, **{"accept-encoding": "br, gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.content) < len(plain.content) / 2


@pytest.mark.parametrize("accepted", ["gzip;q=0", "gzip;q=0 , br", "gzip; q=0.0", ""])
def test_plain_for_who_refuses_it(client, practice, accepted):
    response = get(client, **{"accept-encoding": accepted})
    assert "Content-Encoding" not in response.headers


def test_head_is_answered_from_the_page_of_get(client, practice, django_assert_num_queries):
    get(client)
    with django_assert_num_queries(0):
        response = client.head("/alfeld/hausarztpraxis/", headers={"host": "localhost"})
    assert response.status_code == 200
    assert response.headers["ETag"]


def test_page_is_never_stored_under_a_change_it_did_not_see(client, practice, monkeypatch):
    """The change comes while the page is being rendered."""

    def change_meanwhile(*args, **kwargs):
        facts = facts_of_service(*args, **kwargs)
        page_cache.renew_generation()
        return facts

    with monkeypatch.context() as patch:
        patch.setattr("cms.templatetags.facts.facts_of_service", change_meanwhile)
        get(client)
    Contact.objects.filter(service=practice, label="").update(phone="030 23125 499")
    assert "030 23125 499" in get(client).text


@pytest.mark.parametrize(
    ("now", "moment", "seconds"),
    [
        ("2026-11-24T10:14:00", None, 60),
        ("2026-11-24T10:14:00", "2026-11-24T10:14:20", 20),
        ("2026-11-24T10:14:00", "2026-11-24T12:00:00", 60),
        ("2026-11-24T23:59:50", None, 10),
        ("2026-11-24T10:14:00", "2026-11-24T10:14:00", 0),
    ],
    ids=["a minute at most", "next change", "later change", "midnight", "already over"],
)
def test_page_lives_until_something_on_it_changes(now, moment, seconds):
    request = RequestFactory().get("/")
    if moment:
        page_cache.live_until(request, local(moment))
        page_cache.live_until(request, local("2026-12-01T00:00:00"))
    assert page_cache.seconds_to_live(request, local(now)) == seconds


def local(text: str) -> dt.datetime:
    return timezone.make_aware(dt.datetime.fromisoformat(text))


def test_broken_cache_does_not_take_the_site_down(client, alfeld, settings, caplog):
    settings.CACHES = {
        **settings.CACHES,
        "pages": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": "/proc/nowhere",
        },
    }
    assert "Alfeld" in get(client, "/alfeld/").text
    assert "page cache" in caplog.text


@pytest.mark.parametrize("broken", ["get", "set"])
def test_cache_that_breaks_later_does_not_take_the_site_down(
    client, alfeld, monkeypatch, caplog, broken
):
    page_cache.generation()

    class Broken:
        """Knows the token, and fails at the pages."""

        def __init__(self, cache: BaseCache) -> None:
            self.cache = cache

        def get(self, key: str, default=None):
            if broken == "get" and key != page_cache.GENERATION_KEY:
                raise OSError
            return self.cache.get(key, default)

        def set(self, *args, **kwargs):
            raise OSError

    cache = Broken(caches["pages"])
    monkeypatch.setattr(page_cache, "pages_cache", lambda: cache)
    assert "Alfeld" in get(client, "/alfeld/").text
    assert "page cache: cannot write" in caplog.text
    assert ("page cache: cannot read" in caplog.text) is (broken == "get")


def test_preview_of_a_draft_is_not_kept(alfeld):
    """Wagtail sends the preview through the whole middleware, under the page's own address."""
    response = alfeld.make_preview_request(
        RequestFactory().get("/", headers={"host": "localhost"}), "default"
    )
    assert response.status_code == 200
    assert "ETag" not in response.headers
