"""What the database decides of the bookings, on Debian's own PostgreSQL, by a role that owns databases.

A selection of their tests, with two rounds of each race unless RVZ_RACE_ROUNDS says otherwise.

    python -m tools.debian_postgres [arguments of pytest, with a path instead of all of them]

A throw-away cluster under the machine's temporary folder: reachable through its socket only, run by
a user who is not root, removed at the end, whatever happened. Without Debian's packages there is
nothing to do.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from urllib.parse import quote

PLACE = Path("/usr/lib/postgresql")
FOLDER = Path(__file__).resolve().parent.parent / "tests" / "bookings"
PORT = "5432"  # only names the socket
SUPERUSER, ROLE = "postgres", "rvz"
# What the server decides: migrations (before any test), constraints, locks, the statements of our own.
# Pages, forms and mails stand on the same rows; `make test` looks at them.
MODULES = (
    "*races",
    "ledger",
    "check_ledger",
    "kill_series",
    "series_check",
    "find_rooms",
)
FEWER_ROUNDS = {"RVZ_RACE_ROUNDS": "2"}  # of the 20 that each race has in `make test`
# A test of deadlocks has them found soon; a plain role may not say how soon.
GRANT = f"GRANT SET ON PARAMETER deadlock_timeout TO {ROLE}"
# Nothing here has to survive a power cut.
SERVER_OPTIONS = "-c listen_addresses='' -c fsync=off -c synchronous_commit=off"


def main(arguments: list[str], place: Path = PLACE) -> int:
    programs = newest(place)
    if programs is None:
        print(f"There is no PostgreSQL under {place}: nothing to do.")
        return 0
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # wind up as after Ctrl-C
    try:
        with cluster(programs) as address:
            return run_tests(address, arguments)
    except subprocess.CalledProcessError as error:
        print(f"{Path(error.cmd[0]).name} failed:\n{error.stdout}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def newest(place: Path) -> Path | None:
    """Return the folder of the programs of the highest version."""
    found = [folder for folder in place.glob("*/bin") if (folder / "initdb").exists()]
    return max(found, key=lambda folder: version(folder.parent.name), default=None)


def version(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in name.split(".") if part.isdigit())


@contextmanager
def cluster(programs: Path) -> Iterator[str]:
    """Start a new cluster; give the address of its empty database; remove it at the end."""
    folder = Path(tempfile.mkdtemp(prefix="rvz-pg-"))
    data, log = folder / "data", folder / "log"
    user = unprivileged_user()
    try:
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)

        def call(program: str, *options: str | Path) -> None:
            run(user, programs / program, *options)

        kind = ("--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        call("initdb", "-D", data, f"--username={SUPERUSER}", *kind)
        options = f"{SERVER_OPTIONS} -p {PORT} -k {folder}"
        call("pg_ctl", "start", "-w", "-D", data, "-l", log, "-o", options)
        try:
            there = ("-h", folder, "-p", PORT, "-U", SUPERUSER)
            call("createuser", *there, "--createdb", ROLE)
            call("createdb", *there, "-O", ROLE, ROLE)
            call("psql", *there, "--no-psqlrc", "-v", "ON_ERROR_STOP=1", "-c", GRANT)
            print(f"PostgreSQL {programs.parent.name} of {PLACE}", flush=True)
            yield f"postgresql://{ROLE}@:{PORT}/{ROLE}?host={quote(str(folder))}"
        finally:
            call("pg_ctl", "stop", "-w", "-m", "immediate", "-D", data)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def unprivileged_user() -> pwd.struct_passwd | None:
    """Return who runs the server if we are root, which PostgreSQL refuses; None for ourselves."""
    if os.geteuid():
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def run(user: pwd.struct_passwd | None, *command: str | Path) -> None:
    # Output goes to a file: the server inherits it, and a pipe would never end.
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        result = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            check=False,
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
        )
        output.seek(0)
        if result.returncode:
            raise subprocess.CalledProcessError(result.returncode, result.args, output.read())


def run_tests(address: str, arguments: list[str]) -> int:
    command = [sys.executable, "-m", "pytest", "-n", "2", "--durations=15", *chosen(arguments)]
    return subprocess.run(
        command, env={**FEWER_ROUNDS, **os.environ, "DATABASE_URL": address}, check=False
    ).returncode


def chosen(arguments: list[str]) -> list[str]:
    """Return the arguments, with the usual tests in front unless they name some by their path."""
    named = any(argument.startswith("tests/") for argument in arguments)
    if named:
        return arguments
    found = (FOLDER.glob(f"test_{name}.py") for name in MODULES)
    return [*map(str, chain(*found)), *arguments]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
