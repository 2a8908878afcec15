"""Tell the launch when the last delivery of a touch is accounted for."""

from __future__ import annotations

from campaigns.launches import service as launches
from campaigns.launches.rules import TouchState
from campaigns.sending import queries
from tcma.kernel.actor import Actor


def is_done(actor: Actor, touch_id: int) -> bool:
    """Tell whether nothing of a touch is still to leave. Raises NotFound."""
    return not queries.has_open(actor, launches.partner_of_touch(actor, touch_id), touch_id)


def finish_if_done(actor: Actor, touch_id: int) -> bool:
    """Finish a touch of which nothing is still to leave; return whether it was finished now. Raises NotFound."""
    if not is_done(actor, touch_id):
        return False
    if launches.touch_plan(actor, touch_id).touch_state is not TouchState.FANNED_OUT:
        return False
    launches.touch_finished(actor, touch_id)
    return True
