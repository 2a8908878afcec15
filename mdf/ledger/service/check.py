"""Prove that the ledger is true: sums, balances, the links of every chain, and the guards that keep it so."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import text

from mdf.ledger import rules
from tcma.infra.db import session


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that should be impossible: what kind, where, and what was found."""

    kind: str
    place: str
    finding: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.place}: {self.finding}"


# Each query returns a place and a finding for what is wrong, and nothing when all is well.
QUESTIONS: dict[str, str] = {
    "unbalanced": """
        SELECT 'transaction ' || t.id, coalesce(p.currency || ' sums to ' || sum(p.amount_minor), 'has no postings')
        FROM ledger_transactions t LEFT JOIN ledger_postings p ON p.transaction_id = t.id
        GROUP BY t.id, p.currency HAVING count(p.id) < 2 OR sum(p.amount_minor) <> 0""",
    "balance_differs": """
        SELECT 'account ' || a.id,
               'holds ' || coalesce(b.balance_minor::text, 'no balance')
               || ', its postings sum to ' || coalesce(s.total, 0)
        FROM ledger_accounts a
        LEFT JOIN ledger_balances b ON b.account_id = a.id
        LEFT JOIN (SELECT account_id, sum(amount_minor) AS total FROM ledger_postings GROUP BY account_id) s
            ON s.account_id = a.id
        WHERE b.balance_minor IS DISTINCT FROM coalesce(s.total, 0)""",
    "negative": """
        SELECT 'account ' || a.id, a.kind || ' is ' || b.balance_minor
        FROM ledger_accounts a JOIN ledger_balances b ON b.account_id = a.id
        WHERE b.balance_minor < 0 AND a.kind <> 'funding'""",
    "fund_unbalanced": """
        SELECT 'fund ' || a.fund_id, 'its accounts sum to ' || sum(b.balance_minor)
        FROM ledger_accounts a JOIN ledger_balances b ON b.account_id = a.id
        GROUP BY a.fund_id HAVING sum(b.balance_minor) <> 0""",
    "astray": """
        SELECT 'posting ' || p.id, 'does not agree with its account on fund, partner or currency'
        FROM ledger_postings p
        JOIN ledger_accounts a ON a.id = p.account_id
        JOIN ledger_transactions t ON t.id = p.transaction_id
        WHERE a.fund_id <> t.fund_id OR a.currency <> p.currency OR a.partner_id IS DISTINCT FROM p.partner_id""",
    "chain_head": """
        SELECT 'fund ' || c.fund_id, 'the newest link is not the newest transaction'
        FROM ledger_chains c
        LEFT JOIN LATERAL (
            SELECT sequence, hash FROM ledger_transactions t WHERE t.fund_id = c.fund_id ORDER BY sequence DESC LIMIT 1
        ) last ON true
        WHERE c.sequence <> coalesce(last.sequence, 0) OR c.hash <> coalesce(last.hash, c.hash)""",
    "guard_missing": """
        SELECT 'trigger ' || wanted.name, 'is missing or switched off'
        FROM (VALUES ('ledger_accounts_start_balance'), ('ledger_transactions_link'), ('ledger_postings_keep_balances'),
                     ('ledger_transactions_check_sum'), ('ledger_accounts_append_only'),
                     ('ledger_transactions_append_only'), ('ledger_postings_append_only')) AS wanted (name)
        LEFT JOIN pg_trigger t ON t.tgname = wanted.name AND t.tgenabled <> 'D' AND NOT t.tgisinternal
        WHERE t.oid IS NULL""",
}

_IN_ORDER = text("""
    SELECT t.fund_id, t.sequence, t.partner_id, t.kind, t.reference, t.note, t.posted_at,
           t.actor_id, t.previous_hash, t.hash,
           array_agg(p.line ORDER BY p.id) AS lines, array_agg(p.account_id ORDER BY p.id) AS accounts,
           array_agg(p.amount_minor ORDER BY p.id) AS amounts, array_agg(p.currency ORDER BY p.id) AS currencies
    FROM ledger_transactions t JOIN ledger_postings p ON p.transaction_id = t.id
    GROUP BY t.id ORDER BY t.fund_id, t.sequence""")


def check() -> list[Fault]:
    """Look for everything that should be impossible; an empty list is the proof that it is not there.

    To be run as the service, which sees all rows.
    """
    faults = [
        Fault(kind, str(place), str(finding))
        for kind, question in QUESTIONS.items()
        for place, finding in session.execute(text(question))
    ]
    return [*faults, *_broken_links()]


def _broken_links() -> Iterator[Fault]:
    fund_id, sequence, previous = 0, 0, rules.FIRST_HASH
    for row in session.execute(_IN_ORDER, execution_options={"yield_per": 2000}):
        if row.fund_id != fund_id:
            fund_id, sequence, previous = row.fund_id, 0, rules.FIRST_HASH
        place = f"fund {row.fund_id}, transaction {row.sequence}"
        if row.sequence != sequence + 1:
            yield Fault("chain_gap", place, f"follows {sequence}")
        if bytes(row.previous_hash) != previous:
            yield Fault("chain_broken", place, "does not carry the hash of the one before it")
        computed = rules.transaction_hash(
            previous=bytes(row.previous_hash),
            fund_id=row.fund_id,
            sequence=row.sequence,
            partner_id=row.partner_id,
            kind=row.kind,
            reference=row.reference,
            note=row.note,
            posted_at=row.posted_at,
            actor_id=row.actor_id,
            lines=list(zip(row.lines, row.accounts, row.amounts, row.currencies, strict=True)),
        )
        if computed != bytes(row.hash):
            yield Fault("chain_forged", place, "its content does not have its hash")
        sequence, previous = row.sequence, bytes(row.hash)
