"""Queries, CPU time and bytes of the public pages, against the demo's database, as JSON.

    python -m bench.first_page

CPU time is this process's own: what PostgreSQL spends is not in it. Run on a quiet machine.
"""

import gzip
import json
import re
import statistics
import sys
import time
from collections.abc import Callable
from html.parser import HTMLParser
from http import HTTPStatus
from pathlib import Path
from typing import Any

import brotli
import django
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from bench.site import machine, use_demo

RUNS = {"uncached": 20, "cached": 200}
FONT = re.compile(r"url\([\"']?([^\"')]+\.woff2)")


def main() -> int:
    use_demo()
    django.setup()
    try:
        print(json.dumps(measure(), indent=2))
    except LookupError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def measure() -> dict[str, Any]:
    return {
        **machine(),
        "pages": {name: page(path) for name, path in paths().items()},
    }


def paths() -> dict[str, str]:
    try:
        pages = apps.get_model("cms", "PracticePage").objects
        practice = pages.live().filter(url_path__contains="/alfeld/").first()
    except DatabaseError:
        practice = None
    if practice is None:
        msg = "There is no example data: run 'make demo' once before."
        raise LookupError(msg)
    # The first segment of url_path is the language's root.
    address = f"/alfeld/{practice.slug}/"
    return {"start": "/", "centres": "/zentren/", "centre": "/alfeld/", "practice": address}


def page(path: str) -> dict[str, Any]:
    client = Client(headers={"host": "localhost"})
    with override_settings(PAGE_CACHE_SECONDS=0):
        content = get(path, client)
        uncached = timings(path, client, RUNS["uncached"])
    with override_settings(PAGE_CACHE_SECONDS=60):
        get(path, client)
        cached = timings(path, client, RUNS["cached"])
    return {"path": path, "uncached": uncached, "cached": cached, "bytes": first_visit(content)}


def get(path: str, client: Client) -> bytes:
    response = client.get(path)
    if response.status_code != HTTPStatus.OK:
        msg = f"{path} answers with {response.status_code}."
        raise LookupError(msg)
    return bytes(response.content)


def timings(path: str, client: Client, runs: int) -> dict[str, float]:
    with CaptureQueriesContext(connection) as queries:
        get(path, client)
        count = len(queries)  # the next request empties the list
    times = [cpu_milliseconds(lambda: get(path, client)) for _run in range(runs)]
    return {
        "queries": count,
        "cpu_ms_median": round(statistics.median(times), 3),
        "cpu_ms_worst": round(max(times), 3),
    }


def cpu_milliseconds(action: Callable[[], object]) -> float:
    start = time.process_time()
    action()
    return (time.process_time() - start) * 1000


class Assets(HTMLParser):
    """Collects the style sheets, scripts and our own pictures that a browser loads with a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        loads = tag == "link" and values.get("rel") in {"stylesheet", "icon", "preload"}
        address = values.get("href" if tag == "link" else "src", "")
        if (loads or tag in {"script", "img"}) and address.startswith("/static/"):
            self.addresses.append(address)


def first_visit(html: bytes) -> dict[str, int]:
    """Return what a browser with an empty cache loads, without editors' photos."""
    root = Path(settings.STATIC_ROOT)
    files = {root / name.removeprefix("/static/") for name in Assets(html.decode()).addresses}
    for sheet in [path for path in files if path.suffix == ".css"]:
        files |= {(sheet.parent / name).resolve() for name in FONT.findall(sheet.read_text())}
    sizes = {"html_brotli": len(brotli.compress(html)), "html_gzip": len(gzip.compress(html, 6))}
    for path in sorted(files):
        kind = "font" if path.suffix == ".woff2" else path.suffix[1:]
        sizes[kind] = sizes.get(kind, 0) + transferred(path)
    sizes["all"] = sum(sizes.values()) - sizes["html_gzip"]
    return sizes


def transferred(path: Path) -> int:
    """Return the size on the wire: WhiteNoise sends the compressed file where there is one."""
    compressed = path.with_name(f"{path.name}.br")
    return (compressed if compressed.exists() else path).stat().st_size


if __name__ == "__main__":
    sys.exit(main())
