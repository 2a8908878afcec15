"""Approvals of requests a second, one after the other and four at a time on one fund; beside them pgbench."""

import re
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

sys.path.insert(0, str(Path(__file__).parents[2]))

from flask import current_app

from mdf.requests import service as requests
from tcma.infra.db import transaction
from tcma.infra.embedded import EmbeddedPostgres
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.permissions import Role
from tests.benchmarks.house import house, report
from tests.factories import accounts, mdf

APPROVALS = 200
CLIENTS = 4
PGBENCH_S = 5


def approve_all(manager: Actor, ids: Sequence[int]) -> None:
    for request_id in ids:
        with transaction(manager):
            requests.approve(manager, request_id)


def prepare(number: int) -> tuple[Actor, list[int]]:
    with transaction(SYSTEM):
        accounts.brand()
        manager = accounts.actor_for(accounts.user(Role.CHANNEL_MANAGER))
        partner = accounts.partner()
        owner = accounts.actor_for(accounts.user(Role.OWNER, partner))
        allocation = mdf.allocation(partner, fund_id=mdf.fund(budget="9000000.00").id, amount="8000000.00")
    ids = []
    for _ in range(number):
        with transaction(owner):
            ids.append(mdf.submitted(owner, allocation.id))
    return manager, ids


def pgbench(postgres: EmbeddedPostgres) -> float | None:
    """Return the transactions a second of pgbench's own script on this very server, with as many clients."""
    parts = urlsplit(postgres.create_database("pgbench"))
    where = parse_qs(parts.query)
    environment = {
        "PGHOST": where["host"][0],
        "PGPORT": where["port"][0],
        "PGUSER": str(parts.username),
        "PGPASSWORD": unquote(str(parts.password)),
        "PGDATABASE": "pgbench",
    }
    program = postgres.programs / "pgbench"
    if not program.exists():
        return None
    subprocess.run([program, "-i", "-q", "-s", "1"], env=environment, check=True, capture_output=True)
    run = [program, "-c", str(CLIENTS), "-T", str(PGBENCH_S), "-n"]
    done = subprocess.run(run, env=environment, check=True, capture_output=True, text=True)
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    return float(found[1]) if found else None


def main() -> None:
    with house() as at:
        manager, ids = prepare(2 * APPROVALS + 10)
        approve_all(manager, ids[:10])  # warm
        began = time.perf_counter()
        approve_all(manager, ids[10 : 10 + APPROVALS])
        alone = APPROVALS / (time.perf_counter() - began)

        app = current_app._get_current_object()  # type: ignore[attr-defined]

        def client(part: list[int]) -> None:
            with app.app_context():
                approve_all(manager, part)

        rest = ids[10 + APPROVALS :]
        began = time.perf_counter()
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(client, [rest[start::CLIENTS] for start in range(CLIENTS)]))
        hot = len(rest) / (time.perf_counter() - began)
        report("ledger", alone, "approvals/s", peers={"pgbench": pgbench(at.postgres)}, hot_fund=hot)


if __name__ == "__main__":
    main()
