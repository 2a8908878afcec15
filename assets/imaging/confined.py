"""Run a drawing engine on a hostile file in a process of its own, bounded in time and memory.

The engines (resvg, pdfium) are native code: a thread that runs them cannot be stopped, a process can.
"""

import resource
import subprocess
import sys
from pathlib import Path

MEMORY_BYTES = 2_000_000_000
CPU_S = 10
WALL_S = 20


class Unfinished(Exception):
    """The engine failed, or went past its time or memory."""


def run(program: str, data: bytes, *arguments: str) -> bytes:
    """Give the bytes that one of the programs beside this file makes of ``data``.

    Raises Unfinished.
    """
    command = [sys.executable, "-I", str(Path(__file__).with_name(program)), *arguments]
    try:
        done = subprocess.run(  # noqa: S603 -- a program of ours, arguments of ours; the file goes through the pipe
            command, input=data, capture_output=True, timeout=WALL_S, check=True, env={}, preexec_fn=_bound
        )
    except (subprocess.SubprocessError, OSError) as problem:
        raise Unfinished from problem
    return done.stdout


def _bound() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
