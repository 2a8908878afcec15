"""The supervisor: what crashes comes back, what is stopped is gone with everything it started."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tcma.cli import supervision
from tcma.cli.supervision import Program, StartFailed, Supervisor, python


def wait_for(is_met: Callable[[], bool], *, within_s: float = 10) -> None:
    deadline = time.monotonic() + within_s
    while not is_met():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def program(tmp_path: Path, source: str, name: str = "child") -> Program:
    return Program(name, python("-c", source), dict(os.environ), tmp_path / f"{name}.log")


# A program that starts another and neither of them heeds SIGTERM; it writes both process ids.
STUBBORN = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
other = subprocess.Popen([sys.executable, "-c", deaf])
print(os.getpid(), other.pid, flush=True)
time.sleep(60)
"""


def test_a_stopped_program_leaves_no_process_behind_however_stubborn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "STOP_WITHIN_S", 0.5)
    supervisor = Supervisor(print)
    stubborn = program(tmp_path, STUBBORN)
    supervisor.start(stubborn)
    wait_for(lambda: len(stubborn.log.read_text().split()) == 2)
    pids = [int(word) for word in stubborn.log.read_text().split()]
    assert all(alive(pid) for pid in pids)
    supervisor.stop()
    wait_for(lambda: not any(alive(pid) for pid in pids))


def test_a_crashed_program_is_started_again_with_growing_pauses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "BACK_OFF_S", (0.01, 0.02, 0.04))
    monkeypatch.setattr(supervision, "POLL_S", 0.01)
    said: list[str] = []
    supervisor = Supervisor(said.append)
    mark = tmp_path / "starts"
    crash = program(
        tmp_path, f"open({str(mark)!r}, 'a').write('x'); print('the reason'); raise SystemExit(3)", "crasher"
    )
    supervisor.start(crash)

    def enough() -> bool:
        supervisor.asked_to_stop = mark.exists() and len(mark.read_text()) >= 3
        return supervisor.asked_to_stop

    while not enough():
        supervisor._look_after(crash)
    supervisor.stop()
    assert "The crasher ended unexpectedly; starting it again in 0 s. Its log ends with:" in said
    assert any("the reason" in line for line in said)
    assert supervisor._fates["crasher"].failures >= 2


def test_a_program_that_ends_before_the_service_is_ready_is_named_with_its_last_words(tmp_path: Path) -> None:
    supervisor = Supervisor(print)
    supervisor.start(program(tmp_path, "raise SystemExit('cannot find my hat')", "web"))
    with pytest.raises(StartFailed, match=r"The web did not start.*\n.*cannot find my hat"):
        supervisor.await_condition(lambda: False, within_s=10)
    supervisor.stop()


def test_a_signal_ends_the_watch(tmp_path: Path) -> None:
    supervisor = Supervisor(print)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        supervisor.listen()
        quiet = program(tmp_path, "import time; time.sleep(60)")
        supervisor.start(quiet)
        os.kill(os.getpid(), signal.SIGTERM)
        supervisor.watch()
        assert quiet.is_running()
        supervisor.stop()
        assert not quiet.is_running()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children that their parent ended")
def test_programs_end_when_the_supervisor_itself_is_killed(tmp_path: Path) -> None:
    source = (
        "import time; from pathlib import Path; from tcma.cli.supervision import *\n"
        "sleeper = python('-c', 'import time; time.sleep(60)')\n"
        f"child = Program('child', sleeper, {{}}, Path({str(tmp_path)!r}) / 'log')\n"
        "Supervisor(print).start(child); print(child.process.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen(python("-c", source), stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    with parent.stdout:
        pid = int(parent.stdout.readline())
    assert alive(pid)
    parent.kill()
    parent.wait()
    wait_for(lambda: not alive(pid))
