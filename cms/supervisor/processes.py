"""Child processes that end with their parent, however it ends."""

import contextlib
import ctypes
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import psutil  # comes with the embedded PostgreSQL

from cms.environment import BASE_DIR

MARK = "RVZ_STARTED_BY"  # in the environment of all our children and of theirs
PR_SET_PDEATHSIG = 1
STOP_SECONDS = 10

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class Family:
    """The processes of one run; they carry its mark, so nobody else's is ever taken for ours.

    The mark is written down before the first of them starts: after a kill, the next run finds and
    ends what is left, also grandchildren, and is not deceived by process ids that were used again.
    """

    def __init__(self, record: Path) -> None:
        self.record = record
        self.mark = secrets.token_hex(16)

    def end_previous(self) -> bool:
        """End what a killed run left behind; say whether there was anything."""
        if not self.record.exists():
            return False
        return end_marked(self.record.read_text())

    def begin(self) -> None:
        self.record.write_text(self.mark)

    def end(self) -> None:
        end_marked(self.mark)
        self.record.unlink(missing_ok=True)


class Child:
    """A program that can be started again and again; its exit code is that of the last start."""

    def __init__(self, name: str, command: Sequence[str | Path]) -> None:
        self.name = name
        self.command = command
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0

    def start(self, family: Family, output: IO[str] | None = None) -> None:
        parent = os.getpid()
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603
            self.command,
            cwd=BASE_DIR,
            env={**os.environ, MARK: family.mark},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C reaches the parent only, which ends them in order
            preexec_fn=lambda: _end_with(parent),  # noqa: PLW1509 - the parent has no threads
        )

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """The exit code; None while it runs or before the first start."""
        return self.process.poll() if self.process else None

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Ask it to end, wait, and end it."""
        if self.process is None or not self.is_running:
            return
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def manage(command: str, *arguments: str) -> Child:
    return Child(f"manage.py {command}", [sys.executable, "manage.py", command, *arguments])


def _end_with(parent: int) -> None:
    """Have the kernel end this process when its parent dies (Linux only)."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died before the kernel was told
            os.kill(os.getpid(), signal.SIGTERM)


def end_marked(mark: str) -> bool:
    """End all processes that carry the mark; say whether there were any."""
    found = list(_marked(mark))
    for end, seconds in (("terminate", STOP_SECONDS), ("kill", 1)):
        for process in found:
            with contextlib.suppress(psutil.Error):
                getattr(process, end)()
        deadline = time.monotonic() + seconds
        while any(_marked(mark)) and time.monotonic() < deadline:
            time.sleep(0.05)
    return bool(found)


def _marked(mark: str) -> Iterator[Any]:
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == mark and process.status() != psutil.STATUS_ZOMBIE:
                yield process
        except (psutil.Error, OSError):  # another user's, or gone
            continue
