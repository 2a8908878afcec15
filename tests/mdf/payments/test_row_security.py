"""The second wall: what PostgreSQL itself hides and refuses when a query forgets who asks."""

import pytest
from sqlalchemy.exc import DBAPIError

from mdf.payments import service as payments
from tcma.infra.db import reading, session, transaction
from tests.factories import claims as make

OWNED = (
    "mdf_claims",
    "mdf_claim_proofs",
    "mdf_claim_approvals",
    "mdf_claim_fingerprints",
    "mdf_claim_events",
    "mdf_payments",
)


@pytest.fixture
def paid(world):
    case = make.case("Nordwind")
    claim_id = make.approved(case)
    with transaction(case.second):
        payments.prepare(case.second, claim_ids=[claim_id])
    return case


def count(actor, table):
    with reading(actor):
        return session.connection().exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()


@pytest.mark.parametrize("table", OWNED)
def test_rows_of_another_partner_are_not_there(paid, table):
    stranger = make.case("Southwind", brand=False).owner
    assert count(paid.owner, table) > 0
    assert count(paid.finance, table) > 0
    assert count(stranger, table) == 0


def test_no_partner_sees_a_payment_batch(paid):
    assert count(paid.finance, "mdf_payment_batches") == 1
    assert count(paid.owner, "mdf_payment_batches") == 0


@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO mdf_claim_fingerprints (kind, digest, partner_id, claim_id) VALUES ('file', 'x', 1, 1)",
        "UPDATE mdf_claim_events SET note = 'nothing happened'",
        "DELETE FROM mdf_claim_events",
        "UPDATE mdf_claims SET approved_minor = approved_minor + 1, state = 'submitted'",
        "UPDATE mdf_payment_batches SET released_by = prepared_by, released_at = now()",
    ],
)
def test_what_must_not_be_written_is_refused_by_postgresql(paid, change):
    actor = make.case("Southwind", brand=False).owner if change.startswith("INSERT") else paid.finance
    change = change.replace("1, 1)", f"{paid.partner.id}, (SELECT min(id) FROM mdf_claims))")
    with pytest.raises(DBAPIError), transaction(actor):
        session.connection().exec_driver_sql(change)


def test_whether_a_fingerprint_is_taken_is_all_that_another_partner_learns(paid):
    stranger = make.case("Southwind", brand=False).owner
    with reading(paid.owner):
        digests = (
            session.connection().exec_driver_sql("SELECT array_agg(digest) FROM mdf_claim_fingerprints").scalar_one()
        )
    with reading(stranger):
        rows = session.connection().exec_driver_sql("SELECT * FROM mdf_taken_fingerprints(0, %s)", (digests,)).all()
        assert {column for row in rows for column in row._fields} == {"kind", "digest"}
        # The function looked as the service does; the partner itself still sees nothing.
        assert session.connection().exec_driver_sql("SELECT count(*) FROM mdf_claims").scalar_one() == 0
    assert len(rows) == len(digests)
