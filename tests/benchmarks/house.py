"""What every benchmark needs: durable engines of its own, the application on them, and a way to say the figure."""

import json
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tcma.frame import make_app
from tcma.infra.embedded import EmbeddedPostgres, EmbeddedValkey, start_postgres, start_valkey
from tcma.infra.schema import upgrade
from tcma.settings import Settings


@dataclass
class House:
    """A fresh service for one benchmark."""

    folder: Path
    postgres: EmbeddedPostgres
    valkey: EmbeddedValkey
    environment: dict[str, str]


@contextmanager
def house(*, smtp_url: str = "smtp://127.0.0.1:9") -> Iterator[House]:
    """Start the engines as `tcma up` does, commits on disk included, and enter the application."""
    folder = Path(tempfile.mkdtemp(prefix="tcma-bench-", dir="/tmp"))
    folder.chmod(0o711)
    postgres, valkey = start_postgres(folder / "postgres"), start_valkey(folder / "valkey")
    environment = {
        "TCMA_SECRET_KEY": "a secret for benchmarks only, 32 characters or more",
        "TCMA_DATABASE_URL": postgres.url,
        "TCMA_REDIS_URL": valkey.url,
        "TCMA_STORAGE_URL": f"file://{folder}/files",
        "TCMA_SMTP_URL": smtp_url,
        "TCMA_BASE_URL": "http://portal.brand.example",
        "TCMA_DATA_DIR": str(folder),
        "TCMA_LOG_LEVEL": "error",
    }
    try:
        upgrade(postgres.url)
        with make_app(Settings.from_environment(environment)).app_context():
            yield House(folder, postgres, valkey, environment)
    finally:
        valkey.stop()
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)


def rate(act: Callable[[int], object], number: int) -> float:
    """Return how many times a second `act` can be done, after one warm time."""
    act(0)
    began = time.perf_counter()
    for index in range(1, number + 1):
        act(index)
    return number / (time.perf_counter() - began)


def report(
    bench: str, figure: float, unit: str, *, peers: Mapping[str, float | None] | None = None, **more: float | str
) -> None:
    """Print the one line of a benchmark: our figure, the peers' figures and ours divided by theirs."""
    peers = peers or {}
    there = {name: value for name, value in peers.items() if value is not None}
    line = {
        "bench": bench,
        "figure": round(figure, 2),
        "unit": unit,
        "peers": {name: round(value, 2) for name, value in there.items()},
        "ratios": {name: round(figure / value, 3) for name, value in there.items()},
        "missing": sorted(set(peers) - set(there)),
        **{name: value if isinstance(value, str) else round(value, 2) for name, value in more.items()},
    }
    sys.stdout.write(json.dumps(line) + "\n")


def peak_memory_mb() -> float:
    """Return the most memory that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def memory_mb() -> float:
    """Return the memory that this process holds now."""
    return psutil.Process().memory_info().rss / 1024**2
