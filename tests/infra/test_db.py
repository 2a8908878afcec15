"""The one commit, the two walls between partners, and jobs that leave after the commit."""

import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from tcma.accounts.model import Partner, User
from tcma.audit.model import AuditEntry
from tcma.audit.service import record
from tcma.infra import db as door
from tcma.infra.db import NestedTransaction, db, enqueue, owned_by, reading, session, transaction
from tcma.infra.jobs import Errand
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.errors import StaleEdit
from tests.factories import accounts as make


@pytest.fixture
def two_partners(world):
    with transaction(SYSTEM):
        north, south = make.partner("North"), make.partner("South")
        make.user(partner=north)
        make.user(partner=south)
    return north.id, south.id


def names():
    return [name for (name,) in session.execute(text("SELECT trade_name FROM partners ORDER BY id"))]


def test_a_partner_reads_its_own_rows_even_when_a_query_forgets_to_ask(two_partners):
    north, _ = two_partners
    with reading(Actor.partner_job(north)):
        assert names() == ["North"]
    with reading(SYSTEM):
        assert names() == ["North", "South"]


def test_a_partner_cannot_write_a_row_of_another(two_partners):
    north, south = two_partners
    with pytest.raises(ProgrammingError, match="row-level security"), transaction(Actor.partner_job(north)):
        make.user(partner=Partner(id=south))
    with transaction(Actor.partner_job(north)):
        changed = session.execute(text("UPDATE users SET name = 'taken' WHERE partner_id = :south"), {"south": south})
        assert changed.rowcount == 0


def test_the_application_cannot_leave_its_role_rights(two_partners):
    with pytest.raises(ProgrammingError, match="must be owner"), transaction(SYSTEM):
        session.execute(text("ALTER TABLE users DISABLE ROW LEVEL SECURITY"))


def test_who_acts_is_forgotten_when_the_transaction_ends(two_partners):
    with reading(SYSTEM):
        assert len(names()) == 2
    session.rollback()
    assert names() == []
    session.rollback()


def test_nothing_is_half_written(two_partners):
    with pytest.raises(IntegrityError), transaction(SYSTEM):  # noqa: PT012 - the whole block is one command
        make.partner("East")
        make.partner("West", trade_name=None)
    with reading(SYSTEM):
        assert names() == ["North", "South"]


def test_reading_cannot_write(two_partners):
    with pytest.raises(Exception, match="read-only transaction"), reading(SYSTEM):
        make.partner("East")


def test_a_transaction_inside_a_transaction_is_a_mistake(world):
    with transaction(SYSTEM), pytest.raises(NestedTransaction), transaction(SYSTEM):
        pass


def test_jobs_leave_after_the_commit_and_are_dropped_on_rollback(world, monkeypatch):
    seen = []

    def send(errands):
        with db.engine.connect() as other:
            other.execute(text("SELECT set_config('tcma.scope', 'system', false)"))
            count = other.execute(text("SELECT count(*) FROM partners")).scalar()
        seen.append((list(errands), count))

    monkeypatch.setattr(door.broker, "send", send)
    with transaction(SYSTEM):
        make.partner("North")
        enqueue("accounts.mail_owed_links")
        enqueue("accounts.mail_owed_links")
        assert seen == []
    assert seen == [([Errand("accounts.mail_owed_links")], 1)]
    with pytest.raises(IntegrityError), transaction(SYSTEM):  # noqa: PT012 - the whole block is one command
        enqueue("accounts.mail_owed_links")
        make.partner("West", trade_name=None)
    with transaction(SYSTEM):
        pass
    assert [errands for errands, _ in seen[1:]] == [[]]


def test_two_people_who_edit_at_once_do_not_overwrite_each_other(app, two_partners):
    north, _ = two_partners
    loaded, go_on = threading.Event(), threading.Event()
    outcome = []

    def slow():
        with app.app_context():
            try:
                with transaction(SYSTEM):
                    partner = session.get(Partner, north)
                    loaded.set()
                    go_on.wait(10)
                    partner.city = "Slow"
            except StaleEdit as error:
                outcome.append(error)

    thread = threading.Thread(target=slow)
    thread.start()
    loaded.wait(10)
    with transaction(SYSTEM):
        session.get(Partner, north).city = "Quick"
    go_on.set()
    thread.join(10)
    assert len(outcome) == 1
    with reading(SYSTEM):
        assert session.get(Partner, north).city == "Quick"


def test_the_audit_trail_cannot_be_changed_or_deleted(two_partners):
    with transaction(SYSTEM):
        record(SYSTEM, "test.happened", session.get(Partner, two_partners[0]), after={"city": "Kiel"})
    for statement in ("UPDATE audit_entries SET action = 'x'", "DELETE FROM audit_entries", "TRUNCATE audit_entries"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction(SYSTEM):
            session.execute(text(statement))
    with reading(SYSTEM):
        assert [entry.after for entry in session.scalars(owned_by(SYSTEM, AuditEntry))] == [{"city": "Kiel"}]


def test_a_partner_reads_only_its_own_history(two_partners):
    north, south = two_partners
    with transaction(SYSTEM):
        record(SYSTEM, "test.north", session.get(Partner, north))
        record(SYSTEM, "test.south", session.get(Partner, south))
    with reading(Actor.partner_job(south)):
        assert [entry.action for entry in session.query(AuditEntry)] == ["test.south"]
        assert {user.partner_id for user in session.query(User)} == {south}
