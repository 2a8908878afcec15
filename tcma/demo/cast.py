"""The people of the demo as actors, found by the addresses that they sign in with."""

from dataclasses import dataclass
from datetime import timedelta

from tcma.accounts import service as accounts
from tcma.accounts import signin
from tcma.accounts.service import PartnerProfile
from tcma.demo import marks
from tcma.demo.people import BRAND, MEMBERS, TEAM, Member, Person
from tcma.infra.db import reading, transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.errors import Conflict, NotFound
from tcma.kernel.permissions import Role

BEGAN_DAYS_AGO = 180


class NotEmpty(Conflict):
    """Report that there is a real brand here already."""

    code = "demo_needs_empty_service"
    message = "This service has a brand already. The demo program is only loaded into an empty one."


@dataclass(frozen=True)
class Cast:
    """Who acts in the demo."""

    marketing: Actor
    channel: Actor
    finance: Actor
    treasury: Actor
    owners: dict[str, Actor]
    profiles: dict[str, PartnerProfile]


def set_up_people(password: str) -> None:
    """Set up the brand, its partners, and everybody's sign-in.

    Raises NotEmpty.
    """
    with reading(SYSTEM):
        _check_empty()
    added: list[int] = []
    with clock.frozen(clock.now() - timedelta(days=BEGAN_DAYS_AGO)), transaction(SYSTEM):
        accounts.set_up_brand(SYSTEM, **BRAND)
        added += [_invite(person, None) for person in TEAM]
        for member in MEMBERS:
            partner = accounts.create_partner(SYSTEM, tier=member.tier, **member.profile)
            added += [_invite(person, partner.id) for person in member.people]
        marks.take(SYSTEM, "people")
    for user_id in added:
        signin.set_password(user_id, password)


def _check_empty() -> None:
    try:
        accounts.brand_profile()
    except NotFound:
        return
    raise NotEmpty


def _invite(person: Person, partner_id: int | None) -> int:
    added = accounts.invite(SYSTEM, email=person.email, name=person.name, roles=[person.role], partner_id=partner_id)
    return added.id


def find_cast() -> Cast:
    """Find everybody by their addresses."""
    with reading(SYSTEM):
        profiles = {profile.email: profile for profile in accounts.partners(SYSTEM)}
        team = {person.email: _of_brand(person) for person in TEAM}
        owners = {member.key: _owner(member, profiles[member.profile["email"]].id) for member in MEMBERS}
    return Cast(
        marketing=team["marketing@brand.example"],
        channel=team["channel@brand.example"],
        finance=team["finance@brand.example"],
        treasury=team["treasury@brand.example"],
        owners=owners,
        profiles={member.key: profiles[member.profile["email"]] for member in MEMBERS},
    )


def _of_brand(person: Person) -> Actor:
    for user_id in accounts.people_with_role(person.role):
        if accounts.address_of(SYSTEM, user_id)[1] == person.email:
            return _actor(user_id, None, person)
    raise NotFound(f"There is no {person.email}.")


def _owner(member: Member, partner_id: int) -> Actor:
    person = next(person for person in member.people if person.role is Role.OWNER)
    for user_id in accounts.people_of_partner(SYSTEM, partner_id):
        if accounts.address_of(SYSTEM, user_id)[1] == person.email:
            return _actor(user_id, partner_id, person)
    raise NotFound(f"There is no {person.email}.")


def _actor(user_id: int, partner_id: int | None, person: Person) -> Actor:
    return Actor.person(user_id=user_id, partner_id=partner_id, roles=frozenset({person.role}), name=person.name)
