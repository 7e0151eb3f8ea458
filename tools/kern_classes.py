"""Refuse KERN classes and tokens that the installed KERN does not have: they fail in silence.

python -m tools.kern_classes
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KERN = ROOT / "var" / "assets" / "kern" / "kern.min.css"
SOURCES = ("templates", "static", "bookings", "cms", "home")
SUFFIXES = {".css", ".html", ".js", ".py", ".svg"}
NO_CLASSES = {"kern-ux"}  # the name of the package

DEFINED_CLASS = re.compile(r"\.(kern-[\w-]+)")
DEFINED_TOKEN = re.compile(r"(--[\w-]+)\s*:")
# Not `--kern-…` (a token), not `data-kern-…` (an attribute), not `x.kern-…` of a file name.
USED_CLASS = re.compile(r"(?<![\w-])kern-[\w-]+")
USED_TOKEN = re.compile(r"var\(\s*(--kern-[\w-]+)")


def main() -> int:
    if not KERN.exists():
        print(f"{KERN.relative_to(ROOT)} is missing: run 'make demo' or tools/environment.py.")
        return 1
    problems = list(find_unknown(KERN.read_text(encoding="utf-8"), sources(ROOT)))
    print("\n".join(problems) or "every KERN class and token exists")
    return 1 if problems else 0


def sources(root: Path) -> Iterator[Path]:
    for name in SOURCES:
        yield from sorted(p for p in (root / name).rglob("*") if p.suffix in SUFFIXES)


def find_unknown(kern: str, files: Iterator[Path]) -> Iterator[str]:
    """Yield one line for each use of a class or token that `kern` does not define."""
    classes, tokens = set(DEFINED_CLASS.findall(kern)), set(DEFINED_TOKEN.findall(kern))
    for path in files:
        text = path.read_text(encoding="utf-8")
        own = set(DEFINED_TOKEN.findall(text))
        for number, line in enumerate(text.splitlines(), start=1):
            used = [*USED_CLASS.findall(line), *USED_TOKEN.findall(line)]
            for name in used:
                if not exists(name, classes | tokens | own):
                    yield f"{path}:{number}: KERN has no {name}"


def exists(name: str, known: set[str]) -> bool:
    """Whether the name is known; one that a template completes ends in a dash or underscore."""
    if name.endswith(("-", "_")):
        return any(candidate.startswith(name) for candidate in known)
    return name in known or name in NO_CLASSES


if __name__ == "__main__":
    sys.exit(main())
