"""One server per data folder: is it there, start it, end it."""

import importlib
import shlex
import signal
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cms.embedded_postgres.folders import PORT
from cms.embedded_postgres.program import EmbeddedPostgresError, run

START_SECONDS = 60  # crash recovery on a busy machine takes its time
FAST_SHUTDOWN, IMMEDIATE_SHUTDOWN = signal.SIGINT, signal.SIGQUIT


def ensure_running(package: Any, data: Path, sockets: Path) -> None:
    if _settled_server(data) is None:
        remove_leftovers(data, sockets)
        options = f"-h '' -p {PORT} -k {shlex.quote(str(sockets))}"
        start_up = ("-w", "-t", str(START_SECONDS), "-l", data / "log", "-o", options)
        run(package, "pg_ctl", "start", "-D", data, *start_up)


def address(sockets: Path) -> str:
    return f"postgresql://postgres@:{PORT}/postgres?host={quote(str(sockets))}"


def stop_server(data: Path, number: signal.Signals) -> None:
    """End the server as pg_ctl would; a signal arrives whatever happened to the folder."""
    if server := _settled_server(data):
        server.send_signal(number)
        server.wait(START_SECONDS)


def _settled_server(data: Path) -> Any | None:
    """Return the server when it is ready; wait for one that is just starting or stopping."""
    deadline = time.monotonic() + START_SECONDS
    while server := find_server(data):
        state = "".join(_postmaster_lines(data)[7:8]).strip() or "starting"  # line 8 is its state
        if state == "ready":
            break
        if time.monotonic() > deadline:
            msg = f"PostgreSQL has been {state} for {START_SECONDS} s; see {data / 'log'}."
            raise EmbeddedPostgresError(msg)
        time.sleep(0.1)
    return server


def find_server(data: Path) -> Any | None:
    """Return the living PostgreSQL process of this folder, if there is one.

    A killed server leaves its process id behind, and the id may be somebody else's by now.
    """
    psutil = importlib.import_module("psutil")  # comes with the package
    try:
        process = psutil.Process(int(_postmaster_lines(data)[0]))
        command = process.cmdline()  # empty for a zombie
    except (ValueError, IndexError, psutil.Error):
        return None
    ours = command and Path(command[0]).name == "postgres" and str(data) in command
    return process if ours else None


def _postmaster_lines(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return []


def remove_leftovers(data: Path, sockets: Path) -> None:
    """Remove what a killed server left; PostgreSQL believes a reused process id and gives up."""
    for path in (data / "postmaster.pid", *sockets.glob(f".s.PGSQL.{PORT}*")):
        path.unlink(missing_ok=True)
