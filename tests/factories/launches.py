"""A brand, a partner with contacts, and a published kit to launch, for tests."""

from dataclasses import dataclass

from campaigns.kits.service import KitVersionView
from tcma.infra.db import transaction
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.permissions import Role
from tests.factories import accounts, audiences, kits


@dataclass
class Scene:
    marketing: Actor
    partner: Actor
    other: Actor
    kit: KitVersionView


def scene(*touches, contacts: int = 2, **profile) -> Scene:
    """Commit what a launch needs; `touches` are functions of a template version."""
    with transaction(SYSTEM):
        accounts.brand()
        marketing = accounts.actor_for(accounts.user(Role.MARKETING))
        partner = accounts.actor_for(accounts.user(Role.OWNER, accounts.partner("Nordwind", **profile)))
        other = accounts.actor_for(accounts.user(Role.OWNER, accounts.partner("Südstern")))
    with transaction(marketing):
        template = kits.email_template(marketing)
        made = [touch(template) for touch in touches] or [kits.email_touch(template), kits.share_touch()]
        kit = kits.published_kit(marketing, *made)
    if contacts:
        with transaction(partner):
            audiences.contacts(partner, *(f"person{number}@example.com" for number in range(contacts)))
    return Scene(marketing, partner, other, kit)
