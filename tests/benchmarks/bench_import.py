"""Rows a second of a list of contacts that is taken over by the real jobs, and what twice the rows cost.

The list is a CSV of seven columns, with consent; `growth` is the time for twice the rows divided by the time for once.
"""

import io
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from campaigns.imports import service, tasks
from campaigns.imports.service import Received
from tcma.infra.db import reading, transaction
from tcma.kernel.actor import SYSTEM
from tcma.kernel.permissions import Role
from tests.benchmarks.house import house, memory_mb, peak_memory_mb, report
from tests.benchmarks.line import Line
from tests.factories import accounts

ROWS = 100_000


def csv_of(rows: int, name: str) -> io.BytesIO:
    lines = [b"Email,First name,Last name,Company,Language,Size,Consent date\n"]
    lines += [
        f"kim{n}@{name}{n % 997}.example.com,Kim{n},Meyer,Meyer & Co {n % 999},de,{n % 500},2026-01-15\n".encode()
        for n in range(rows)
    ]
    return io.BytesIO(b"".join(lines))


def seconds_for(rows: int, name: str, line: Line) -> float:
    """Take over a list of so many rows for a partner of its own, and return how long it took."""
    with transaction(SYSTEM):
        owner = accounts.actor_for(accounts.user(Role.OWNER, accounts.partner(name)))
    began = time.perf_counter()
    received = Received.store(csv_of(rows, name.lower()))
    with transaction(owner):
        made = service.receive(owner, received, filename="list.csv")
    with transaction(owner):
        service.start(owner, made.id, columns=made.columns, consent_source="bench")
    while errand := line.take():
        if errand.name == "campaigns.imports.take_over":
            tasks.take_over(**errand.ids)
    took = time.perf_counter() - began
    with reading(owner):
        found = service.one(owner, made.id)
        if (found.state, found.done_rows, found.problems) != ("done", rows + 1, 0):
            raise SystemExit(f"{found.state}: {found.done_rows} of {rows} rows, {found.problems} problems")
    return took


def main() -> None:
    line = Line()
    with house():
        with transaction(SYSTEM):
            accounts.brand()
        seconds_for(2_000, "Warm", line)
        first_mb = memory_mb()
        pairs = [(seconds_for(ROWS, f"A{turn}", line), seconds_for(2 * ROWS, f"B{turn}", line)) for turn in range(2)]
        once, twice = (min(times) for times in zip(*pairs, strict=True))
        report(
            "import", 2 * ROWS / twice, "rows/s", growth=twice / once, rss_first_mb=first_mb, rss_mb=peak_memory_mb()
        )


if __name__ == "__main__":
    main()
