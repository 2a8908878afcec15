"""Mail as it arrives: in whose name, signed by which key, by which server, and no more of it than the limits allow."""

import dataclasses
import re
import socket
from collections import Counter
from datetime import timedelta

import dkim
import pytest
from sqlalchemy import text

from campaigns.launches import service as launches
from campaigns.senders import service as senders
from campaigns.senders import tasks as sender_tasks
from campaigns.senders.errors import SenderNotFound, SenderUnconfirmed
from campaigns.sending import tasks
from tcma import settings as process_settings
from tcma.infra import breakers, cache, resolver
from tcma.infra.db import reading, session, transaction
from tcma.infra.resolver import WrittenResolver
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.permissions import Role
from tests.factories import accounts as make
from tests.factories import kits
from tests.factories.launches import Scene, scene

NAME = "nord-systeme.example"
ALL = ("person0@example.com", "person1@example.com", "person2@example.com")


@pytest.fixture
def made(world, errands, mailbox) -> Scene:
    return scene(kits.email_touch, contacts=3, email=f"hello@{NAME}")


def verify(actor: Actor, name: str = NAME) -> dict[bytes, bytes]:
    """Have a domain verified; return what its DNS answers about its key."""
    with transaction(actor):
        domain = senders.add_domain(actor, name=name)
        key = domain.keys[0]
    place, record = f"{key.selector}._domainkey.{name}", f"v=DKIM1; k=rsa; p={key.public_key}"
    with resolver.answering(WrittenResolver({("TXT", f"_tcma.{name}"): [domain.token], ("TXT", place): [record]})):
        sender_tasks.check(domain_id=domain.id)
    return {f"{place}.".encode(): record.encode()}


def launched(made: Scene, **fields):
    with transaction(made.partner):
        return launches.launch(made.partner, kit_version_id=made.kit.id, **fields)


def states(made: Scene) -> Counter[str]:
    with reading(made.partner):
        return Counter(session.scalars(text("SELECT state FROM deliveries")))


def is_signed(data: bytes, dns: dict[bytes, bytes]) -> bool:
    return bool(dkim.verify(data, dnsfunc=lambda name, **_timeout: dns.get(name)))


def test_under_its_verified_domain_a_partner_writes_as_itself_and_an_independent_reader_checks_the_signature(
    made, mailbox, work
):
    dns = verify(made.partner)
    launched(made)
    work()
    assert len(mailbox.caught) == 3
    for caught in mailbox.caught:
        mail = caught.message
        assert str(mail["From"]) == f"Nordwind <hello@{NAME}>"
        assert "Reply-To" not in mail
        signature = mail["DKIM-Signature"]
        assert f"d={NAME};" in signature
        assert {"list-unsubscribe", "list-unsubscribe-post"} <= set(re.search(r"h=([^;]*);", signature)[1].split(":"))
        assert is_signed(caught.data, dns)
        assert not is_signed(caught.data.replace(b"Dear", b"Dead"), dns)


def test_without_a_verified_domain_mail_leaves_unsigned_from_a_safe_address_with_answers_to_the_partner(
    made, mailbox, work
):
    launched(made)
    work()
    mail = mailbox.caught[0].message
    assert mail["From"].addresses[0].domain == "portal.brand.example"
    assert mail["From"].addresses[0].display_name == "Nordwind"
    assert mail["Reply-To"].addresses[0].addr_spec == f"hello@{NAME}"
    assert "DKIM-Signature" not in mail


def test_a_domain_that_fails_after_the_launch_lets_mail_leave_from_the_safe_address(made, mailbox, work):
    verify(made.partner)
    launched(made)
    with reading(SYSTEM):
        (domain,) = senders.page_of_domains(SYSTEM).items
    for _ in range(2):
        with resolver.answering(WrittenResolver({})):
            sender_tasks.check(domain_id=domain.id)
    work()
    assert {one.message["From"].addresses[0].domain for one in mailbox.caught} == {"portal.brand.example"}


def test_a_designated_sender_signs_with_name_address_and_postal_address(made, mailbox, work):
    dns = verify(made.partner)
    with transaction(made.partner):
        kim = senders.add_sender(
            made.partner, name="Kim Meyer", address=f"kim@{NAME}", postal_address="Deichweg 5, 20457 Hamburg"
        )
    launch = launched(made, sender_id=kim.id)
    assert (launch.sender_name, launch.sender_email, launch.reply_to) == ("Kim Meyer", f"kim@{NAME}", f"kim@{NAME}")
    work()
    caught = mailbox.caught[0]
    assert str(caught.message["From"]) == f"Kim Meyer <kim@{NAME}>"
    assert "Deichweg 5, 20457 Hamburg" in caught.message.get_body(("plain",)).get_content()
    assert is_signed(caught.data, dns)


def test_a_sender_who_is_not_confirmed_or_not_ones_own_cannot_be_named(made):
    with transaction(made.partner):
        kim = senders.add_sender(made.partner, name="Kim", address="kim@elsewhere.example")
    with pytest.raises(SenderUnconfirmed):
        launched(made, sender_id=kim.id)
    with transaction(made.other):
        foreign = senders.add_sender(made.other, name="Lou", address="lou@elsewhere.example")
    with pytest.raises(SenderNotFound):
        launched(made, sender_id=foreign.id)


def test_a_domain_of_the_brand_signs_for_partners_without_one(made, mailbox, work):
    with transaction(SYSTEM):
        admin = make.actor_for(make.user(Role.ADMIN))
    dns = verify(admin, "news.brand-mail.example")
    launched(made)
    work()
    caught = mailbox.caught[0]
    assert caught.message["From"].addresses[0].addr_spec.endswith("@news.brand-mail.example")
    assert is_signed(caught.data, dns)


def with_limit(made: Scene, per_hour: int) -> int:
    """Verify the partner's domain, known to receivers already, and limit it."""
    verify(made.partner)
    with transaction(SYSTEM):
        admin = make.actor_for(make.user(Role.ADMIN))
    with reading(SYSTEM):
        (domain,) = senders.page_of_domains(SYSTEM).items
    with transaction(admin):
        senders.end_warm_up(admin, domain.id)
        senders.limit(admin, domain.id, per_hour=per_hour)
    return domain.id


def forget_rest() -> None:
    """Let time pass: a touch that rests is asked about again."""
    with cache.redis() as client:
        for key in client.scan_iter("sending:resting:*"):
            client.delete(key)


def test_no_more_leaves_than_a_limit_allows_and_the_rest_goes_on_later(made, mailbox, work):
    domain_id = with_limit(made, per_hour=120)
    launched(made)
    work()
    assert len(mailbox.caught) == 2  # a minute's worth at once
    assert states(made) == {"sent": 2, "queued": 1}
    tasks.sweep()
    work()
    assert len(mailbox.caught) == 2
    with cache.redis() as client:
        client.delete(f"bucket:domain:{domain_id}")
    forget_rest()
    tasks.sweep()
    work()
    assert states(made) == {"sent": 3}
    assert mailbox.recipients == list(ALL)


def test_a_touch_that_rests_does_not_hold_up_another_launch_of_the_partner(made, mailbox, work):
    with_limit(made, per_hour=60)
    with transaction(made.partner):
        kim = senders.add_sender(made.partner, name="Kim", address="kim@elsewhere.example")
        senders.confirm_sender(made.partner, kim.id, code=senders.code_of(kim))
    launched(made)
    work()
    assert states(made) == {"sent": 1, "queued": 2}
    with transaction(made.partner):
        # From another address, under another domain: the first one's limit is not its own.
        launches.launch(made.partner, kit_version_id=made.kit.id, sender_id=kim.id)
    work()
    assert states(made) == {"sent": 4, "queued": 2}


def test_the_warm_up_lets_a_new_domain_send_its_share_of_the_day_and_no_more(made, mailbox, work):
    verify(made.partner)
    with reading(SYSTEM):
        (domain,) = senders.page_of_domains(SYSTEM).items
    launched(made)
    work()
    volume = senders.volume(domain)
    assert (volume.day, volume.per_day, volume.sent) == (1, 400, 3)
    with clock.frozen(clock.now() + timedelta(days=31)):
        assert senders.volume(domain) is None


def test_a_limit_for_each_partner_holds_whatever_the_domain(made, mailbox, work):
    process_settings.install(dataclasses.replace(process_settings.current(), partner_mails_per_hour=120))
    launched(made)
    work()
    assert states(made) == {"sent": 2, "queued": 1}


def dead_server() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"smtp://127.0.0.1:{probe.getsockname()[1]}"


def test_when_a_mail_server_is_away_the_next_one_sends_without_anybody_waiting(made, mailbox, work):
    urls = f"{dead_server()}?name=first,{mailbox.url}?name=second"
    process_settings.install(dataclasses.replace(process_settings.current(), smtp_url=urls))
    launched(made)
    work()
    assert states(made) == {"sent": 3}
    assert mailbox.recipients == list(ALL)


def test_a_mail_server_that_falls_silent_loses_one_mail_to_uncertainty_and_is_left_alone(made, mailbox, work):
    work()
    urls = f"{mailbox.url}?name=first&connections=1,{mailbox.url}?name=second"
    process_settings.install(dataclasses.replace(process_settings.current(), smtp_url=urls))
    handed = []

    def silent_once(recipient: str) -> str | None:
        handed.append(recipient)
        return "999 what does this mean" if len(handed) == 1 else None

    mailbox.on_data = silent_once
    launched(made)
    work()
    assert states(made) == {"unknown": 1, "sent": 2}
    assert breakers.is_open("first")
    assert sorted(one for one in handed if one.endswith("@example.com")) == sorted(set(handed) & set(ALL))


def test_a_server_with_a_limit_leaves_the_rest_to_the_one_that_stands_by(made, mailbox, work):
    urls = f"{mailbox.url}?name=small&per_hour=60,{mailbox.url}?name=large"
    process_settings.install(dataclasses.replace(process_settings.current(), smtp_url=urls))
    launched(made)
    work()
    assert states(made) == {"sent": 3}
