"""The races of the tests with 100 rounds, locks as impatient as in earnest, and 50 writers killed; as JSON.

    python -m bench.races [arguments of pytest]

`make test` runs the same with fewer, and patient locks. Who may win is what the tests assert: a race
that came out wrong stands under `failed`. Of each: rounds (where a crowd races the services, the pages
have a quarter of them), bookings stored, dates that took each step, deadlocks, second attempts after a
deadlock or a lock timeout, seconds. Controls take the lock away: theirs do not count.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from cms.environment import BASE_DIR

MODULES = (
    "test_races",
    "test_crowd_races",
    "test_time_races",
    "test_plan_races",
    "test_kill_series",
)
MORE = {"RVZ_RACE_ROUNDS": "100", "RVZ_RACE_LOCK_TIMEOUT": "", "RVZ_KILLS": "50"}


def main(arguments: list[str]) -> int:
    wanted = {name: os.environ.get(name, usual) for name, usual in MORE.items()}
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        failed = run(report, {**os.environ, **wanted}, arguments)
        if not report.exists():
            return failed
        cases = list(ET.parse(report).iter("testcase"))  # noqa: S314 - written a moment ago
    result = {
        "python": sys.version.split()[0],
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "kills": int(wanted["RVZ_KILLS"]),
        "races": {name_of(case): told(case) for case in cases},
        "failed": [name_of(case) for case in cases if not is_passed(case)],
    }
    print(json.dumps(result, indent=2))
    return failed


def run(report: Path, environment: dict[str, str], arguments: list[str]) -> int:
    files = [f"tests/bookings/{name}.py" for name in MODULES]
    form = ("-o", "junit_family=xunit1", "-o", "junit_duration_report=call")
    options = ("-n", "0", "-p", "no:randomly", f"--junitxml={report}", *form)
    command = [sys.executable, "-m", "pytest", *options, *files, *arguments]
    return subprocess.run(
        command, cwd=BASE_DIR, env=environment, stdout=sys.stderr, check=False
    ).returncode


def name_of(case: ET.Element) -> str:
    module = case.attrib["classname"].rpartition(".")[2]
    return f"{module.removeprefix('test_')}: {case.attrib['name'].removeprefix('test_')}"


def told(case: ET.Element) -> dict[str, Any]:
    """Return what a test has noted, and how long it took."""
    noted = {
        each.attrib["name"]: json.loads(each.attrib["value"]) for each in case.iter("property")
    }
    return {**noted, "seconds": round(float(case.attrib["time"]), 1)}


def is_passed(case: ET.Element) -> bool:
    return case.find("failure") is None and case.find("error") is None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
