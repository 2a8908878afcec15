"""The verbs of claims, in the order in which a claim travels."""

from mdf.claims.model import Claim
from mdf.claims.rules import Action, ClaimState, Reason
from mdf.claims.service.decide import approve, ask, reject
from mdf.claims.service.evidence import LaunchChoice, add_evidence, launch_choices
from mdf.claims.service.expire import closable, close_request, expire, overdue
from mdf.claims.service.look import Assessment, assess
from mdf.claims.service.pay import PayableClaim, give_back, not_paid, payable_claims, settle, take_for_payment
from mdf.claims.service.prepare import ClaimFields, attach, claimable, detach, edit, open_claim
from mdf.claims.service.prove import check
from mdf.claims.service.statement import approval_facts, brand_party, partner_party, render_statement
from mdf.claims.service.submit import answer, dispute, submit, withdraw
from mdf.claims.service.waiting import count_payable, count_waiting, waiting

__all__ = [
    "Action",
    "Assessment",
    "Claim",
    "ClaimFields",
    "ClaimState",
    "LaunchChoice",
    "PayableClaim",
    "Reason",
    "add_evidence",
    "answer",
    "approval_facts",
    "approve",
    "ask",
    "assess",
    "attach",
    "brand_party",
    "check",
    "claimable",
    "closable",
    "close_request",
    "count_payable",
    "count_waiting",
    "detach",
    "dispute",
    "edit",
    "expire",
    "give_back",
    "launch_choices",
    "not_paid",
    "open_claim",
    "overdue",
    "partner_party",
    "payable_claims",
    "reject",
    "render_statement",
    "settle",
    "submit",
    "take_for_payment",
    "waiting",
    "withdraw",
]
