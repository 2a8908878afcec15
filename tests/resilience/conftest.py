"""A stage of its own for each test."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.resilience.processes import Stage


@pytest.fixture
def stage() -> Iterator[Stage]:
    folder = Path(tempfile.mkdtemp(prefix="tcma-stage-", dir="/tmp"))
    folder.chmod(0o711)
    stage = Stage(folder)
    stage.start_mail_sandbox()
    yield stage
    stage.close()
    shutil.rmtree(folder, ignore_errors=True)
