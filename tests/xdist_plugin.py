"""Keeps tests that share a running site on one of xdist's workers.

xdist's own groups (`--dist loadgroup`) do nothing with pytest 9.2: they rename the tests through an
attribute that is gone.
"""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

TOGETHER = ("tests/browser/", "tests/tools/test_demo_process.py")


class Scheduling(LoadScopeScheduling):
    """Hands out single tests, and those that belong together in one go, the largest lot first."""

    def _split_scope(self, nodeid: str) -> str:
        return next((place for place in TOGETHER if nodeid.startswith(place)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    return Scheduling(config, log)
