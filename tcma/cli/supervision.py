"""A small supervisor: starts processes, starts them again when they crash, and leaves none behind.

honcho's manager stops everything when one process ends and does not restart; that is why this is ours.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Protocol

from tcma.infra.embedded.processes import LOG_LIMIT_BYTES, die_with_parent, tail

STOP_WITHIN_S = 15.0
POLL_S = 0.2
BACK_OFF_S = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
LIVES_AGAIN_AFTER_S = 60.0


class StartFailed(RuntimeError):
    """A process ended before the service was ready."""


class Watched(Protocol):
    """What can be kept running: a program of ours, or an engine."""

    name: str

    def start(self) -> None:
        """Start it, or start it again."""

    def is_running(self) -> bool:
        """Tell whether it lives."""

    def ask_to_stop(self) -> None:
        """Ask it to finish what it is doing, without waiting."""

    def stop(self) -> None:
        """End it and everything that it started."""

    def last_words(self) -> str:
        """Return the end of its log."""


class Engine(Protocol):
    """An embedded engine, as `tcma.infra.embedded` gives it: already running."""

    folder: Path

    def start(self) -> None:
        """Start it again at the same address."""

    def is_running(self) -> bool:
        """Tell whether its process lives."""

    def stop(self) -> None:
        """Stop it and leave its folder."""


@dataclass
class WatchedEngine:
    """An engine that was started before, under supervision."""

    name: str
    engine: Engine
    _seen: bool = field(default=False, init=False)

    def start(self) -> None:
        """Start it again; the first time it is running already."""
        if self._seen or not self.engine.is_running():
            self.engine.start()
        self._seen = True

    def is_running(self) -> bool:
        """Tell whether its process lives."""
        return self.engine.is_running()

    def ask_to_stop(self) -> None:
        """Do nothing yet: the programs that use it may still be finishing."""

    def stop(self) -> None:
        """Stop it and leave its folder."""
        self.engine.stop()

    def last_words(self) -> str:
        """Return the end of its log."""
        return tail(self.engine.folder / "log")


@dataclass
class Program:
    """A program of ours, in a process group of its own, which ends when we end."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(repr=False)
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None, init=False, repr=False)
    _asked: bool = field(default=False, init=False, repr=False)

    def start(self) -> None:
        """Start it, after ending what a crashed predecessor left behind."""
        self._kill_group()
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_name(self.log.name + ".1"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own programs
                list(self.command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=dict(self.environment),
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - one prepared system call
            )

    def is_running(self) -> bool:
        """Tell whether its first process lives."""
        return self.process is not None and self.process.poll() is None

    def ask_to_stop(self) -> None:
        """Ask it to finish what it is doing, without waiting."""
        # Once: a second SIGTERM means "at once" to some programs.
        if self.process is not None and self.process.poll() is None and not self._asked:
            self._asked = True
            self.process.terminate()

    def stop(self) -> None:
        """End the whole group, after the time that it takes to finish what it was doing."""
        self.ask_to_stop()
        if self.process is not None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_WITHIN_S)
        self._kill_group()

    def last_words(self) -> str:
        """Return the end of its log."""
        return tail(self.log)

    def _kill_group(self) -> None:
        if self.process is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@dataclass
class _Fate:
    """What the supervisor remembers about one process."""

    started_s: float = 0.0
    failures: int = 0
    again_s: float | None = None


class Supervisor:
    """Keeps processes running until a signal asks for the end; stops them in the reverse order of their start."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._watched: list[Watched] = []
        self._groups: list[tuple[Watched, ...]] = []
        self._fates: dict[str, _Fate] = {}
        self.asked_to_stop = False

    def listen(self) -> None:
        """Turn Ctrl-C, SIGTERM and a closed terminal into the request to stop."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self.asked_to_stop and number == signal.SIGINT:
            self._say("Stopping; a moment, please.")
        self.asked_to_stop = True

    def start(self, *group: Watched) -> None:
        """Start them and keep them running from now on; a group is stopped together, the last group first."""
        self._groups.append(group)
        for watched in group:
            self._watched.append(watched)
            self._fates[watched.name] = _Fate(started_s=time.monotonic())
            watched.start()

    def await_condition(self, is_met: Callable[[], bool], *, within_s: float) -> bool:
        """Wait for a condition. Returns False when time is up or the end is asked for; raises StartFailed."""
        deadline = time.monotonic() + within_s
        while not self.asked_to_stop:
            for watched in self._watched:
                if not watched.is_running():
                    raise StartFailed(f"The {watched.name} did not start. Its log ends with:\n{watched.last_words()}")
            if is_met():
                return True
            if time.monotonic() > deadline:
                return False
            time.sleep(POLL_S)
        return False

    def watch(self) -> None:
        """Keep everything running until the end is asked for."""
        while not self.asked_to_stop:
            for watched in self._watched:
                self._look_after(watched)
            time.sleep(POLL_S)

    def watch_while(self, process: subprocess.Popen[str]) -> None:
        """Keep everything running until `process` ends or the end is asked for."""
        while not self.asked_to_stop and process.poll() is None:
            for watched in self._watched:
                self._look_after(watched)
            time.sleep(POLL_S)

    def stop(self) -> None:
        """Stop everything, the last group first. Never leaves a process because of an error in another."""
        for group in reversed(self._groups):
            for watched in group:
                watched.ask_to_stop()
            for watched in group:
                try:
                    watched.stop()
                except OSError as error:
                    self._say(f"The {watched.name} did not stop as it should: {error}")
        self._watched.clear()
        self._groups.clear()

    def _look_after(self, watched: Watched) -> None:
        fate = self._fates[watched.name]
        now = time.monotonic()
        if watched.is_running():
            if fate.failures and now - fate.started_s > LIVES_AGAIN_AFTER_S:
                fate.failures = 0
            return
        if fate.again_s is None:
            pause = BACK_OFF_S[min(fate.failures, len(BACK_OFF_S) - 1)]
            fate.failures += 1
            fate.again_s = now + pause
            self._say(f"The {watched.name} ended unexpectedly; starting it again in {pause:.0f} s. Its log ends with:")
            self._say(watched.last_words())
        elif now >= fate.again_s:
            fate.again_s, fate.started_s = None, now
            try:
                watched.start()
            except (OSError, RuntimeError) as error:
                self._say(f"The {watched.name} did not start: {error}")


def python(*arguments: str) -> list[str]:
    """Return the command line for this very Python, without a byte of buffering between it and its log."""
    return [sys.executable, "-u", *arguments]
