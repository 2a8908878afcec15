"""Signs of life: /health/live for the supervisor, /health/ready for the load balancer, /metrics for Prometheus."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from flask import Blueprint, Response, json
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Gauge, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from tcma.infra import broker, cache, db, figures, storage
from tcma.kernel.errors import DomainError, Unavailable
from tcma.logs import get_logger
from tcma.web.guards import public

log = get_logger(__name__)

bp = Blueprint("health", __name__)

_up = Gauge("tcma_part_up", "Whether a part of the service answers (1) or not (0)", ["part"])
_owed = Gauge("tcma_oldest_owed_seconds", "Age of the oldest work that is owed, by kind", ["kind"])
_waiting = Gauge("tcma_queue_messages", "Messages waiting in the broker")


class _Memories(Collector):
    """Show how well the memories of every process serve, each process under its own name."""

    def collect(self) -> Iterator[Metric]:
        """Yield a gauge of what is kept, and counters of hits and misses."""
        labels = ["process", "memory"]
        kept = GaugeMetricFamily("tcma_memory_kept", "Things kept ready for the next render", labels=labels)
        hits = CounterMetricFamily("tcma_memory_hits", "Times that a thing was there", labels=labels)
        misses = CounterMetricFamily("tcma_memory_misses", "Times that a thing had to be made", labels=labels)
        for process, memories in _of_all_processes().items():
            for memory, counts in memories.items():
                kept.add_metric([process, memory], counts["kept"])
                hits.add_metric([process, memory], counts["hits"])
                misses.add_metric([process, memory], counts["misses"])
        yield from (kept, hits, misses)

    def describe(self) -> Iterator[Metric]:
        """Say nothing before somebody asks: Redis may not be known yet."""
        return iter(())


def _of_all_processes() -> dict[str, figures.Figures]:
    others: dict[str, figures.Figures] = {}
    with suppress(Unavailable):
        others = figures.left()
    return {**others, figures.process(): figures.own()}


REGISTRY.register(_Memories())

# Strangers may ask for readiness; what they cause is bounded.
LOOK_EVERY_S = 5.0


@dataclass
class _Look:
    """Remember the last look at what is owed."""

    at: float = -LOOK_EVERY_S * 2
    ages: dict[str, float] = field(default_factory=dict)


_looked = _Look()
_owed_work: dict[str, Callable[[], float]] = {}


def watch(kind: str, age_s: Callable[[], float]) -> None:
    """Let readiness show the age, in seconds, of the oldest owed work of a kind; a room that owes work calls this."""
    _owed_work[kind] = age_s


def _require(name: str) -> None:
    if not cache.is_beating(name):
        raise ConnectionError(f"no sign of life from the {name}")


PARTS: dict[str, Callable[[], object]] = {
    "database": db.ping,
    "broker": cache.ping,
    "storage": lambda: storage.storage().ping(),
    "worker": lambda: _require("worker"),
    "scheduler": lambda: _require("scheduler"),
}


def examine() -> dict[str, str]:
    """Return each part with "ok" or what is wrong with it."""
    return {name: _examined(name, ask) for name, ask in PARTS.items()}


def _examined(name: str, ask: Callable[[], object]) -> str:
    try:
        ask()
    except DomainError as error:
        answer = error.detail
    except (OSError, RuntimeError) as error:
        answer = str(error) or type(error).__name__
    else:
        answer = "ok"
    if answer != "ok":
        log.warning("a part does not answer", part=name, reason=answer)
    _up.labels(name).set(answer == "ok")
    return answer


def oldest_owed() -> dict[str, float]:
    """Return the age of the oldest owed work, in seconds, by kind; asked for at most every few seconds, by anybody."""
    if time.monotonic() - _looked.at > LOOK_EVERY_S:
        _looked.ages = {kind: round(age_s(), 1) for kind, age_s in _owed_work.items()}
        _looked.at = time.monotonic()
        for kind, age in _looked.ages.items():
            _owed.labels(kind).set(age)
    return _looked.ages


@bp.get("/health/live")
@public
def live() -> Response:
    """Say that the process answers."""
    return Response('{"status": "ok"}', mimetype="application/json")


@bp.get("/health/ready")
@public
def ready() -> Response:
    """Say whether everything that the service needs answers; 503 when something does not."""
    parts = examine()
    fine = all(answer == "ok" for answer in parts.values())
    body = {
        "status": "ok" if fine else "unavailable",
        # The reasons are for operators, in the log: strangers learn only which part it is.
        "parts": {name: "ok" if answer == "ok" else "failing" for name, answer in parts.items()},
        "oldest_owed_s": oldest_owed() if parts["database"] == "ok" else {},
    }
    return Response(json.dumps(body), status=200 if fine else 503, mimetype="application/json")


@bp.get("/metrics")
@public
def metrics() -> Response:
    """Show the figures of this process and of the queue."""
    if examine()["broker"] == "ok":
        _waiting.set(broker.length())
    return Response(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)
