"""`tcma up` before anything is started: what it refuses, and with which words."""

import re
import socket
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from tcma.cli import up
from tcma.cli.commands import COMMANDS, main
from tcma.cli.home import Home
from tcma.cli.supervision import StartFailed, Supervisor
from tcma.cli.up import Door, check_port, prepare
from tcma.settings import SettingsError


@pytest.fixture
def nothing_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> str:
        raise AssertionError("an engine was started")

    for name in ("_postgres", "_valkey", "_sandbox_mail", "migrate"):
        monkeypatch.setattr(up, name, refuse)


def complaints(home: Home, environ: Mapping[str, str]) -> dict[str, str]:
    with pytest.raises(SettingsError) as caught:
        prepare(Supervisor(print), home, Door("127.0.0.1", 8000), environ)
    home.release()
    return caught.value.problems


def test_a_taken_port_is_named_together_with_a_free_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(
            StartFailed, match=rf"Cannot listen on 127.0.0.1 port {port}: .*in use.*--port \d+"
        ) as caught:
            check_port(Door("127.0.0.1", port))
    offered = re.search(r"--port (\d+)", str(caught.value))
    assert offered
    check_port(Door("127.0.0.1", int(offered[1])))


def test_an_address_that_is_not_ours_is_refused() -> None:
    with pytest.raises(StartFailed, match=r"Cannot listen on 192\.0\.2\.1 port 8000"):
        check_port(Door("192.0.2.1", 8000))


def test_wrong_settings_are_all_named_before_an_engine_starts(tmp_path: Path, nothing_starts: None) -> None:
    problems = complaints(
        Home(tmp_path),
        {"TCMA_SMTP_URL": "http://mail", "TCMA_LOG_LEVEL": "loud", "TCMA_BASE_URL": "portal", "TCMA_X": "1"},
    )
    assert set(problems) == {"TCMA_SMTP_URL", "TCMA_LOG_LEVEL", "TCMA_BASE_URL", "TCMA_X"}


def test_a_database_of_yours_needs_a_secret_of_yours(tmp_path: Path, nothing_starts: None) -> None:
    problems = complaints(Home(tmp_path), {"TCMA_DATABASE_URL": "postgresql://me@db/tcma"})
    assert set(problems) == {"TCMA_SECRET_KEY", "TCMA_BASE_URL"}
    assert not (tmp_path / "secret-key").exists()


def test_given_services_are_used_and_nothing_of_ours_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "TCMA_DATABASE_URL": "postgresql://me@db/tcma",
        "TCMA_REDIS_URL": "redis://cache:6379/0",
        "TCMA_STORAGE_URL": "s3://bucket",
        "TCMA_SMTP_URL": "smtp://mail:25",
        "TCMA_SECRET_KEY": "x" * 40,
        "TCMA_BASE_URL": "https://portal.example",
    }
    migrated: list[bool] = []
    monkeypatch.setattr(up, "migrate", lambda _home, _environment, is_embedded: migrated.append(is_embedded))
    home = Home(tmp_path)
    environment = prepare(Supervisor(print), home, Door("127.0.0.1", 8000), given)
    home.release()
    assert given.items() <= environment.items()
    assert "TCMA_SANDBOX_MAIL_DIR" not in environment
    assert migrated == [False]


@pytest.mark.parametrize(
    ("host", "url"),
    [("127.0.0.1", "http://127.0.0.1:8000"), ("0.0.0.0", "http://127.0.0.1:8000"), ("::1", "http://[::1]:8000")],
)
def test_the_address_shown_can_be_opened(host: str, url: str) -> None:
    assert Door(host, 8000).url == url


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0, result.output
    assert "Usage:" in result.output


def test_an_unknown_command_is_refused() -> None:
    result = CliRunner().invoke(main, ["dance"])
    assert result.exit_code == 2
    assert "No such command" in result.output
