"""Posting on a real PostgreSQL: what is written, what is refused, who sees it."""

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from mdf.ledger import queries
from mdf.ledger import service as ledger
from mdf.ledger.errors import AlreadyPosted, NotEnoughMoney, TransactionNotFound
from mdf.ledger.service import AccountKind, Posting
from tcma.infra.db import reading, session, transaction
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.money import Money
from tests.factories import accounts, mdf

pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture
def held(world):
    """A fund of 1000.00 with 400.00 allocated to a partner."""
    with transaction(SYSTEM):
        accounts.brand()
        partner = accounts.partner("Nordwind")
        fund = mdf.fund(budget="1000.00")
        return mdf.allocation(partner, fund_id=fund.id, amount="400.00")


def available(allocation):
    return ledger.of_allocation(
        allocation.fund_id, AccountKind.AVAILABLE, partner_id=allocation.partner_id, allocation_id=allocation.id
    )


def unallocated(allocation):
    return ledger.of_fund(allocation.fund_id, AccountKind.UNALLOCATED)


def back(allocation, minor, reference="back"):
    return ledger.post(
        SYSTEM,
        allocation.fund_id,
        [Posting(available(allocation), unallocated(allocation), Money(minor, "EUR"))],
        kind="test",
        reference=reference,
    )


def test_a_balance_is_what_was_posted(held):
    with reading(SYSTEM):
        assert ledger.balance(SYSTEM, available(held), "EUR") == Money(40_000, "EUR")
        standing = ledger.by_fund(SYSTEM, [held.fund_id])[held.fund_id]
    assert standing[AccountKind.FUNDING] == Money(-100_000, "EUR")
    assert standing[AccountKind.UNALLOCATED] == Money(60_000, "EUR")
    assert standing.total() == Money(0, "EUR")


def test_taking_more_than_there_is_is_a_conflict_and_changes_nothing(held):
    with pytest.raises(NotEnoughMoney), transaction(SYSTEM):
        back(held, 40_001)
    with reading(SYSTEM):
        assert ledger.balance(SYSTEM, available(held), "EUR").minor == 40_000
        assert ledger.check() == []


def test_the_same_event_is_never_posted_twice(held):
    with transaction(SYSTEM):
        back(held, 1)
    with pytest.raises(AlreadyPosted), transaction(SYSTEM):
        back(held, 1)


def test_each_transaction_carries_the_hash_of_the_one_before(held):
    with transaction(SYSTEM):
        posted = [back(held, 100, reference=str(number)) for number in range(3)]
    with reading(SYSTEM):
        chain = sorted(queries.transactions_page(SYSTEM, fund_id=held.fund_id).items, key=lambda one: one.sequence)
    assert [one.sequence for one in chain] == [1, 2, 3, 4, 5]
    assert [one.previous_hash for one in chain[1:]] == [one.hash for one in chain[:-1]]
    assert posted[-1].hash == chain[-1].hash


def test_a_partner_sees_its_own_entries_and_no_others(held):
    with transaction(SYSTEM):
        other = mdf.allocation(accounts.partner("Other"), fund_id=held.fund_id, amount="100.00")
    partner = Actor.partner_job(held.partner_id)
    with reading(partner):
        rows = session.execute(text("SELECT partner_id, amount_minor FROM ledger_postings")).all()
        assert rows == [(held.partner_id, 40_000)]
        assert session.execute(text("SELECT count(*) FROM ledger_accounts")).scalar() == 1
        assert session.execute(text("SELECT sum(balance_minor) FROM ledger_balances")).scalar() == 40_000
        assert [row.account.kind for row in queries.postings_page(partner).items] == [AccountKind.AVAILABLE]
        assert ledger.by_allocation(partner, [held.id, other.id]).keys() == {held.id}
    with reading(SYSTEM):
        foreign = queries.transactions_page(SYSTEM, fund_id=held.fund_id).items[0]
    with reading(partner), pytest.raises(TransactionNotFound):
        queries.transaction(partner, foreign.id)


def refused(sql, **values):
    """Run raw SQL as the application and return what PostgreSQL says against it."""
    with pytest.raises(DBAPIError) as caught, transaction(SYSTEM):
        session.execute(text(sql), values)
    return str(caught.value)


@pytest.mark.parametrize("table", ["ledger_postings", "ledger_transactions", "ledger_accounts"])
def test_nothing_that_is_written_is_changed_or_deleted(held, table):
    assert "permission denied" in refused(f"UPDATE {table} SET partner_id = partner_id")
    assert "permission denied" in refused(f"DELETE FROM {table}")
    assert "permission denied" in refused(f"TRUNCATE {table} CASCADE")


def test_the_application_may_not_write_balances_and_chains(held):
    assert "permission denied" in refused("UPDATE ledger_balances SET balance_minor = 1")
    assert "permission denied" in refused("UPDATE ledger_chains SET sequence = 9")
    assert "permission denied" in refused("DELETE FROM ledger_balances")


def test_even_the_owner_of_the_tables_cannot_change_a_posting(held, database_url):
    with psycopg.connect(database_url) as connection, pytest.raises(psycopg.errors.RestrictViolation):
        connection.execute("UPDATE ledger_postings SET amount_minor = amount_minor + 1")
    with psycopg.connect(database_url) as connection, pytest.raises(psycopg.errors.RestrictViolation):
        connection.execute("DELETE FROM ledger_transactions")


INSERT_TRANSACTION = """
    INSERT INTO ledger_transactions (fund_id, sequence, kind, reference, note, posted_at, previous_hash, hash)
    SELECT fund_id, sequence + 1, 'forged', 'forged', '', now(), hash, sha256('x') FROM ledger_chains
    WHERE fund_id = :fund_id RETURNING id"""
INSERT_POSTING = """
    INSERT INTO ledger_postings (transaction_id, line, account_id, partner_id, amount_minor, currency)
    SELECT :transaction_id, 1, id, partner_id, :minor, currency FROM ledger_accounts
    WHERE fund_id = :fund_id AND kind = :kind"""


def forge(held, *postings, insert_posting=INSERT_POSTING):
    """Write a transaction past the service, as whoever gets hold of the application's connection would."""
    made = session.execute(text(INSERT_TRANSACTION), {"fund_id": held.fund_id}).scalar_one()
    for kind, minor in postings:
        values = {"transaction_id": made, "fund_id": held.fund_id, "kind": kind, "minor": minor}
        session.execute(text(insert_posting), values)


def test_a_transaction_that_does_not_sum_to_zero_is_refused_at_commit(held):
    with pytest.raises(IntegrityError, match="does not sum to zero"), transaction(SYSTEM):
        forge(held, ("available", 100))
    with reading(SYSTEM):
        assert ledger.check() == []


def test_a_transaction_without_postings_is_refused_at_commit(held):
    with pytest.raises(IntegrityError, match="does not sum to zero"), transaction(SYSTEM):
        forge(held)


def test_an_overdraft_is_refused_by_the_database_itself(held):
    with pytest.raises(IntegrityError, match="not_negative"), transaction(SYSTEM):
        forge(held, ("available", -40_001), ("unallocated", 40_001))


def test_a_transaction_that_leaves_the_chain_is_refused(held):
    elsewhere = INSERT_TRANSACTION.replace("now(), hash,", "now(), sha256('y'),")
    with pytest.raises(IntegrityError, match="does not follow"), transaction(SYSTEM):
        session.execute(text(elsewhere), {"fund_id": held.fund_id})


def test_a_finished_transaction_takes_no_more_postings(held):
    with reading(SYSTEM):
        finished = queries.transactions_page(SYSTEM, fund_id=held.fund_id).items[0].id
    values = {"transaction_id": finished, "fund_id": held.fund_id, "kind": "unallocated", "minor": 1}
    with pytest.raises(IntegrityError, match="takes no more postings"), transaction(SYSTEM):
        session.execute(text(INSERT_POSTING), values)


def test_a_posting_in_another_currency_than_its_account_is_refused(held):
    in_dollars = INSERT_POSTING.replace(":minor, currency", ":minor, 'USD'")
    with pytest.raises(IntegrityError, match="fk_ledger_postings_account_currency"), transaction(SYSTEM):
        forge(held, ("unallocated", 1), insert_posting=in_dollars)


def test_the_check_finds_what_was_tampered_with(held, database_url):
    """Whoever owns the database can switch the guards off; the check finds what they did."""
    with psycopg.connect(database_url) as connection:
        connection.execute("ALTER TABLE ledger_postings DISABLE TRIGGER USER")
        connection.execute("UPDATE ledger_postings SET amount_minor = amount_minor + 5 WHERE partner_id IS NOT NULL")
    with reading(SYSTEM):
        kinds = {fault.kind for fault in ledger.check()}
    with psycopg.connect(database_url) as connection:
        connection.execute("ALTER TABLE ledger_postings ENABLE TRIGGER USER")
    assert {"unbalanced", "balance_differs", "chain_forged", "guard_missing"} <= kinds


@pytest.mark.parametrize("change", ["note = 'Agreed by phone.'", "partner_id = NULL", "reference = 'other'"])
def test_the_check_finds_that_what_a_transaction_says_was_changed(held, database_url, change):
    with transaction(SYSTEM):
        transaction_id = back(held, 1).id
    with psycopg.connect(database_url) as connection:
        connection.execute("ALTER TABLE ledger_transactions DISABLE TRIGGER USER")
        connection.execute(f"UPDATE ledger_transactions SET {change} WHERE id = %s", (transaction_id,))
        connection.execute("ALTER TABLE ledger_transactions ENABLE TRIGGER USER")
    with reading(SYSTEM):
        assert {fault.kind for fault in ledger.check()} == {"chain_forged"}
