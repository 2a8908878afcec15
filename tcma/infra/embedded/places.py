"""Who the engines run as, and folders that user can reach, without widening the mode of anybody else's directory."""

import atexit
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tcma.infra.embedded.errors import EnginePlace

SYSTEM_USER = "tcma-engines"
SYSTEM_PLACE = Path("/var/lib/tcma")
PROGRAMS = "programs"
ENTER = stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH


@dataclass(frozen=True)
class Runner:
    """The operating system user that engine processes belong to."""

    name: str
    uid: int
    gid: int

    @property
    def is_us(self) -> bool:
        """Tell whether engines run as the very user that starts them."""
        return self.uid == os.geteuid()


def runner() -> Runner:
    """Return ourselves, or a system user without a shell when we are root (PostgreSQL refuses to be root).

    Raises EnginePlace.
    """
    if os.geteuid() != 0:
        entry = pwd.getpwuid(os.geteuid())
        return Runner(entry.pw_name, entry.pw_uid, entry.pw_gid)
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        entry = _create_system_user()
    return Runner(entry.pw_name, entry.pw_uid, entry.pw_gid)


def own_folder(folder: Path, user: Runner) -> Path:
    """Make `folder` if it is missing, give it to `user` and close it to everybody else; return its real path.

    Directories above it that are missing are made so that they can be entered but not listed; those that
    are already there keep their mode. Raises EnginePlace.
    """
    folder = folder.expanduser().absolute()
    try:
        _make_parents(folder.parent)
        folder = folder.parent.resolve(strict=True) / folder.name
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise EnginePlace(
            f"Cannot make the folder {folder}: {error.strerror}. Choose another with --data-dir or TCMA_DATA_DIR."
        ) from error
    if folder.is_symlink() or not folder.is_dir():
        raise EnginePlace(f"{folder} is not a directory. Choose another with --data-dir or TCMA_DATA_DIR.")
    blocked = first_closed(folder.parent, user)
    if blocked is not None:
        raise EnginePlace(
            f"{blocked} may not be entered by the user {user.name}, and the embedded servers do not run as root. "
            f"Choose another place with --data-dir or TCMA_DATA_DIR, such as {SYSTEM_PLACE}."
        )
    owner = folder.stat().st_uid
    if owner not in {user.uid, os.geteuid()}:
        raise EnginePlace(f"{folder} belongs to another user (uid {owner}). Choose another with --data-dir.")
    if owner != user.uid:
        os.chown(folder, user.uid, user.gid)
    folder.chmod(0o700)
    return folder


def own_passing_folder(folder: Path, user: Runner) -> Path:
    """Like `own_folder`, for what need not last: where `user` may not go there, take a new folder that it may enter.

    pytest's temporary directories, for one, are closed to everybody but root when root runs the tests.
    Raises EnginePlace.
    """
    existing = folder.expanduser().absolute().parent
    while not existing.exists():
        existing = existing.parent
    if first_closed(existing.resolve(), user) is None:
        return own_folder(folder, user)
    folder = short_folder(user)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def short_folder(user: Runner) -> Path:
    """Make a folder with a short path that only `user` may enter."""
    made = Path(tempfile.mkdtemp(prefix="tcma-", dir="/tmp"))  # TMPDIR may be long, or closed
    if not user.is_us:
        os.chown(made, user.uid, user.gid)
    return made


def first_closed(path: Path, user: Runner) -> Path | None:
    """Return the uppermost directory on the way to (and including) `path` that `user` may not enter."""
    for step in [*reversed(path.parents), path]:
        if not _may(step.stat(), user, stat.S_IXOTH):
            return step
    return None


def readable(path: Path, user: Runner) -> bool:
    """Tell whether `user` may read (and so run) the file at `path`."""
    return first_closed(path.parent, user) is None and path.exists() and _may(path.stat(), user, stat.S_IROTH)


def shelf_for(name: str, parts: dict[Path, str]) -> Path:
    """Return the folder `name` among our programs, holding a copy of each source folder at its relative place.

    For programs in an installation that the engines' user cannot enter: the copy is ours to open, that is not.
    """
    shelf = _shelf()
    copy = shelf / name
    if not copy.exists():
        building = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=shelf))
        for source, place in parts.items():
            shutil.copytree(source, building / place)
        _open_for_reading(building)
        try:
            building.rename(copy)
        except OSError:  # somebody else finished the same copy first
            shutil.rmtree(building)
    return copy


def _may(info: os.stat_result, user: Runner, bit: int) -> bool:
    if info.st_uid == user.uid:
        return bool(info.st_mode & (bit << 6))
    if info.st_gid == user.gid:
        return bool(info.st_mode & (bit << 3))
    return bool(info.st_mode & bit)


def _make_parents(folder: Path) -> None:
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for step in reversed(missing):
        step.mkdir(mode=0o711, exist_ok=True)
        step.chmod(0o711)  # whatever the umask: we made it, and the engines' user has to pass


def _shelf() -> Path:
    shelf = SYSTEM_PLACE / PROGRAMS
    _make_parents(shelf)
    if SYSTEM_PLACE.stat().st_uid != 0 or shelf.stat().st_uid != 0:
        raise EnginePlace(
            f"{SYSTEM_PLACE} must belong to root. Remove it, or give it back with `chown root {SYSTEM_PLACE}`."
        )
    SYSTEM_PLACE.chmod(SYSTEM_PLACE.stat().st_mode | ENTER)
    shelf.chmod(0o755)
    return shelf


def _open_for_reading(root: Path) -> None:
    for directory, _, files in os.walk(root):
        Path(directory).chmod(0o755)
        for name in files:
            path = Path(directory) / name
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)


def _create_system_user() -> pwd.struct_passwd:
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    try:
        subprocess.run(  # noqa: S603 - fixed words
            [*command, "--shell", "/usr/sbin/nologin", SYSTEM_USER], check=True, capture_output=True, text=True
        )
    except FileNotFoundError as error:
        raise EnginePlace(
            f"Root needs a system user named {SYSTEM_USER} for the embedded servers, and there is no `useradd` here. "
            "Create it, or run as an ordinary user."
        ) from error
    except subprocess.CalledProcessError as error:
        try:  # two programs may have had the same thought
            return pwd.getpwnam(SYSTEM_USER)
        except KeyError:
            raise EnginePlace(f"Cannot create the system user {SYSTEM_USER}: {error.stderr.strip()}") from error
    return pwd.getpwnam(SYSTEM_USER)
