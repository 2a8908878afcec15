"""`tcma up`: the whole service on one machine, with engines of its own for whatever address is not given."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from tcma.cli.home import Home, default_data_dir
from tcma.cli.supervision import POLL_S, Program, StartFailed, Supervisor, WatchedEngine, python
from tcma.infra.embedded import EngineBusy, EngineFailed, EnginePlace, start_postgres, start_valkey
from tcma.settings import Settings, SettingsError

READY_WITHIN_S = 120.0
LEFTOVERS_GONE_WITHIN_S = 15.0
WEB_THREADS = 8
WORKER_PROCESSES = 2
# Celery's own scheduler does not say that it lives.
SIGNS_OF_LIFE = ("--scheduler", "tcma.infra.broker:BeatingScheduler", "--loglevel", "INFO")
# One worker has nobody to greet or gossip with.
ALONE = ("--without-gossip", "--without-mingle", "--loglevel", "INFO")
OUTSIDE = ("TCMA_DATABASE_URL", "TCMA_REDIS_URL", "TCMA_STORAGE_URL", "TCMA_SMTP_URL")
SIGN_INS = {
    "marketing@brand.example": "brand, marketing",
    "channel@brand.example": "brand, channel manager",
    "finance@brand.example": "brand, finance",
    "treasury@brand.example": "brand, finance: releases what the other prepared",
    "admin@brand.example": "brand, administrator",
    "owner@partner-a.example": "partner, owner",
    "owner@partner-b.example": "partner, owner",
}


@dataclass(frozen=True)
class Door:
    """Where the web server listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """The address at which this machine reaches it."""
        if self.host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
            return f"http://127.0.0.1:{self.port}"
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"


@click.command()
@click.option("--demo", "with_demo", is_flag=True, help="Load the demo program once and run the main job.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on.")
@click.option("--data-dir", type=click.Path(path_type=Path), help="Where everything is kept (TCMA_DATA_DIR).")
def up(with_demo: bool, host: str, port: int, data_dir: Path | None) -> None:
    """Run web, worker, scheduler and the engines that are not given; Ctrl-C stops them all."""
    began_s = time.monotonic()
    door = Door(host, port)
    supervisor = Supervisor(say)
    supervisor.listen()
    home: Home | None = None
    try:
        home = Home(data_dir or default_data_dir(os.environ))
        check_port(door, within_s=LEFTOVERS_GONE_WITHIN_S if home.was_cut_off else 0)
        environment = prepare(supervisor, home, door, os.environ)
        if not supervisor.asked_to_stop and run_programs(supervisor, home, door, environment):
            say(f"Ready after {time.monotonic() - began_s:.1f} s.")
            if with_demo:
                show_demo(supervisor, home, door, environment)
            say(f"Portal: {environment['TCMA_BASE_URL']}   API: {environment['TCMA_BASE_URL']}/api/docs")
            say(f"Data: {home.folder}   Logs: {home.folder / 'logs'}")
            say("Ctrl-C stops everything.")
            supervisor.watch()
    except (EngineBusy, EngineFailed, EnginePlace, StartFailed, SettingsError) as error:
        raise click.ClickException(str(error)) from error
    finally:
        supervisor.stop()
        if home is not None:
            home.release()
    say("Stopped.")


def say(line: str) -> None:
    """Print a line at once."""
    click.echo(line)


def check_port(door: Door, *, within_s: float = 0) -> None:
    """Refuse a port that is taken and does not become free in time, naming a free one. Raises StartFailed."""
    deadline = time.monotonic() + within_s
    while (problem := why_not(door)) is not None:
        if time.monotonic() >= deadline:
            free = free_port()
            raise StartFailed(
                f"Cannot listen on {door.host} port {door.port}: {problem}. "
                f"Choose another with `--port {free}` (with make: add `port={free}`), or stop the program that has it."
            )
        time.sleep(POLL_S)


def why_not(door: Door) -> str | None:
    """Return why nobody can listen at the door now, or None."""
    try:
        with socket.socket(socket.AF_INET6 if ":" in door.host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((door.host, door.port))
    except OSError as error:
        return error.strerror or str(error)
    return None


def free_port() -> int:
    """Return a loopback port that nobody has at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def prepare(supervisor: Supervisor, home: Home, door: Door, environ: Mapping[str, str]) -> dict[str, str]:
    """Start the engines that are not given and bring the database up to date; return the programs' environment.

    Raises EngineFailed, EnginePlace, StartFailed, SettingsError.
    """
    environment = {name: value for name, value in environ.items() if value or not name.startswith("TCMA_")}
    environment["TCMA_DATA_DIR"] = str(home.folder)
    environment["PYTHONUNBUFFERED"] = "1"
    own = [name for name in OUTSIDE if name not in environment]
    started: dict[str, Callable[[], str]] = {
        "TCMA_DATABASE_URL": lambda: _postgres(supervisor, home),
        "TCMA_REDIS_URL": lambda: _valkey(supervisor, home),
        "TCMA_STORAGE_URL": lambda: home.subfolder("storage").as_uri(),
        "TCMA_SMTP_URL": lambda: _sandbox_mail(supervisor, home, environment),
    }
    if "TCMA_DATABASE_URL" in own:
        # A secret that nobody chose is right for data that nobody else has; with a database of yours, you choose.
        environment.setdefault("TCMA_SECRET_KEY", home.secret("secret-key", size_bytes=48))
        environment.setdefault("TCMA_BASE_URL", door.url)
    check_settings(environment, own)
    for name in own:
        environment[name] = started[name]()
    Settings.from_environment(environment)
    home.publish({name: value for name, value in environment.items() if name.startswith("TCMA_")})
    migrate(home, environment, "TCMA_DATABASE_URL" in own)
    return environment


def check_settings(environment: Mapping[str, str], own: list[str]) -> None:
    """Complain about what is given before anything is started. Raises SettingsError."""
    stand_ins = {
        "TCMA_DATABASE_URL": "postgresql://embedded/tcma",
        "TCMA_REDIS_URL": "redis://embedded/0",
        "TCMA_STORAGE_URL": "file:///embedded",
        "TCMA_SMTP_URL": "smtp://embedded",
    }
    Settings.from_environment({**environment, **{name: stand_ins[name] for name in own}})


def _postgres(supervisor: Supervisor, home: Home) -> str:
    engine = start_postgres(home.folder / "postgres")
    supervisor.start(WatchedEngine("database", engine))
    return engine.url


def _valkey(supervisor: Supervisor, home: Home) -> str:
    engine = start_valkey(home.folder / "valkey")
    supervisor.start(WatchedEngine("broker", engine))
    return engine.url


def _sandbox_mail(supervisor: Supervisor, home: Home, environment: dict[str, str]) -> str:
    directory, port = home.subfolder("mail"), free_port()
    environment["TCMA_SANDBOX_MAIL_DIR"] = str(directory)
    environment.setdefault("TCMA_FEEDBACK_LISTEN", f"smtp://127.0.0.1:{free_port()}")
    # No mail leaves this machine; an address at an IP number would not be one.
    environment.setdefault("TCMA_MAIL_DOMAIN", "mail.brand.example")
    command = python("-m", "tcma.infra.sandbox_smtp", "--host", "127.0.0.1", "--port", str(port))
    log = home.subfolder("logs") / "mail.log"
    supervisor.start(Program("mail sandbox", [*command, "--directory", str(directory)], environment, log))
    return f"smtp://127.0.0.1:{port}"


def migrate(home: Home, environment: Mapping[str, str], is_embedded: bool) -> None:
    """Bring the database up to date in a process of its own. Raises StartFailed."""
    done = subprocess.run(  # noqa: S603 - our own program
        python("-m", "tcma.cli", "db", "upgrade"), env=dict(environment), capture_output=True, text=True, check=False
    )
    with (home.subfolder("logs") / "migrations.log").open("a") as log:
        log.write(done.stdout + done.stderr)
    if done.returncode:
        advice = f"Nothing was changed: a failed migration is rolled back. All of the message is in {log.name}."
        if "locate revision" in done.stderr:
            advice += (
                " The data come from another version of the program: use that one, or an empty --data-dir."
                if is_embedded
                else " The database belongs to another version of the program: use that one, or another database."
            )
        elif not is_embedded:
            advice += " Is TCMA_DATABASE_URL reachable, and may its role create tables and a role?"
        words = "\n".join((done.stderr or done.stdout).splitlines()[-8:])
        raise StartFailed(f"The database could not be brought up to date:\n{words}\n{advice}")


def run_programs(supervisor: Supervisor, home: Home, door: Door, environment: Mapping[str, str]) -> bool:
    """Start all programs and wait until they are ready; False when the end was asked for meanwhile.

    Raises StartFailed.
    """
    logs = home.subfolder("logs")
    celery = python("-m", "celery", "--app", "tcma.worker:celery")
    bind = f"[{door.host}]:{door.port}" if ":" in door.host else f"{door.host}:{door.port}"
    web = f"--bind {bind} --worker-class gthread --workers 1 --threads {WEB_THREADS} --timeout 60 --graceful-timeout 10"
    programs = {
        "web": python("-m", "gunicorn", "tcma.app:from_environment()", *web.split(), "--no-control-socket"),
        "worker": [*celery, "worker", "--concurrency", str(WORKER_PROCESSES), *ALONE],
        **({"mailbox": python("-m", "tcma.mailbox")} if environment.get("TCMA_FEEDBACK_LISTEN") else {}),
        "scheduler": [*celery, "beat", "--schedule", str(home.folder / "timetable"), *SIGNS_OF_LIFE],
    }
    supervisor.start(*(Program(name, command, environment, logs / f"{name}.log") for name, command in programs.items()))
    said: list[str] = []
    if supervisor.await_condition(lambda: is_ready(door, said), within_s=READY_WITHIN_S):
        return True
    if supervisor.asked_to_stop:
        return False
    answer = said[-1] if said else "it does not answer"
    raise StartFailed(f"Not ready after {READY_WITHIN_S:.0f} s: {answer}. The logs are in {logs}.")


def is_ready(door: Door, said: list[str]) -> bool:
    """Ask the service whether all of it is there; append what it says when it is not."""
    try:
        with urllib.request.urlopen(f"{door.url}/health/ready", timeout=5):  # noqa: S310 - our own address
            return True
    except urllib.error.HTTPError as error:
        said.append(error.read().decode(errors="replace")[:2000])
    except OSError as error:
        said.append(str(error))
    return False


def show_demo(supervisor: Supervisor, home: Home, door: Door, environment: Mapping[str, str]) -> None:
    """Load the demo program and run the main job the first time; print what was done and how to sign in."""
    password = environment.get("TCMA_DEMO_PASSWORD") or home.secret("demo-password", size_bytes=9)
    story = home.kept("demo-story")
    if story is None:
        story = tell_story(supervisor, home, door, {**environment, "TCMA_DEMO_PASSWORD": password})
    else:
        say("The demo program is loaded already; its main job ran when this was first started:")
    if supervisor.asked_to_stop:
        return
    if story:
        say(story.rstrip())
    say("")
    say("Sign in at " + environment["TCMA_BASE_URL"])
    for address, who in SIGN_INS.items():
        say(f"  {address:<26} {who}")
    say(f"password: {password}")
    say("")


def tell_story(supervisor: Supervisor, home: Home, door: Door, environment: Mapping[str, str]) -> str | None:
    """Run `tcma demo`; return what it printed, and keep that when all of it succeeded."""
    say("Loading the demo program and running the main job; this is done once.")
    log = home.subfolder("logs") / "demo.log"
    with log.open("w") as errors:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "tcma.cli", "demo", "--at", door.url],
            env=dict(environment),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
        )
        supervisor.watch_while(process)
        if process.poll() is None:
            process.terminate()
        text, _ = process.communicate()
    if process.returncode == 0 and text.strip():
        home.keep("demo-story", text)
    elif not supervisor.asked_to_stop:
        say(f"The demo did not finish; everything else runs. The reason is in {log}, which ends with:")
        say("\n".join(log.read_text().splitlines()[-6:]))
    return text
