"""Program: clean a hostile PDF in a process of its own.

Arguments: memory in bytes, processor time in seconds, most pages. The document comes on standard input. On standard
output: a length (four bytes), a JSON object, the clean document. A refusal is a JSON object with `refused`, the name of
the error, and its sentence. Its object streams are unpacked before anything can be counted, so it bounds itself before
it reads anything.
"""

import json
import resource
import struct
import sys
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parents[2]


def bound(memory_bytes: int, cpu_s: int) -> None:
    """Give up memory, time and files beyond what a document needs."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Bound, read, clean, write."""
    memory_bytes, cpu_s, max_pages = (int(argument) for argument in sys.argv[1:])
    bound(memory_bytes, cpu_s)
    sys.path.append(str(ROOT))
    from assets.imaging import document  # noqa: PLC0415 - after the bounds are set
    from assets.imaging.errors import FileRefused  # noqa: PLC0415 - the same
    from assets.imaging.limits import DOCUMENT  # noqa: PLC0415 - the same

    told: dict[str, object]
    try:
        cleaned = document.clean(sys.stdin.buffer.read(), replace(DOCUMENT, max_pages=max_pages))
    except FileRefused as refusal:
        told, data = {"refused": type(refusal).__name__, "detail": refusal.detail}, b""
    else:
        told, data = {"pages": cleaned.pages, "notes": cleaned.notes}, cleaned.data
    head = json.dumps(told).encode()
    sys.stdout.buffer.write(struct.pack(">I", len(head)) + head + data)


if __name__ == "__main__":
    main()
