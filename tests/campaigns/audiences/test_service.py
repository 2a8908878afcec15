"""Contacts, consent and suppression on a real database."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError

from campaigns.audiences import queries, service
from campaigns.audiences.errors import (
    ContactNotFound,
    FileUnreadable,
    NoPartner,
    SuppressionBinding,
    SuppressionNotFound,
)
from campaigns.audiences.model import Consent, Contact, Suppression
from tcma.infra.db import reading, session, transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.errors import Forbidden, NotFound
from tcma.kernel.permissions import BRAND_ROLES, Role
from tests.factories import accounts, audiences


@dataclass
class People:
    north: Actor
    south: Actor
    brand: Actor


@pytest.fixture
def people(world) -> People:
    with transaction(SYSTEM):
        accounts.brand()
        north, south = accounts.partner("Nordwind"), accounts.partner("Südstern")
        return People(
            north=accounts.actor_for(accounts.user(Role.OWNER, north)),
            south=accounts.actor_for(accounts.user(Role.MARKETER, south)),
            brand=accounts.actor_for(accounts.user(Role.MARKETING)),
        )


def mailable_of(actor: Actor) -> set[str]:
    with reading(actor):
        looked_at = service.next_contacts(actor.partner_id, after=0, limit=1000).subquery()
        rows = select(Contact.email).join(looked_at, looked_at.c.id == Contact.id).where(looked_at.c.mailable)
        return set(session.scalars(rows))


def suppression(email: str, reason: str, *, scope: str = "partner", partner_id: int | None = None) -> dict[str, object]:
    return {
        "address_hash": service.hash_of(email),
        "reason": reason,
        "scope": scope,
        "partner_id": partner_id,
        "created_at": clock.now(),
    }


def test_an_import_reports_what_became_of_each_row(people):
    with transaction(people.north):
        audiences.contacts(people.north, "old@example.com")
    with transaction(people.north):
        report = service.import_csv(
            people.north,
            "email,first_name,consent\nnew@example.com,Nia,yes\nOLD@example.com,Olga,\nbad,,\nno@example.com,Nora,no\n",
            consent_source="trade fair",
        )
    assert (report.created, report.updated, report.skipped, report.without_consent) == (2, 1, 1, 1)
    assert [(error["row"], error["field"]) for error in report.errors] == [(4, "email")]
    assert mailable_of(people.north) == {"new@example.com", "old@example.com"}
    with reading(people.north):
        assert session.scalar(select(Contact.first_name).where(Contact.email == "old@example.com")) == "Olga"


def test_the_same_file_twice_adds_no_contact_and_no_consent(people):
    for _ in range(2):
        with transaction(people.north):
            report = audiences.contacts(people.north, "a@example.com", "b@example.com")
    assert (report.created, report.updated) == (0, 2)
    with reading(people.north):
        assert len(session.scalars(select(Consent)).all()) == 2


def test_an_empty_cell_does_not_erase_what_is_known(people):
    with transaction(people.north):
        service.import_csv(people.north, "email,company,vip\na@example.com,Doe & Co,yes\n", consent_source="web form")
    with transaction(people.north):
        service.import_csv(people.north, "email,company,size\na@example.com,,40\n", consent_source="web form")
    with reading(people.north):
        contact = session.scalars(select(Contact)).one()
        assert contact.company == "Doe & Co"
        assert contact.attributes == {"vip": "yes", "size": "40"}


def test_consent_remembers_source_words_day_and_row(people):
    with transaction(people.north):
        report = service.import_csv(
            people.north,
            "email,consent_source,consent_on\na@example.com,paper form,2025-03-01\n",
            consent_source="web form",
            consent_text="Yes, write to me.",
        )
    with reading(people.north):
        consent = session.scalars(select(Consent)).one()
        assert (consent.source, consent.text_shown) == ("paper form", "Yes, write to me.")
        assert consent.given_at.date().isoformat() == "2025-03-01"
        assert consent.evidence == {"import_id": report.id, "row": 2}


def test_an_unreadable_file_leaves_nothing_behind(people):
    with pytest.raises(FileUnreadable), transaction(people.north):
        service.import_csv(people.north, "name\nAnna\n", consent_source="web form")
    with pytest.raises(FileUnreadable) as refused, transaction(people.north):
        service.import_csv(people.north, "email\na@example.com\n", consent_source=" ")
    assert "consent_source" in refused.value.errors
    with reading(people.north):
        assert session.scalars(select(Contact)).all() == []


def test_whoever_unsubscribed_stays_so_through_every_later_import(people):
    with transaction(people.north):
        audiences.contacts(people.north, "a@example.com", "b@example.com")
        contact = session.scalars(select(Contact).where(Contact.email == "a@example.com")).one()
        service.unsubscribe(people.north, contact.id)
        service.unsubscribe(people.north, contact.id)
    assert mailable_of(people.north) == {"b@example.com"}
    with transaction(people.north):
        report = audiences.contacts(people.north, "A@example.com")
    assert report.suppressed == 1
    assert mailable_of(people.north) == {"b@example.com"}


def test_a_suppression_of_one_partner_does_not_bind_another_and_one_for_everyone_does(people):
    for actor in (people.north, people.south):
        with transaction(actor):
            audiences.contacts(actor, "a@example.com", "b@example.com", "c@example.com")
    with transaction(people.north):
        service.suppress(people.north, "a@example.com")
        service.suppress(people.north, "a@example.com")
    with transaction(SYSTEM):
        session.execute(insert(Suppression).values(suppression("b@example.com", "bounced", scope="everywhere")))
    assert mailable_of(people.north) == {"c@example.com"}
    assert mailable_of(people.south) == {"a@example.com", "c@example.com"}


def test_only_what_was_suppressed_by_hand_can_be_lifted_and_only_by_its_partner(people):
    with transaction(people.north):
        manual = service.suppress(people.north, "a@example.com").id
        given = suppression("b@example.com", "bounced", partner_id=people.north.partner_id)
        bounced = session.scalar(insert(Suppression).values(given).returning(Suppression.id))
    with pytest.raises(SuppressionNotFound), transaction(people.south):
        service.lift(people.south, manual)
    with pytest.raises(SuppressionBinding), transaction(people.north):
        service.lift(people.north, bounced)
    with transaction(people.north):
        service.lift(people.north, manual)
    with reading(people.north):
        assert session.scalars(select(Suppression.id)).all() == [bounced]


def test_an_erased_contact_is_gone_and_cannot_come_back_by_import(people):
    with transaction(people.north):
        audiences.contacts(people.north, "a@example.com")
        contact = session.scalars(select(Contact)).one()
        service.erase(people.north, contact.id)
    with reading(people.north):
        assert session.scalars(select(Contact)).all() == []
        assert session.scalars(select(Consent)).all() == []
    with transaction(people.north):
        audiences.contacts(people.north, "a@example.com")
    assert mailable_of(people.north) == set()


def test_sending_is_told_who_may_not_be_mailed_and_why(people):
    with transaction(people.north):
        audiences.contacts(people.north, "a@example.com", "b@example.com")
        service.import_csv(people.north, "email,consent\nc@example.com,no\n", consent_source="web form")
        service.suppress(people.north, "b@example.com")
        ids = list(session.scalars(select(Contact.id).order_by(Contact.id)))
        found = service.contacts_for_sending(people.north, [*ids, 999_999])
    assert [(one.email, one.refusal) for one in found] == [
        ("a@example.com", ""),
        ("b@example.com", "suppressed"),
        ("c@example.com", "no_consent"),
    ]


def test_an_export_cannot_start_a_formula(people):
    with transaction(people.north):
        service.import_csv(
            people.north, 'email,first_name\na@example.com,"=HYPERLINK(""x"")"\n', consent_source="web form"
        )
    with reading(people.north):
        written = "".join(service.export_csv(people.north))
    assert "'=HYPERLINK" in written
    assert ",=" not in written


def test_a_foreign_contact_is_not_there(people):
    with transaction(people.north):
        audiences.contacts(people.north, "a@example.com")
        contact_id = session.scalars(select(Contact.id)).one()
    for verb in (
        lambda: service.edit(people.south, contact_id, first_name="X"),
        lambda: service.erase(people.south, contact_id),
        lambda: service.unsubscribe(people.south, contact_id),
        lambda: queries.view(people.south, contact_id),
        lambda: queries.view(people.south, 0),
    ):
        with pytest.raises(ContactNotFound), transaction(people.south):
            verb()


@pytest.mark.parametrize("role", sorted(BRAND_ROLES))
def test_no_role_of_the_brand_can_read_a_contact_even_when_a_query_forgets(people, role):
    with transaction(people.north):
        audiences.contacts(people.north, "a@example.com")
    with transaction(SYSTEM):
        insider = accounts.actor_for(accounts.user(role))
    with reading(insider):
        for table in ("contacts", "consents", "contact_imports"):
            assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0
        assert service.count(insider, people.north.partner_id).contacts == 1
        # Counting leaves no door open behind it.
        assert session.execute(text("SELECT count(*) FROM contacts")).scalar() == 0


def test_not_even_the_service_itself_reads_contacts_without_acting_as_their_partner(people):
    with transaction(people.north):
        audiences.contacts(people.north, "a@example.com")
    with reading(SYSTEM):
        assert session.scalars(select(Contact)).all() == []
    with reading(people.south):
        assert session.scalars(select(Contact)).all() == []
    with reading(Actor.partner_job(people.north.partner_id)):
        assert len(session.scalars(select(Contact)).all()) == 1


def test_a_row_for_another_partner_is_refused_by_the_database(people):
    values = {
        "partner_id": people.south.partner_id,
        "email": "x@example.com",
        "email_normalized": "x@example.com",
        "address_hash": b"x",
    }
    for actor in (people.north, people.brand, SYSTEM):
        with pytest.raises(DBAPIError, match="row-level security"), transaction(actor):
            session.execute(insert(Contact).values(values))


@pytest.mark.parametrize("scope", ["brand", "everywhere"])
def test_no_partner_can_stop_the_mail_of_the_others_even_when_a_verb_forgets(people, scope):
    for_all = insert(Suppression).values(suppression("a@example.com", "manual", scope=scope))
    for actor in (people.north, Actor.partner_job(people.north.partner_id)):
        with pytest.raises(DBAPIError, match="row-level security"), transaction(actor):
            session.execute(for_all)
    with transaction(people.brand):
        session.execute(for_all)
    with reading(people.south):
        assert session.scalar(select(Suppression.scope)) == scope


def test_counts_of_another_partner_are_not_to_be_had(people):
    with transaction(people.north):
        audiences.contacts(people.north, "a@example.com")
        service.suppress(people.north, "a@example.com")
    with reading(people.brand):
        count = service.count(people.brand, people.north.partner_id)
    assert (count.contacts, count.mailable, count.suppressed) == (1, 0, 1)
    with reading(people.south), pytest.raises(NotFound):
        service.count(people.south, people.north.partner_id)
    with reading(people.south):
        assert session.execute(text("SELECT * FROM audience_counts(:id)"), {"id": people.north.partner_id}).all() == []


def test_the_brand_neither_imports_nor_exports_contacts(people):
    with pytest.raises(NoPartner), transaction(people.brand):
        service.import_csv(people.brand, "email\na@example.com\n", consent_source="web form")
    with reading(people.brand), pytest.raises(NoPartner):
        "".join(service.export_csv(people.brand))
    with pytest.raises(Forbidden), transaction(people.brand):
        service.suppress(people.brand, "a@example.com")


def test_two_imports_of_one_list_at_once_make_each_contact_once(app, people):
    lines = [f"p{number}@example.com" for number in range(300)]
    gate = Barrier(2)

    def take_over(emails: list[str]) -> int:
        with app.app_context():
            gate.wait()
            with transaction(people.north):
                created = audiences.contacts(people.north, *emails).created
            session.remove()
            return created

    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(take_over, [lines, lines[::-1]]))
    assert sum(made) == 300
    with reading(people.north):
        assert service.count(people.north, people.north.partner_id).mailable == 300
