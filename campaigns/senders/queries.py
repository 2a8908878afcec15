"""Reads of sending domains and senders: a partner its own and the brand's domains, the brand all."""

from datetime import timedelta

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import selectinload

from campaigns.senders.errors import DomainNotFound, SenderNotFound
from campaigns.senders.model import Sender, SendingDomain, SendingKey
from campaigns.senders.rules import DomainState, KeyState, SenderState
from campaigns.senders.rules.states import PATIENCE_WITH_ADDED, RECHECK_AFTER
from tcma.infra.db import lock, owned_by, session
from tcma.infra.paging import Page, page
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


def domains_visible_to(actor: Actor) -> Select[SendingDomain]:
    """Return the domains that an actor may use or look after, each with its keys. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_SENDER_READ)
    return _domains_of_both(actor)


def _domains_of_both(actor: Actor) -> Select[SendingDomain]:
    # Who may read a launch reads in whose name it leaves: that needs no permission of its own.
    rows = select(SendingDomain).where(SendingDomain.state != DomainState.REMOVED)
    if actor.is_partner:
        rows = rows.where(or_(SendingDomain.partner_id == actor.partner_id, SendingDomain.partner_id.is_(None)))
    return rows.options(selectinload(SendingDomain.keys))


def senders_visible_to(actor: Actor) -> Select[Sender]:
    """Return the senders that an actor may see. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_SENDER_READ)
    return _present_senders(actor)


def _present_senders(actor: Actor) -> Select[Sender]:
    return owned_by(actor, Sender).where(Sender.state != SenderState.REMOVED)


def domain(actor: Actor, domain_id: int) -> SendingDomain:
    """Return one domain. Raises DomainNotFound."""
    found = session.scalars(domains_visible_to(actor).where(SendingDomain.id == domain_id)).one_or_none()
    if found is None:
        raise DomainNotFound
    return found


def own_domain(actor: Actor, domain_id: int) -> SendingDomain:
    """Return one domain that the actor may look after: a partner not those of the brand. Raises DomainNotFound."""
    found = domain(actor, domain_id)
    if actor.is_partner and found.partner_id != actor.partner_id:
        raise DomainNotFound
    return found


def domain_for_update(actor: Actor, domain_id: int) -> SendingDomain:
    """Return one domain as it is now and keep others from changing it meanwhile. Raises DomainNotFound."""
    rows = lock(domains_visible_to(actor).where(SendingDomain.id == domain_id))
    if actor.is_partner:
        rows = rows.where(SendingDomain.partner_id == actor.partner_id)
    found = session.scalars(rows.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise DomainNotFound
    return found


def page_of_domains(actor: Actor, *, limit: int = 50, after: int | None = None) -> Page[SendingDomain]:
    """Return one page of domains, newest first."""
    return page(domains_visible_to(actor), SendingDomain.id, limit=limit, after=after)


def domains_of(actor: Actor, partner_id: int | None) -> list[SendingDomain]:
    """Return the domains of a partner, or (None) those of the brand."""
    rows = domains_visible_to(actor).where(SendingDomain.partner_id.is_not_distinct_from(partner_id))
    return list(session.scalars(rows.order_by(SendingDomain.id)))


def verified(actor: Actor, partner_id: int | None) -> dict[str, int]:
    """Return the verified domains of a partner, or (None) those of the brand: name -> id."""
    rows = _domains_of_both(actor).where(
        SendingDomain.partner_id.is_not_distinct_from(partner_id), SendingDomain.state == DomainState.VERIFIED
    )
    return {found.name: found.id for found in session.scalars(rows)}


def signing_key(actor: Actor, domain_id: int) -> SendingKey | None:
    """Return the key that signs for a domain, if the domain is there and verified."""
    visible = _domains_of_both(actor).where(SendingDomain.id == domain_id, SendingDomain.state == DomainState.VERIFIED)
    found = session.scalars(visible).one_or_none()
    return next((key for key in found.keys if key.state is KeyState.SIGNING), None) if found else None


def sender(actor: Actor, sender_id: int) -> Sender:
    """Return one sender. Raises SenderNotFound."""
    found = session.scalars(senders_visible_to(actor).where(Sender.id == sender_id)).one_or_none()
    if found is None:
        raise SenderNotFound
    return found


def confirmed_sender(actor: Actor, sender_id: int) -> Sender | None:
    """Return a sender in whose name mail may leave, or None when there is none (any more)."""
    rows = _present_senders(actor).where(Sender.id == sender_id, Sender.state == SenderState.CONFIRMED)
    return session.scalars(rows).one_or_none()


def sending_domain(actor: Actor, domain_id: int) -> SendingDomain | None:
    """Return a domain under which mail leaves, or None when it is gone."""
    return session.scalars(_domains_of_both(actor).where(SendingDomain.id == domain_id)).one_or_none()


def sender_for_update(actor: Actor, sender_id: int) -> Sender:
    """Return one sender as it is now and keep others from changing it meanwhile. Raises SenderNotFound."""
    rows = lock(senders_visible_to(actor).where(Sender.id == sender_id)).execution_options(populate_existing=True)
    found = session.scalars(rows).one_or_none()
    if found is None:
        raise SenderNotFound
    return found


def sender_with(actor: Actor, address: str) -> Sender | None:
    """Return the sender with an address, if the actor's partner has it."""
    rows = senders_visible_to(actor).where(Sender.partner_id == actor.partner_id, Sender.address == address)
    return session.scalars(rows).one_or_none()


def page_of_senders(actor: Actor, *, limit: int = 50, after: int | None = None) -> Page[Sender]:
    """Return one page of senders, newest first."""
    return page(senders_visible_to(actor), Sender.id, limit=limit, after=after)


def confirmed_senders(actor: Actor, partner_id: int) -> list[Sender]:
    """Return the senders that a partner's launch may choose, by name."""
    rows = senders_visible_to(actor).where(Sender.partner_id == partner_id, Sender.state == SenderState.CONFIRMED)
    return list(session.scalars(rows.order_by(Sender.name, Sender.id)))


def senders_added_since(actor: Actor, since: timedelta) -> int:
    """Return how many senders an actor's partner has added lately, removed ones too."""
    rows = owned_by(actor, Sender).where(Sender.created_at > clock.now() - since)
    return int(session.scalar(select(func.count()).select_from(rows.subquery())) or 0)


def due_for_check(actor: Actor, *, most: int = 100) -> list[int]:
    """Return the domains whose records are to be looked at again, the longest due first."""
    now = clock.now()
    late = [
        and_(SendingDomain.state == state, SendingDomain.checked_at < now - after)
        for state, after in RECHECK_AFTER.items()
        if state is not DomainState.ADDED
    ]
    fresh = and_(
        SendingDomain.state == DomainState.ADDED,
        SendingDomain.created_at > now - PATIENCE_WITH_ADDED,
        func.coalesce(SendingDomain.checked_at, SendingDomain.created_at) < now - RECHECK_AFTER[DomainState.ADDED],
    )
    rows = domains_visible_to(actor).where(or_(fresh, *late)).with_only_columns(SendingDomain.id)
    return list(session.scalars(rows.order_by(SendingDomain.checked_at.nulls_first()).limit(most)))
