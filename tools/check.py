"""`make check`: run every check, go on after a failure, say at the end which failed.

python -m tools.check [NAME …]
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from cms import embedded_postgres
from tools import advisories, foreign_names

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
# Made-up values: `check --deploy` looks at the settings and connects to nothing.
PRODUCTION = {
    "RVZ_ENV": "production",
    "RVZ_SECRET_KEY": "only-for-the-check-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFG",
    "RVZ_BASE_URL": "https://rvz.example.org",
    "RVZ_ALLOWED_HOSTS": "rvz.example.org",
    "RVZ_MAIL_FROM": "rvz@example.org",
}


class Result(NamedTuple):
    state: str  # ok, FAILED or skipped
    output: str


Check = Callable[[], Result]


def main(wanted: list[str]) -> int:
    unknown = set(wanted) - set(CHECKS)
    if unknown:
        print(f"No such check: {', '.join(sorted(unknown))}. There are: {', '.join(CHECKS)}.")
        return 2
    if not os.environ.get("DATABASE_URL"):
        embedded_postgres.start()
    states: dict[str, str] = {}
    with ThreadPoolExecutor(max_workers=2) as pool:
        names = [name for name in CHECKS if name in wanted or not wanted]
        for name, (result, seconds) in zip(names, pool.map(timed, names), strict=True):
            states[name] = result.state
            print(f"{result.state:8}{seconds:6.1f} s  {name}", flush=True)
            if result.state != "ok":
                print(indented(result.output), flush=True)
    embedded_postgres.stop()
    failed = [name for name, state in states.items() if state == "FAILED"]
    skipped = [name for name, state in states.items() if state == "skipped"]
    print(summary(len(states), failed, skipped))
    return 1 if failed else 0


def summary(count: int, failed: list[str], skipped: list[str]) -> str:
    ok = count - len(failed) - len(skipped)
    text = f"{count} checks: {ok} ok"
    if skipped:
        text += f"; skipped: {', '.join(skipped)}"
    if failed:
        text += f"; FAILED: {', '.join(failed)}"
    return text


def timed(name: str) -> tuple[Result, float]:
    start = time.monotonic()
    result = CHECKS[name]()
    return result, time.monotonic() - start


def indented(output: str) -> str:
    return "\n".join(f"    {line}" for line in output.strip().splitlines())


def command(*arguments: str, **environment: str) -> Result:
    """Run a program of the environment; its exit code decides."""
    program = PROGRAMS / arguments[0]
    result = subprocess.run(
        [program, *arguments[1:]],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Result("FAILED" if result.returncode else "ok", result.stdout)


def all_of(*commands: tuple[str, ...]) -> Result:
    results = [command(*arguments) for arguments in commands]
    failed = any(result.state == "FAILED" for result in results)
    return Result("FAILED" if failed else "ok", "\n".join(result.output for result in results))


def templates() -> Result:
    files = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "templates").rglob("*.html"))
    if not files:
        return Result("ok", "")
    return all_of(
        ("djade", "--check", *files),
        ("djangofmt", "--check", "--quiet", *files),
        ("djangofmt", "check", "--output-format", "concise", *files),
    )


def deployment() -> Result:
    database = {"DATABASE_URL": os.environ.get("DATABASE_URL", "")}
    options = ("check", "--deploy", "--fail-level", "WARNING")
    return command("python", "manage.py", *options, **PRODUCTION, **database)


def from_lines(lines: list[str]) -> Result:
    return Result("FAILED" if lines else "ok", "\n".join(lines))


CHECKS: dict[str, Check] = {
    "types": lambda: command("mypy"),
    "format": lambda: command("ruff", "format", "--check", "--quiet", "."),
    "lint": lambda: command("ruff", "check", "."),
    "templates": templates,
    "layers": lambda: command("lint-imports"),
    "migrations": lambda: command(
        "python", "manage.py", "makemigrations", "--check", "--dry-run", RVZ_ENV="test"
    ),
    "deployment": deployment,
    "catalogue": lambda: command("python", "-m", "tools.catalogue", "check"),
    "kern": lambda: command("python", "-m", "tools.kern_classes"),
    "foreign names": lambda: from_lines(foreign_names.find(foreign_names.committed_files(ROOT))),
    "advisories": lambda: Result(*advisories.audit(ROOT / "requirements" / "dev.txt")),
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
