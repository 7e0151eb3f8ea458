"""The data folder and the folder of the socket: private to the user PostgreSQL runs as."""

import os
import re
import shutil
import stat
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

from cms.embedded_postgres.program import EmbeddedPostgresError, binaries, run, system_user

PORT = "5432"  # only names the socket; nothing listens on TCP
SOCKET_PATH_LIMIT = 103  # bytes; macOS allows 103, Linux 107
# Unicode's own letter case on every platform, without a locale of the machine's.
LOCALE = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
CLUSTER = ("--no-sync", "--auth=trust", "--encoding=utf8", "--username=postgres", *LOCALE)


def socket_dir(data: Path) -> Path:
    """Return the data folder, or a short folder of ours if a socket cannot live there."""
    path = data / f".s.PGSQL.{PORT}"
    plain = re.fullmatch(r"[\w./+-]+", str(path), re.ASCII)  # PostgreSQL splits at commas, say
    if plain and len(str(path)) <= SOCKET_PATH_LIMIT:
        return data
    key = sha256(os.fsencode(data)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"rvz-{os.geteuid()}-{key}"


def prepare_folders(package: Any, data: Path, sockets: Path) -> None:
    """Make the cluster once; all folders belong to the user PostgreSQL runs as, and to nobody else.

    The cluster gets its name when it is complete: an interrupted initdb leaves nothing half done.
    """
    if not data.exists():
        draft = data.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        _own_folder(package, draft)
        run(package, "initdb", *CLUSTER, "-D", draft)
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
    found = folder.lstat()
    ours = {os.geteuid()}
    if os.geteuid() == 0:
        user = system_user(package)
        ours.add(user.pw_uid)
    if found.st_uid not in ours or not stat.S_ISDIR(found.st_mode):
        msg = f"{folder} belongs to another user; remove it or set DATABASE_URL."
        raise EmbeddedPostgresError(msg)
    if os.geteuid() == 0:
        os.chown(folder, user.pw_uid, user.pw_gid)
        _let_through(folder)
        _let_through(binaries(package))
        _let_read(binaries(package).parent)


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
