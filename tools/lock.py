"""Renew requirements/*.txt from pyproject.toml, each file constrained by the one before it."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = [sys.executable, "tools/environment.py", "uv"]
COMPILE = ["pip", "compile", "--universal", "--generate-hashes", "--python-version", "3.11"]
SITE = "pyproject.toml"
FILES = {
    "base": [SITE],
    "demo": [SITE, "--group", "demo", "-c", "requirements/base.txt"],
    "dev": [SITE, "--group", "dev", "-c", "requirements/demo.txt"],
    "assets": ["--group", "assets"],
    "uv": ["--group", "uv"],
}


def main() -> int:
    for name, inputs in FILES.items():
        output = f"requirements/{name}.txt"
        print(output, flush=True)
        options = ["-q", *inputs, "-o", output, *sys.argv[1:]]
        if subprocess.call([*UV, *COMPILE, *options], cwd=ROOT):
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
