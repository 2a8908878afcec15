"""What Amazon says of mails that left by SES: believed by its signature and its topic, and heard once."""

import base64
import dataclasses
import json
from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID
from sqlalchemy import text

from campaigns.feedback import rules
from campaigns.launches import service as launches
from campaigns.sending import service as sending
from tcma import settings as process_settings
from tcma.infra import http
from tcma.infra.db import reading, session, transaction
from tcma.infra.http import Answer
from tcma.kernel import clock
from tests.factories import kits
from tests.factories.launches import Scene, scene

TOPIC = "arn:aws:sns:eu-central-1:123456789012:mails"
CERTIFICATE_URL = "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-abc.pem"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def certificate(*, days: int = 30, key: rsa.RSAPrivateKey = KEY) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    now = clock.now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=40))
        .not_valid_after(now + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)


def signed(message: Any, *, version: str = "2", key: rsa.RSAPrivateKey = KEY, **fields: str) -> dict[str, str]:
    notice = {
        "Type": "Notification",
        "MessageId": "a-1",
        "TopicArn": TOPIC,
        "Message": message if isinstance(message, str) else json.dumps(message),
        "Timestamp": "2026-11-26T10:00:00.000Z",
        "SignatureVersion": version,
        "SigningCertURL": CERTIFICATE_URL,
        **fields,
    }
    names = sorted({"Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"})
    text_signed = "".join(f"{name}\n{notice[name]}\n" for name in names if name in notice)
    algorithm = hashes.SHA256() if version == "2" else hashes.SHA1()
    notice["Signature"] = base64.b64encode(key.sign(text_signed.encode(), padding.PKCS1v15(), algorithm)).decode()
    return notice


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """The addresses that were asked; Amazon's certificate is at its place."""
    urls: list[str] = []

    def send(_method: str, url: str, **_options: Any) -> Answer:
        urls.append(url)
        return Answer(200, {}, certificate() if url == CERTIFICATE_URL else b"<ok/>")

    monkeypatch.setattr(http, "send", send)
    return urls


@pytest.fixture
def sent(errands, mailbox, work, asked) -> Scene:
    process_settings.install(dataclasses.replace(process_settings.current(), sns_topics=frozenset({TOPIC})))
    made = scene(kits.email_touch, contacts=2)
    with transaction(made.partner):
        launches.launch(made.partner, kit_version_id=made.kit.id)
    work()
    return made


def tag_of(mailbox, recipient: str = "person0@example.com") -> str:
    (caught,) = [one for one in mailbox.caught if one.recipient == recipient]
    return caught.sender.partition("@")[0]


def event(kind: str, tag: str, **of: Any) -> dict[str, Any]:
    return {"eventType": kind, "mail": {"tags": {"return-path": [tag]}}, **of}


def states(made: Scene) -> dict[str, str]:
    with reading(made.partner):
        rows = session.execute(text("SELECT c.email, d.state FROM deliveries d JOIN contacts c ON c.id = d.contact_id"))
        return dict(rows.all())


def post(app, notice: dict[str, str]):
    # Amazon says that it is plain text.
    return app.test_client().post(
        "/api/v1/feedback/sns", data=json.dumps(notice), content_type="text/plain; charset=UTF-8"
    )


def test_a_bounce_is_written_down_and_a_dead_address_is_written_to_by_nobody(sent, mailbox, app, asked):
    bounce = {
        "bounceType": "Permanent",
        "bounceSubType": "General",
        "bouncedRecipients": [{"status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 user unknown"}],
    }
    notice = signed(event("Bounce", tag_of(mailbox), bounce=bounce))
    assert [post(app, notice).status_code for _ in range(2)] == [204, 204]
    assert states(sent) == {"person0@example.com": "bounced", "person1@example.com": "sent"}
    with reading(sent.partner):
        assert session.scalar(text("SELECT count(*) FROM feedback_reports")) == 1
        assert session.scalar(text("SELECT count(*) FROM suppressions WHERE scope = 'everywhere'")) == 1
    assert asked.count(CERTIFICATE_URL) == 1, "the certificate is kept"


def test_a_complaint_stops_the_partner_from_writing_to_that_person(sent, mailbox, app):
    post(app, signed(event("Complaint", tag_of(mailbox), complaint={"complaintFeedbackType": "abuse"}), version="1"))
    assert states(sent)["person0@example.com"] == "complained"


def test_a_full_mailbox_kills_no_address(sent, mailbox, app):
    bounce = {"bounceType": "Transient", "bounceSubType": "MailboxFull", "bouncedRecipients": []}
    post(app, signed(event("Bounce", tag_of(mailbox), bounce=bounce)))
    with reading(sent.partner):
        assert session.scalar(text("SELECT count(*) FROM suppressions")) == 0


def test_a_delivery_settles_what_nobody_knew(sent, mailbox, app):
    with transaction(sent.partner):
        session.execute(text("UPDATE deliveries SET state = 'unknown', reason = 'connection_lost'"))
    post(app, signed(event("Delivery", tag_of(mailbox), delivery={"smtpResponse": "250 ok"})))
    assert states(sent) == {"person0@example.com": "sent", "person1@example.com": "unknown"}


def test_a_subscription_to_a_topic_of_ours_is_confirmed_at_amazon_alone(sent, app, asked):
    url = "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=abc"
    asking = signed("Please confirm", Type="SubscriptionConfirmation", SubscribeURL=url, Token="abc")
    assert post(app, asking).status_code == 204
    assert asked[-1] == url
    elsewhere = signed(
        "x",
        Type="SubscriptionConfirmation",
        SubscribeURL="https://sns.evil.example/",
        Token="abc",
    )
    assert post(app, elsewhere).status_code == 403
    assert "https://sns.evil.example/" not in asked


STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
FORGED: dict[str, dict[str, Any]] = {
    "of another topic": {"TopicArn": "arn:aws:sns:eu-central-1:999999999999:mails"},
    "signed by a stranger": {"key": STRANGER},
    "with a certificate from elsewhere": {"SigningCertURL": "https://evil.example/SimpleNotificationService-abc.pem"},
    "with a host that only looks like it": {
        "SigningCertURL": "https://sns.eu-central-1.amazonaws.com.evil.example/a.pem"
    },
    "with a port": {"SigningCertURL": "https://sns.eu-central-1.amazonaws.com:444/a.pem"},
    "without TLS": {"SigningCertURL": "http://sns.eu-central-1.amazonaws.com/a.pem"},
    "in an unknown version": {"SignatureVersion": "9"},
}


@pytest.mark.parametrize("fields", FORGED.values(), ids=FORGED)
def test_a_forged_notice_changes_nothing_and_leads_nowhere(sent, mailbox, app, asked, fields):
    notice = signed(event("Complaint", tag_of(mailbox)), **fields)
    assert post(app, notice).status_code == 403
    assert set(states(sent).values()) == {"sent"}
    assert set(asked) <= {CERTIFICATE_URL}


def test_what_was_changed_after_it_was_signed_is_not_believed(sent, mailbox, app):
    notice = signed(event("Complaint", tag_of(mailbox)))
    notice["Message"] = notice["Message"].replace(tag_of(mailbox), tag_of(mailbox, "person1@example.com"))
    assert post(app, notice).status_code == 403


def test_an_old_certificate_is_not_believed(sent, mailbox, app, monkeypatch):
    monkeypatch.setattr(http, "send", lambda *_args, **_options: Answer(200, {}, certificate(days=-1)))
    assert post(app, signed(event("Complaint", tag_of(mailbox)))).status_code == 403


@pytest.mark.parametrize("message", ["no json", "[]", "{}", '{"mail": {"tags": {}}}', '{"mail": 3}', "[" * 2000])
def test_a_notice_about_nothing_of_ours_is_taken_and_forgotten(sent, app, message):
    assert post(app, signed(message)).status_code == 204


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b'{"Type": "Other"}', b'{"Type": 3, "TopicArn": []}'])
def test_what_is_no_notice_is_refused(raw):
    with pytest.raises(rules.NoNotice):
        rules.read_notice(raw)


def test_a_return_path_that_we_did_not_sign_is_nobodys(sent, app):
    assert post(app, signed(event("Complaint", "b-1-0000000000"))).status_code == 204
    assert set(states(sent).values()) == {"sent"}
    assert sending.read_return_path("b-1-0000000000") is None
