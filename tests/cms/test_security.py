"""Headers, the admin's guard and files: nothing runs, shows or opens that should not."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Site

from cms.models import CentrePage, User
from cms.services.centres import set_up_centre
from tests.factories.cms import PASSWORD, UserFactory

SECRET = "JBSWY3DPEHPK3PXP"


def current_code() -> str:
    """Return what the person's app shows now."""
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


def manager_of(page: CentrePage) -> User:
    set_up_centre(centre=page.centre, pages=[page])
    user = UserFactory.create()
    user.groups.add(page.centre.group)
    return user


@pytest.fixture
def manager(alfeld) -> User:
    return manager_of(alfeld)


@pytest.fixture
def desk(manager) -> Client:
    """Sign the manager of Alfeld in."""
    client = Client(headers={"host": "localhost"})
    client.force_login(manager)
    return client


def policy_of(response) -> dict[str, str]:
    directives = response.headers["Content-Security-Policy"].split("; ")
    return {name: " ".join(values) for name, *values in map(str.split, directives)}


# Content security policy ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/zentren/",
        "/alfeld/",
        "/alfeld/hausarztpraxis/",
        "/suche/",
        "/suche/?q=arzt",
        "/konto/login/",
        "/konto/password/reset/",
        "/konto/signup/",
        "/gibt-es-nicht/",
    ],
)
def test_public_pages_run_nothing_of_others(alfeld, path):
    response = Client(headers={"host": "localhost"}).get(path)
    policy = policy_of(response)
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["base-uri"] == "'none'"
    assert policy["frame-ancestors"] == "'self'"
    assert inline_code(response.text) == []


def inline_code(html: str) -> list[str]:
    """Return what the policy would refuse: scripts, styles and handlers in the page itself."""
    scripts = re.findall(r"<script(?![^>]*\ssrc=)(?![^>]*application/(?:ld\+)?json)[^>]*>", html)
    return scripts + re.findall(r"<style|\sstyle=|\son[a-z]+=\"", html)


def test_inline_code_would_be_found():
    assert inline_code('<p style="color: red">')
    assert inline_code("<script>alert(1)</script>")
    assert inline_code('<script type="application/json">{}</script>') == []


@pytest.mark.parametrize("path", ["/", "/suche/?q=arzt", "/gibt-es-nicht/", "/health/live"])
def test_public_pages_set_no_cookie(alfeld, path):
    assert not Client(headers={"host": "localhost"}).get(path).cookies


def test_admin_gets_a_nonce_for_its_inline_scripts(desk, alfeld):
    response = desk.get(f"/verwaltung/pages/{alfeld.pk}/edit/")
    policy = policy_of(response)
    nonce = re.search(r"'nonce-([^']+)'", policy["script-src"])
    assert nonce
    assert "unsafe-inline" not in policy["script-src"]
    inline = re.findall(r"<script(?![^>]*\ssrc=)[^>]*>", response.text)
    assert inline
    assert all(f'nonce="{nonce[1]}"' in script for script in inline)


def test_nonce_is_new_every_time(desk, alfeld):
    path = f"/verwaltung/pages/{alfeld.pk}/edit/"
    assert policy_of(desk.get(path))["script-src"] != policy_of(desk.get(path))["script-src"]


def test_admin_pages_without_inline_script_have_no_nonce(desk, client):
    assert "nonce" not in policy_of(client.get("/konto/login/"))["script-src"]


# Who gets in ---------------------------------------------------------------------------------------


def test_visitor_is_asked_to_sign_in_and_comes_back(client, tree):
    response = client.get("/verwaltung/pages/", follow=True)
    assert response.redirect_chain[-1][0].startswith("/konto/login/?next=/verwaltung/pages/")
    assert client.get("/verwaltung/login/").url == "/konto/login/"


def test_person_without_rights_meets_a_page_not_a_loop(client, tree):
    client.force_login(UserFactory.create())
    assert client.get("/verwaltung/").status_code == 403
    assert client.get("/konto/login/?next=/verwaltung/", follow=True).status_code == 403


class TestSecondFactor:
    @pytest.fixture(autouse=True)
    def _required(self, settings):
        settings.ADMIN_SECOND_FACTOR_REQUIRED = True

    def test_who_has_none_is_led_to_set_one_up(self, desk):
        assert desk.get("/verwaltung/").url == "/konto/2fa/"

    def test_recovery_codes_alone_are_none(self, desk, manager):
        Authenticator.objects.create(
            user=manager, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x"}
        )
        assert desk.get("/verwaltung/").url == "/konto/2fa/"

    def test_old_password_session_must_prove_it(self, desk, manager):
        TOTP.activate(manager, SECRET)
        response = desk.get("/verwaltung/pages/?p=2")
        assert response.url == "/konto/2fa/reauthenticate/?next=%2Fverwaltung%2Fpages%2F%3Fp%3D2"

    def test_passkey_is_asked_for_where_there_is_no_app(self, desk, manager):
        Authenticator.objects.create(user=manager, type=Authenticator.Type.WEBAUTHN, data={})
        assert desk.get("/verwaltung/").url.startswith("/konto/2fa/webauthn/reauthenticate/")

    def test_who_proves_it_gets_in(self, desk, manager):
        TOTP.activate(manager, SECRET)
        asked = desk.get("/verwaltung/pages/", follow=True)
        assert "Code aus Ihrer App" in asked.text
        answer = desk.post(asked.redirect_chain[-1][0], {"code": current_code()}, follow=True)
        assert answer.request["PATH_INFO"].startswith("/verwaltung/pages/")
        assert answer.status_code == 200

    def test_wrong_code_does_not(self, desk, manager):
        TOTP.activate(manager, SECRET)
        response = desk.post("/konto/2fa/reauthenticate/", {"code": "000000"})
        assert "Dieser Code stimmt nicht" in response.text
        assert desk.get("/verwaltung/").status_code == 302

    def test_public_pages_and_account_stay_open(self, desk, tree):
        assert desk.get("/").status_code == 200
        assert desk.get("/konto/email/").status_code == 200


# Other centres -----------------------------------------------------------------------------------


@pytest.fixture
def files(alfeld, nordholz, manager):
    """One image and one document of each centre: (own, other)."""
    manager_of(nordholz)
    image, document = get_image_model(), get_document_model()
    made = {}
    for page in (alfeld, nordholz):
        made[page.slug] = (
            image.objects.create(
                title=f"Bild {page.slug}",
                alt_text="x",
                file=get_test_image_file(),
                collection=page.centre.collection,
            ),
            document.objects.create(
                title=f"Papier {page.slug}",
                file=get_test_image_file(),
                collection=page.centre.collection,
            ),
        )
    return made


@pytest.mark.parametrize("action", ["delete", "add_tags", "add_to_collection"])
@pytest.mark.parametrize("kind", [0, 1], ids=["image", "document"])
def test_bulk_action_names_no_file_of_another_centre(desk, files, kind, action):
    own, other = files["alfeld"][kind], files["nordholz"][kind]
    path = f"/verwaltung/bulk/{own._meta.app_label}/{own._meta.model_name}/{action}/"
    assert desk.get(f"{path}?id={own.pk}").status_code == 200
    for query in (f"id={other.pk}", f"id={own.pk}&id={other.pk}", "id=x", "id=99999999999999999"):
        assert desk.get(f"{path}?{query}").status_code == 404
        assert desk.post(f"{path}?{query}").status_code == 404
    everything = desk.get(f"{path}?id=all").text
    assert own.title in everything
    assert other.title not in everything
    assert type(other).objects.filter(pk=other.pk).exists()


@pytest.mark.parametrize("action", ["publish", "unpublish", "delete", "move"])
def test_bulk_action_names_no_page_of_another_centre(desk, alfeld, nordholz, tree, action):
    path = f"/verwaltung/bulk/wagtailcore/page/{action}/"
    own, other = alfeld.get_children().get(), nordholz.get_children().get()
    assert desk.get(f"{path}?id={own.pk}").status_code == 200
    for query in (
        f"id={other.pk}",
        f"id={tree.home.pk}",
        "id=all",
        f"id=all&childOf={nordholz.pk}",
    ):
        assert desk.get(f"{path}?{query}").status_code == 404
    assert desk.get(f"{path}?id=all&childOf={alfeld.pk}").status_code == 200


def test_bulk_action_on_something_unknown_is_not_found(desk):
    assert desk.get("/verwaltung/bulk/nothing/here/delete/?id=1").status_code == 404


@pytest.mark.parametrize(
    "report",
    ["site-history", "site-history/results", "page-types-usage", "aging-pages", "locked"],
)
def test_reports_over_all_centres_are_for_the_administration(desk, administrator, report):
    path = f"/verwaltung/reports/{report}/"
    assert desk.get(path).status_code == 404
    desk.force_login(administrator)
    assert desk.get(path).status_code == 200


# One host for accounts ---------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/konto/login/?next=/x/", "/verwaltung/pages/"])
def test_accounts_and_admin_stay_on_the_base_host(client, alfeld, settings, path):
    settings.BASE_URL = "http://localhost"
    Site.objects.create(hostname="alfeld.localhost", root_page=alfeld)
    response = client.get(path, headers={"host": "alfeld.localhost"})
    assert response.url == f"http://localhost{path}"


# Files -------------------------------------------------------------------------------------------


@pytest.fixture
def media(settings):
    folder = settings.MEDIA_ROOT
    (folder / "images").mkdir(parents=True)
    (folder / "documents").mkdir()
    (folder / "images" / "haus.jpg").write_bytes(b"jpeg")
    (folder / "images" / "haus.avif").write_bytes(b"avif")
    (folder / "images" / "page.html").write_text("<script>alert(1)</script>")
    (folder / "images" / "picture.svg").write_text("<svg/>")
    (folder / "documents" / "intern.pdf").write_bytes(b"pdf")
    (folder.parent / "secret-key").write_text("geheim")
    (folder / "images" / "link.jpg").symlink_to(folder.parent / "secret-key")
    return folder


@pytest.mark.parametrize(
    ("name", "content_type"), [("haus.jpg", "image/jpeg"), ("haus.avif", "image/avif")]
)
def test_pictures_are_served_as_what_they_are(client, media, name, content_type):
    response = client.get(f"/media/images/{name}")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == content_type
    assert response.getvalue() == (media / "images" / name).read_bytes()
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Content-Disposition" not in response.headers or (
        response.headers["Content-Disposition"].startswith("inline")
    )


@pytest.mark.parametrize("name", ["page.html", "picture.svg"])
def test_what_could_run_is_a_download(client, media, name):
    response = client.get(f"/media/images/{name}")
    assert response.getvalue()
    assert response.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "path",
    [
        "documents/intern.pdf",
        "images/../documents/intern.pdf",
        "images/%2e%2e/documents/intern.pdf",
        "images/../../secret-key",
        "images/%2e%2e/%2e%2e/secret-key",
        "images/link.jpg",
        "images/",
        "images/..",
        "images//etc/passwd",
        "/etc/passwd",
    ],
)
def test_nothing_else_leaves_the_folder(client, tree, media, path):
    assert client.get(f"/media/{path}", headers={"host": "localhost"}).status_code == 404


def test_password_is_not_part_of_the_page(client, tree):
    """The form of a failed sign-in keeps the address, never the password."""
    response = client.post("/konto/login/", {"login": "a@example.org", "password": PASSWORD})
    assert "a@example.org" in response.text
    assert PASSWORD not in response.text
