"""The line of jobs before one worker, as the broker keeps it: prompt ones first, each kind in the order of arrival."""

from collections import deque
from collections.abc import Iterable

from tcma.infra import broker
from tcma.infra.jobs import Errand, Urgency, registered_jobs, urgency_of


class Line:
    """Take what leaves for the broker, and be the worker that does it."""

    def __init__(self) -> None:
        self._waiting: dict[Urgency, deque[Errand]] = {urgency: deque() for urgency in Urgency}
        broker.send = self.send
        broker.waiting = self.waiting

    def send(self, errands: Iterable[Errand]) -> None:
        """Keep the jobs of campaigns; what others ask for is not what is measured."""
        for errand in errands:
            if errand.name.startswith("campaigns."):
                self._waiting[urgency_of(errand.name)].append(errand)

    def waiting(self) -> Urgency | None:
        """Return the most urgent kind of job that waits."""
        return next((urgency for urgency in Urgency if self._waiting[urgency]), None)

    def take(self) -> Errand | None:
        """Return the next job, or None."""
        urgency = self.waiting()
        return self._waiting[urgency].popleft() if urgency else None

    def work(self) -> Errand | None:
        """Do the next job and return it, or None when none waits."""
        errand = self.take()
        if errand is not None:
            registered_jobs()[errand.name](**errand.ids)
        return errand
