"""The data directory of `tcma up`: held by one, closed to others, and plain words when it cannot be used."""

import json
import os
import stat
from pathlib import Path

import pytest

from tcma.cli.home import Home, default_data_dir, running_environment
from tcma.infra.embedded import EngineBusy, EnginePlace


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_secrets_are_made_once_and_readable_to_us_only(tmp_path: Path) -> None:
    home = Home(tmp_path / "data")
    first = home.secret("secret-key", size_bytes=48)
    home.release()
    again = Home(tmp_path / "data")
    assert again.secret("secret-key", size_bytes=48) == first
    assert len(first) >= 64
    assert mode(tmp_path / "data" / "secret-key") == 0o600
    again.release()


def test_a_second_service_on_the_same_directory_is_told_what_to_do(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with pytest.raises(
        EngineBusy, match=rf"already running on {tmp_path}.*process {os.getpid()}.*--data-dir DIR --port PORT"
    ):
        Home(tmp_path)
    home.release()
    Home(tmp_path).release()


def test_a_file_in_the_place_of_the_directory_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("mine")
    with pytest.raises(EnginePlace, match=r"Cannot write to the data directory .*data.*--data-dir"):
        Home(tmp_path / "data")


def test_a_place_where_nothing_can_be_written_is_said_plainly() -> None:
    with pytest.raises(
        EnginePlace, match=r"Cannot write to the data directory /proc/tcma: .*--data-dir"
    ):  # not even root
        Home(Path("/proc/tcma"))


def test_a_directory_with_other_peoples_files_keeps_its_mode(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir(mode=0o700)
    (theirs / "letter.txt").write_text("dear")
    home = Home(theirs)
    home.release()
    assert mode(theirs) == 0o700


def test_other_commands_find_the_running_service_and_what_is_given_goes_first(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.publish({"TCMA_DATABASE_URL": "postgresql://kept/here", "TCMA_REDIS_URL": "redis://kept/0"})
    assert mode(tmp_path / "addresses.json") == 0o600
    assert json.loads((tmp_path / "addresses.json").read_text())["TCMA_REDIS_URL"] == "redis://kept/0"
    found = running_environment({"TCMA_DATA_DIR": str(tmp_path), "TCMA_REDIS_URL": "redis://given/0"})
    assert found["TCMA_DATABASE_URL"] == "postgresql://kept/here"
    assert found["TCMA_REDIS_URL"] == "redis://given/0"
    home.release()
    assert "TCMA_DATABASE_URL" not in running_environment({"TCMA_DATA_DIR": str(tmp_path)})


def test_the_place_is_the_named_one_or_the_users_own() -> None:
    assert default_data_dir({"TCMA_DATA_DIR": "/somewhere"}) == Path("/somewhere")
    own = default_data_dir({"XDG_DATA_HOME": "/home/me/data"})
    assert own == (Path("/var/lib/tcma") if os.geteuid() == 0 else Path("/home/me/data/tcma"))
