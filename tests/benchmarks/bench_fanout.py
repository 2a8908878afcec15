"""Rows a second that a launch's fan-out makes through the real jobs, and what twice the recipients cost.

`growth` is the time for twice the rows divided by the time for once.
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from sqlalchemy import text

from campaigns.launches import service as launches
from tcma.infra.db import reading, session, transaction
from tcma.infra.jobs import registered_jobs
from tcma.kernel.actor import SYSTEM
from tcma.kernel.permissions import Role
from tests.benchmarks.contacts import add_contacts
from tests.benchmarks.house import house, peak_memory_mb, report
from tests.benchmarks.line import Line
from tests.factories import accounts, kits

RECIPIENTS = 100_000


def seconds_for(number: int, marketing_kit: int, name: str, line: Line) -> float:
    """Launch to so many contacts of a partner of its own, and return how long their rows took."""
    with transaction(SYSTEM):
        owner = accounts.actor_for(accounts.user(Role.OWNER, accounts.partner(name)))
    with transaction(owner):
        add_contacts(owner, number)
    with transaction(owner):
        launches.launch(owner, kit_version_id=marketing_kit)
    took = 0.0
    while errand := line.take():
        if errand.name.startswith("campaigns.sending.fan_out"):
            began = time.perf_counter()
            registered_jobs()[errand.name](**errand.ids)
            took += time.perf_counter() - began
    with reading(owner):
        made = session.scalar(
            text("SELECT count(*) FROM deliveries WHERE partner_id = current_setting('tcma.partner_id')::bigint")
        )
    if made != number:
        raise SystemExit(f"{made} rows for {number} recipients")
    return took


def main() -> None:
    line = Line()
    with house():
        with transaction(SYSTEM):
            accounts.brand()
            marketing = accounts.actor_for(accounts.user(Role.MARKETING))
        with transaction(marketing):
            kit = kits.published_kit(marketing, kits.email_touch(kits.email_template(marketing)))
        seconds_for(1_000, kit.id, "Warm", line)
        # The better of two, in turns: another program's work on the machine is not what is measured.
        once, twice = (
            min(times)
            for times in zip(
                *(
                    (
                        seconds_for(RECIPIENTS, kit.id, f"A{turn}", line),
                        seconds_for(2 * RECIPIENTS, kit.id, f"B{turn}", line),
                    )
                    for turn in range(2)
                ),
                strict=True,
            )
        )
        report("fanout", 2 * RECIPIENTS / twice, "rows/s", growth=twice / once, rss_mb=peak_memory_mb())


if __name__ == "__main__":
    main()
