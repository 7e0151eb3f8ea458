"""`make demo-reset`: forget the example data; asks nothing, tells what it did.

python -m tools.demo_reset
"""

import shutil
import sys
from pathlib import Path

from cms import embedded_postgres
from cms.environment import VAR_DIR


def main(var: Path = VAR_DIR) -> int:
    try:
        done = reset(var)
    except embedded_postgres.EmbeddedPostgresError as error:
        print(error, file=sys.stderr)
        return 1
    if done:
        print(f"Removed under {var.name}/: {', '.join(done)}. 'make demo' makes them anew.")
    else:
        print("There was no example data.")
    return 0


def reset(var: Path) -> list[str]:
    """Remove database, uploads and cached pages; return what there was of them."""
    there = [name for name in ("postgres", "media", "cache") if (var / name).exists()]
    embedded_postgres.destroy(var)
    for name in there:
        shutil.rmtree(var / name, ignore_errors=True)
    (var / "stamps" / "database").unlink(missing_ok=True)
    return there


if __name__ == "__main__":
    sys.exit(main())
