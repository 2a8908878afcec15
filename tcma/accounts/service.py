"""The verbs of organizations and people."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from email_validator import EmailNotValidError, validate_email

from tcma import settings
from tcma.accounts import queries, rules
from tcma.accounts.errors import AddressTaken, BadProfile, TooManyInvitations
from tcma.accounts.model import ApiToken, Brand, Partner, SingleUseLink, User
from tcma.accounts.rules import LinkPurpose, Tier
from tcma.audit import service as audit
from tcma.infra import crypto
from tcma.infra.db import check_revision, enqueue, session
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM, Actor, authorize
from tcma.kernel.errors import Forbidden, NotFound
from tcma.kernel.permissions import Permission, Role

_PROFILE = (
    "legal_name",
    "trade_name",
    "contact_person",
    "email",
    "phone",
    "web",
    "street",
    "postal_code",
    "city",
    "country",
    "locale",
    "time_zone",
    "region",
    "specialties",
    "social",
)


@dataclass(frozen=True, slots=True)
class BrandProfile:
    """Hold what other rooms know of the brand."""

    name: str
    legal_name: str
    postal_address: str
    email: str
    web: str
    locale: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class PartnerProfile:
    """Hold what other rooms know of a partner."""

    id: int
    legal_name: str
    trade_name: str
    contact_person: str
    email: str
    phone: str
    web: str
    street: str
    postal_code: str
    city: str
    country: str
    locale: str
    time_zone: str
    tier: Tier
    region: str
    specialties: tuple[str, ...]
    social: Mapping[str, str]

    @property
    def postal_address(self) -> str:
        """Return the address on one line, as mails carry it."""
        place = f"{self.postal_code} {self.city}".strip()
        return ", ".join(part for part in (self.legal_name, self.street, place, self.country) if part)


def brand_profile() -> BrandProfile:
    """Return the brand. Raises NotFound before it was set up."""
    brand = queries.brand()
    if brand is None:
        raise NotFound("The brand is not set up yet.")
    return BrandProfile(
        brand.name, brand.legal_name, brand.postal_address, brand.email, brand.web, brand.locale, brand.time_zone
    )


@dataclass(frozen=True, slots=True)
class BrandLimits:
    """Hold how the brand guards people from its partners' campaigns; 0 is no limit."""

    collision_days: int
    mails_per_week: int


def brand_limits() -> BrandLimits:
    """Return how the brand guards people; none before it was set up."""
    brand = queries.brand()
    return BrandLimits(brand.collision_days, brand.mails_per_week) if brand else BrandLimits(0, 0)


def brand_name() -> str:
    """Return the brand's name, or nothing before it was set up."""
    brand = queries.brand()
    return brand.name if brand else ""


def set_up_brand(actor: Actor, **fields: Any) -> Brand:
    """Set up the one brand of this deployment, or change its profile."""
    authorize(actor, Permission.ACCOUNTS_BRAND_EDIT)
    rules.check_time_zone(fields.get("time_zone", "UTC"))
    brand = queries.brand()
    before = None if brand is None else {name: getattr(brand, name) for name in fields}
    if brand is None:
        brand = Brand(**fields)
        session.add(brand)
    else:
        for name, value in fields.items():
            setattr(brand, name, value)
    audit.record(actor, "accounts.brand.edited", brand, before=before, after=fields)
    return brand


def partner_profile(actor: Actor, partner_id: int) -> PartnerProfile:
    """Return a partner's profile. Raises NotFound."""
    return _profile(queries.partner(actor, partner_id))


def partners(actor: Actor) -> list[PartnerProfile]:
    """Return the profiles of every partner that the actor may see, by name."""
    return [_profile(partner) for partner in queries.partners(actor)]


def _profile(partner: Partner) -> PartnerProfile:
    values: dict[str, Any] = {name: getattr(partner, name) for name in ("id", "tier", *_PROFILE)}
    return PartnerProfile(**values | {"specialties": tuple(partner.specialties)})


def user_name(actor: Actor, user_id: int | None) -> str:
    """Return a person's name as the actor may know it; to a partner, people of the brand are the brand."""
    if user_id is None:
        return "the service"
    try:
        return queries.user(actor, user_id).name
    except NotFound:
        return brand_name() or "the brand"


def people_of_partner(actor: Actor, partner_id: int) -> list[int]:
    """Return the ids of a partner's active people. Raises NotFound."""
    queries.partner(actor, partner_id)
    rows = queries.people_visible_to(actor).where(User.partner_id == partner_id, User.is_active)
    return [user.id for user in session.scalars(rows)]


def people_with_role(role: Role) -> list[int]:
    """Return the ids of the brand's active people with a role."""
    return queries.ids_with_role(role)


def address_of(actor: Actor, user_id: int) -> tuple[str, str]:
    """Return a person's name and e-mail address. Raises NotFound."""
    user = queries.user(actor, user_id)
    return user.name, user.email


def create_partner(actor: Actor, *, tier: Tier = Tier.REGISTERED, **fields: Any) -> Partner:
    """Take a partner into the program. Raises Forbidden, BadProfile."""
    authorize(actor, Permission.ACCOUNTS_PARTNER_CREATE)
    _check_profile(fields)
    partner = Partner(tier=tier, **fields)
    session.add(partner)
    audit.record(actor, "accounts.partner.created", partner, after={"trade_name": partner.trade_name, "tier": tier})
    return partner


def edit_partner(actor: Actor, partner_id: int, *, expected_revision: int | None = None, **fields: Any) -> Partner:
    """Change a partner's profile; the tier has a verb of its own. Raises NotFound, Forbidden, StaleEdit, BadProfile."""
    partner = queries.partner_for_update(actor, partner_id)
    authorize(actor, Permission.ACCOUNTS_PARTNER_EDIT)
    check_revision(partner, expected_revision)
    _check_profile(fields)
    changed = {name: value for name, value in fields.items() if getattr(partner, name) != value}
    before = {name: getattr(partner, name) for name in changed}
    for name, value in changed.items():
        setattr(partner, name, value)
    audit.record(actor, "accounts.partner.edited", partner, before=before, after=changed)
    return partner


def retier_partner(actor: Actor, partner_id: int, *, tier: Tier) -> Partner:
    """Put a partner into another tier. Raises NotFound, Forbidden."""
    partner = queries.partner_for_update(actor, partner_id)
    authorize(actor, Permission.ACCOUNTS_PARTNER_RETIER)
    before, partner.tier = partner.tier, tier
    audit.record(actor, "accounts.partner.retiered", partner, before={"tier": before}, after={"tier": tier})
    return partner


def _check_profile(fields: Mapping[str, Any]) -> None:
    if unknown := set(fields) - set(_PROFILE):
        raise BadProfile(errors={name: ["There is no such field."] for name in sorted(unknown)})
    if fields.get("time_zone"):
        rules.check_time_zone(fields["time_zone"])
    if fields.get("email"):
        normal_address(fields["email"])


def normal_address(email: str) -> str:
    """Return an e-mail address in the form that is kept: checked, in lower case. Raises BadProfile."""
    try:
        return validate_email(email, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError as error:
        raise BadProfile(str(error), errors={"email": [str(error)]}) from None


def invite(actor: Actor, *, email: str, name: str, roles: Collection[Role], partner_id: int | None = None) -> User:
    """Add a person and send an invitation by mail.

    Raises NotFound, Forbidden, RoleNotYours, AddressTaken, BadProfile.
    """
    user = add_user(actor, email=email, name=name, roles=roles, partner_id=partner_id)
    _send_link(user, LinkPurpose.INVITATION)
    return user


def add_user(actor: Actor, *, email: str, name: str, roles: Collection[Role], partner_id: int | None = None) -> User:
    """Add a person who cannot sign in yet: an invitation or the command line sets the password.

    Raises NotFound, Forbidden, RoleNotYours, TooManyInvitations, AddressTaken, BadProfile.
    """
    if partner_id is not None:
        queries.partner(actor, partner_id)
    authorize(actor, Permission.ACCOUNTS_USER_INVITE)
    if not actor.is_system:
        rules.check_roles(actor.roles, actor.is_brand, roles, partner_id is not None)
    if actor.is_partner and partner_id != actor.partner_id:
        raise Forbidden
    if actor.is_partner and queries.added_since(actor, clock.now() - timedelta(days=1)) >= rules.INVITATIONS_A_DAY:
        raise TooManyInvitations
    address = normal_address(email)
    if _address_is_taken(address):
        raise AddressTaken(errors={"email": [AddressTaken.message]})
    user = User(email=address, name=name, roles=sorted(roles), partner_id=partner_id)
    session.add(user)
    session.flush()
    audit.record(actor, "accounts.user.added", user, after={"email": address, "roles": sorted(roles)})
    return user


def _address_is_taken(address: str) -> bool:
    return queries.address_is_taken(address)


def _send_link(user: User, purpose: LinkPurpose) -> None:
    link = SingleUseLink(
        partner_id=user.partner_id,
        user_id=user.id,
        purpose=purpose,
        expires_at=clock.now() + rules.LINK_LIVES[purpose],
    )
    session.add(link)
    session.flush()
    enqueue("accounts.mail_link", link_id=link.id)


def send_reset(actor: Actor, *, email: str) -> None:
    """Send a password reset to the person with this address, if there is one. Raises Forbidden."""
    authorize(actor, Permission.ACCOUNTS_USER_SUSPEND)
    user = queries.user_by_email(email)
    if user is not None and user.is_active:
        _send_link(user, LinkPurpose.PASSWORD_RESET)
        audit.record(actor, "accounts.user.reset_asked", user)


def suspend_user(actor: Actor, user_id: int) -> User:
    """Take a person's access away at once: sessions and tokens end. Raises NotFound, Forbidden."""
    user = queries.user(actor, user_id)
    authorize(actor, Permission.ACCOUNTS_USER_SUSPEND, user)
    if user.id == actor.user_id:
        raise Forbidden("You cannot take away your own access.")
    user.is_active = False
    end_access(user)
    audit.record(actor, "accounts.user.suspended", user, before={"is_active": True}, after={"is_active": False})
    return user


def restore_user(actor: Actor, user_id: int) -> User:
    """Give a suspended person access again. Raises NotFound, Forbidden."""
    user = queries.user(actor, user_id)
    authorize(actor, Permission.ACCOUNTS_USER_SUSPEND, user)
    user.is_active = True
    audit.record(actor, "accounts.user.restored", user, before={"is_active": False}, after={"is_active": True})
    return user


def issue_token(
    actor: Actor, *, name: str, scopes: Collection[Permission] | None = None, lives: timedelta = rules.TOKEN_LIVES
) -> tuple[str, ApiToken]:
    """Return a new API token, shown this once, and its row; scopes can only narrow what the person may do.

    Raises Forbidden.
    """
    authorize(actor, Permission.ACCOUNTS_TOKEN_CREATE)
    if actor.is_narrowed:
        raise Forbidden("A token that was narrowed makes no other tokens. Sign in to make one.")
    if scopes is not None and not set(scopes) <= actor.permissions:
        raise Forbidden("A token cannot do more than you can.")
    if actor.user_id is None:
        raise Forbidden("Only a person has tokens.")
    secret = crypto.random_token()
    row = ApiToken(
        partner_id=actor.partner_id,
        user_id=actor.user_id,
        name=name,
        fingerprint=crypto.fingerprint(secret),
        scopes=None if scopes is None else sorted(scopes),
        expires_at=clock.now() + min(lives, rules.LONGEST_TOKEN_LIFE),
    )
    session.add(row)
    audit.record(actor, "accounts.token.issued", row, after={"name": name, "scopes": row.scopes})
    return secret, row


def revoke_token(actor: Actor, token_id: int) -> ApiToken:
    """End one of the actor's own tokens. Raises NotFound, Forbidden."""
    row = queries.token(actor, token_id)
    authorize(actor, Permission.ACCOUNTS_TOKEN_CREATE, row)
    row.revoked_at = row.revoked_at or clock.now()
    audit.record(actor, "accounts.token.revoked", row, after={"name": row.name})
    return row


def actor_of(user: User, *, only: frozenset[Permission] | None = None) -> Actor:
    """Return the actor that a person is."""
    return Actor.person(user_id=user.id, partner_id=user.partner_id, roles=user.role_set, name=user.name, only=only)


def end_sessions(user: User) -> None:
    """End every browser session of a person."""
    user.session_epoch += 1


def end_access(user: User) -> None:
    """End every session, token and single-use link of a person; who may sign in again does so afresh."""
    end_sessions(user)
    queries.revoke_tokens(user.id)
    queries.use_up_links(user.id)


def link_token(link: SingleUseLink) -> str:
    """Return the token that a single-use link carries: its signed id."""
    return crypto.sign(link.purpose.value, link.id)


def visit_address(user_id: int, target: str) -> str:
    """Make a link that leads a person to a page of ours, once, within a week, and return its address."""
    user = queries.user(SYSTEM, user_id)
    link = SingleUseLink(
        partner_id=user.partner_id,
        user_id=user.id,
        purpose=LinkPurpose.VISIT,
        target=target,
        expires_at=clock.now() + rules.LINK_LIVES[LinkPurpose.VISIT],
        mail_due_at=None,
    )
    session.add(link)
    session.flush()
    return f"{settings.current().base_url}/visit/{link_token(link)}"


def last_seen(user: User, at: datetime) -> None:
    """Keep when a person was here last."""
    user.last_seen_at = at


def accepted_by(token: str, purpose: LinkPurpose) -> SingleUseLink | None:
    """Return the live link of a token, held until the transaction ends, or None."""
    try:
        (link_id,) = crypto.verify(purpose.value, token)
    except crypto.BadSignature:
        return None
    return queries.live_link(int(link_id), purpose)


def user_of_link(link: SingleUseLink) -> User:
    """Return the person that a link is for."""
    return queries.user(SYSTEM, link.user_id)
