"""Prepare .venv and the front-end assets; do nothing when they are current.

    python3 tools/environment.py demo     what runs the site
    python3 tools/environment.py dev      the same and what checks it
    python3 tools/environment.py uv …     run the locked uv with pip's index settings

Runs before anything is installed: standard library only, and any Python from 3.9 gets a clear
answer instead of a syntax error.
"""

from __future__ import annotations

import ast
import contextlib
import fcntl
import os
import subprocess
import sys
from pathlib import Path
from typing import Iterator  # noqa: UP035 - see above

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cms.fingerprint import Stamp, fingerprint  # noqa: E402 - the path above leads there
from cms.ports import PortError, require_free, wanted_port  # noqa: E402

VAR = ROOT / "var"
LOG = VAR / "environment.log"
STAMPS = VAR / "stamps"
REQUIREMENTS = ROOT / "requirements"
SITE = ROOT / ".venv"
UV = VAR / "uv-env"
ASSETS = VAR / "assets-env"
PLACE = "made-at"  # a file in each environment
OLDEST = (3, 11)
# The interpreter itself, also when this runs inside of a virtual environment.
PYTHON = getattr(sys, "_base_executable", sys.executable)

# pip's word → uv's variable. uv does not read pip's configuration.
INDEX_SETTINGS = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
}
SIGNS_OF_NO_NETWORK = (
    "connection",
    "could not fetch",
    "dns error",
    "econnrefused",
    "enotfound",
    "etimedout",
    "failed to fetch",
    "name resolution",
    "network",
    "timed out",
)


class PreparationError(Exception):
    """One sentence for the person at the terminal."""


def main(arguments: list[str]) -> int:
    try:
        require_python()
        VAR.mkdir(exist_ok=True)
        if arguments[:1] == ["uv"]:
            with alone():
                install_uv()
            return subprocess.call([UV / "bin" / "uv", *arguments[1:]], env=uv_environment())
        if arguments in (["demo"], ["dev"]):
            prepare(arguments[0])
            return 0
    except (PreparationError, PortError) as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"The environment could not be prepared: {error}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(__doc__, file=sys.stderr)
    return 2


def require_python() -> None:
    if sys.version_info[:2] < OLDEST:
        have = ".".join(map(str, sys.version_info[:3]))
        msg = (
            f"Python 3.11 or newer is needed, this is {have}: "
            "install one and name it, for example 'make demo PYTHON=python3.12'."
        )
        raise PreparationError(msg)


def prepare(group: str) -> None:
    site_ready = is_current(site_stamps(), group) and runs(SITE)
    assets_ready = is_current(assets_stamps(), group) and (VAR / "assets" / "kern").is_dir()
    if site_ready and assets_ready:
        return
    if group == "demo":  # better now than after minutes of installing
        require_free(wanted_port())
    LOG.write_text("")
    with alone():
        install_uv()
        if not site_ready:
            say("Installing the Python packages (the first time this takes about a minute) …")
            with stamped(site_stamps(), group):
                sync(SITE, f"{group}.txt")
        if not assets_ready:
            say("Building the front-end assets …")
            with stamped(assets_stamps(), group):
                sync(ASSETS, "assets.txt")
                build = (ASSETS / "bin" / "python", "tools/assets/build.py", group)
                run("The front-end assets", *build)


def is_current(stamps: dict[str, Stamp], group: str) -> bool:
    """Tell whether this is prepared. What is prepared for development runs the demo, too."""
    return any(stamps[name].is_current() for name in (group, "dev"))


@contextlib.contextmanager
def stamped(stamps: dict[str, Stamp], group: str) -> Iterator[None]:
    """Note what was prepared, once that is done; what was there before is not there any more."""
    for stamp in stamps.values():
        stamp.clear()
    yield
    stamps[group].write()


def site_stamps() -> dict[str, Stamp]:
    version = ".".join(map(str, sys.version_info[:2]))
    return {
        group: Stamp(
            STAMPS / f"environment-{group}",
            fingerprint([REQUIREMENTS / f"{group}.txt"], version, str(SITE)),
        )
        for group in ("demo", "dev")
    }


def assets_stamps() -> dict[str, Stamp]:
    value = fingerprint([REQUIREMENTS / "assets.txt", ROOT / "tools" / "assets"])
    return {group: Stamp(STAMPS / f"assets-{group}", value) for group in ("demo", "dev")}


def install_uv() -> None:
    """Install uv apart from the site: syncing .venv must not remove it."""
    value = fingerprint([REQUIREMENTS / "uv.txt"], str(UV))
    stamp = Stamp(STAMPS / "uv", value)
    if stamp.is_current() and runs(UV):
        return
    require_venv_module()
    run("A virtual environment", PYTHON, "-m", "venv", "--clear", UV)
    (UV / PLACE).write_text(str(UV))
    pip = (UV / "bin" / "python", "-m", "pip", "install", "--require-hashes")
    run("uv", *pip, "-r", REQUIREMENTS / "uv.txt")
    stamp.write()


def require_venv_module() -> None:
    try:
        import ensurepip  # noqa: F401, PLC0415
        import venv  # noqa: F401, PLC0415
    except ImportError:
        msg = (
            "Python's venv module is missing: install it (on Debian and Ubuntu: "
            "apt-get install python3-venv) and run the command again."
        )
        raise PreparationError(msg) from None


def sync(environment: Path, requirements: str) -> None:
    """Make the environment hold exactly the locked packages."""
    uv = UV / "bin" / "uv"
    python = environment / "bin" / "python"
    if not runs(environment):
        run("A virtual environment", uv, "venv", "--clear", "--python", PYTHON, environment)
        (environment / PLACE).write_text(str(environment))
    command = (uv, "pip", "sync", "--require-hashes", "--python", python)
    run("The Python packages", *command, REQUIREMENTS / requirements)


def runs(environment: Path) -> bool:
    """Whether the environment works where it is, with the version of Python that runs this."""
    place = environment / PLACE
    if place.exists() and place.read_text() != str(environment):
        return False  # the checkout was moved, and programs know their place
    code = f"import sys; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"
    try:
        result = subprocess.run([environment / "bin" / "python", "-c", code], check=False)
    except OSError:
        return False
    return result.returncode == 0


def uv_environment() -> dict[str, str]:
    """Return the environment variables that make uv see what pip is configured to see."""
    settings = {"UV_INDEX_STRATEGY": "unsafe-best-match"}  # as pip does; the hashes decide anyway
    for key, value in pip_settings().items():
        name = INDEX_SETTINGS.get(key)
        if name:
            settings[name] = ",".join(value.split()) if name == "UV_FIND_LINKS" else value
    return {**settings, **os.environ}


def pip_settings() -> dict[str, str]:
    """Return pip's settings by name; a variable beats a file, `install` beats `global`."""
    command = (UV / "bin" / "python", "-m", "pip", "config", "list")
    listing = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    found = {"global": {}, "install": {}, ":env:": {}}  # type: dict[str, dict[str, str]]
    for line in listing.splitlines():
        name, _, value = line.partition("=")
        section, _, key = name.partition(".")
        with contextlib.suppress(KeyError, ValueError, SyntaxError):
            found[section][key] = " ".join(str(ast.literal_eval(value)).split())
    return {**found["global"], **found["install"], **found[":env:"]}


def run(what: str, *command: str | Path) -> None:
    """Run a command into the log; raise one sentence when it fails."""
    with LOG.open("a", encoding="utf-8") as log:
        start = log.tell()
        result = subprocess.run(
            [str(part) for part in command],
            cwd=ROOT,
            env=uv_environment() if runs(UV) else None,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            check=False,
        )
    if result.returncode:
        output = LOG.read_bytes()[start:].decode(errors="replace").lower()
        cause = "see"
        if any(sign in output for sign in SIGNS_OF_NO_NETWORK):
            cause = "is this machine online, and may pip and npm reach their indexes? See"
        msg = f"{what} could not be installed: {cause} {LOG.relative_to(ROOT)}."
        raise PreparationError(msg)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Let two commands in one checkout not install at the same time."""
    with (VAR / "environment.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
