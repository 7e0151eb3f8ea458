import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from cms.environment import BASE_DIR
from cms.supervisor.processes import Child, Family
from cms.supervisor.reporting import SupervisorError
from cms.supervisor.services import Repeated, Service, housekeeping, ledger_check

SLEEP = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
FAIL = [sys.executable, "-c", "raise SystemExit(3)"]
# Starts a child of its own with the mark and waits to be killed.
PARENT = """
import sys, time
from pathlib import Path
from cms.supervisor.processes import Child, Family
family = Family(Path(sys.argv[1]))
family.begin()
child = Child("child", [sys.executable, "-c", "import time; time.sleep(60)"])
child.start(family)
print(child.process.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def family(tmp_path: Path) -> Family:
    family = Family(tmp_path / "mark")
    family.begin()
    return family


def wait_for(condition, seconds: float = 5) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return bool(condition())


def lives(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_the_next_run_ends_what_a_killed_one_left_and_nobody_else(tmp_path: Path):
    killed = Family(tmp_path / "mark")
    killed.begin()
    child = Child("child", SLEEP)
    child.start(killed, None)
    with subprocess.Popen(SLEEP, stdout=subprocess.DEVNULL) as stranger:
        assert Family(tmp_path / "mark").end_previous()
        assert wait_for(lambda: not child.is_running)
        assert stranger.poll() is None
        stranger.kill()
    assert not Family(tmp_path / "mark").end_previous()


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help exists on Linux only")
def test_children_end_when_their_parent_is_killed(tmp_path: Path):
    command = [sys.executable, "-c", PARENT, str(tmp_path / "mark")]
    with subprocess.Popen(command, cwd=BASE_DIR, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert lives(child)
        parent.send_signal(signal.SIGKILL)
    assert wait_for(lambda: not lives(child))


def test_a_child_that_does_not_listen_is_killed(family: Family):
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)"
    child = Child("stubborn", [sys.executable, "-c", stubborn])
    child.start(family)
    time.sleep(0.3)
    child.stop(seconds=0.2)
    assert child.exit_code == -signal.SIGKILL


def test_a_service_that_dies_is_started_again_after_a_pause(family: Family, monkeypatch):
    service = Service(Child("site", SLEEP))
    service.start(family)
    service.child.stop()
    service.look_after(family)
    assert service.child.exit_code is not None
    monkeypatch.setattr(
        "cms.supervisor.services.time.monotonic", lambda: service.child.started + 60
    )
    service.look_after(family)
    assert service.child.is_running
    service.child.stop()


def test_a_service_that_keeps_dying_at_once_ends_the_demo(family: Family):
    service = Service(Child("site", FAIL))
    for _attempt in range(2):
        service.start(family)
        assert wait_for(lambda: not service.child.is_running)
        service.look_after(family)
    service.start(family)
    assert wait_for(lambda: not service.child.is_running)
    with pytest.raises(SupervisorError, match=r"exit code 3\) at once, 3 times in a row"):
        service.look_after(family)


@pytest.mark.parametrize(
    ("repeated", "said"),
    [
        (housekeeping, "housekeeping failed; again in a minute (exit code 3)"),
        (ledger_check, "ATTENTION: check_ledger failed"),
    ],
)
def test_a_failing_command_is_told(family: Family, capsys, repeated, said):
    command = repeated()
    command.child = Child("command", FAIL)
    command.look_after(family)
    assert wait_for(lambda: not command.child.is_running)
    command.look_after(family)
    assert said in capsys.readouterr().out


def test_a_command_runs_once_at_a_time_and_again_when_its_time_has_come(family: Family):
    command = Repeated(Child("command", ["true"]), seconds=0, failure="failed")
    command.look_after(family)
    first = command.child.process
    assert wait_for(lambda: not command.child.is_running)
    command.look_after(family)
    assert command.child.process is not first
    command.child.stop()
    hourly = Repeated(Child("command", ["true"]), seconds=3600, failure="failed")
    hourly.look_after(family)
    first = hourly.child.process
    assert wait_for(lambda: not hourly.child.is_running)
    hourly.look_after(family)
    assert hourly.child.process is first
