"""Build var/assets: KERN UX unmodified, and two weights of Fira Sans reduced to Latin letters.

    python tools/assets/build.py demo     what the site hands out
    python tools/assets/build.py dev      and, in var/assets-node, what its tests need of npm

Runs in the environment of requirements/assets.txt; `tools/environment.py` calls it when needed.
"""

import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent.parent
HERE = ROOT / "tools" / "assets"
NODE = ROOT / "var" / "assets-node"
TARGET = ROOT / "var" / "assets"

WEIGHTS = {400: "Regular", 600: "SemiBold"}
CHARACTERS = {
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),  # Western and Central European names
    *range(0x2013, 0x2027),  # dashes, quotation marks, dagger, bullet, ellipsis
    *map(ord, "‰‹›€→←↑↓"),
    0x2212,  # minus
}
# Kerning, ligatures, accents, figures of one width for times and phone numbers.
FEATURES = ["kern", "liga", "locl", "ccmp", "mark", "tnum"]
NAMES = [0, 1, 2, 7, 13, 14]  # copyright, trademark and licence stay in the file


def main(group: str) -> None:
    logging.getLogger("fontTools").setLevel(logging.ERROR)  # KERN's files have an old header
    install_packages("--include=dev" if group == "dev" else "--omit=dev")
    package = NODE / "node_modules" / "@kern-ux" / "native"
    draft = TARGET.with_name("assets.new")
    shutil.rmtree(draft, ignore_errors=True)
    copy_kern(package, draft / "kern")
    make_fonts(package / "dist" / "fonts" / "fira-sans", draft / "fonts")
    shutil.rmtree(TARGET, ignore_errors=True)
    draft.rename(TARGET)


def install_packages(which: str) -> None:
    """Install the locked packages outside of the work tree's tracked folders."""
    NODE.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, NODE / name)
    programs = Path(sys.executable).parent
    path = os.pathsep.join([str(programs), os.environ.get("PATH", "")])
    options = [which, "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
    environment = {**os.environ, "PATH": path}
    subprocess.run([programs / "npm", "ci", *options], cwd=NODE, env=environment, check=True)


def copy_kern(package: Path, target: Path) -> None:
    target.mkdir(parents=True)
    shutil.copyfile(package / "dist" / "kern.min.css", target / "kern.min.css")
    shutil.copyfile(package / "LICENSE.md", target / "LICENSE.md")


def make_fonts(source: Path, target: Path) -> None:
    target.mkdir(parents=True)
    for weight, name in WEIGHTS.items():
        make_font(source / f"FiraSans-{name}.woff2", target / f"fira-sans-{weight}.woff2")
    (target / "fonts.css").write_text("\n".join(map(font_face, WEIGHTS)))
    names = TTFont(source / "FiraSans-Regular.woff2")["name"]
    licence = [str(names.getDebugName(number)) for number in NAMES if number > 2]  # noqa: PLR2004
    copyright_line = str(names.getDebugName(0))
    lines = ["Fira Sans, reduced to Latin letters.", copyright_line, *licence]
    (target / "LICENSE.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def make_font(source: Path, target: Path) -> None:
    options = subset.Options(
        flavor="woff2",
        layout_features=FEATURES,
        hinting=False,  # a third of the size; browsers smooth without it
        name_IDs=NAMES,
        notdef_outline=True,
        drop_tables=[*subset.Options().drop_tables, "gasp"],
    )
    font = subset.load_font(source, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=CHARACTERS)
    subsetter.subset(font)
    subset.save_font(font, target, options)


def font_face(weight: int) -> str:
    return (
        "@font-face {\n"
        '  font-family: "Fira Sans";\n'
        f'  src: url("fira-sans-{weight}.woff2") format("woff2");\n'
        f"  font-weight: {weight};\n"
        "  font-style: normal;\n"
        "  font-display: swap;\n"
        "}\n"
    )


if __name__ == "__main__":
    main(sys.argv[1])
