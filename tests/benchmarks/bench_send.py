"""Messages a second by one worker process: a real launch, real rows, each settled, over SMTP into a sink.

The sink is Postfix's `smtp-sink` or, where that is not installed, one of ours; the line says which. Peers, measured in
the same run into the same sink: a loop that makes each message with `email.message` and sends it with `smtplib`, as
most programs do, and Postfix's `smtp-source`, which sends one ready text for ever.

`python tests/benchmarks/bench_send.py 1000000` sends to that many.
"""

import shutil
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from sqlalchemy import text

from campaigns.launches import service as launches
from campaigns.sending import tasks
from tcma.infra.db import reading, session, transaction
from tcma.infra.jobs import registered_jobs
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.permissions import Role
from tests.benchmarks.contacts import add_contacts
from tests.benchmarks.house import house, memory_mb, peak_memory_mb, report
from tests.benchmarks.line import Line
from tests.factories import accounts, kits

RECIPIENTS = 40_000
# Five launches at once, the largest first: how long does the last one wait?
SIZES = (30_000, 10_000, 3_000, 1_500, 500)
OF_PEERS = 4_000
SBIN = "/usr/sbin:/usr/local/sbin"
# What fills the body of the kit's letter to about 8 KB of HTML and text, as the peers' messages have.
SENTENCE = "Come and see what is new this year: the range is wider, the prices are lower, and we show you how. "


def tool(name: str) -> str | None:
    """Return where a program of Postfix's is, if it is installed."""
    return shutil.which(name) or shutil.which(name, path=SBIN)


@contextmanager
def sink() -> Iterator[tuple[int, str]]:
    """Run a mail sink in a process of its own; give its port and its name."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    postfix = tool("smtp-sink")
    ours = [sys.executable, str(Path(__file__).with_name("sink.py")), str(port)]
    command = [postfix, "-u", "nobody", f"127.0.0.1:{port}", "100"] if postfix else ours
    with subprocess.Popen(command) as process:
        try:
            _await(port)
            yield port, "smtp-sink" if postfix else "tests/benchmarks/sink.py"
        finally:
            process.terminate()


def _await(port: int) -> None:
    for _ in range(100):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise SystemExit("the mail sink does not listen")


def smtplib_loop(port: int, number: int, html: str, plain: str) -> float:
    """Return the messages a second of a loop over `email.message` and `smtplib`, one connection, personal texts."""
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        began = time.perf_counter()
        for index in range(number):
            message = EmailMessage()
            message["From"] = "Nordwind <partner@brand.example>"
            message["To"] = f"contact{index}@people.example"
            message["Subject"] = f"Ana{index}, meet the new range"
            message["Date"] = format_datetime(clock.now())
            message["Message-ID"] = make_msgid(domain="brand.example")
            message["List-Unsubscribe"] = f"<http://portal.brand.example/u/{index}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
            message.set_content(plain.replace("{{ name }}", f"Ana{index}"))
            message.add_alternative(html.replace("{{ name }}", f"Ana{index}"), subtype="html")
            smtp.send_message(message, "bounce@brand.example", [f"contact{index}@people.example"])
        return number / (time.perf_counter() - began)


def smtp_source(port: int, number: int, size: int) -> float | None:
    """Return the messages a second of `smtp-source` over one kept connection, or None where it is not installed."""
    postfix = tool("smtp-source")
    if postfix is None:
        return None
    began = time.perf_counter()
    command = [postfix, "-d", "-s", "1", "-m", str(number), "-l", str(size), f"127.0.0.1:{port}"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return number / (time.perf_counter() - began)


def partner_with(number: int, name: str) -> Actor:
    """Make a partner with so many contacts, and return a person of it."""
    with transaction(SYSTEM):
        owner = accounts.actor_for(accounts.user(Role.OWNER, accounts.partner(name)))
    with transaction(owner):
        add_contacts(owner, number)
    return owner


def published_kit() -> int:
    """Make a brand and a kit with a long letter."""
    with transaction(SYSTEM):
        accounts.brand()
        marketing = accounts.actor_for(accounts.user(Role.MARKETING))
    with transaction(marketing):
        touch = kits.email_touch(kits.email_template(marketing))
        touch["texts"]["en"]["body"] = "Dear {{contact.first_name}}, " + SENTENCE * 40
        return kits.published_kit(marketing, touch).id


def launch(owner: Actor, kit_version_id: int) -> None:
    """Launch a kit as a partner."""
    with transaction(owner):
        launches.launch(owner, kit_version_id=kit_version_id)


def work_until_done(line: Line, owner: Actor | None = None) -> float:
    """Do jobs until all mails, or all of one partner, have left; return the seconds."""
    began = time.perf_counter()
    while errand := line.work():
        is_own = owner is not None and errand.ids.get("partner_id") == owner.partner_id
        if is_own and set(states(owner)) == {"sent"}:
            break
    return time.perf_counter() - began


def states(actor: Actor = SYSTEM) -> dict[str, int]:
    """Count the deliveries by state."""
    own = "" if actor is SYSTEM else "WHERE partner_id = tcma_partner_id()"
    with reading(actor):
        rows = session.execute(text(f"SELECT state, count(*) AS count FROM deliveries {own} GROUP BY state"))
        return {row.state: row.count for row in rows}


def wait_of_the_smallest(line: Line, kit: int) -> float:
    """Return how much longer the smallest of five launches takes than it would alone."""
    alone = partner_with(SIZES[-1], "Alone")
    launch(alone, kit)
    by_itself = work_until_done(line, alone)
    work_until_done(line)
    owners = [partner_with(size, f"Partner of {size}") for size in SIZES]
    for owner in owners:
        launch(owner, kit)
    among_five = work_until_done(line, owners[-1])
    work_until_done(line)
    return among_five / by_itself


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else RECIPIENTS
    line = Line()
    with sink() as (port, name), house(smtp_url=f"smtp://127.0.0.1:{port}"):
        kit = published_kit()
        smallest = wait_of_the_smallest(line, kit)
        before = sum(states().values())
        owner = partner_with(number, "Big")
        launch(owner, kit)
        while sum(states(owner).values()) < number and (errand := line.take()):
            if "fan_out" in errand.name:
                registered_jobs()[errand.name](**errand.ids)
        with transaction(SYSTEM):
            session.execute(text("UPDATE sending_turns SET expected_by = NULL"))
        tasks.sweep()
        first = memory_mb()
        ours = number / work_until_done(line)
        found = states()
        if found != {"sent": before + number}:
            raise SystemExit(f"not everybody was mailed: {found}")
        html = f"<html><body><p>Dear {{{{ name }}}},</p><p>{SENTENCE * 40}</p></body></html>"
        peers = {
            "smtplib_loop": smtplib_loop(port, OF_PEERS, html, f"Dear {{{{ name }}}},\n{SENTENCE * 40}"),
            "smtp_source": smtp_source(port, OF_PEERS * 5, 2 * len(html)),
        }
        report(
            "send",
            ours,
            "messages/s",
            peers=peers,
            rss_mb=peak_memory_mb(),
            rss_first_mb=first,
            rss_last_mb=memory_mb(),
            recipients=number,
            smallest_of_five=smallest,
            sink=name,
        )


if __name__ == "__main__":
    main()
