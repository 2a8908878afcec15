"""Domains and senders through their verbs: who may, what is verified when, and what another partner sees of it."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from campaigns.senders import service, tasks
from campaigns.senders.errors import (
    CodeWrong,
    DomainNotFound,
    DomainThereAlready,
    SenderNotFound,
    SenderUnconfirmed,
    TooManyChecks,
    TooManySenders,
)
from campaigns.senders.rules import DomainState, KeyState, SenderState
from tcma.infra import crypto, resolver
from tcma.infra.db import reading, session, transaction
from tcma.infra.dkim import Algorithm
from tcma.infra.resolver import WrittenResolver
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.errors import Forbidden
from tcma.kernel.permissions import Role
from tests.factories import accounts as make

NAME = "nord-systeme.example"


@pytest.fixture
def people(world, errands) -> dict[str, Actor]:
    with transaction(SYSTEM):
        make.brand()
        nord = make.partner("Nordwind")
        return {
            "owner": make.actor_for(make.user(Role.OWNER, nord)),
            "marketer": make.actor_for(make.user(Role.MARKETER, nord)),
            "other": make.actor_for(make.user(Role.OWNER, make.partner("Südstern"))),
            "admin": make.actor_for(make.user(Role.ADMIN)),
        }


def added(actor: Actor, name: str = NAME):
    with transaction(actor):
        return service.add_domain(actor, name=name)


def records_of(domain, *, without: str = "") -> WrittenResolver:
    records = {("TXT", f"_tcma.{domain.name}"): [domain.token]}
    for key in domain.keys:
        if key.state is not KeyState.RETIRED:
            records["TXT", f"{key.selector}._domainkey.{domain.name}"] = [f"v=DKIM1; k=rsa; p={key.public_key}"]
    return WrittenResolver({key: texts for key, texts in records.items() if not without or without not in key[1]})


def checked(domain_id: int, answers: WrittenResolver):
    with resolver.answering(answers):
        tasks.check(domain_id=domain_id)
    with reading(SYSTEM):
        return service.one_domain(SYSTEM, domain_id)


def verified(actor: Actor, name: str = NAME):
    domain = added(actor, name)
    return checked(domain.id, records_of(domain))


def test_a_domain_is_verified_once_its_records_are_there(people):
    domain = added(people["owner"])
    assert domain.state is DomainState.ADDED
    assert checked(domain.id, WrittenResolver({})).state is DomainState.ADDED
    found = checked(domain.id, records_of(domain))
    assert found.state is DomainState.VERIFIED
    assert [key.state for key in found.keys] == [KeyState.SIGNING]
    assert found.warm_up_from is not None


@pytest.mark.parametrize("without", ["_tcma", "_domainkey"])
def test_half_of_the_records_verify_nothing(people, without):
    domain = added(people["owner"])
    assert checked(domain.id, records_of(domain, without=without)).state is DomainState.ADDED


def test_records_that_are_gone_once_are_forgiven_and_twice_let_mail_fall_back(people):
    domain = verified(people["owner"])
    assert checked(domain.id, WrittenResolver({})).state is DomainState.VERIFIED
    assert checked(domain.id, WrittenResolver({})).state is DomainState.FAILING
    with reading(people["owner"]):
        notices = session.scalars(text("SELECT title FROM notifications WHERE kind = 'senders.domain_failing'")).all()
    assert notices == [f"{NAME} can no longer be used to send"]
    assert checked(domain.id, records_of(domain)).state is DomainState.VERIFIED


def test_name_servers_that_do_not_answer_change_nothing(people):
    domain = verified(people["owner"])
    silent = WrittenResolver({}, frozenset({f"_tcma.{NAME}"}))
    for _ in range(3):
        assert checked(domain.id, silent).state is DomainState.VERIFIED


def test_a_new_key_signs_only_when_its_record_is_found(people):
    domain = verified(people["owner"])
    with transaction(people["owner"]):
        service.rotate(people["owner"], domain.id, algorithm=Algorithm.ED25519)
    with reading(SYSTEM):
        domain = service.one_domain(SYSTEM, domain.id)
    first, second = domain.keys
    assert (first.state, second.state) == (KeyState.SIGNING, KeyState.WAITING)
    still = checked(domain.id, records_of(domain, without=second.selector))
    assert [key.state for key in still.keys] == [KeyState.SIGNING, KeyState.WAITING]
    after = checked(domain.id, records_of(domain))
    assert [key.state for key in after.keys] == [KeyState.RETIRED, KeyState.SIGNING]


def test_private_keys_are_sealed_in_the_database(people):
    domain = added(people["owner"])
    with reading(SYSTEM):
        (sealed,) = session.scalars(text("SELECT private_key_sealed FROM sending_keys"))
    assert b"PRIVATE" not in bytes(sealed)
    assert crypto.unseal(bytes(sealed)) != bytes(sealed)
    assert domain.keys[0].public_key.encode() not in bytes(sealed)


def test_nobody_sees_or_changes_the_domain_of_another_partner(people):
    domain = added(people["owner"])
    other = people["other"]
    with reading(other):
        assert service.page_of_domains(other).items == []
        assert session.scalars(text("SELECT id FROM sending_domains")).all() == []
        assert session.scalars(text("SELECT id FROM sending_keys")).all() == []
    for act in (service.rotate, service.remove_domain, service.examination):
        with pytest.raises(DomainNotFound), transaction(other):
            act(other, domain.id)


def test_a_domain_of_the_brand_can_be_used_by_partners_and_changed_by_none(people):
    domain = added(people["admin"], "news.brand-mail.example")
    with reading(people["owner"]):
        assert [one.id for one in service.page_of_domains(people["owner"]).items] == [domain.id]
    with pytest.raises(DomainNotFound), transaction(people["owner"]):
        service.rotate(people["owner"], domain.id)


def test_two_partners_may_both_have_a_domain_each_with_its_own_record(people):
    mine, theirs = added(people["owner"]), added(people["other"])
    assert mine.token != theirs.token
    assert mine.keys[0].selector != theirs.keys[0].selector
    with pytest.raises(DomainThereAlready), transaction(people["owner"]):
        service.add_domain(people["owner"], name=NAME.upper())


def test_a_marketer_may_not_add_domains_and_only_the_admin_sets_limits(people):
    with pytest.raises(Forbidden), transaction(people["marketer"]):
        service.add_domain(people["marketer"], name=NAME)
    domain = added(people["owner"])
    with pytest.raises(Forbidden), transaction(people["owner"]):
        service.end_warm_up(people["owner"], domain.id)
    with transaction(people["admin"]):
        assert service.limit(people["admin"], domain.id, per_hour=500).per_hour == 500


def test_the_dns_is_not_asked_without_end(people):
    domain = added(people["owner"])
    with reading(people["owner"]):
        examination = service.examination(people["owner"], domain.id)
    with resolver.answering(WrittenResolver({})):
        for _ in range(10):
            examination.look()
        with pytest.raises(TooManyChecks):
            examination.look()


def test_a_removed_domain_may_be_added_anew_with_another_record(people):
    domain = verified(people["owner"])
    with transaction(people["owner"]):
        service.remove_domain(people["owner"], domain.id)
    again = added(people["owner"])
    assert again.id != domain.id
    assert again.token != domain.token


def test_domains_are_looked_at_again_by_themselves(people, errands):
    waiting, working = added(people["owner"], "one.example.com"), verified(people["owner"], "two.example.com")
    errands.clear()
    with clock.frozen(clock.now() + timedelta(minutes=16)):
        tasks.check_due()
    assert [errand.ids["domain_id"] for errand in errands] == [waiting.id]
    errands.clear()
    with clock.frozen(clock.now() + timedelta(days=8)):
        tasks.check_due()
    assert [errand.ids["domain_id"] for errand in errands] == [working.id]


def a_sender(actor: Actor, address: str = "kim@elsewhere.example"):
    with transaction(actor):
        return service.add_sender(actor, name="Kim Meyer", address=address)


def test_a_sender_under_a_verified_domain_is_good_at_once(people):
    verified(people["owner"])
    assert a_sender(people["marketer"], f"Kim@{NAME.upper()}").state is SenderState.CONFIRMED


def test_any_other_sender_is_sent_a_code_that_confirms_it(people, mailbox, work):
    sender = a_sender(people["marketer"])
    assert sender.state is SenderState.UNCONFIRMED
    work()
    (notice,) = mailbox.notices
    code = service.code_of(sender)
    assert notice.recipient == "kim@elsewhere.example"
    assert code in notice.message["Subject"]
    assert "Nordwind" in notice.message.get_content()
    with transaction(people["marketer"]):
        assert service.confirm_sender(people["marketer"], sender.id, code=code).state is SenderState.CONFIRMED


def test_a_wrong_or_old_code_confirms_nothing_and_guessing_ends(people):
    sender, marketer = a_sender(people["marketer"]), people["marketer"]
    code = service.code_of(sender)
    with clock.frozen(clock.now() + timedelta(hours=2)), pytest.raises(CodeWrong), transaction(marketer):
        service.confirm_sender(marketer, sender.id, code=code)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        with pytest.raises(CodeWrong), transaction(marketer):
            service.confirm_sender(marketer, sender.id, code=wrong)
    with pytest.raises(CodeWrong), transaction(marketer):
        service.confirm_sender(marketer, sender.id, code=code)


def test_nobodys_mailbox_is_filled_with_codes(people):
    sender = a_sender(people["marketer"])
    for _ in range(4):
        with transaction(people["marketer"]):
            service.send_code_again(people["marketer"], sender.id)
    with pytest.raises(TooManySenders):
        a_sender(people["other"])


def test_a_sender_of_another_partner_is_not_there(people):
    sender = a_sender(people["marketer"])
    other = people["other"]
    for act in (service.send_code_again, service.remove_sender):
        with pytest.raises(SenderNotFound), transaction(other):
            act(other, sender.id)
    with reading(other):
        assert session.scalars(text("SELECT id FROM senders")).all() == []


def test_an_unconfirmed_sender_cannot_be_chosen(people):
    sender = a_sender(people["marketer"])
    with reading(people["marketer"]), pytest.raises(SenderUnconfirmed):
        service.chosen(people["marketer"], sender.id)
