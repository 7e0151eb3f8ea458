"""The German catalogue: collect it, and check that what is committed is complete and compiled.

python -m tools.catalogue update    texts into locale/de, compiled
python -m tools.catalogue check     nothing missing, fuzzy, untranslated or not compiled
"""

import ast
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("bookings", "cms", "home", "templates", "locale")
CATALOGUE = Path("locale/de/LC_MESSAGES/django.po")
HEADER = {
    "Project-Id-Version": "rvz",
    "Language": "de",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
# What a text says; not where it stands.
Entry = tuple[str, ...]


def main(arguments: list[str]) -> int:
    missing = [
        program for program in ("xgettext", "msgmerge", "msgfmt") if not shutil.which(program)
    ]
    if missing:
        print("gettext is missing: install it (on Debian and Ubuntu: apt-get install gettext).")
        return 1
    if arguments == ["update"]:
        return update()
    if arguments == ["check"]:
        problems = list(find_problems())
        print("\n".join(problems) or "the German catalogue is complete")
        return 1 if problems else 0
    print(__doc__)
    return 2


def update() -> int:
    path = ROOT / CATALOGUE
    collected = collect()
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or entries(collected) != entries(polib.pofile(str(path))):
        collected.save(str(path))
    compiled = path.with_suffix(".mo")
    result = subprocess.run(["msgfmt", "--check-format", "-o", compiled, path], check=False)
    for entry in unfinished(collected):
        print(f"to translate: {entry.msgid}")
    return result.returncode


def find_problems() -> Iterator[str]:
    path = ROOT / CATALOGUE
    if not path.exists():
        yield f"{CATALOGUE} is missing: run 'make messages'."
        return
    committed = polib.pofile(str(path))
    collected = collect()
    for entry in sorted(set(entries(collected)) ^ set(entries(committed))):
        yield f"not up to date (run 'make messages'): {entry[1]}"
    for entry in unfinished(committed):
        yield f"line {entry.linenum}: {'fuzzy' if entry.fuzzy else 'untranslated'}: {entry.msgid}"
    yield from compile_problems(path)
    yield from hidden_texts()


def hidden_texts() -> Iterator[str]:
    """Find texts within f-strings: gettext does not look there, so they would stay English."""
    for source in filter(lambda name: (ROOT / name).is_dir(), SOURCES):
        for path in sorted((ROOT / source).rglob("*.py")):
            for string in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(string, ast.JoinedStr) and any(map(is_text, ast.walk(string))):
                    yield f"{path.relative_to(ROOT)}:{string.lineno}: a text within an f-string"


def is_text(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in GETTEXT
    )


def compile_problems(path: Path) -> Iterator[str]:
    """Compare with a fresh compilation, so that the committed file is what the site shows."""
    compiled = path.with_suffix(".mo")
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / compiled.name
        command = ("msgfmt", "--check-format", "-o", fresh, path)
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode:
            yield result.stderr.strip()
        elif not compiled.exists():
            yield f"{compiled.name} is missing: run 'make messages'."
        elif texts(fresh) != texts(compiled):
            yield f"{compiled.name} was not compiled from {path.name}: run 'make messages'."


def texts(compiled: Path) -> tuple[dict[str, str], list[polib.MOEntry]]:
    catalogue = polib.mofile(str(compiled))
    return catalogue.metadata, list(catalogue)


def collect() -> polib.POFile:
    """Run makemessages on a copy of the sources and return what it makes of the catalogue."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in filter(lambda name: (ROOT / name).is_dir(), SOURCES):
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        path = copy / CATALOGUE
        if not path.exists():
            path.parent.mkdir(parents=True)
            empty = polib.POFile()
            empty.metadata = HEADER
            empty.save(str(path))
        options = ["-l", "de", "-e", "html,txt,py", "--no-obsolete", "--no-wrap", "-v", "0"]
        environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
        command = [sys.executable, "-m", "django", "makemessages", "--no-location", *options]
        subprocess.run(command, cwd=copy, env=environment, check=True)
        collected = polib.pofile(str(path))
    kept = [
        key for key in collected.metadata if "Date" not in key and key != "Report-Msgid-Bugs-To"
    ]
    collected.metadata = {key: collected.metadata[key] for key in kept}
    return collected


def entries(catalogue: polib.POFile) -> dict[Entry, None]:
    """Return the texts in order, without the places they come from."""
    return {
        (
            entry.msgctxt or "",
            entry.msgid,
            entry.msgid_plural,
            entry.msgstr,
            *entry.msgstr_plural.values(),
            *sorted(entry.flags),
        ): None
        for entry in catalogue
    }


def unfinished(catalogue: polib.POFile) -> list[polib.POEntry]:
    return [entry for entry in catalogue if entry.fuzzy or not entry.translated()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
