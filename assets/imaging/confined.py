"""Run an engine on a hostile file in a process of its own, bounded in time and memory.

The engines (resvg, pdfium, HarfBuzz, qpdf) are native code: a thread that runs them cannot be stopped, a process can.
"""

import subprocess
import sys
from pathlib import Path

MEMORY_BYTES = 512_000_000
CPU_S = 5  # and a document is opened twice
WALL_S = 15  # longer than that only on a machine that has no time
HERE = Path(__file__).parent


class Unfinished(Exception):
    """The engine failed, or went past its time or memory."""


def draw(kind: str, data: bytes, *arguments: str) -> bytes:
    """Give the PNG that the engine for a kind (`svg`, `pdf`) makes of ``data``.

    Raises Unfinished.
    """
    return run("engine.py", data, kind, *arguments)


def run(program: str, data: bytes, *arguments: str) -> bytes:
    """Give what one of the programs beside this file makes of ``data``.

    Raises Unfinished.
    """
    command = [sys.executable, "-I", str(HERE / program), str(MEMORY_BYTES), str(CPU_S), *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - a program of ours, arguments of ours; the file goes through the pipe
            command, input=data, capture_output=True, timeout=WALL_S, check=True, env={}
        )
    except (subprocess.SubprocessError, OSError) as problem:
        raise Unfinished from problem
    return done.stdout
