"""The data directory: what is kept in it, who holds it, and the addresses of what runs from it."""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from tcma.infra.embedded import EngineBusy, EnginePlace
from tcma.infra.embedded.places import SYSTEM_PLACE
from tcma.infra.embedded.processes import FolderLock

ADDRESSES = "addresses.json"
KEPT_BY_US = frozenset({"lock", "postgres", "valkey", "secret-key", ADDRESSES})


def default_data_dir(environ: Mapping[str, str]) -> Path:
    """Return the directory to use when none is named: root's may not be in a home that only root can enter."""
    if named := environ.get("TCMA_DATA_DIR", "").strip():
        return Path(named)
    if os.geteuid() == 0:
        return SYSTEM_PLACE
    return Path(environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "tcma"


class Home:
    """A data directory held by this process until `release`.

    Raises EnginePlace when it cannot be used, EngineBusy when another process holds it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.expanduser().absolute()
        try:
            self._prepare()
            self._lock = FolderLock(self.folder / "lock")
            # What was killed could not take its addresses back; its children may still be on their way out.
            self.was_cut_off = (self.folder / ADDRESSES).exists()
        except EngineBusy as error:
            raise EngineBusy(
                f"The service is already running on {self.folder}: {error} "
                "A second one needs a directory and a port of its own: `tcma up --data-dir DIR --port PORT`."
            ) from error
        except OSError as error:
            raise EnginePlace(
                f"Cannot write to the data directory {self.folder}: {error.strerror}. "
                "Choose one with --data-dir or TCMA_DATA_DIR, or make it yours with chown."
            ) from error

    def _prepare(self) -> None:
        as_root = os.geteuid() == 0
        missing = [step for step in (self.folder, *self.folder.parents) if not step.exists()]
        for step in reversed(missing):
            step.mkdir(mode=0o711 if as_root else 0o700, exist_ok=True)
        kept = {path.name for path in self.folder.iterdir()}
        if as_root and (not kept or kept & KEPT_BY_US):
            # The engines' own user has to pass through; what is inside stays closed, each thing by itself.
            self.folder.chmod(self.folder.stat().st_mode | 0o011)

    def subfolder(self, name: str) -> Path:
        """Return a folder inside that only we may enter."""
        folder = self.folder / name
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def secret(self, name: str, *, size_bytes: int) -> str:
        """Return the secret of that name, made once and readable to us only."""
        path = self.folder / name
        if path.exists() and (kept := path.read_text().strip()):
            return kept
        made = secrets.token_urlsafe(size_bytes)
        self.keep(name, made)
        return made

    def keep(self, name: str, text: str) -> None:
        """Write a file that only we may read, whole or not at all."""
        building = self.folder / f".{name}.new"
        building.unlink(missing_ok=True)
        descriptor = os.open(building, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
        building.replace(self.folder / name)

    def kept(self, name: str) -> str | None:
        """Return the text of a kept file, or None."""
        path = self.folder / name
        return path.read_text() if path.exists() else None

    def publish(self, addresses: Mapping[str, str]) -> None:
        """Let other commands of the same user find the running service."""
        self.keep(ADDRESSES, json.dumps(addresses, indent=1))

    def release(self) -> None:
        """Take back the addresses and let go of the directory."""
        (self.folder / ADDRESSES).unlink(missing_ok=True)
        self._lock.release()


def running_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment that reaches the service: the given one, filled up from a running `tcma up`."""
    try:
        addresses = json.loads((default_data_dir(environ) / ADDRESSES).read_text())
    except (OSError, ValueError):
        return dict(environ)
    return {**addresses, **environ}
