"""From a launch to real mailboxes: every recipient once, with the headers that mailbox providers ask for."""

import io
import re
from datetime import timedelta

import pypdfium2
import pytest
from sqlalchemy import text

from campaigns.audiences import service as audiences
from campaigns.launches import queries as launch_queries
from campaigns.launches import service as launches
from campaigns.launches.rules import LaunchState, TouchState
from campaigns.sending import service as sending
from campaigns.sending.tasks import sweep
from campaigns.tracking import service as tracking
from cobranding.templates import service as templates
from tcma.infra.db import reading, session, transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM
from tests.factories import assets, cobranding, kits
from tests.factories.launches import Scene, scene

FAN_OUT = "campaigns.sending.fan_out"
LINK = re.compile(r"http://portal\.brand\.example/t/c/[A-Za-z0-9_-]+")


def launched(made: Scene, **fields):
    with transaction(made.partner):
        return launches.launch(made.partner, kit_version_id=made.kit.id, **fields)


def states(made: Scene) -> dict[str, str]:
    """Every recipient's state, by address."""
    with reading(made.partner):
        rows = session.execute(
            text("SELECT c.email, d.state FROM deliveries d JOIN contacts c ON c.id = d.contact_id ORDER BY c.email")
        )
        return dict(rows.all())


def reasons(made: Scene) -> dict[str, str]:
    with reading(made.partner):
        rows = session.execute(
            text("SELECT c.email, d.reason FROM deliveries d JOIN contacts c ON c.id = d.contact_id ORDER BY c.email")
        )
        return dict(rows.all())


@pytest.fixture
def made(world, errands, mailbox) -> Scene:
    return scene(kits.email_touch, contacts=3)


def test_every_contact_gets_the_mail_once_and_the_launch_completes(made, mailbox, work) -> None:
    launch = launched(made)
    work()
    assert mailbox.recipients == ["person0@example.com", "person1@example.com", "person2@example.com"]
    assert set(states(made).values()) == {"sent"}
    with reading(made.partner):
        assert launch_queries.one(made.partner, launch.id).state is LaunchState.COMPLETED
        found = tracking.results(made.partner, launch.id)
        assert (found.recipients, found.sent, found.failed) == (3, 3, 0)
        assert sending.check() == []


def test_the_mail_carries_what_mailbox_providers_ask_for(made, mailbox, work) -> None:
    launched(made)
    work()
    caught = next(one for one in mailbox.caught if one.recipient == "person1@example.com")
    mail = caught.message
    assert mail["Subject"] == "Person1, news from Nordwind"
    assert mail["From"].addresses[0].display_name == "Nordwind"
    assert mail["From"].addresses[0].domain == "portal.brand.example"
    assert mail["Reply-To"].addresses[0].addr_spec == made_partner_email(made)
    assert mail["To"] == "person1@example.com"
    assert re.fullmatch(r"<[0-9a-f-]{36}@portal\.brand\.example>", mail["Message-ID"])
    assert re.fullmatch(r"<http://portal\.brand\.example/u/[A-Za-z0-9_-]+>", mail["List-Unsubscribe"])
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"launch\d+:partner\d+:kit\d+:tcma", mail["Feedback-ID"])
    assert mail["Date"].datetime is not None
    assert re.fullmatch(r"b-[0-9a-z]+-[0-9a-f]{10}@portal\.brand\.example", caught.sender)
    assert sending.read_return_path(caught.sender) is not None
    assert mail.defects == []
    text_body = mail.get_body(("plain",)).get_content()
    html_body = mail.get_body(("html",)).get_content()
    for body in (text_body, html_body):
        assert "Dear Person1" in body
        assert "Hafenstr. 1" in body, "the designated sender's postal address"
        assert LINK.search(body)
        assert "/u/" in body
        assert "{{" not in body
    assert "https://brand.example/offer" not in html_body, "the button leads through the tracked link"
    assert re.search(r'<img src="http://portal\.brand\.example/t/o/[A-Za-z0-9_-]+\.gif"', html_body)
    assert max(map(len, caught.data.split(b"\r\n"))) <= 998
    assert b"\n" not in caught.data.replace(b"\r\n", b"")


def made_partner_email(made: Scene) -> str:
    with reading(SYSTEM):
        return session.scalar(text("SELECT email FROM partners WHERE id = :id"), {"id": made.partner.partner_id})


def test_each_recipient_gets_addresses_of_their_own(made, mailbox, work) -> None:
    launched(made)
    work()
    assert len({one.message["Message-ID"] for one in mailbox.caught}) == 3
    assert len({one.message["List-Unsubscribe"] for one in mailbox.caught}) == 3
    assert len({one.sender for one in mailbox.caught}) == 3


def test_each_recipient_reads_their_own_language(made, mailbox, work) -> None:
    with transaction(made.partner):
        audiences.add(made.partner, email="uta@example.com", first_name="Uta", locale="de_AT", consent_source="event")
        audiences.add(made.partner, email="zoe@example.com", first_name="Zoë", locale="xx", consent_source="event")
    launched(made)
    work()
    assert mailbox.to("uta@example.com")["Subject"] == "Uta, Neues von Nordwind"
    assert "Guten Tag Uta" in mailbox.to("uta@example.com").get_body(("plain",)).get_content()
    assert mailbox.to("zoe@example.com")["Subject"] == "Zoë, news from Nordwind"


def test_who_named_no_language_reads_the_partners(errands, mailbox, work) -> None:
    launched(scene(kits.email_touch, contacts=1, locale="de_DE"))
    work()
    assert mailbox.to("person0@example.com")["Subject"] == "Person0, Neues von Nordwind"


def test_a_name_cannot_inject_headers_or_markup(made, mailbox, work) -> None:
    name = "Eve\r\nBcc: all@victims.example\r\n\r\n<script>alert(1)</script>{{pixel}}"
    with transaction(made.partner):
        session.execute(
            text("UPDATE contacts SET first_name = :name WHERE email = 'person0@example.com'"), {"name": name}
        )
    launched(made)
    work()
    mail = mailbox.to("person0@example.com")
    assert mail["Bcc"] is None
    assert mail["Subject"].startswith("Eve Bcc: all@victims.example")
    assert "<script>" not in mail.get_body(("html",)).get_content()
    assert "&lt;script&gt;" in mail.get_body(("html",)).get_content()
    assert mailbox.recipients == ["person0@example.com", "person1@example.com", "person2@example.com"]


def test_who_withdrew_or_never_agreed_is_not_mailed(made, mailbox, work) -> None:
    with transaction(made.partner):
        audiences.suppress(made.partner, "person1@example.com")
    launched(made)
    work()
    assert mailbox.recipients == ["person0@example.com", "person2@example.com"]


def test_who_leaves_between_fan_out_and_hand_off_is_skipped_with_the_reason(made, mailbox, work, errands) -> None:
    launched(made)
    work(through=FAN_OUT)
    assert set(states(made).values()) == {"queued"}
    with transaction(made.partner):
        audiences.suppress(made.partner, "person0@example.com")
        leave = "UPDATE consents SET withdrawn_at = now() FROM contacts c WHERE c.id = contact_id AND c.email = :email"
        session.execute(text(leave), {"email": "person1@example.com"})
    work()
    assert mailbox.recipients == ["person2@example.com"]
    assert states(made) == {
        "person0@example.com": "skipped",
        "person1@example.com": "skipped",
        "person2@example.com": "sent",
    }
    assert reasons(made) == {
        "person0@example.com": "suppressed",
        "person1@example.com": "no_consent",
        "person2@example.com": "",
    }


def test_an_erased_contact_is_skipped_and_stays_in_the_totals(made, mailbox, work) -> None:
    launch = launched(made)
    work(through=FAN_OUT)
    with transaction(made.partner):
        contact_id = session.scalar(text("SELECT id FROM contacts WHERE email = 'person0@example.com'"))
        audiences.erase(made.partner, contact_id)
    work()
    assert mailbox.recipients == ["person1@example.com", "person2@example.com"]
    with reading(made.partner):
        found = tracking.results(made.partner, launch.id)
    assert found.states == {"sent": 2, "skipped": 1}
    assert found.reasons == {"contact_erased": 1}


def test_one_bad_address_fails_alone_and_its_reason_names_nobody(made, mailbox, work) -> None:
    mailbox.answers["person1@example.com"] = ["550 5.1.1 <person1@example.com>: Recipient address rejected"]
    launch = launched(made)
    work()
    assert mailbox.recipients == ["person0@example.com", "person2@example.com"]
    assert states(made)["person1@example.com"] == "failed"
    assert reasons(made)["person1@example.com"] == "recipient_unknown"
    with reading(SYSTEM):
        detail = session.scalar(text("SELECT detail FROM deliveries WHERE state = 'failed'"))
        assert detail == "550 5.1.1 <address>: Recipient address rejected"
    with reading(made.partner):
        assert launch_queries.one(made.partner, launch.id).state is LaunchState.COMPLETED


def test_a_busy_server_is_a_delay_and_never_a_loss(made, mailbox, work) -> None:
    mailbox.answers["person1@example.com"] = ["451 4.7.1 greylisted", "421 4.7.0 try again later"]
    launch = launched(made)
    work()
    assert states(made)["person1@example.com"] == "deferred"
    with reading(made.partner):
        assert launch_queries.one(made.partner, launch.id).state is LaunchState.RUNNING
    for hours in (1, 2):
        with clock.frozen(clock.now() + timedelta(hours=hours)):
            sweep()
            work()
    assert mailbox.recipients == ["person0@example.com", "person1@example.com", "person2@example.com"]
    with reading(made.partner):
        attempts = session.scalar(text("SELECT max(attempts) FROM deliveries"))
        assert attempts == 3
        assert launch_queries.one(made.partner, launch.id).state is LaunchState.COMPLETED


def test_a_paused_launch_sends_nothing_until_it_goes_on(made, mailbox, work, errands) -> None:
    launch = launched(made)
    work(through=FAN_OUT)
    with transaction(made.partner):
        launches.pause(made.partner, launch.id)
    work()
    sweep()
    work()
    assert mailbox.caught == []
    assert set(states(made).values()) == {"queued"}
    with transaction(made.partner):
        launches.resume(made.partner, launch.id)
    sweep()
    work()
    assert len(mailbox.caught) == 3


def test_a_cancelled_launch_skips_what_has_not_left(made, mailbox, work) -> None:
    launch = launched(made)
    work(through=FAN_OUT)
    with transaction(made.partner):
        launches.cancel(made.partner, launch.id)
    sweep()
    work()
    assert mailbox.caught == []
    assert set(states(made).values()) == {"skipped"}
    assert set(reasons(made).values()) == {"launch_cancelled"}


def test_a_withdrawn_template_stops_what_has_not_left(made, mailbox, work) -> None:
    launch = launched(made)
    work(through=FAN_OUT)
    with transaction(made.marketing):
        with_template = launch.touches[0].template_version_id
        templates.withdraw(made.marketing, with_template, reason="old price")
    sweep()
    work()
    assert mailbox.caught == []
    assert set(reasons(made).values()) == {"template_withdrawn"}
    with reading(made.partner):
        touch = launch_queries.one(made.partner, launch.id).touches[0]
        assert touch.state is TouchState.FINISHED


def flyer_touch(template_version_id: int, mode: str, flyer_id: int):
    return kits.email_touch(
        template_version_id, attachment={"template_version_id": flyer_id, "format": "a4", "mode": mode}
    )


@pytest.mark.parametrize("mode", ["attach", "link"])
def test_the_flyer_travels_with_the_mail_or_lies_behind_a_link(errands, mailbox, work, app, mode) -> None:
    made = scene(kits.email_touch, contacts=1)
    assets.asset(made.marketing, cobranding.photo(600, 420), kind="photo", name="hero")
    with transaction(made.marketing):
        draft = templates.create(made.marketing, name="Flyer", document=cobranding.flyer())
        flyer_id = templates.publish(made.marketing, draft.id).id
        document = kits.email_document()
        document["email"]["mjml"] = document["email"]["mjml"].replace(
            "</mj-column>", '<mj-button if="link.flyer" href="{{link.flyer}}">Flyer</mj-button></mj-column>'
        )
        mail_template = templates.create(made.marketing, name="With flyer", document=document)
        mail_id = templates.publish(made.marketing, mail_template.id).id
        made.kit = kits.published_kit(made.marketing, flyer_touch(mail_id, mode, flyer_id))
    launched(made, values={"intro": {"greeting": "Bis bald"}})
    work()
    (caught,) = mailbox.caught
    mail = caught.message
    html_body = mail.get_body(("html",)).get_content()
    assert "Bis bald" in html_body
    files = list(mail.iter_attachments())
    if mode == "attach":
        (file,) = files
        assert file.get_content_type() == "application/pdf"
        data = file.get_content()
    else:
        assert files == []
        links = {
            app.test_client().get(found.removeprefix("http://portal.brand.example")).location
            for found in LINK.findall(html_body)
        }
        (flyer_url,) = [link for link in links if "/t/f/" in link]
        answer = app.test_client().get(flyer_url.removeprefix("http://portal.brand.example"))
        assert answer.mimetype == "application/pdf"
        data = answer.data
    document = pypdfium2.PdfDocument(io.BytesIO(data))
    words = document[0].get_textpage().get_text_range()
    document.close()
    assert "Nordwind" in words
