"""Senders: a name and an address of a partner, which somebody who reads that address has agreed to."""

from __future__ import annotations

import hmac
from datetime import timedelta

from campaigns.senders import queries, rules
from campaigns.senders.errors import CodeWrong, TooManySenders
from campaigns.senders.model import Sender
from campaigns.senders.rules import SenderState
from campaigns.senders.rules.states import CODE_LASTS, CODE_TRIES, CODES_A_DAY, SENDERS_A_DAY
from tcma.audit import service as audit
from tcma.infra import cache, crypto
from tcma.infra.db import enqueue, session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.errors import Forbidden
from tcma.kernel.permissions import Permission
from tcma.kernel.states import move


def add_sender(actor: Actor, *, name: str, address: str, postal_address: str = "") -> Sender:
    """Add a sender; under a verified domain of the partner it is confirmed, else a code goes to the address.

    Raises Forbidden, SenderInvalid, TooManySenders.
    """
    authorize(actor, Permission.CAMPAIGNS_SENDER_EDIT)
    if actor.partner_id is None:
        raise Forbidden
    clean, mailbox = rules.read_name(name), rules.read_sender_address(address)
    if queries.senders_added_since(actor, timedelta(days=1)) >= SENDERS_A_DAY:
        raise TooManySenders
    sender = queries.sender_with(actor, mailbox)
    if sender is None:
        sender = Sender(partner_id=actor.partner_id, address=mailbox, mail_due_at=None, state=SenderState.UNCONFIRMED)
        session.add(sender)
    sender.name, sender.postal_address = clean, " ".join(postal_address.split())
    session.flush()
    if sender.state is SenderState.UNCONFIRMED:
        if mailbox.rpartition("@")[2] in queries.verified(actor, actor.partner_id):
            _confirm(sender)
        else:
            _owe_code(sender)
    audit.record(actor, "campaigns.sender.added", sender, after={"name": clean, "address": mailbox})
    return sender


def send_code_again(actor: Actor, sender_id: int) -> Sender:
    """Send a new code; the one before is worth nothing any more. Raises SenderNotFound, Forbidden, TooManySenders."""
    sender = queries.sender_for_update(actor, sender_id)
    authorize(actor, Permission.CAMPAIGNS_SENDER_EDIT, sender)
    if sender.state is SenderState.UNCONFIRMED:
        _owe_code(sender)
        audit.record(actor, "campaigns.sender.code_asked", sender)
    return sender


def confirm_sender(actor: Actor, sender_id: int, *, code: str) -> Sender:
    """Confirm a sender by the code that its address was sent. Raises SenderNotFound, Forbidden, CodeWrong."""
    sender = queries.sender_for_update(actor, sender_id)
    authorize(actor, Permission.CAMPAIGNS_SENDER_EDIT, sender)
    if sender.state is SenderState.CONFIRMED:
        return sender
    # Counted beside the database, which forgets what is refused.
    tries = cache.count_up(f"senders:code:{sender.id}:{sender.codes}", window_s=int(CODE_LASTS.total_seconds()))
    fresh = sender.code_expires_at is not None and sender.code_expires_at > clock.now()
    if tries > CODE_TRIES or not fresh or not hmac.compare_digest(code_of(sender).encode(), code.strip().encode()):
        raise CodeWrong(errors={"code": [CodeWrong.message]})
    _confirm(sender)
    audit.record(actor, "campaigns.sender.confirmed", sender)
    return sender


def remove_sender(actor: Actor, sender_id: int) -> Sender:
    """Take a sender out of use: launches that named it go on in the partner's own name.

    Raises SenderNotFound, Forbidden.
    """
    sender = queries.sender_for_update(actor, sender_id)
    authorize(actor, Permission.CAMPAIGNS_SENDER_EDIT, sender)
    sender.state = move(rules.SENDER_MOVES, sender.state, SenderState.REMOVED)
    sender.mail_due_at = None
    audit.record(actor, "campaigns.sender.removed", sender, before={"address": sender.address})
    return sender


def code_of(sender: Sender) -> str:
    """Return the six digits that were sent last; they grow from our secret, so that no code is kept."""
    digest = crypto.keyed_hash("campaigns.sender-code", f"{sender.id}:{sender.codes}:{sender.address}")
    return f"{int.from_bytes(digest[:8]) % 1_000_000:06d}"


def _owe_code(sender: Sender) -> None:
    mailbox = crypto.keyed_hash("campaigns.sender-address", sender.address).hex()
    if cache.count_up(f"senders:codes:{mailbox}", window_s=86_400) > CODES_A_DAY:
        raise TooManySenders
    now = clock.now()
    sender.codes += 1
    sender.code_expires_at = now + CODE_LASTS
    sender.mail_due_at, sender.mail_tries, sender.mailed_at = now, 0, None
    session.flush()
    enqueue("campaigns.senders.mail_code", sender_id=sender.id)


def _confirm(sender: Sender) -> None:
    sender.state = move(rules.SENDER_MOVES, sender.state, SenderState.CONFIRMED)
    sender.confirmed_at = clock.now()
    sender.mail_due_at = None
