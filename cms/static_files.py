"""Collect the static files of demo and production settings, unless nothing has changed.

    python -m cms.static_files

It takes a quarter of a minute, mostly for compressing Wagtail's. Processes that want it at the
same time wait for one of them.
"""

import fcntl
import os
import subprocess
import sys

from cms.environment import BASE_DIR
from cms.fingerprint import Stamp, fingerprint

TARGET = BASE_DIR / "var" / "static"
INPUTS = ("static", "var/assets", "cms/settings", "requirements/demo.txt")


def stamp() -> Stamp:
    # Inside of what it describes: who deletes the files deletes the stamp.
    return Stamp(TARGET / ".stamp", fingerprint(BASE_DIR / name for name in INPUTS))


def main() -> int:
    TARGET.parent.mkdir(exist_ok=True)
    with (TARGET.parent / "static.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = stamp()
        if wanted.is_current():
            return 0
        wanted.clear()
        code = subprocess.call(
            [
                sys.executable,
                "manage.py",
                "collectstatic",
                "--no-input",
                "--verbosity",
                "0",
                # Big, and unused: django-ninja brings a second way to show the API.
                "--ignore",
                "redoc*",
            ],
            cwd=BASE_DIR,
            env={**os.environ, "RVZ_ENV": "demo"},
        )
        if code == 0:
            wanted.write()
        return code


if __name__ == "__main__":
    sys.exit(main())
