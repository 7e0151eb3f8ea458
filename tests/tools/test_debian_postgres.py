"""The tests on Debian's PostgreSQL: which one is taken, and what is left of it afterwards."""

import tempfile
from pathlib import Path

import psycopg
import pytest

from tools import debian_postgres


def installed(place: Path, *versions: str) -> Path:
    for version in versions:
        (place / version / "bin").mkdir(parents=True)
        (place / version / "bin" / "initdb").touch()
    (place / "99" / "lib").mkdir(parents=True)  # removed, but for its configuration
    return place


def test_the_highest_version_is_taken(tmp_path):
    place = installed(tmp_path, "9.6", "15", "16")

    assert debian_postgres.newest(place) == place / "16" / "bin"


def test_without_debians_packages_there_is_nothing_to_do(tmp_path, capsys):
    assert debian_postgres.main([], installed(tmp_path)) == 0
    assert "nothing to do" in capsys.readouterr().out


@pytest.fixture
def programs() -> Path:
    found = debian_postgres.newest(debian_postgres.PLACE)
    if found is None:
        pytest.skip("Debian's PostgreSQL is not installed")
    return found


@pytest.fixture
def folders(monkeypatch) -> list[Path]:
    """Return the folders that clusters of this test were made in; other tests make some, too."""
    made: list[Path] = []
    make = tempfile.mkdtemp

    def note(**options: str) -> str:
        made.append(Path(make(**options)))
        return str(made[-1])

    monkeypatch.setattr(tempfile, "mkdtemp", note)
    return made


def test_the_role_may_own_databases_and_nothing_else(programs):
    with (
        debian_postgres.cluster(programs) as address,
        psycopg.connect(address, autocommit=True) as connection,
    ):
        may = connection.execute(
            "SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        connection.execute("CREATE DATABASE rvz_tests")

    assert may == (False, False, True)


def test_the_role_may_say_how_soon_a_deadlock_is_found(programs):
    with debian_postgres.cluster(programs) as address:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("ALTER DATABASE rvz SET deadlock_timeout = '20ms'")
        with psycopg.connect(address) as connection:
            assert connection.execute("SHOW deadlock_timeout").fetchone() == ("20ms",)


def test_tests_named_by_their_path_come_instead_of_all():
    one = ["tests/bookings/test_ledger.py", "-x"]

    usual = debian_postgres.chosen([])

    assert any(path.endswith("tests/bookings/test_ledger.py") for path in usual)
    assert debian_postgres.chosen(["-x"]) == [*usual, "-x"]
    assert debian_postgres.chosen(one) == one


def test_nothing_is_left_after_a_failure(programs, folders):
    def fail() -> None:
        with debian_postgres.cluster(programs):
            assert folders[0].exists()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert [folder.exists() for folder in folders] == [False]


def test_a_failed_start_is_said_and_leaves_nothing(monkeypatch, tmp_path, capsys, folders):
    monkeypatch.setattr(debian_postgres, "unprivileged_user", lambda: None)  # may not reach this
    place = installed(tmp_path, "15")
    initdb = place / "15" / "bin" / "initdb"
    initdb.write_text("#!/bin/sh\necho no space left\nexit 1\n")
    initdb.chmod(0o755)

    assert debian_postgres.main([], place) == 1
    assert "initdb failed:\nno space left" in capsys.readouterr().err
    assert [folder.exists() for folder in folders] == [False]
