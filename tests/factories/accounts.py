"""People and organizations for tests; call inside `with transaction(SYSTEM)`."""

import itertools

from tcma.accounts.model import Brand, Partner, User
from tcma.accounts.rules import Tier
from tcma.accounts.service import actor_of
from tcma.infra.db import session
from tcma.kernel.actor import Actor
from tcma.kernel.permissions import Role

_numbers = itertools.count(1)


def brand(**fields) -> Brand:
    values = {
        "name": "Aurelia",
        "legal_name": "Aurelia Systems SE",
        "postal_address": "Aurelia Systems SE, Kanalstr. 1, 20095 Hamburg, DE",
        "email": "hello@brand.example",
        "web": "https://brand.example",
    }
    row = Brand(**values | fields)
    session.add(row)
    session.flush()
    return row


def partner(name: str | None = None, **fields) -> Partner:
    number = next(_numbers)
    name = name or f"Partner {number}"
    values = {
        "legal_name": f"{name} GmbH",
        "trade_name": name,
        "contact_person": "Jo Doe",
        "email": f"hello@partner{number}.example",
        "phone": "+49 40 123456",
        "web": f"https://partner{number}.example",
        "street": "Hafenstr. 1",
        "postal_code": "20095",
        "city": "Hamburg",
        "country": "DE",
        "time_zone": "Europe/Berlin",
        "tier": Tier.GOLD,
        "region": "EMEA",
    }
    row = Partner(**values | fields)
    session.add(row)
    session.flush()
    return row


def user(role: Role = Role.OWNER, partner: Partner | None = None, **fields) -> User:
    number = next(_numbers)
    values = {
        "email": f"person{number}@people.example",
        "name": f"Person {number}",
        "roles": [role.value],
        "partner_id": partner.id if partner else None,
    }
    row = User(**values | fields)
    session.add(row)
    session.flush()
    return row


def actor_for(person: User) -> Actor:
    return actor_of(person)
