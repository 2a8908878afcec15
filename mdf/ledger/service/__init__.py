"""The ledger's verbs: post, read balances, check. Callers authorize and record; the ledger keeps the sums true.

    from mdf.ledger import service as ledger
    ledger.post(actor, fund_id, [ledger.Posting(from_account, to_account, amount)], kind="claim.approved",
                reference=f"claim:{claim.id}:approved")
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
