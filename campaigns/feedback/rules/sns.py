"""Amazon's notices: read, checked against their signature, and turned into what other reports say.

Sources: Amazon SNS, "Verifying the signatures of Amazon SNS messages"; Amazon SES, "Contents of event data".
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from campaigns.feedback.rules.reading import Kind, Report

LARGEST_NOTICE_BYTES: Final = 300 * 1024
_HOST: Final = re.compile(r"sns\.[a-z0-9-]{3,30}\.amazonaws\.com(?:\.cn)?")
_HASHES: Final[Mapping[str, hashes.HashAlgorithm]] = {"1": hashes.SHA1(), "2": hashes.SHA256()}  # noqa: S303 - Amazon's
_TAG: Final = "return-path"


class NoticeType(StrEnum):
    """Say what a notice is: news, or the question whether we want any."""

    NOTIFICATION = "Notification"
    SUBSCRIPTION = "SubscriptionConfirmation"
    FAREWELL = "UnsubscribeConfirmation"


_SIGNED: Final = {
    NoticeType.NOTIFICATION: ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    NoticeType.SUBSCRIPTION: ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    NoticeType.FAREWELL: ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}


class NoNotice(ValueError):
    """Say why something is no notice of Amazon's, or none to be believed."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice, not yet checked; `fields` are its texts by their names."""

    type: NoticeType
    topic: str
    fields: Mapping[str, str]

    @property
    def certificate_url(self) -> str:
        """Return where the certificate of its signature is: at Amazon's own host, or it is none. Raises NoNotice."""
        return _amazons(self.fields.get("SigningCertURL", ""), must_end=".pem")

    @property
    def subscribe_url(self) -> str:
        """Return the address that says yes to a subscription. Raises NoNotice."""
        return _amazons(self.fields.get("SubscribeURL", ""), must_end="")


def read_notice(raw: bytes) -> Notice:
    """Read a notice. Raises NoNotice."""
    try:
        fields = json.loads(raw)
        texts = {name: text for name, text in fields.items() if isinstance(name, str) and isinstance(text, str)}
        return Notice(NoticeType(texts["Type"]), texts["TopicArn"], texts)
    except (ValueError, AttributeError, KeyError, RecursionError) as error:
        raise NoNotice("This is no notice of Amazon SNS.") from error


def check(notice: Notice, certificate: bytes, now: datetime) -> None:
    """Check the signature of a notice by the certificate (PEM) that it names. Raises NoNotice."""
    algorithm = _HASHES.get(notice.fields.get("SignatureVersion", ""))
    signed = "".join(f"{name}\n{notice.fields[name]}\n" for name in _SIGNED[notice.type] if name in notice.fields)
    try:
        read = x509.load_pem_x509_certificate(certificate)
        key = read.public_key()
        in_time = read.not_valid_before_utc <= now <= read.not_valid_after_utc
        signature = base64.b64decode(notice.fields.get("Signature", ""), validate=True)
        if algorithm is None or not in_time or not isinstance(key, rsa.RSAPublicKey):
            raise NoNotice("The notice is signed in a way that is not known here.")
        key.verify(signature, signed.encode(), padding.PKCS1v15(), algorithm)
    except (ValueError, binascii.Error, InvalidSignature) as error:
        if isinstance(error, NoNotice):
            raise
        raise NoNotice("The signature of the notice is wrong.") from error


def read_event(notice: Notice) -> tuple[str, Report] | None:
    """Return the return path and what an event of SES says of it; None when it is about nothing of ours."""
    try:
        event = json.loads(notice.fields["Message"])
        kind = str(event.get("eventType") or event.get("notificationType") or "")
        (local,) = event["mail"]["tags"][_TAG]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    report = _report(kind, event)
    return (str(local), report) if report is not None else None


def _report(kind: str, event: Mapping[str, Any]) -> Report | None:
    if kind == "Delivery":
        return Report(Kind.DELIVERED, words=_text(event.get("delivery"), "smtpResponse"))
    if kind == "Complaint":
        return Report(Kind.COMPLAINT, words=_text(event.get("complaint"), "complaintFeedbackType"))
    if kind == "DeliveryDelay":
        return Report(Kind.DELAYED, words=_text(event.get("deliveryDelay"), "delayType"))
    if kind == "Bounce":
        bounce = event.get("bounce")
        recipients = bounce.get("bouncedRecipients") if isinstance(bounce, Mapping) else None
        first = recipients[0] if isinstance(recipients, list) and recipients else {}
        dead = (
            _text(bounce, "bounceType") == "Permanent" and _text(bounce, "bounceSubType") != "OnAccountSuppressionList"
        )
        return Report(
            Kind.HARD_BOUNCE if dead else Kind.SOFT_BOUNCE, _text(first, "status"), _text(first, "diagnosticCode")
        )
    return None


def _text(of: object, name: str) -> str:
    value = of.get(name) if isinstance(of, Mapping) else None
    return value[:500] if isinstance(value, str) else ""


def _amazons(url: str, *, must_end: str) -> str:
    parts = urlsplit(url)
    ours = parts.scheme == "https" and parts.netloc == (parts.hostname or "") and parts.path.endswith(must_end)
    if not ours or not _HOST.fullmatch(parts.hostname or ""):
        raise NoNotice("The notice names a place that is not Amazon's.")
    return url
