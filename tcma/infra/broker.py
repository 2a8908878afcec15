"""The door to Celery: sends errands after a commit, and makes the app that the worker and the timetable run."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from celery import Celery
from celery.beat import PersistentScheduler
from celery.signals import worker_ready
from kombu.exceptions import OperationalError

from tcma.infra import cache
from tcma.infra.jobs import Errand, JobFunction, Urgency, urgency_of
from tcma.kernel.errors import Unavailable
from tcma.logs import get_logger

log = get_logger(__name__)

_QUEUE = "tcma"
_PRIORITY = {Urgency.PROMPT: 0, Urgency.PATIENT: 9}
# How kombu names the lists of a queue: the first priority has the bare name.
_LISTS = {Urgency.PROMPT: _QUEUE, Urgency.PATIENT: f"{_QUEUE}\x06\x16{_PRIORITY[Urgency.PATIENT]}"}

celery = Celery("tcma", set_as_current=False)
celery.conf.update(
    task_serializer="json",
    accept_content=["json"],
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=False,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "visibility_timeout": 3600,
        "max_retries": 1,
        "socket_connect_timeout": 2,
        # One list in the broker for each; a worker looks into the first one first.
        "priority_steps": list(_PRIORITY.values()),
        "queue_order_strategy": "priority",
    },
    task_publish_retry=False,
    task_default_queue=_QUEUE,
    enable_utc=True,
    timezone="UTC",
)


def configure(redis_url: str) -> None:
    """Say where the broker is."""
    celery.conf.broker_url = redis_url


def send(errands: Iterable[Errand]) -> None:
    """Hand errands to the broker. When it does not answer, sweeps find what is owed: the effect is committed."""
    for errand in errands:
        try:
            celery.send_task(errand.name, kwargs=dict(errand.ids), priority=_PRIORITY[urgency_of(errand.name)])
        except OperationalError as error:
            log.warning("broker does not answer; a sweep finds this", job=errand.name, ids=errand.ids, why=str(error))


def employ(jobs: Mapping[str, JobFunction], *, around: Callable[[str, JobFunction], Callable[..., None]]) -> None:
    """Let the worker know every job; `around` wraps each in what the process needs (the app's context, a log name)."""
    for name, function in jobs.items():
        celery.task(name=name)(around(name, function))


def schedule(timetable: Mapping[str, float]) -> None:
    """Say which job is asked for every how many seconds. A message that waited for longer than that is dropped."""
    celery.conf.beat_schedule = {
        name: {"task": name, "schedule": timedelta(seconds=every), "options": {"expires": max(every, 5.0)}}
        for name, every in timetable.items()
    }


def beat_while_working() -> None:
    """Leave the worker's sign of life from its main process, so that busy children do not look like death."""

    def beat_forever() -> None:
        while True:
            with suppress(Unavailable):
                cache.beat("worker", lasts_s=30)
            time.sleep(5)

    def start(**_: Any) -> None:
        threading.Thread(target=beat_forever, name="heartbeat", daemon=True).start()

    worker_ready.connect(start, weak=False)


def length() -> int:
    """Return how many messages wait for a worker. Raises CacheUnavailable."""
    return sum(_lengths().values())


def waiting() -> Urgency | None:
    """Return the most urgent kind of job that waits for a worker, or None; None too when the broker does not answer."""
    with suppress(Unavailable):
        lengths = _lengths()
        return next((urgency for urgency in Urgency if lengths[urgency]), None)
    return None


def _lengths() -> dict[Urgency, int]:
    with cache.redis() as client, client.pipeline(transaction=False) as pipe:
        for key in _LISTS.values():
            pipe.llen(key)
        return dict(zip(_LISTS, pipe.execute(), strict=True))


class BeatingScheduler(PersistentScheduler):  # type: ignore[misc] # celery has no type information
    """Run the timetable, and leave a sign of life at every tick."""

    # Seconds between two ticks at the most, so that the sign of life never fades while the scheduler lives.
    max_interval = 5

    def tick(self, *arguments: Any, **keywords: Any) -> float:
        """Send what is due and return the seconds until the next tick."""
        wait = float(super().tick(*arguments, **keywords))
        with suppress(Unavailable):
            cache.beat("scheduler", lasts_s=30)
        return min(wait, float(self.max_interval))
