"""The verbs on launches, and what sending asks and reports."""

from campaigns.launches.model import Launch
from campaigns.launches.queries import TouchPlan
from campaigns.launches.service.advancing import advance, owed
from campaigns.launches.service.launching import launch
from campaigns.launches.service.reporting import (
    fanned_out_touches,
    finish_if_done,
    may_send,
    one,
    partner_of_touch,
    touch_fanned_out,
    touch_finished,
    touch_plan,
)
from campaigns.launches.service.steering import cancel, confirm, pause, resume, stop_withdrawn, withdrawn_in_use

__all__ = [
    "Launch",
    "TouchPlan",
    "advance",
    "cancel",
    "confirm",
    "fanned_out_touches",
    "finish_if_done",
    "launch",
    "may_send",
    "one",
    "owed",
    "partner_of_touch",
    "pause",
    "resume",
    "stop_withdrawn",
    "touch_fanned_out",
    "touch_finished",
    "touch_plan",
    "withdrawn_in_use",
]
