"""`migrate` looks for garbage less often, and only while it migrates."""

import gc

import pytest
from django.core.management import CommandError, call_command, get_commands

from cms.management.commands import migrate


@pytest.fixture
def seen(monkeypatch) -> list[tuple[int, int, int]]:
    """Return the thresholds while Django's own command runs."""
    found: list[tuple[int, int, int]] = []

    def handle(_self: object, *_args: object, **options: object) -> None:
        found.append(gc.get_threshold())
        if options["app_label"]:
            raise CommandError

    monkeypatch.setattr(migrate.Command.__base__, "handle", handle)
    return found


def test_it_is_ours_that_runs():
    assert get_commands()["migrate"] == "cms"


@pytest.mark.parametrize("arguments", [[], ["nonsense"]])
def test_garbage_is_looked_for_less_often_and_as_before_afterwards(seen, arguments):
    before = gc.get_threshold()
    try:
        call_command("migrate", *arguments)
    except CommandError:
        assert arguments
    assert (seen, gc.get_threshold()) == ([migrate.THRESHOLDS], before)
