"""The real service for journeys: `tcma up` in a process of its own, on a directory and a port of its own."""

import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import psycopg

from tcma.infra import sandbox_smtp

PASSWORD = "a sentence that only tests know"
READY_WITHIN_S = 120
ROOT = Path(__file__).parents[1]


def wait_until(question: Callable[[], Any], what: str, *, within_s: float = 60) -> Any:
    """Return the first true answer to a question; an AssertionError names what did not happen in time."""
    deadline_s = time.monotonic() + within_s
    while not (answer := question()):
        assert time.monotonic() < deadline_s, (
            f"{what} did not happen within {within_s:.0f} s; the last answer was {answer!r}"
        )
        time.sleep(0.1)
    return answer


@dataclass
class Person:
    """Somebody who talks to the API with a token of their own."""

    email: str
    http: httpx.Client
    keys: Iterator[int] = field(default_factory=lambda: iter(range(10**6)))

    def get(self, path: str, **query: Any) -> Any:
        answer = self.http.get(f"/api/v1{path}", params=query)
        assert answer.status_code == 200, f"GET {path}: {answer.status_code} {answer.text}"
        return answer.json() if "json" in answer.headers["Content-Type"] else answer.content

    def post(self, path: str, json: Any = None, *, status: int | None = None, **request: Any) -> Any:
        headers = {"Idempotency-Key": f"{self.email}-{next(self.keys)}"}
        answer = self.http.post(f"/api/v1{path}", json=json, headers=headers, **request)
        wanted = (status,) if status else (200, 201, 204)
        assert answer.status_code in wanted, f"POST {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def patch(self, path: str, json: Any) -> Any:
        answer = self.http.patch(f"/api/v1{path}", json=json)
        assert answer.status_code == 200, f"PATCH {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def put(self, path: str, json: Any) -> Any:
        answer = self.http.put(f"/api/v1{path}", json=json)
        assert answer.status_code == 200, f"PUT {path}: {answer.status_code} {answer.text}"
        return answer.json()


@dataclass
class Running:
    """A running service: its address, its people, its mails, its database."""

    url: str
    folder: Path
    process: subprocess.Popen[str]
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        addresses: dict[str, str] = json.loads((self.folder / "addresses.json").read_text())
        return addresses

    def command(self, *arguments: str, said: str = "") -> str:
        """Run one of our commands beside the service and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "tcma.cli", *arguments],
            input=said,
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
            env={"PATH": "/usr/bin:/bin", "HOME": str(self.folder), **self.environment},
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def add_person(self, email: str, name: str, role: str, partner_id: int | None = None) -> None:
        partner = ["--partner", str(partner_id)] if partner_id else []
        self.command("user", "add", email, "--name", name, "--role", role, *partner, said=PASSWORD + "\n")

    def invite(self, by: Person, email: str, name: str, role: str, partner_id: int | None = None) -> Person:
        """Let somebody invite a person, who follows the link in the mail and chooses a password."""
        by.post("/users/", {"email": email, "name": name, "roles": [role], "partner_id": partner_id})
        (mail,) = wait_until(lambda: self.mails(email), f"The invitation of {email}")
        link = re.search(r"https?://\S+/invitation/\S+", mail.get_content())
        assert link, mail.get_content()
        with httpx.Client() as browser:
            form = browser.get(link[0])
            token = re.search(r'name="csrf_token" value="([^"]+)"', form.text)
            assert token, form.text
            accepted = browser.post(link[0], data={"csrf_token": token[1], "password": PASSWORD})
            assert accepted.status_code == 303, accepted.text
        return self.person(email)

    def person(self, email: str) -> Person:
        """Return somebody signed in to the API."""
        if email not in self.people:
            signed_in = httpx.post(f"{self.url}/api/v1/tokens", json={"email": email, "password": PASSWORD})
            assert signed_in.status_code == 201, signed_in.text
            headers = {"Authorization": f"Bearer {signed_in.json()['token']}"}
            self.people[email] = Person(email, httpx.Client(base_url=self.url, headers=headers, timeout=60))
        return self.people[email]

    def mails(self, to: str) -> list[EmailMessage]:
        """Return the mails that reached an address, oldest first."""
        directory = Path(self.environment["TCMA_SANDBOX_MAIL_DIR"])
        caught = sandbox_smtp.headers(directory, sandbox_smtp.names(directory)[::-1])
        found = [mail.name for mail in caught if to in str(mail.message["X-Envelope-To"])]
        return [mail.message for name in found if (mail := sandbox_smtp.read(directory, name))]

    def crashes(self) -> list[str]:
        """Return what the web server and the workers logged as a crash of ours."""
        logs = [(self.folder / "logs" / name).read_text().splitlines() for name in ("web.log", "worker.log")]
        return [line for log in logs for line in log if '"event": "crashed"' in line or '"level": "critical"' in line]

    def ask(self, question: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask the database as its owner, past every service."""
        with psycopg.connect(self.environment["TCMA_DATABASE_URL"]) as connection:
            return connection.execute(question, values).fetchall()


@contextmanager
def running_service() -> Iterator[Running]:
    """Start the whole service and stop it again, with every process that it started."""
    # Not pytest's own folder: as root, the engines run as a user of their own, who may not enter that.
    folder = Path(tempfile.mkdtemp(prefix="tcma-journey-", dir="/tmp"))
    folder.chmod(0o711)
    try:
        yield from _running(folder / "data")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _running(folder: Path) -> Iterator[Running]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder.with_suffix(".log")
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "tcma.cli", "up", "--port", str(port), "--data-dir", str(folder)],
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=ROOT,
            env={"PATH": "/usr/bin:/bin", "HOME": str(folder)},
        )
        try:
            wait_until(
                lambda: "Ready after" in log.read_text() or process.poll() is not None,
                "The service's start",
                within_s=READY_WITHIN_S,
            )
            assert process.poll() is None, log.read_text()
            running = Running(f"http://127.0.0.1:{port}", folder, process)
            yield running
            for person in running.people.values():
                person.http.close()
            assert not (crashes := running.crashes()), "\n".join(crashes)
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()
