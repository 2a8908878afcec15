"""One engine process: started tethered to us, awaited, stopped; and a lock so that a folder has one user at a time."""

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tcma.infra.embedded.errors import EngineBusy, EngineFailed
from tcma.infra.embedded.places import Runner

PR_SET_PDEATHSIG = 1
READY_WITHIN_S = 60.0
STOP_WITHIN_S = 20.0
POLL_S = 0.02
LOG_LIMIT_BYTES = 10_000_000

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class FolderLock:
    """An exclusive hold on a folder, given back by the kernel however the holder ends."""

    def __init__(self, path: Path, owner: Runner | None = None) -> None:
        self._file = path.open("a+")
        if owner is not None and not owner.is_us:
            os.fchown(self._file.fileno(), owner.uid, owner.gid)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = self._read()
            self._file.close()
            raise EngineBusy(
                f"{path.parent} is in use by another program{holder}. Stop that one, or choose another --data-dir."
            ) from error
        self._file.seek(0)
        self._file.truncate()
        self._file.write(str(os.getpid()))
        self._file.flush()

    def _read(self) -> str:
        self._file.seek(0)
        pid = self._file.read().strip()
        return f" (process {pid})" if pid else ""

    def release(self) -> None:
        """Give the folder back."""
        self._file.close()


def die_with_parent(signal_number: int) -> Callable[[], None]:
    """Return a function for a new child that makes the kernel send it `signal_number` when its parent ends.

    Only Linux has this; elsewhere a leftover is found and ended by the next start.
    """
    parent = os.getpid()

    def tether() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, signal_number)
            if os.getppid() != parent:  # the parent ended between fork and prctl
                os._exit(1)

    return tether


def launch(
    command: list[str], user: Runner, log: Path, *, stop_signal: int, environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    """Start `command` as `user` in a session of its own, writing to `log`; it ends when we end."""
    if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
        log.replace(log.with_name(log.name + ".1"))
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    try:
        # A session of its own keeps a terminal's Ctrl-C away: the supervisor stops the engines last, in order.
        return subprocess.Popen(  # noqa: S603 - the programs of the wheels
            command,
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=descriptor,
            start_new_session=True,
            cwd="/",
            env=dict(environment),
            preexec_fn=die_with_parent(stop_signal),  # noqa: PLW1509 - one prepared system call, no lock, no import
            user=None if user.is_us else user.uid,
            group=None if user.is_us else user.gid,
            extra_groups=None if user.is_us else [],
        )
    finally:
        os.close(descriptor)


def await_ready(name: str, process: subprocess.Popen[bytes], is_ready: Callable[[], bool], log: Path) -> None:
    """Return when `is_ready` says so. Raises EngineFailed with the end of the log otherwise."""
    deadline = time.monotonic() + READY_WITHIN_S
    while not is_ready():
        if process.poll() is not None:
            raise EngineFailed(
                f"{name} ended while starting (code {process.returncode}). Its log {log} ends with:\n{tail(log)}"
            )
        if time.monotonic() > deadline:
            stop(process, signal.SIGKILL)
            raise EngineFailed(
                f"{name} was not ready after {READY_WITHIN_S:.0f} s. Its log {log} ends with:\n{tail(log)}"
            )
        time.sleep(POLL_S)


def stop(process: subprocess.Popen[bytes], signal_number: int) -> None:
    """Ask the process to end with `signal_number`, and kill it when it does not."""
    if process.poll() is not None:
        return
    process.send_signal(signal_number)
    try:
        process.wait(STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def tail(log: Path, *, lines: int = 15) -> str:
    """Return the last lines of a log."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return "(no log)"
