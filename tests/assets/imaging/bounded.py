"""Program: accept every file of a folder, and tell what became of each and what it took. Run by test_bounds.py.

Arguments: the folder. Files are named `purpose.anything`. Prints one JSON object: by name the error's code (or
"accepted") and the processor time in seconds, its own and its engines'; under "" the largest memory of either in bytes.
"""

import json
import resource
import sys
from pathlib import Path

from assets.imaging import limits
from assets.imaging.accept import accept
from tcma.kernel.errors import DomainError

KIB = 1024
WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


def cpu_s() -> float:
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, WHO))


def own_peak_bytes() -> int:
    """The most that this program has held; what `getrusage` says of it begins with the memory of whoever started it."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * KIB


def outcome(path: Path) -> str:
    purpose = getattr(limits, path.name.partition(".")[0].upper())
    try:
        accept(path.read_bytes(), "", purpose)
    except DomainError as refusal:
        return refusal.code
    return "accepted"


def main() -> None:
    told: dict[str, object] = {}
    for path in sorted(Path(sys.argv[1]).iterdir()):
        before = cpu_s()
        told[path.name] = [outcome(path), cpu_s() - before]
    told[""] = [own_peak_bytes(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * KIB]
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
