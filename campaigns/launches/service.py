"""The verbs on launches, and what sending asks and reports."""

from __future__ import annotations

from campaigns.launches.queries import TouchPlan
from tcma.kernel.actor import Actor

__all__ = ["TouchPlan", "finish_if_done", "may_send", "partner_of_touch", "touch_fanned_out", "touch_finished", "touch_plan"]


def partner_of_touch(actor: Actor, touch_id: int) -> int:
    """Return whose touch this is, so that a job can go on as that partner. Raises NotFound."""
    raise NotImplementedError


def touch_plan(actor: Actor, touch_id: int) -> TouchPlan:
    """Return everything that sending needs to know about one touch. Raises NotFound."""
    raise NotImplementedError


def may_send(actor: Actor, touch_id: int) -> bool:
    """Tell whether deliveries of a touch may leave now: a short question, asked at each hand-off."""
    raise NotImplementedError


def touch_fanned_out(actor: Actor, touch_id: int) -> None:
    """Note that one delivery row per recipient exists; done twice, it changes nothing. Raises NotFound, IllegalMove."""
    raise NotImplementedError


def touch_finished(actor: Actor, touch_id: int) -> None:
    """Note that each delivery of a touch is final, and complete the launch if it was the last. Raises NotFound."""
    raise NotImplementedError


def finish_if_done(actor: Actor, launch_id: int) -> None:
    """Complete a running launch of which no touch is still to leave. Raises NotFound."""
    raise NotImplementedError
