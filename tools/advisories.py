"""Known vulnerabilities of the locked packages, as far as the package index tells them.

An index that is not reachable, or that knows no advisories, is a reason to skip, never to pass.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

PROBE = "django"


def audit(requirements: Path) -> tuple[str, str]:
    """Return (ok, FAILED or skipped; what was found)."""
    text = requirements.read_text()
    # One question first: an index without advisories need not be asked about every package.
    state, output = verdict(report(only(PROBE, text)))
    return (state, output) if state == "skipped" else verdict(report(text))


def only(package: str, requirements: str) -> str:
    found = re.search(rf"^{package}==(?:.*\\\n)+.*\n", requirements, re.MULTILINE)
    return found.group() if found else requirements


def report(requirements: str) -> list[dict[str, Any]]:
    """Return pip-audit's findings by package; an empty list when it could not ask."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(requirements)
        file.flush()
        options = ["--disable-pip", "--require-hashes", "--progress-spinner", "off", "-f", "json"]
        command = [sys.executable, "-m", "pip_audit", *options, "-r", file.name]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        dependencies: list[dict[str, Any]] = json.loads(result.stdout)["dependencies"]
    except (ValueError, KeyError):
        return []
    return dependencies


def verdict(dependencies: list[dict[str, Any]]) -> tuple[str, str]:
    found = [
        f"{package['name']} {package['version']}: {weakness['id']}"
        f" (fixed in {', '.join(weakness['fix_versions']) or 'no version'})"
        for package in dependencies
        for weakness in package.get("vulns", ())
    ]
    if found:
        return "FAILED", "\n".join(found)
    unknown = [package["name"] for package in dependencies if "skip_reason" in package]
    if not dependencies or len(unknown) == len(dependencies):
        return "skipped", "not reachable: the package index answers no question about advisories"
    if unknown:
        return "skipped", f"without an answer: {', '.join(unknown)}"
    return "ok", ""
