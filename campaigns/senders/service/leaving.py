"""What sending asks before mail leaves: in whose name, signed by which key, under which limits."""

from __future__ import annotations

from functools import lru_cache

from campaigns.senders import queries, rules
from campaigns.senders.errors import SenderUnconfirmed
from campaigns.senders.model import Sender
from campaigns.senders.rules import FromLine, Identity, SenderState
from tcma import settings
from tcma.accounts.service import PartnerProfile
from tcma.infra import crypto, dkim
from tcma.infra.buckets import Bucket
from tcma.infra.dkim import Signer
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


def chosen(actor: Actor, sender_id: int) -> Sender:
    """Return a sender that a launch may name. Raises SenderNotFound, Forbidden, SenderUnconfirmed."""
    sender = queries.sender(actor, sender_id)
    authorize(actor, Permission.CAMPAIGNS_SENDER_READ, sender)
    if sender.state is not SenderState.CONFIRMED:
        raise SenderUnconfirmed
    return sender


def from_line(
    actor: Actor, partner: PartnerProfile, *, sender_id: int | None = None, name: str = "", reply_to: str = ""
) -> FromLine:
    """Return in whose name a partner's mail leaves, as things stand now: a domain may have failed since the launch.

    `name` and `reply_to` are what the launch says; a sender that was removed gives way to the partner itself.
    """
    return rules.choose(
        _identity(actor, partner, sender_id, name, reply_to),
        own_domains=queries.verified(actor, partner.id),
        shared_domains=queries.verified(actor, None),
        service_domain=settings.current().mail_domain,
        safe_local=rules.safe_local_part(partner.trade_name, partner.id),
    )


def signer(actor: Actor, line: FromLine) -> Signer | None:
    """Return what signs mail with a From line, or None when nobody can; loaded once in each process."""
    key = None if line.domain_id is None else queries.signing_key(actor, line.domain_id)
    if key is None:
        return None
    return _loaded(key.domain.name, key.selector, key.private_key_sealed)


def limits(actor: Actor, line: FromLine, partner_id: int) -> tuple[Bucket, ...]:
    """Return the limits that mail with a From line falls under: its domain's, and its partner's."""
    buckets = []
    domain = queries.sending_domain(actor, line.domain_id) if line.domain_id is not None else None
    if domain is not None:
        now = clock.now()
        today = rules.allowance(domain.warm_up_from, now)
        buckets = [
            Bucket(one.key, one.capacity, one.per_second, one.ends_in_s)
            for one in rules.buckets_of(domain.id, domain.per_hour, today, now)
        ]
    if per_hour := settings.current().partner_mails_per_hour:
        buckets.append(Bucket(f"partner:{partner_id}", max(1, per_hour // 60), per_hour / 3600))
    return tuple(buckets)


def _identity(actor: Actor, partner: PartnerProfile, sender_id: int | None, name: str, reply_to: str) -> Identity:
    sender = queries.confirmed_sender(actor, sender_id) if sender_id is not None else None
    if sender is not None:
        postal = sender.postal_address or partner.postal_address
        return Identity(name or sender.name, sender.address, postal, reply_to or sender.address)
    return Identity(
        name or partner.trade_name or partner.legal_name,
        partner.email,
        partner.postal_address,
        reply_to or partner.email,
    )


@lru_cache(maxsize=512)
def _loaded(domain: str, selector: str, private_key_sealed: bytes) -> Signer:
    """Unseal and load a key once; the sealed bytes are what tells two keys apart."""
    return dkim.signer(domain, selector, crypto.unseal(private_key_sealed))
