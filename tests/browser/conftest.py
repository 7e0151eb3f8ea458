"""A browser and the real demo: own database, own data folder, granian, page cache and CSP on.

One server per test run (all browser tests run on one worker). Tests that change something use
their own values and leave the site in a state the others can live with.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from cms.environment import BASE_DIR
from tests.databases import copy_migrated

PASSWORD = "rvz-demo-2026"
WIDTHS = {"phone": (360, 740), "desktop": (1280, 900)}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark them; tests/xdist_plugin.py keeps them on one worker, which has the one demo server."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def chromium() -> str:
    """Return the program; the one without windows does the same for a third of the time."""
    names = ("chromium-headless-shell", "chromium", "google-chrome")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not path:
        pytest.exit("Chromium is missing: install it or set CHROMIUM to its path.", returncode=4)
    return path


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {
        **browser_type_launch_args,
        "executable_path": chromium(),
        "args": [
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--disable-quic",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--font-render-hinting=none",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {
        **browser_context_args,
        "locale": "de-DE",
        "timezone_id": "Europe/Berlin",
        "reduced_motion": "reduce",
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def own_database() -> str:
    """Create a database beside the tests' own; return its address."""
    name = f"rvz_browser_{os.environ.get('RVZ_TEST_DB', 'tests')}"
    copy_migrated(name)
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def wait_for(url: str, process: subprocess.Popen[bytes], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{url}/health/ready", timeout=2):  # noqa: S310
                return
        except OSError:
            time.sleep(0.1)
    pytest.exit(f"The demo server at {url} does not answer.", returncode=4)


@pytest.fixture(scope="session")
def demo(tmp_path_factory, django_test_environment, django_db_blocker) -> Iterator[str]:
    """Start a demo site with the example data; give its address."""
    port = free_port()
    url = f"http://localhost:{port}"
    with django_db_blocker.unblock():
        database = own_database()
    environment = {
        **os.environ,
        "RVZ_ENV": "demo",
        "DJANGO_SETTINGS_MODULE": "cms.settings.demo",
        "RVZ_VAR": str(tmp_path_factory.mktemp("demo")),
        "RVZ_BASE_URL": url,
        "DATABASE_URL": database,
    }
    steps = (
        ["manage.py", "createcachetable"],  # the tests keep their cache in memory
        ["manage.py", "load_demo"],
        ["-m", "cms.static_files"],
    )
    for step in steps:
        subprocess.run(
            [sys.executable, *step],
            cwd=BASE_DIR,
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--blocking-threads", "4", "cms.wsgi:application"]
    server = subprocess.Popen(command, cwd=BASE_DIR, env=environment)
    try:
        wait_for(url, server)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=20)


def printed_pages(page: Page) -> int:
    """Return how many sheets of A4 the page takes."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", prefer_css_page_size=True)))


@pytest.fixture
def foreign_requests() -> list[str]:
    """Addresses outside the site's own hosts that the pages of this test asked for."""
    return []


@pytest.fixture
def complaints() -> list[str]:
    """Texts and errors on the console of the pages of this test."""
    return []


@pytest.fixture
def open_page(
    browser: Browser,
    browser_context_args,
    demo: str,
    foreign_requests: list[str],
    complaints: list[str],
) -> Iterator:
    """Return a function that opens a page in a fresh context: width, colour scheme, script or not."""
    contexts: list[BrowserContext] = []

    def _open(path: str = "/", *, width: str = "phone", **options) -> Page:
        wide, high = WIDTHS[width]
        context = browser.new_context(
            **{**browser_context_args, "viewport": {"width": wide, "height": high}, **options}
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: note_foreign(foreign_requests, request.url, demo))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path if path.startswith("http") else demo + path)
        return page

    yield _open
    for context in contexts:
        context.close()


def note_foreign(foreign_requests: list[str], url: str, demo: str) -> None:
    parts = urlsplit(url)
    own = {urlsplit(demo).netloc, f"alfeld.{urlsplit(demo).netloc}"}
    if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc not in own:
        foreign_requests.append(url)


@pytest.fixture(scope="session")
def sessions() -> dict[str, Any]:
    """Cookies of those who have signed in: one sign-in per person and run, as in a browser."""
    return {}


@pytest.fixture
def sign_in(open_page, sessions):
    """Return a function that opens a page as somebody of the demo: "leitung.alfeld", "vorstand@chor"."""

    def _sign_in(name: str, path: str = "/", *, width: str = "desktop") -> Page:
        if name in sessions:
            return open_page(path, width=width, storage_state=sessions[name])
        page = open_page("/konto/login/", width=width)
        page.get_by_label("E-Mail").fill(f"{name}{'.' if '@' in name else '@'}example.org")
        page.locator("input[type=password]").fill(PASSWORD)
        page.get_by_role("button", name="Anmelden", exact=True).click()
        page.wait_for_url(lambda url: "/konto/login/" not in url)
        sessions[name] = page.context.storage_state()
        origin = urlsplit(page.url)
        page.goto(f"{origin.scheme}://{origin.netloc}{path}")
        return page

    return _sign_in


@pytest.fixture
def open_mail(open_page):
    """Return a function that opens the newest mail to somebody whose subject begins like this."""

    def _open_mail(to: str, subject: str) -> Locator:
        page = open_page("/demo/post/", java_script_enabled=False)
        mails = page.get_by_role("listitem").filter(has_text=to)
        mails.get_by_role("link", name=re.compile(f"^{re.escape(subject)}")).first.click()
        return page.get_by_role("main")

    return _open_mail
