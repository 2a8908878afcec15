"""Prove that each claim's state agrees with where its money stands, and its approval with what it says."""

from mdf.claims import queries
from mdf.claims.model import Claim
from mdf.claims.rules import REIMBURSED, ClaimState
from mdf.ledger import service as ledger
from mdf.ledger.service import AccountKind, Standing
from tcma.kernel.actor import Actor

_ON_PAYABLE = frozenset({ClaimState.APPROVED, ClaimState.PAYABLE})


def check(actor: Actor) -> list[str]:
    """Name every claim whose state, approval and postings differ; an empty list is the proof that there is none."""
    faults = []
    for claims in queries.in_chunks(actor):
        standings = ledger.by_claim(actor, [claim.id for claim in claims])
        for claim in claims:
            faults.extend(_of_claim(claim, standings.get(claim.id)))
    faults.extend(f"Request {request_id}: more is approved than was reserved." for request_id in queries.overspent())
    return faults


def _of_claim(claim: Claim, standing: Standing | None) -> list[str]:
    payable, paid = (standing[kind].minor if standing else 0 for kind in (AccountKind.PAYABLE, AccountKind.PAID))
    approved = claim.approved_minor or 0
    faults = []
    if payable != (approved if claim.state in _ON_PAYABLE else 0):
        faults.append(f"Claim {claim.id}: it is {claim.state}, and {payable} minor units are payable.")
    if claim.state is not ClaimState.REVERSED and paid != (approved if claim.state is ClaimState.PAID else 0):
        faults.append(f"Claim {claim.id}: it is {claim.state}, and {paid} minor units are paid.")
    approval = claim.approval
    if (approval is not None) != (claim.state in REIMBURSED):
        faults.append(f"Claim {claim.id}: it is {claim.state}, and its approval does not agree.")
    if approval is not None and (approval.money_hash != claim.money_hash or approval.amount_minor != approved):
        faults.append(f"Claim {claim.id}: it is not what was approved.")
    return faults
