"""`tcma up` as a person uses it: real processes, started, looked at, crashed and stopped."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tcma.cli.up import free_port

pytestmark = pytest.mark.xdist_group("processes")
READY_WITHIN_S = 150


class Up:
    """A running `tcma up`, with what it printed."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.printed = folder.parent / f"{folder.name}.out"

    def start(self) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TCMA_")}
        command = [sys.executable, "-m", "tcma.cli", "up", "--port", str(self.port), "--data-dir", str(self.folder)]
        with self.printed.open("wb") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=environment)

    def text(self) -> str:
        return self.printed.read_text()

    def await_text(self, pattern: str, *, within_s: float = READY_WITHIN_S) -> None:
        assert self.process
        deadline = time.monotonic() + within_s
        while not re.search(pattern, self.text()):
            assert self.process.poll() is None, self.text()
            assert time.monotonic() < deadline, f"{pattern} was not printed, but:\n{self.text()}"
            time.sleep(0.1)

    def get(self, path: str) -> tuple[int, bytes]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return answer.status, answer.read()

    def family(self) -> list[psutil.Process]:
        assert self.process
        return psutil.Process(self.process.pid).children(recursive=True)

    def member(self, word: str) -> psutil.Process:
        assert self.process
        children = psutil.Process(self.process.pid).children()
        return next(child for child in children if word in child.cmdline())

    def end(self, number: int) -> int:
        assert self.process
        self.process.send_signal(number)
        return self.process.wait(40)


def leftovers(folder: Path) -> list[str]:
    """Every living process that was told of this data directory, in its arguments or its environment."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
                continue
            command, environment = process.cmdline(), process.environ()
        except psutil.Error:
            continue
        if any(str(folder) in word for word in (*command, *environment.values())):
            found.append(" ".join(command))
    return found


def is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def wait_for(is_met: Callable[[], bool], *, within_s: float = 30) -> None:
    deadline = time.monotonic() + within_s
    while not is_met():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


@pytest.fixture
def ground() -> Iterator[Path]:
    """A directory that the engines' own user can walk through."""
    folder = Path(tempfile.mkdtemp(prefix="tcma-up-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def running(ground: Path) -> Iterator[Up]:
    up = Up(ground / "data")
    up.start()
    up.await_text("Ready after")
    yield up
    if up.process and up.process.poll() is None:
        up.end(signal.SIGINT)


def test_it_is_ready_serves_the_portal_and_stops_without_a_trace(running: Up) -> None:
    status, body = running.get("/health/ready")
    parts = json.loads(body)["parts"]
    assert status == 200
    assert set(parts.values()) == {"ok"}, parts
    assert {"database", "broker", "storage", "worker", "scheduler"} <= set(parts)
    assert running.get("/api/openapi.json")[0] == 200
    family = running.family()
    assert len(family) >= 6, family

    assert running.end(signal.SIGINT) == 0, running.text()

    assert running.text().rstrip().endswith("Stopped.")
    assert not [member for member in family if is_alive(member)]
    assert leftovers(running.folder) == []
    assert not (running.folder / "addresses.json").exists()


def test_a_second_one_on_the_same_directory_is_told_what_to_do(running: Up) -> None:
    second = Up(running.folder)
    second.start()
    assert second.process
    assert second.process.wait(30) == 1
    assert "already running on" in second.text()
    assert "--data-dir DIR --port PORT" in second.text()
    assert running.get("/health/live")[0] == 200


def test_a_crashed_part_comes_back(running: Up) -> None:
    worker = running.member("worker")
    os.killpg(worker.pid, signal.SIGKILL)
    running.await_text("The worker ended unexpectedly; starting it again in 1 s")
    wait_for(lambda: any("worker" in member.cmdline() for member in running.family()))
    database = running.member(str(running.folder / "postgres" / "cluster"))
    database.kill()
    running.await_text("The database ended unexpectedly")

    def answers() -> bool:
        try:
            return running.get("/health/ready")[0] == 200
        except OSError:
            return False

    wait_for(answers, within_s=60)


def test_after_being_killed_outright_nothing_stays_and_the_next_start_works(running: Up) -> None:
    family = running.family()
    running.end(signal.SIGKILL)
    wait_for(lambda: leftovers(running.folder) == [])
    assert not [member for member in family if is_alive(member)]
    running.start()
    running.await_text("Ready after")
    assert running.end(signal.SIGTERM) == 0
    assert leftovers(running.folder) == []
