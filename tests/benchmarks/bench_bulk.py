"""Documents a second over two worker processes: real batches, rows, manifests, storage and zips; many templates.

Beside it the peak memory of one worker: after its first 300 documents, and at the end. Flat means that the two lie
close together, though every template was compiled in between. BULK_TEMPLATES=50 BULK_PARTNERS=200 makes 10,000.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from cobranding.batches import service as batches
from cobranding.batches import tasks
from cobranding.templates import service as templates
from tcma.frame import make_app
from tcma.infra import broker
from tcma.infra.db import reading, transaction
from tcma.infra.jobs import Errand
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.permissions import Role
from tcma.settings import Settings
from tests.benchmarks.house import house, peak_memory_mb, report
from tests.factories import accounts, assets
from tests.factories import cobranding as factory

ROOT = Path(__file__).parents[2]
WORKERS = 2
TEMPLATES = int(os.environ.get("BULK_TEMPLATES", "50"))
PARTNERS = int(os.environ.get("BULK_PARTNERS", "40"))
FIRST = 300


def flyer(number: int) -> dict[str, Any]:
    """A template that shares nothing compiled with the others."""
    document = factory.flyer()
    document["brand"]["colors"]["night"] = f"#0B1F{number:02X}"
    document["formats"] = {"a4": document["formats"]["a4"]}
    return document


def prepare() -> list[int]:
    """Make the partners with their logos, the templates, and a batch of each; return the batches."""
    with transaction(SYSTEM):
        accounts.brand()
        marketing = accounts.actor_for(accounts.user(Role.MARKETING))
        partners = [accounts.partner(f"Partner {number} Systems").id for number in range(PARTNERS)]
    assets.asset(marketing, factory.photo(1600, 1100), kind="photo", name="hero")
    for number, partner_id in enumerate(partners):
        color = (40 + number % 160, 60, 200 - number % 160)
        assets.asset(Actor.partner_job(partner_id), factory.logo(color), kind="logo", name="logo")
    started = []
    for number in range(TEMPLATES):
        with transaction(marketing):
            draft = templates.create(marketing, name=f"Flyer {number}", document=flyer(number))
            version = templates.publish(marketing, draft.id)
            started.append(batches.create(marketing, template_version_id=version.id, files=["a4.pdf"]).id)
    return started


def work(batch_ids: list[int]) -> None:
    """Be one worker: take what is left of every batch, pack what is complete, and say what it took."""
    made, first_mb = 0, 0.0
    settle = batches.settle

    def counted(actor: Actor, taken: batches.Claim, outcomes: list[batches.Settled]) -> None:
        nonlocal made, first_mb
        settle(actor, taken, outcomes)
        made += sum(outcome.state == "rendered" for outcome in outcomes)
        first_mb = peak_memory_mb() if made <= FIRST else first_mb

    batches.settle = counted
    asked: list[Errand] = []
    broker.send = asked.extend
    jobs = {"cobranding.batches.render": tasks.render, "cobranding.batches.pack": tasks.pack}
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for batch_id in batch_ids:
        asked.append(Errand("cobranding.batches.render", {"batch_id": batch_id, "lane": 1}))
        while asked:
            errand = asked.pop(0)
            jobs[errand.name](**errand.ids)
    sys.stdout.write(json.dumps({"made": made, "first_mb": first_mb, "peak_mb": peak_memory_mb()}))


def main() -> None:
    broker.send = list
    with house() as ours:
        batch_ids = prepare()
        command = [sys.executable, __file__, *map(str, batch_ids)]
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(ours.folder), **ours.environment}
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        workers = [subprocess.Popen(command, cwd=ROOT, env=environment, **pipes) for _ in range(WORKERS)]
        for worker in workers:
            assert worker.stdout.readline() == "ready\n"
        began = time.perf_counter()
        for worker in workers:
            worker.stdin.write("go\n")
            worker.stdin.flush()
        said = [json.loads(worker.communicate()[0]) for worker in workers]
        took_s = time.perf_counter() - began
        with reading(SYSTEM):
            finished = [batches.report(SYSTEM, batch_id).count(",rendered,") for batch_id in batch_ids]
        made = sum(each["made"] for each in said)
        assert sum(finished) == made == TEMPLATES * PARTNERS, (finished, said)
        report(
            "bulk",
            made / took_s,
            "docs/s",
            workers=WORKERS,
            documents=made,
            templates=TEMPLATES,
            rss_mb=max(each["peak_mb"] for each in said),
            rss_first_mb=max(each["first_mb"] for each in said),
        )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        with make_app(Settings.from_environment(os.environ)).app_context():
            work([int(argument) for argument in sys.argv[1:]])
    else:
        main()
