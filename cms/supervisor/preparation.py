"""What has to be done once before the site can start, and again when its inputs change."""

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from cms import static_files
from cms.environment import BASE_DIR, VAR_DIR
from cms.fingerprint import Stamp, fingerprint
from cms.supervisor.processes import Child, Family, manage
from cms.supervisor.reporting import SupervisorError

DATABASE_INPUTS = ("*/migrations", "home/demo*", "home/management", "requirements/demo.txt")


class Step:
    """Programs that run one after the other, once for each state of their inputs."""

    def __init__(self, title: str, children: Sequence[Child], stamp: Stamp | None) -> None:
        self.title = title
        self.remaining = iter(children)
        self.current: Child | None = None
        self.output = tempfile.TemporaryFile("w+", errors="replace")  # noqa: SIM115 - lives as long
        self.stamp = stamp

    @property
    def is_done(self) -> bool:
        return self.stamp is not None and self.stamp.is_current()

    def advance(self, family: Family) -> bool:
        """Start what comes next; say whether there is anything left to wait for."""
        if self.current and self.current.is_running:
            return True
        if self.current:
            self.require_success(self.current)
        self.current = next(self.remaining, None)
        if self.current:
            self.current.start(family, self.output)
        elif self.stamp:
            self.stamp.write()
        return self.current is not None

    def require_success(self, child: Child) -> None:
        if child.exit_code:
            self.output.seek(0)
            sys.stderr.write(self.output.read())
            msg = f"'{child.name}' failed (exit code {child.exit_code}); see above."
            raise SupervisorError(msg)


def steps(*, embedded: bool) -> Iterator[Step]:
    yield Step(
        "Preparing the database and the example data (the first time half a minute) …",
        [manage("migrate", "--no-input"), manage("load_demo")],
        # A database of somebody else's may have changed without us: always look.
        database_stamp() if embedded else None,
    )
    yield Step(
        "Collecting the static files …",
        [Child("collectstatic", [sys.executable, "-m", "cms.static_files"])],
        static_files.stamp(),
    )


def database_stamp() -> Stamp:
    """Return the stamp of the embedded database; a new cluster does not know an old stamp."""
    cluster = VAR_DIR / "postgres" / "PG_VERSION"
    born = str(cluster.stat().st_mtime_ns)
    # The address is written to the sites in the database.
    value = fingerprint(files(DATABASE_INPUTS), born, os.environ["RVZ_BASE_URL"])
    return Stamp(VAR_DIR / "stamps" / "database", value)


def files(patterns: Sequence[str]) -> Iterator[Path]:
    for pattern in patterns:
        yield from BASE_DIR.glob(pattern)
