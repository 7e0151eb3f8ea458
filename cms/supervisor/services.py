"""The programs that run as long as the demo does."""

import sys
import time

from cms.supervisor.processes import Child, Family, manage
from cms.supervisor.reporting import SupervisorError, say

QUICK_DEATH_SECONDS = 10
QUICK_DEATHS_ALLOWED = 3
HOUSEKEEPING_SECONDS = 60
LEDGER_CHECK_SECONDS = 60 * 60


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


class Repeated:
    """A command that runs again and again, never twice at once; its failures are told."""

    def __init__(self, child: Child, seconds: float, failure: str) -> None:
        self.child = child
        self.seconds = seconds
        self.failure = failure
        self.next_at = 0.0
        self.was_running = False

    def look_after(self, family: Family) -> None:
        if self.was_running and not self.child.is_running:
            self.was_running = False
            if self.child.exit_code:
                say(f"{self.failure} (exit code {self.child.exit_code}).")
        now = time.monotonic()
        if now >= self.next_at and not self.was_running:
            self.next_at = now + self.seconds
            self.was_running = True
            self.child.start(family)


def housekeeping() -> Repeated:
    return Repeated(
        manage("housekeeping"), HOUSEKEEPING_SECONDS, "housekeeping failed; again in a minute"
    )


def ledger_check() -> Repeated:
    """Prove at the start and every hour that no space is given away twice or kept for nobody."""
    return Repeated(
        manage("check_ledger", "--verbosity", "0"),
        LEDGER_CHECK_SECONDS,
        "ATTENTION: check_ledger failed, see above; again in an hour",
    )


def site(host: str, port: int) -> Service:
    options = ["--interface", "wsgi", "--workers", "1", "--blocking-threads", "4", "--no-ws"]
    address = ["--host", host, "--port", str(port)]
    granian = [sys.executable, "-m", "granian", "cms.wsgi:application", "--log-level", "warning"]
    return Service(Child("site", [*granian, *options, *address]))


def worker() -> Service:
    child = manage("db_worker")
    child.name = "worker"
    return Service(child)
