"""RVZ_ENV decides which settings are loaded. Imports no Django: this runs before it."""

import os
import sys
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
# Data of this installation; RVZ_VAR moves it, for example for a second one from the same checkout.
VAR_DIR = Path(os.environ.get("RVZ_VAR") or BASE_DIR / "var").resolve()
ENVIRONMENTS = ("development", "test", "demo", "production")


def use_environment(default: str = "development") -> str:
    """Point Django at the settings of RVZ_ENV and return its name; exit on an unknown one."""
    name = os.environ.setdefault("RVZ_ENV", default)
    if name not in ENVIRONMENTS:
        sys.exit(f"RVZ_ENV={name!r} is unknown. Use one of: {', '.join(ENVIRONMENTS)}.")
    os.environ["DJANGO_SETTINGS_MODULE"] = f"cms.settings.{name}"
    return name
