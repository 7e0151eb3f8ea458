"""The programs that run as long as the demo does."""

import sys
import time

from cms.supervisor.processes import Child, Family, manage
from cms.supervisor.reporting import SupervisorError, say

QUICK_DEATH_SECONDS = 10
QUICK_DEATHS_ALLOWED = 3
HOUSEKEEPING_SECONDS = 60


class Service:
    """A child that is started again when it dies, unless it keeps dying at once."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self.quick_deaths = 0
        self.start_again_at: float | None = None

    def start(self, family: Family) -> None:
        self.start_again_at = None
        self.child.start(family)

    def look_after(self, family: Family) -> None:
        now = time.monotonic()
        if self.start_again_at is not None:
            if now >= self.start_again_at:
                self.start(family)
        elif not self.child.is_running:
            self.start_again_at = now + self.pause_after_death(now)

    def pause_after_death(self, now: float) -> float:
        quick = now - self.child.started < QUICK_DEATH_SECONDS
        self.quick_deaths = self.quick_deaths + 1 if quick else 0
        what = f"The {self.child.name} ended (exit code {self.child.exit_code})"
        if self.quick_deaths >= QUICK_DEATHS_ALLOWED:
            msg = f"{what} at once, {self.quick_deaths} times in a row: giving up; see above."
            raise SupervisorError(msg)
        pause = 2.0**self.quick_deaths
        say(f"{what}; starting it again in {pause:.0f} s.")
        return pause


class Housekeeping:
    """A command that runs once a minute, never twice at once; its failures are told."""

    def __init__(self) -> None:
        self.child = manage("housekeeping")
        self.next_at = 0.0
        self.was_running = False

    def look_after(self, family: Family) -> None:
        if self.was_running and not self.child.is_running:
            self.was_running = False
            if self.child.exit_code:
                say(f"housekeeping failed (exit code {self.child.exit_code}); again in a minute.")
        now = time.monotonic()
        if now >= self.next_at and not self.was_running:
            self.next_at = now + HOUSEKEEPING_SECONDS
            self.was_running = True
            self.child.start(family)


def site(host: str, port: int) -> Service:
    options = ["--interface", "wsgi", "--workers", "1", "--blocking-threads", "4", "--no-ws"]
    address = ["--host", host, "--port", str(port)]
    granian = [sys.executable, "-m", "granian", "cms.wsgi:application", "--log-level", "warning"]
    return Service(Child("site", [*granian, *options, *address]))


def worker() -> Service:
    child = manage("db_worker")
    child.name = "worker"
    return Service(child)
