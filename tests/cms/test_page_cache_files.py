"""The page cache as files, which several threads and processes share."""

import os
import threading

import pytest
from django.core.cache import BaseCache, caches
from django.utils import timezone

from cms import page_cache


@pytest.fixture(autouse=True)
def _cache_on(settings):
    settings.PAGE_CACHE_SECONDS = 60


@pytest.fixture
def file_cache(settings, tmp_path) -> BaseCache:
    settings.CACHES = {
        **settings.CACHES,
        "pages": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": tmp_path / "pages",
        },
    }
    return caches["pages"]


def test_files_of_old_generations_are_removed(client, alfeld, file_cache, tmp_path):
    client.get("/alfeld/")
    files = list((tmp_path / "pages").iterdir())
    assert len(files) == 2  # the page and the token
    for file in files:
        os.utime(file, (0, 0))
    token = page_cache.generation()
    assert page_cache.prune_files(timezone.now()) == len(files) - 1
    assert page_cache.generation() == token


def test_threads_share_one_file_cache(file_cache):
    """Granian's threads and processes read and renew at the same time; none of them may fail."""
    failures: list[Exception] = []

    def work() -> None:
        try:
            for number in range(30):
                token = page_cache.generation()
                file_cache.set(f"{token}:{number}", b"page", timeout=60)
                file_cache.get(f"{token}:{number}")
                page_cache.renew_generation()
        except Exception as error:  # noqa: BLE001 - the test reports it
            failures.append(error)

    threads = [threading.Thread(target=work) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
