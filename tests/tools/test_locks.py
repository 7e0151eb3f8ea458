"""The locks install the same everywhere, and what pyproject.toml asks for."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from cms.environment import BASE_DIR
from tools import foreign_names

REQUIREMENTS = BASE_DIR / "requirements"
LOCKS = sorted(REQUIREMENTS.glob("*.txt"))
PROJECT = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())


def locked(name: str) -> dict[str, str]:
    text = (REQUIREMENTS / f"{name}.txt").read_text()
    found = re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==([\w.!+-]+)", text, re.MULTILINE)
    return {canonicalize_name(package): version for package, version in found}


def asked() -> list[tuple[str, Requirement]]:
    groups = PROJECT["dependency-groups"]
    lists = {"base": PROJECT["project"]["dependencies"], **groups}
    return [
        (group, Requirement(line))
        for group, lines in lists.items()
        for line in lines
        if isinstance(line, str)
    ]


@pytest.mark.parametrize(("group", "requirement"), asked(), ids=str)
def test_the_lock_has_what_the_project_asks_for(group: str, requirement: Requirement):
    version = locked(group)[canonicalize_name(requirement.name)]
    assert requirement.specifier.contains(version)


@pytest.mark.parametrize(("smaller", "larger"), [("base", "demo"), ("demo", "dev")])
def test_what_is_tested_is_what_runs(smaller: str, larger: str):
    assert locked(smaller).items() <= locked(larger).items()


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_a_lock_names_no_host_and_hashes_everything(path: Path):
    text = path.read_text()
    assert "://" not in text
    assert len(re.findall(r"^[\w.-]+(?:\[.*\])?==", text, re.MULTILINE)) == text.count("# via")
    assert all(
        "--hash=sha256:" in block
        for block in re.split(r"^(?=[\w.-]+(?:\[.*\])?==)", text, flags=re.MULTILINE)[1:]
    )


def test_the_npm_lock_names_no_host_and_hashes_everything():
    lock = json.loads((BASE_DIR / "tools" / "assets" / "package-lock.json").read_text())
    packages = [package for path, package in lock["packages"].items() if path]
    assert packages
    assert all("integrity" in package and "resolved" not in package for package in packages)


@pytest.mark.parametrize(
    "line",
    [
        "see " + "/wo" + "rk/main",
        "cd=/ro" + "ot/project",
        "https://py" + "pi.org/simple",
        "https://registry.np" + "mjs.org/",
    ],
)
def test_a_path_or_host_of_one_machine_is_found(line: str, tmp_path: Path):
    path = tmp_path / "notes.md"
    path.write_text(f"first\n{line}\n")
    assert foreign_names.find([path])[0].startswith(f"{path}:2: ")


@pytest.mark.parametrize("line", ["templates/home/page.html", "var/postgres", "tests/home/x.py"])
def test_paths_of_the_project_are_fine(line: str, tmp_path: Path):
    path = tmp_path / "notes.md"
    path.write_text(line)
    assert foreign_names.find([path]) == []
