"""Questions about organizations and people; each starts from what the actor may see."""

from datetime import datetime

from sqlalchemy import Select, func, select, update

from tcma.accounts.model import ApiToken, Brand, Partner, SingleUseLink, User
from tcma.accounts.rules import LinkPurpose
from tcma.infra.db import owned_by, session
from tcma.infra.paging import Page, page
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.errors import NotFound
from tcma.kernel.permissions import Permission, Role


def visible_to(actor: Actor) -> Select[Partner]:
    """Return the partners that an actor may see: a partner itself, the brand all."""
    rows = select(Partner)
    return rows.where(Partner.id == actor.partner_id) if actor.is_partner else rows


def brand() -> Brand | None:
    """Return the brand, or None before it was set up."""
    return session.scalars(select(Brand)).first()


def partner(actor: Actor, partner_id: int) -> Partner:
    """Return one partner. Raises NotFound."""
    found = session.scalars(visible_to(actor).where(Partner.id == partner_id)).first()
    if found is None:
        raise NotFound
    return found


def partner_for_update(actor: Actor, partner_id: int) -> Partner:
    """Return one partner and hold it until the transaction ends. Raises NotFound."""
    found = session.scalars(visible_to(actor).where(Partner.id == partner_id).with_for_update()).first()
    if found is None:
        raise NotFound
    return found


def partner_page(actor: Actor, *, limit: int = 50, after: int | None = None) -> Page[Partner]:
    """Return a page of partners."""
    return page(visible_to(actor), Partner.id, limit=limit, after=after)


def partners(actor: Actor) -> list[Partner]:
    """Return every partner that the actor may see, by name."""
    return list(session.scalars(visible_to(actor).order_by(Partner.trade_name, Partner.id)))


def people_visible_to(actor: Actor) -> Select[User]:
    """Return the people that an actor may see: a partner its own, the brand everybody."""
    return owned_by(actor, User)


def user(actor: Actor, user_id: int) -> User:
    """Return one person. Raises NotFound."""
    found = session.scalars(people_visible_to(actor).where(User.id == user_id)).first()
    if found is None:
        raise NotFound
    return found


def user_page(actor: Actor, *, limit: int = 50, after: int | None = None) -> Page[User]:
    """Return a page of people."""
    return page(people_visible_to(actor), User.id, limit=limit, after=after)


def person(user_id: int) -> User | None:
    """Return a person by id, as far as row security shows them."""
    return session.get(User, user_id)


def address_is_taken(email: str) -> bool:
    """Tell whether anybody anywhere has this address; the unique index is the last word."""
    return bool(session.scalar(select(func.tcma_address_is_taken(email))))


def user_by_email(email: str) -> User | None:
    """Return the person with an address, as far as row security shows them."""
    return session.scalars(select(User).where(User.email == email.strip().lower())).first()


def ids_with_role(role: Role) -> list[int]:
    """Return the brand's people with a role, also to a partner's command that has to tell them something."""
    return list(session.scalars(select(func.tcma_people_with_role(role.value))))


def live_link(link_id: int, purpose: LinkPurpose) -> SingleUseLink | None:
    """Return a single-use link that still works, held until the transaction ends."""
    rows = select(SingleUseLink).where(
        SingleUseLink.id == link_id,
        SingleUseLink.purpose == purpose,
        SingleUseLink.used_at.is_(None),
        SingleUseLink.expires_at > clock.now(),
    )
    return session.scalars(rows.with_for_update()).first()


def live_token(fingerprint: bytes) -> ApiToken | None:
    """Return a token that still works."""
    rows = select(ApiToken).where(
        ApiToken.fingerprint == fingerprint, ApiToken.revoked_at.is_(None), ApiToken.expires_at > clock.now()
    )
    return session.scalars(rows).first()


def use_up_links(user_id: int) -> None:
    """Let no open single-use link of a person work any more."""
    session.execute(
        update(SingleUseLink)
        .where(SingleUseLink.user_id == user_id, SingleUseLink.used_at.is_(None))
        .values(used_at=clock.now(), mail_due_at=None)
    )


def added_since(actor: Actor, at: datetime) -> int:
    """Return how many people the actor's organization has added since an instant."""
    rows = people_visible_to(actor).where(User.created_at >= at).with_only_columns(func.count())
    return int(session.scalar(rows) or 0)


def revoke_tokens(user_id: int) -> None:
    """End every token of a person."""
    session.execute(
        update(ApiToken)
        .where(ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=clock.now())
    )


def tokens(actor: Actor) -> list[ApiToken]:
    """Return the actor's own tokens that still work, newest first. Raises Forbidden."""
    authorize(actor, Permission.ACCOUNTS_TOKEN_CREATE)
    rows = (
        owned_by(actor, ApiToken)
        .where(ApiToken.user_id == actor.user_id, ApiToken.revoked_at.is_(None), ApiToken.expires_at > clock.now())
        .order_by(ApiToken.id.desc())
    )
    return list(session.scalars(rows))


def token(actor: Actor, token_id: int) -> ApiToken:
    """Return one of the actor's own tokens. Raises NotFound."""
    rows = owned_by(actor, ApiToken).where(ApiToken.id == token_id, ApiToken.user_id == actor.user_id)
    found = session.scalars(rows).first()
    if found is None:
        raise NotFound
    return found
