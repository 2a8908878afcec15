"""Post: the one way in which money moves."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as insert_or_leave

from mdf.ledger import queries, rules
from mdf.ledger.errors import AlreadyPosted, NotEnoughMoney
from mdf.ledger.model import LedgerAccount, LedgerPosting, LedgerTransaction
from mdf.ledger.rules import AccountKey, Posting
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor
from tcma.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Posted:
    """What was written: the transaction's id, its place in the fund's chain, and its hash."""

    id: int
    fund_id: int
    sequence: int
    hash: bytes


def post(
    actor: Actor, fund_id: int, postings: Sequence[Posting], *, kind: str, reference: str, note: str = ""
) -> Posted:
    """Write one business event: move each posting's amount, all or nothing.

    `reference` names the event and is unique in its fund ("claim:7:approved"), so the same event is never posted twice.
    Lock your own case first and post last: the ledger locks the fund's chain, then the balances in order of their ids.

    Raises NothingToPost, CurrenciesMixed, NotEnoughMoney, AlreadyPosted.
    """
    entries = rules.entries(fund_id, postings)
    changes = rules.net(entries)
    session.flush()  # the cases that the accounts belong to are there before their accounts
    ids = _open_accounts(fund_id, list(changes), entries[0].currency)

    locked = session.execute(queries.LOCK, {"fund_id": fund_id, "account_ids": sorted(ids.values())}).all()
    balances = {row.account_id: row.balance_minor for row in locked}
    if queries.is_posted(fund_id, reference):
        raise AlreadyPosted
    short = rules.overdrawn({key: balances[ids[key]] for key in changes}, changes)
    if short:
        left = Money(balances[ids[short[0]]], entries[0].currency)
        raise NotEnoughMoney(f"There is not enough money left for this: {left} is {short[0].kind}.")

    previous, sequence, posted_at = bytes(locked[0].hash), locked[0].sequence + 1, clock.now()
    owners = {key.partner_id for key in changes} - {None}
    # An event between the brand's and a partner's accounts is that partner's event too.
    partner_id = owners.pop() if len(owners) == 1 else None
    lines = [(entry.line, ids[entry.account], entry.amount_minor, entry.currency) for entry in entries]
    link = rules.transaction_hash(
        previous=previous,
        fund_id=fund_id,
        sequence=sequence,
        partner_id=partner_id,
        kind=kind,
        reference=reference,
        note=note,
        posted_at=posted_at,
        actor_id=actor.user_id,
        lines=lines,
    )
    transaction_id = session.execute(
        insert(LedgerTransaction)
        .values(
            fund_id=fund_id,
            sequence=sequence,
            partner_id=partner_id,
            kind=kind,
            reference=reference,
            note=note,
            actor_id=actor.user_id,
            posted_at=posted_at,
            previous_hash=previous,
            hash=link,
        )
        .returning(LedgerTransaction.id)
    ).scalar_one()
    session.execute(
        insert(LedgerPosting).values(
            [
                {
                    "transaction_id": transaction_id,
                    "line": entry.line,
                    "account_id": ids[entry.account],
                    "partner_id": entry.account.partner_id,
                    "amount_minor": entry.amount_minor,
                    "currency": entry.currency,
                }
                for entry in entries
            ]
        )
    )
    return Posted(transaction_id, fund_id, sequence, link)


def _open_accounts(fund_id: int, keys: list[AccountKey], currency: str) -> dict[AccountKey, int]:
    """Find the accounts and open those that are missing; a trigger starts their balance at zero."""
    ids = queries.ids_of(fund_id, keys)
    missing = [key for key in keys if key not in ids]
    if not missing:
        return ids
    rows = [
        {
            "fund_id": key.fund_id,
            "kind": key.kind,
            "partner_id": key.partner_id,
            "allocation_id": key.allocation_id,
            "request_id": key.request_id,
            "claim_id": key.claim_id,
            "currency": currency,
            "may_go_negative": key.kind in rules.MAY_GO_NEGATIVE,
        }
        for key in missing
    ]
    # Sorted, so that two commands that open the same accounts wait for each other instead of blocking each other.
    rows.sort(key=lambda row: str(sorted(row.items(), key=str)))
    session.execute(insert_or_leave(LedgerAccount).values(rows).on_conflict_do_nothing())
    return queries.ids_of(fund_id, keys)
