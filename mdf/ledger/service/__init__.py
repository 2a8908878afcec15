"""The ledger's verbs: post, read balances, check. Callers authorize and record; the ledger keeps the sums true.

`ledger.post(actor, fund_id, [ledger.Posting(source, target, amount)], kind="claim.approved", reference="claim:7:ok")`
"""

from mdf.ledger.rules import (
    AccountKey,
    AccountKind,
    Posting,
    of_allocation,
    of_claim,
    of_fund,
    of_request,
)
from mdf.ledger.service.check import Fault, check
from mdf.ledger.service.post import Posted, post
from mdf.ledger.service.standings import Standing, balance, by_allocation, by_claim, by_fund, by_request

__all__ = [
    "AccountKey",
    "AccountKind",
    "Fault",
    "Posted",
    "Posting",
    "Standing",
    "balance",
    "by_allocation",
    "by_claim",
    "by_fund",
    "by_request",
    "check",
    "of_allocation",
    "of_claim",
    "of_fund",
    "of_request",
    "post",
]
