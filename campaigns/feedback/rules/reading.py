"""Read what came to a return path: a delivery report, a complaint, a machine's answer, or something else.

Sources: RFC 3464 (delivery reports), RFC 3463 (status codes), RFC 5965 (complaints, ARF), RFC 3834 (automatic answers).
Servers older than these, and some that know better, write in prose: then the codes in the prose are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from enum import StrEnum
from typing import Final

LARGEST_BYTES: Final = 1024 * 1024
MOST_PARTS: Final = 50
# What is looked at of a text: a report says what happened at its beginning.
PROSE_CHARACTERS: Final = 20_000


class Kind(StrEnum):
    """What a report says became of a mail."""

    HARD_BOUNCE = "hard_bounce"
    SOFT_BOUNCE = "soft_bounce"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    COMPLAINT = "complaint"
    AUTO_REPLY = "auto_reply"
    UNRECOGNIZED = "unrecognized"


@dataclass(frozen=True, slots=True)
class Report:
    """What was read: the RFC 3463 code ("" where there is none) and the reporting server's words."""

    kind: Kind
    status: str = ""
    words: str = ""


# The address does not exist (any more): whoever writes to it again is taken for a spammer.
_DEAD: Final = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
# Codes that say only "failed": then the words decide.
_SAYS_NOTHING: Final = frozenset({"", "5.0.0", "5.0.1", "5.5.0", "5.1.0", "5.2.0", "5.3.0"})
_DEAD_WORDS: Final = re.compile(
    r"user unknown|unknown user|no such (?:user|recipient|mailbox|address)|does(?: not|n['\u2019]t) exist"
    r"|unknown recipient|recipient (?:not found|unknown|address rejected: (?:user|access))"
    r"|(?:address|account|mailbox) (?:not found|unknown|is disabled|has been disabled|no longer|is inactive)"
    r"|invalid (?:recipient|mailbox|user)|unrouteable address|no mailbox here by that name|not our customer"
    r"|domain not found|unknown or illegal alias",
    re.IGNORECASE,
)
_FULL_WORDS: Final = re.compile(r"over ?quota|quota exceeded|mailbox (?:is )?full|out of storage", re.IGNORECASE)
_ENHANCED: Final = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY: Final = re.compile(r"(?<![\d.])([45])\d\d[ -](?=\D)")
_FROM_A_SERVER: Final = re.compile(r"mailer-daemon|postmaster|mail delivery|maildelivery|mailadmin|<>", re.IGNORECASE)
_FAILED_SUBJECT: Final = re.compile(
    r"undeliver|delivery (?:status|failure|has failed|unsuccessful)|failure notice|returned mail|mail delivery failed"
    r"|unzustellbar|nicht zugestellt|non remis|échec de la remise|no se puede entregar|no entregado",
    re.IGNORECASE,
)
_DELAY_WORDS: Final = re.compile(r"delayed|will (?:be )?retr|still (?:being )?tr|verzögert|retardé", re.IGNORECASE)
_AWAY_SUBJECT: Final = re.compile(
    r"^\s*(?:auto(?:matic|matische)?[ :-]*(?:reply|response|antwort)|automatische antwort|réponse automatique"
    r"|respuesta automática|risposta automatica|out of (?:the )?office|abwesen|absence du bureau|fuera de la oficina"
    r"|fuori sede|away from (?:my|the) (?:mail|desk|office))",
    re.IGNORECASE,
)
_COMPLAINTS: Final = frozenset({"abuse", "fraud", "virus", "opt-out", "opt-out-list", "other"})


def read(raw: bytes) -> Report:
    """Read one message as it came. Whatever it is, an answer is given: what nobody can read is unrecognized."""
    try:
        message = message_from_bytes(raw[:LARGEST_BYTES])
        parts = list(_parts(message))
    except (ValueError, LookupError, RecursionError):
        return Report(Kind.UNRECOGNIZED)
    return (
        _complaint(parts)
        or _delivery_report(parts)
        or _auto_reply(message)
        or _prose(message, parts)
        or Report(Kind.UNRECOGNIZED, words=_line(message, "Subject"))
    )


def judged(status: str, words: str) -> Kind:
    """Tell whether a failure means that the address is dead. `status` is an RFC 3463 code, or ""."""
    told = _ENHANCED.search(words)
    if status in _SAYS_NOTHING and told:
        status = told.group(1)
    if status.startswith("4") or _FULL_WORDS.search(words):
        return Kind.SOFT_BOUNCE
    if status in _DEAD or (status in _SAYS_NOTHING and _DEAD_WORDS.search(words)):
        return Kind.HARD_BOUNCE
    return Kind.SOFT_BOUNCE


def _parts(message: Message) -> Iterator[Message]:
    for number, part in enumerate(message.walk()):
        if number >= MOST_PARTS:
            return
        yield part


def _complaint(parts: list[Message]) -> Report | None:
    for part in parts:
        if part.get_content_type() != "message/feedback-report":
            continue
        fields = _fields(part)
        kind = (fields[0].get("Feedback-Type") or "").strip().lower() if fields else ""
        if kind in _COMPLAINTS:
            return Report(Kind.COMPLAINT, words=f"{kind} report of {_line(fields[0], 'User-Agent') or 'a provider'}")
        return Report(Kind.UNRECOGNIZED, words=f"feedback report of the type {kind or 'unknown'}")
    return None


def _delivery_report(parts: list[Message]) -> Report | None:
    for part in parts:
        if part.get_content_type() != "message/delivery-status":
            continue
        told = [fields for fields in _fields(part) if fields.get("Action")]
        if not told:
            return None
        # One delivery has one recipient; where a list was expanded, the worst that was told counts.
        worst = min(told, key=lambda fields: _SEVERITY.get(_action(fields), 9))
        words = _line(worst, "Diagnostic-Code").partition(";")[2].strip() or _line(worst, "Status")
        found = _ENHANCED.search(_line(worst, "Status"))
        status = found.group(1) if found else ""
        action = _action(worst)
        if action == "failed":
            return Report(judged(status, words), status, words)
        return Report(Kind.DELAYED if action == "delayed" else Kind.DELIVERED, status, words)
    return None


_SEVERITY: Final = {"failed": 0, "delayed": 1, "relayed": 2, "expanded": 3, "delivered": 4}


def _action(fields: Message) -> str:
    return _line(fields, "Action").split(" ")[0].lower()


def _fields(part: Message) -> list[Message]:
    """Return the blocks of fields in a machine's part, however it was wrapped."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return [block for block in payload if isinstance(block, Message)]
    decoded = part.get_payload(decode=True)
    text = decoded if isinstance(decoded, bytes) else str(payload).encode("utf-8", "replace")
    blocks = re.split(rb"\r?\n[ \t]*\r?\n", text.strip())
    return [message_from_bytes(block.strip() + b"\r\n\r\n") for block in blocks]


def _auto_reply(message: Message) -> Report | None:
    told = _line(message, "Auto-Submitted").lower()
    precedence = _line(message, "Precedence").lower()
    subject = _line(message, "Subject")
    is_answer = told.startswith(("auto-replied", "auto-generated", "auto-notified"))
    is_marked = any(message[name] for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Reply-From"))
    from_a_server = _FROM_A_SERVER.search(_line(message, "From")) and _FAILED_SUBJECT.search(subject)
    if (is_answer and not from_a_server) or is_marked or precedence == "auto_reply" or _AWAY_SUBJECT.search(subject):
        return Report(Kind.AUTO_REPLY, words=subject)
    return None


def _prose(message: Message, parts: list[Message]) -> Report | None:
    """Read a failure that is told in words, as qmail and some gateways do."""
    subject = _line(message, "Subject")
    by_a_server = _FROM_A_SERVER.search(f"{_line(message, 'From')} {_line(message, 'Return-Path')}")
    if not (by_a_server or _FAILED_SUBJECT.search(subject)):
        return None
    text = next((_text(part) for part in parts if part.get_content_maintype() == "text"), "")
    enhanced, reply = _ENHANCED.search(text), _REPLY.search(text)
    told = enhanced or reply or _DEAD_WORDS.search(text) or _FULL_WORDS.search(text)
    if told is None:
        return None
    start = text.rfind("\n", 0, told.start()) + 1
    words = " ".join(text[start : told.end() + 200].split())
    if _DELAY_WORDS.search(subject):
        return Report(Kind.DELAYED, words=words)
    status = enhanced.group(1) if enhanced else "4.0.0" if reply and reply.group(1) == "4" else ""
    return Report(judged(status, words), status, words)


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    return data.decode(part.get_content_charset() or "utf-8", "replace")[:PROSE_CHARACTERS]


def _line(message: Message, name: str) -> str:
    raw = str(message.get(name) or "")
    with suppress(HeaderParseError, ValueError, LookupError):
        raw = str(make_header(decode_header(raw)))
    return " ".join(raw.split())[:500]
