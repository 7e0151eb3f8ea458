"""Keeps tests that share a running site, or the example data, on one of xdist's workers.

xdist's own groups (`--dist loadgroup`) do nothing with pytest 9.2: they rename the tests through an
attribute that is gone.
"""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

# By the beginning of their names. A lot of several tests comes before single ones, so what takes
# long stands here, too: near the end of a run the other worker would have nothing left to do.
TOGETHER = {
    "tests/browser/": "browser",
    "tests/home/test_demo_": "demo",
    "tests/home/test_load_demo": "demo",
    "tests/home/test_programme_pages": "demo",
    "tests/bookings/test_races": "races",
    "tests/cms/test_leaks": "leaks",
    "tests/test_query_budgets": "query budgets",
    # Need no database, or one of their own: the largest lot, so one worker has it while the other
    # one migrates.
    "tests/unit/": "unit",
    "tests/tools/test_demo_process": "unit",
}


class Scheduling(LoadScopeScheduling):
    """Hands out single tests, and those that belong together in one go, the largest lot first."""

    def _split_scope(self, nodeid: str) -> str:
        found = (lot for place, lot in TOGETHER.items() if nodeid.startswith(place))
        return next(found, nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    return Scheduling(config, log)
