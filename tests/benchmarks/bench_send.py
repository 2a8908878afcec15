"""Messages a second by one worker process: real launch, real rows, real SMTP into the sandbox's protocol, kept nowhere.

The peer is a bare loop of smtplib over one connection with ready bytes: the least that sending over SMTP can cost.
"""

import smtplib
import socketserver
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from campaigns.launches import service as launches
from campaigns.sending import tasks
from tcma.infra import broker
from tcma.infra.db import transaction
from tcma.infra.jobs import Errand
from tcma.kernel.actor import SYSTEM
from tcma.kernel.permissions import Role
from tests.benchmarks.house import house, peak_memory_mb, report
from tests.factories import accounts, audiences, kits

RECIPIENTS = 5000
ONE_IMPORT = 1000


class Sink(socketserver.StreamRequestHandler):
    """Speak just enough SMTP to accept everything."""

    messages = 0

    def handle(self) -> None:
        self.wfile.write(b"220 sink\r\n")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                while self.rfile.readline() not in {b".\r\n", b""}:
                    pass
                Sink.messages += 1
                self.wfile.write(b"250 kept nowhere\r\n")
            elif verb == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 yes\r\n")


def bare_loop(port: int, number: int) -> float:
    """Return the messages a second of smtplib with ready bytes of 8 KB over one connection."""
    data = b"Subject: x\r\n\r\n" + b"x" * 76 * 100 + b"\r\n"
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        began = time.perf_counter()
        for _ in range(number):
            smtp.sendmail("a@brand.example", ["b@people.example"], data)
        return number / (time.perf_counter() - began)


def main() -> None:
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Sink)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    asked: list[Errand] = []
    broker.send = asked.extend
    with house(smtp_url=f"smtp://127.0.0.1:{port}"):
        with transaction(SYSTEM):
            accounts.brand()
            marketing = accounts.actor_for(accounts.user(Role.MARKETING))
            owner = accounts.actor_for(accounts.user(Role.OWNER, accounts.partner()))
        with transaction(marketing):
            kit = kits.published_kit(marketing, kits.email_touch(kits.email_template(marketing)))
        for start in range(0, RECIPIENTS, ONE_IMPORT):
            with transaction(owner):
                audiences.contacts(owner, *(f"c{start + i}@people.example" for i in range(ONE_IMPORT)))
        with transaction(owner):
            launches.launch(owner, kit_version_id=kit.id)
        jobs = {"campaigns.sending.fan_out": tasks.fan_out, "campaigns.sending.send": tasks.send}
        began = time.perf_counter()
        while asked:
            errand = asked.pop(0)
            if errand.name in jobs:
                jobs[errand.name](**errand.ids)
            if not asked and Sink.messages < RECIPIENTS:
                tasks.sweep()
        ours = Sink.messages / (time.perf_counter() - began)
        peers = {"smtplib_loop": bare_loop(port, 2000), "smtp_source": None}
        report("send", ours, "messages/s", peers=peers, rss_mb=peak_memory_mb())
    server.shutdown()


if __name__ == "__main__":
    main()
