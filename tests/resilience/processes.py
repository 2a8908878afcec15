"""The whole service on a stage: engines, mail sandbox, workers and scheduler, each a process that can be killed."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psycopg

from tcma.cli.up import SIGNS_OF_LIFE, free_port
from tcma.infra.embedded import EmbeddedPostgres, EmbeddedValkey, processes, start_throwaway_postgres, start_valkey
from tcma.infra.schema import upgrade

RECIPIENTS = 2000
WORKER_PROCESSES = 2
FINAL = {"sent", "failed", "skipped", "unknown"}


class Stage:
    """Engines, mail sandbox, workers and scheduler, each a real process; and what can be seen from outside of them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.mail = folder, folder / "mail"
        self.postgres: EmbeddedPostgres = start_throwaway_postgres(folder / "postgres")
        self.valkey: EmbeddedValkey = start_valkey(folder / "valkey")
        self.smtp_port = free_port()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("TCMA_")},
            "PYTHONPATH": str(Path.cwd()),
            "TCMA_SECRET_KEY": "a secret for tests only, 32 characters or more",
            "TCMA_DATABASE_URL": self.postgres.url,
            "TCMA_REDIS_URL": self.valkey.url,
            "TCMA_STORAGE_URL": f"file://{folder}/files",
            "TCMA_SMTP_URL": f"smtp://127.0.0.1:{self.smtp_port}",
            "TCMA_BASE_URL": "http://portal.brand.example",
            "TCMA_DATA_DIR": str(folder),
            "TCMA_SANDBOX_MAIL_DIR": str(self.mail),
        }
        upgrade(self.postgres.url)

    def start(self, name: str, *command: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", *command],
                env=self.environment,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def start_mail_sandbox(self) -> None:
        where = ["--host", "127.0.0.1", "--port", str(self.smtp_port), "--directory", str(self.mail)]
        self.start("sandbox", "tcma.infra.sandbox_smtp", *where)

    def start_worker(self, name: str = "worker") -> None:
        worker = ["celery", "--app", "tcma.worker:celery", "worker", "--concurrency", str(WORKER_PROCESSES)]
        self.start(name, *worker, "--loglevel", "INFO", "--hostname", f"{name}@stage")

    def start_scheduler(self, name: str = "scheduler") -> None:
        beat = ["celery", "--app", "tcma.worker:celery", "beat", "--schedule", str(self.folder / f"{name}-timetable")]
        beat += ["--pidfile", str(self.folder / f"{name}.pid")]
        self.start(name, *beat, *SIGNS_OF_LIFE)

    def kill(self, name: str) -> None:
        """End a program and everything that it started, as the kernel's out-of-memory killer would."""
        process = self.processes.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        (self.folder / f"{name}.pid").unlink(missing_ok=True)

    def close(self) -> None:
        for name in list(self.processes):
            self.kill(name)
        self.valkey.stop()
        self.postgres.stop()

    def play(self, *words: object) -> dict[str, int]:
        done = subprocess.run(
            [sys.executable, "tests/resilience/stage.py", *map(str, words)],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        ids: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
        return ids

    def restart_postgres(self) -> None:
        """Stop the database while everybody is at work, and start it again at the same address."""
        url = self.postgres.url
        processes.stop(self.postgres.process, signal.SIGINT)
        self.postgres.start()
        assert self.postgres.url == url

    def prepare_and_launch(self, recipients: int = RECIPIENTS) -> int:
        ids = self.play("prepare", recipients)
        return self.play("launch", ids["kit_version_id"], ids["user_id"])["launch_id"]

    def ask(self, query: str, *values: object) -> list[tuple[object, ...]]:
        with psycopg.connect(self.postgres.url, autocommit=True) as connection:
            cursor = connection.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    def states(self, launch_id: int) -> Counter[str]:
        rows = self.ask("SELECT state, count(*) FROM deliveries WHERE launch_id = %s GROUP BY state", launch_id)
        return Counter({str(state): int(str(count)) for state, count in rows})

    def mails(self) -> Counter[str]:
        """How many messages were accepted for each contact; what the portal tells its people is not counted."""
        heads = (path.read_bytes()[:4000].decode(errors="replace") for path in self.mail.glob("*.eml"))
        return Counter(
            address for head in heads for address in re.findall(r"^X-Envelope-To: (contact.+?)\r?$", head, re.MULTILINE)
        )

    def addresses_in(self, launch_id: int, state: str) -> set[str]:
        rows = self.ask(
            "SELECT c.email FROM deliveries d JOIN contacts c ON c.id = d.contact_id"
            " WHERE d.launch_id = %s AND d.state = %s",
            launch_id,
            state,
        )
        return {str(address) for (address,) in rows}

    def let_leases_expire(self) -> None:
        """Move what a dead worker holds into the past, instead of waiting until it is."""
        self.ask("UPDATE deliveries SET lease_until = lease_until - interval '1 hour' WHERE state = 'claimed'")
        self.ask(
            "UPDATE sending_turns SET running_until = running_until - interval '1 hour',"
            " expected_by = expected_by - interval '1 hour'"
        )

    def logs(self) -> str:
        parts = (f"--- {path.name}\n{path.read_text(errors='replace')[-2500:]}" for path in self.folder.glob("*.log"))
        return "\n".join(parts)

    def await_that(self, is_met: Callable[[], bool], what: str, *, within_s: float) -> None:
        deadline = time.monotonic() + within_s
        while not is_met():
            assert time.monotonic() < deadline, f"not within {within_s:.0f} s: {what}\n{self.logs()}"
            time.sleep(0.02)


def everything_is_final(stage: Stage, launch_id: int, recipients: int = RECIPIENTS) -> Callable[[], bool]:
    def ask() -> bool:
        states = stage.states(launch_id)
        return sum(states.values()) == recipients and set(states) <= FINAL

    return ask
