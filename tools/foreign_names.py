"""Refuse paths of one machine and hosts of package registries in committed files.

They make a checkout work in one place only. (Written so that this file does not contain any.)
"""

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

FOREIGN = re.compile(
    r"(?<![\w.}/*-])/(?:work|farm|root|home|Users)/"
    r"|[p]ypi\.org|[p]ythonhosted|registry\.[n]pmjs|[d]eb\.debian|security\.[d]ebian",
    re.IGNORECASE,
)
BINARY = {".avif", ".ico", ".jpg", ".mo", ".pdf", ".png", ".webp", ".woff2"}


def committed_files(root: Path) -> list[Path]:
    """Return what is or would be committed."""
    command = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
    listing = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    paths = [root / name for name in listing.split("\0") if name]
    return [path for path in paths if path.is_file() and path.suffix not in BINARY]


def find(files: Iterable[Path]) -> list[str]:
    return [
        f"{path}:{number}: {match.group()}"
        for path in files
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), start=1)
        if (match := FOREIGN.search(line))
    ]
