"""The verbs of requests: plan, submit, decide, reserve."""

from mdf.requests.model import Request
from mdf.requests.rules import PreCheck, RequestState, ReservationView
from mdf.requests.service.decide import approve, ask, decline, expire, overdue, reject
from mdf.requests.service.history import events
from mdf.requests.service.plan import draft, edit, link_launch, precheck
from mdf.requests.service.prove import check
from mdf.requests.service.reserve import close, for_claim, lock_for_claim, past_claiming
from mdf.requests.service.submit import answer, submit, withdraw
from mdf.requests.service.waiting import count_waiting, waiting

__all__ = [
    "PreCheck",
    "Request",
    "RequestState",
    "ReservationView",
    "answer",
    "approve",
    "ask",
    "check",
    "close",
    "count_waiting",
    "decline",
    "draft",
    "edit",
    "events",
    "expire",
    "for_claim",
    "link_launch",
    "lock_for_claim",
    "overdue",
    "past_claiming",
    "precheck",
    "reject",
    "submit",
    "waiting",
    "withdraw",
]
