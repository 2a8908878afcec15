"""What holds for people and organizations; pure."""

from collections.abc import Collection
from datetime import timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tcma.accounts.errors import BadProfile, RoleNotYours, WeakPassword
from tcma.kernel.permissions import BRAND_ROLES, PARTNER_ROLES, Role


class Tier(StrEnum):
    """Name how close a partner is to the brand."""

    PLATINUM = "platinum"
    GOLD = "gold"
    SILVER = "silver"
    REGISTERED = "registered"


class LinkPurpose(StrEnum):
    """Say what a single-use link is for."""

    INVITATION = "invitation"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a purpose, not a password
    VISIT = "visit"


LINK_LIVES = {
    LinkPurpose.INVITATION: timedelta(days=7),
    LinkPurpose.PASSWORD_RESET: timedelta(hours=1),
    LinkPurpose.VISIT: timedelta(days=7),
}
TOKEN_LIVES = timedelta(days=90)
LONGEST_TOKEN_LIFE = timedelta(days=366)
SIGN_IN_TOKEN_LIVES = timedelta(hours=12)
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
# Tries for one address, and from one network address, in a window: a person mistypes, a machine guesses.
TRIES_PER_ADDRESS = 10
TRIES_PER_NETWORK = 60
TRY_WINDOW_S = 900
RESETS_PER_ADDRESS = 5
# People that one partner may add in a day; each gets a mail.
INVITATIONS_A_DAY = 25


def check_password(password: str) -> None:
    """Refuse a password that is easily guessed, by length first (NIST SP 800-63B). Raises WeakPassword."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD or len(set(password)) < 5:
        raise WeakPassword(errors={"password": [WeakPassword.message]})


def check_time_zone(name: str) -> None:
    """Refuse what is no IANA time zone. Raises BadProfile."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, IsADirectoryError):
        sentence = f"{name!r} is not a time zone. Use a name such as Europe/Berlin."
        raise BadProfile(sentence, errors={"time_zone": [sentence]}) from None


def check_roles(giver: Collection[Role], giver_is_brand: bool, roles: Collection[Role], at_partner: bool) -> None:
    """Refuse roles of the wrong kind of organization, or above the giver's. Raises RoleNotYours."""
    allowed = PARTNER_ROLES if at_partner else BRAND_ROLES
    if not roles or not set(roles) <= allowed:
        raise RoleNotYours(errors={"roles": [f"Choose from: {', '.join(sorted(allowed))}."]})
    if not at_partner and (not giver_is_brand or Role.ADMIN not in giver):
        raise RoleNotYours
