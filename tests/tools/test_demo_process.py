"""`make demo` from the outside: started, asked, ended and killed as a person would."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from cms.environment import BASE_DIR

pytestmark = pytest.mark.demo_process
FIRST_START_SECONDS = 240  # migrations and example data, on a busy machine
SECONDS = 60


class Demo:
    """A supervisor with its data in a folder of its own."""

    def __init__(self, var: Path, port: int) -> None:
        self.var = var
        self.address = f"http://localhost:{port}"
        self.lines: list[str] = []
        kept = {
            k: v
            for k, v in os.environ.items()
            if not k.startswith(("DATABASE_", "DJANGO_", "RVZ_"))
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cms.supervisor"],
            cwd=BASE_DIR,
            env={**kept, "RVZ_VAR": str(var), "PORT": str(port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
        self.process.stdout.close()

    @property
    def output(self) -> str:
        return "\n".join(self.lines)

    def wait_until_ready(self, seconds: float = SECONDS) -> "Demo":
        deadline = time.monotonic() + seconds
        while "Ctrl-C stops everything" not in self.output and self.process.poll() is None:
            assert time.monotonic() < deadline, self.output
            time.sleep(0.05)
        assert self.process.poll() is None, self.output
        return self

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        code = self.process.wait(SECONDS)
        self.reader.join(SECONDS)
        return code

    def processes(self) -> list[str]:
        """Return what is still running of this demo, the database included."""
        return [command for process in psutil.process_iter() if (command := self.command(process))]

    def command(self, process: psutil.Process) -> str:
        try:
            ours = process.environ().get("RVZ_VAR") == str(self.var)
            return " ".join(process.cmdline()) if ours else ""
        except (psutil.Error, OSError):
            return ""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def status(address: str) -> int:
    with urllib.request.urlopen(address, timeout=SECONDS) as response:  # noqa: S310
        return int(response.status)


@pytest.fixture(scope="module")
def port() -> int:
    """Give one port for all: the address is in the database, a new one would be written there."""
    return free_port()


@pytest.fixture(scope="module")
def prepared(port: int) -> Iterator[Path]:
    """Give a folder in which the demo has been started before.

    Not in pytest's own temporary folder, which every other run closes to PostgreSQL's user.
    """
    with tempfile.TemporaryDirectory() as folder:
        var = Path(folder) / "var"
        demo = Demo(var, port)
        demo.wait_until_ready(FIRST_START_SECONDS)
        assert "Preparing the database" in demo.output
        assert demo.end(signal.SIGINT) == 0
        assert demo.processes() == []
        yield var


@pytest.fixture
def demo(prepared: Path, port: int) -> Iterator[Demo]:
    demo = Demo(prepared, port)
    yield demo
    demo.process.kill()
    demo.wait()


def test_shows_the_site_and_who_may_sign_in_and_ends_without_a_trace(demo: Demo):
    demo.wait_until_ready()
    assert status(demo.address) == 200
    assert f"{demo.address}/verwaltung/" in demo.output
    assert "rvz-demo-2026" in demo.output
    assert "leitung.alfeld@example.org" in demo.output
    assert demo.end() == 0
    assert demo.processes() == []


def test_starts_after_a_kill_and_ends_what_was_left(demo: Demo, port: int):
    demo.wait_until_ready()
    demo.end(signal.SIGKILL)
    # On the same port: the site of the killed demo must not hold it any more.
    again = Demo(demo.var, port).wait_until_ready()
    assert status(again.address) == 200
    assert again.end() == 0
    assert again.processes() == []


def test_a_second_demo_of_the_same_folder_is_refused(demo: Demo):
    demo.wait_until_ready()
    second = Demo(demo.var, free_port())
    assert second.wait() == 1
    assert len(second.lines) == 1
    assert f"running already: {demo.address}" in second.output
    assert status(demo.address) == 200
    assert demo.end() == 0


def test_a_taken_port_is_told_in_one_line(prepared: Path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        demo = Demo(prepared, server.getsockname()[1])
        assert demo.wait() == 1
    assert len(demo.lines) == 1
    assert "is taken by another program" in demo.output
    assert demo.processes() == []
