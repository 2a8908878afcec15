"""Add, remove and limit sending domains, and give them keys."""

from __future__ import annotations

from dataclasses import dataclass

from campaigns.senders import queries, rules
from campaigns.senders.errors import DomainThereAlready, TooManyDomains
from campaigns.senders.model import SendingDomain, SendingKey
from campaigns.senders.rules import DomainState, KeyState
from campaigns.senders.rules.states import DOMAINS_EACH
from campaigns.senders.rules.warm_up import day_bucket
from tcma import settings
from tcma.audit import service as audit
from tcma.infra import buckets, crypto, dkim
from tcma.infra.buckets import Bucket
from tcma.infra.cache import CacheUnavailable
from tcma.infra.db import session
from tcma.infra.dkim import Algorithm
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission
from tcma.kernel.states import move


def add_domain(actor: Actor, *, name: str) -> SendingDomain:
    """Add a domain of the actor's organization, with a key that waits for its record.

    Raises Forbidden, DomainInvalid, DomainThereAlready, TooManyDomains.
    """
    authorize(actor, Permission.CAMPAIGNS_DOMAIN_EDIT)
    read = rules.read_domain(name, of_the_service=settings.current().mail_domain, by_partner=actor.is_partner)
    there = queries.domains_of(actor, actor.partner_id)
    if read in {one.name for one in there}:
        raise DomainThereAlready(errors={"name": [DomainThereAlready.message]})
    if len(there) >= DOMAINS_EACH:
        raise TooManyDomains
    domain = SendingDomain(partner_id=actor.partner_id, name=read, token=f"tcma-verify={crypto.random_token()}")
    session.add(domain)
    session.flush()
    _make_key(domain, Algorithm.RSA)
    audit.record(actor, "campaigns.domain.added", domain, after={"name": read})
    return domain


def rotate(actor: Actor, domain_id: int, *, algorithm: Algorithm = Algorithm.RSA) -> SendingDomain:
    """Make a new key, which signs once its record is found; until then the present one goes on.

    A key that still waits is given up for the new one. Raises DomainNotFound, Forbidden.
    """
    domain = queries.domain_for_update(actor, domain_id)
    authorize(actor, Permission.CAMPAIGNS_DOMAIN_EDIT, domain)
    for key in domain.keys:
        if key.state is KeyState.WAITING:
            retire(key)
    session.flush()
    made = _make_key(domain, algorithm)
    audit.record(actor, "campaigns.domain.key_made", domain, after={"selector": made.selector})
    return domain


def remove_domain(actor: Actor, domain_id: int) -> SendingDomain:
    """Send nothing under a domain any more, from now on. Raises DomainNotFound, Forbidden."""
    domain = queries.domain_for_update(actor, domain_id)
    authorize(actor, Permission.CAMPAIGNS_DOMAIN_EDIT, domain)
    domain.state = move(rules.DOMAIN_MOVES, domain.state, DomainState.REMOVED)
    for key in domain.keys:
        if key.state is not KeyState.RETIRED:
            retire(key)
    audit.record(actor, "campaigns.domain.removed", domain, before={"name": domain.name})
    return domain


def limit(actor: Actor, domain_id: int, *, per_hour: int | None) -> SendingDomain:
    """Say how many mails an hour may leave under a domain; None: no limit. Raises DomainNotFound, Forbidden."""
    domain = queries.domain_for_update(actor, domain_id)
    authorize(actor, Permission.CAMPAIGNS_DOMAIN_LIMIT, domain)
    before, domain.per_hour = domain.per_hour, per_hour
    audit.record(actor, "campaigns.domain.limited", domain, before={"per_hour": before}, after={"per_hour": per_hour})
    return domain


def end_warm_up(actor: Actor, domain_id: int) -> SendingDomain:
    """Send the full volume at once: the domain is known to receivers already. Raises DomainNotFound, Forbidden."""
    domain = queries.domain_for_update(actor, domain_id)
    authorize(actor, Permission.CAMPAIGNS_DOMAIN_LIMIT, domain)
    before, domain.warm_up_from = domain.warm_up_from, None
    audit.record(actor, "campaigns.domain.warm_up_ended", domain, before={"warm_up_from": before})
    return domain


@dataclass(frozen=True, slots=True)
class Volume:
    """How much of today's share of a warm-up has left; `left` is None when nobody can say now."""

    day: int
    per_day: int
    left: int | None

    @property
    def sent(self) -> int | None:
        """Return how many have left today."""
        return None if self.left is None else self.per_day - self.left


def volume(domain: SendingDomain) -> Volume | None:
    """Return today's share of a domain in its warm-up, or None when it has none (any more). Asks Redis."""
    now = clock.now()
    today = rules.allowance(domain.warm_up_from, now) if domain.state is DomainState.VERIFIED else None
    if today is None:
        return None
    day = day_bucket(domain.id, today, now)
    try:
        left = buckets.left(Bucket(day.key, day.capacity, day.per_second, day.ends_in_s))
    except CacheUnavailable:
        return Volume(today.day, today.per_day, None)
    return Volume(today.day, today.per_day, left)


def retire(key: SendingKey) -> None:
    """Let a key sign nothing any more."""
    key.state = KeyState.RETIRED
    key.retired_at = clock.now()


def _make_key(domain: SendingDomain, algorithm: Algorithm) -> SendingKey:
    private = dkim.new_private_key(algorithm)
    key = SendingKey(
        partner_id=domain.partner_id,
        # Two organizations may share a domain: the number keeps their keys apart.
        selector=f"tcma{domain.id}-{len(domain.keys) + 1}",
        algorithm=algorithm.value,
        public_key=dkim.public_part(private),
        private_key_sealed=crypto.seal(private),
        state=KeyState.WAITING,
    )
    domain.keys.append(key)
    session.flush()
    return key
