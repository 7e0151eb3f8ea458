"""Run with `python -m cms.supervisor`; PORT, RVZ_HOST, RVZ_BASE_URL and DATABASE_URL count."""

import fcntl
import os
import signal
import sys
import time
from typing import IO

from cms import embedded_postgres
from cms.environment import VAR_DIR
from cms.ports import PortError, require_free, wanted_port
from cms.supervisor.first_page import FirstPage
from cms.supervisor.preparation import Step, steps
from cms.supervisor.processes import Family
from cms.supervisor.reporting import SupervisorError, say
from cms.supervisor.services import housekeeping, ledger_check, site, worker

HOST = os.environ.get("RVZ_HOST", "127.0.0.1")
TICK_SECONDS = 0.1


class Stopped(Exception):  # noqa: N818 - no error
    """SIGINT, SIGTERM or SIGHUP came."""


def main() -> int:
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    supervisor = Supervisor()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, supervisor.request_stop)
    try:
        with (VAR_DIR / "supervisor.lock").open("a+") as lock:
            supervisor.run(lock)
    except Stopped:
        return 0
    except (SupervisorError, PortError, embedded_postgres.EmbeddedPostgresError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


class Supervisor:
    def __init__(self) -> None:
        self.stop_requested = False
        self.family = Family(VAR_DIR / "supervisor.mark")

    def request_stop(self, _signum: int, _frame: object) -> None:
        self.stop_requested = True

    def run(self, lock: IO[str]) -> None:
        """Start everything, look after it, and end it when asked to."""
        require_alone(lock)
        if self.family.end_previous():
            say("Ended what a killed demo had left running.")
        port = wanted_port()
        require_free(port)
        set_environment(port)
        tell_others(lock)
        self.family.begin()
        try:
            embedded = not os.environ.get("DATABASE_URL")
            if embedded:
                self.start_postgres()
            self.prepare([step for step in steps(embedded=embedded) if not step.is_done])
            self.serve(port)
        finally:
            self.family.end()
            embedded_postgres.stop()

    def start_postgres(self) -> None:
        say("Starting PostgreSQL …")
        try:
            embedded_postgres.start()
        except embedded_postgres.EmbeddedPostgresError:
            if self.stop_requested:  # Ctrl-C reached PostgreSQL's own start, too: no failure
                raise Stopped from None
            raise

    def prepare(self, pending: list[Step]) -> None:
        for step in pending:
            say(step.title)
        while pending:
            pending = [step for step in pending if step.advance(self.family)]
            self.wait_a_tick()

    def serve(self, port: int) -> None:
        """Run the site, and everything else once its first page has come.

        They stop in the same order: the site first, so that nothing new comes in.
        """
        first_page = FirstPage(HOST, port)
        services = [site(HOST, port)]
        repeated = [housekeeping(), ledger_check()]
        try:
            services[0].start(self.family)
            while True:
                self.wait_a_tick()
                for service in services:
                    service.look_after(self.family)
                if not first_page.has_come:
                    first_page.look()
                elif len(services) == 1:
                    services.append(worker())
                    services[1].start(self.family)
                else:
                    for command in repeated:
                        command.look_after(self.family)
        finally:
            say("Stopping …")
            children = [program.child for program in services]
            for child in [*children, *(command.child for command in repeated)]:
                child.stop()

    def wait_a_tick(self) -> None:
        if self.stop_requested:
            raise Stopped
        time.sleep(TICK_SECONDS)


def require_alone(lock: IO[str]) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        msg = f"The demo of this folder is running already: {lock.read()}."
        raise SupervisorError(msg) from None


def tell_others(lock: IO[str]) -> None:
    lock.truncate(0)
    lock.write(f"{os.environ['RVZ_BASE_URL']} (process {os.getpid()})")
    lock.flush()


def set_environment(port: int) -> None:
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    os.environ.setdefault("RVZ_BASE_URL", f"http://localhost:{port}")
    os.environ.update(RVZ_ENV="demo", PORT=str(port), PYTHONUNBUFFERED="1")


if __name__ == "__main__":
    sys.exit(main())
