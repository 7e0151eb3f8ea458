"""Stamps under var/: what was prepared stays prepared until one of its inputs changes.

Also used before the environment exists: standard library only, any Python 3.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Iterable  # noqa: UP035 - see above


def fingerprint(paths: Iterable[Path], *extra: str) -> str:
    """Return a digest of the files, of all files below the folders, and of the extra words."""
    digest = sha256("\0".join(extra).encode())
    for path in sorted(_files(paths)):
        digest.update(f"\0{path}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        if path.is_dir():
            found = path.rglob("*")
            yield from (f for f in found if f.is_file() and "__pycache__" not in f.parts)
        elif path.exists():
            yield path


class Stamp:
    """A file that says with which inputs something was prepared."""

    def __init__(self, path: Path, value: str) -> None:
        self.path = path
        self.value = value

    def is_current(self) -> bool:
        return self.path.exists() and self.path.read_text() == self.value

    def clear(self) -> None:
        self.path.unlink(missing_ok=True)

    def write(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.value)
