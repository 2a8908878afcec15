"""A partner with an approved request, people of finance, and claims in every state; call outside a transaction."""

import itertools
from dataclasses import dataclass
from datetime import date
from typing import Any

from assets.library import service as library
from assets.library.rules import AssetKind, Variant
from assets.library.service import NewFile
from mdf.claims import service as claims
from tcma.accounts.model import Partner
from tcma.infra.db import session, transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.money import Money
from tcma.kernel.permissions import Role
from tests.factories import accounts, mdf
from tests.factories import assets as files

_numbers = itertools.count(1)


def eur(amount: str) -> Money:
    return Money.parse(amount, "EUR")


@dataclass
class Case:
    """One partner with one approved request of 1000.00 EUR (50 % of 2000.00), and everybody around it."""

    partner: Partner
    owner: Actor
    manager: Actor
    finance: Actor
    second: Actor
    third: Actor
    allocation_id: int
    fund_id: int
    request_id: int


def case(
    name: str | None = None,
    *,
    brand: bool = True,
    fund_id: int | None = None,
    owner: Actor | None = None,
    **request: Any,
) -> Case:
    with transaction(SYSTEM):
        if brand and owner is None:
            accounts.brand()
        partner = session.get_one(Partner, owner.partner_id) if owner else accounts.partner(name)
        owner = owner or accounts.actor_for(accounts.user(Role.OWNER, partner))
        manager = accounts.actor_for(accounts.user(Role.CHANNEL_MANAGER))
        finance, second, third = (accounts.actor_for(accounts.user(Role.FINANCE)) for _ in range(3))
        held = mdf.allocation(partner, fund_id=fund_id)
        request_id = mdf.approved(owner, manager, held.id, **request)
    return Case(partner, owner, manager, finance, second, third, held.id, held.fund_id, request_id)


def invoice(**fields: Any) -> dict[str, Any]:
    number = next(_numbers)
    values = {
        "supplier": f"Print House {number} Ltd",
        "supplier_tax_id": f"DE{number:09}",
        "invoice_number": f"RE-2026-{number:04}",
        "invoiced_on": clock.today(),
        "net": eur("400.00"),
        "tax": eur("76.00"),
        "figures": {"leads": 12},
    }
    return values | fields


def proof(owner: Actor, colour: tuple[int, int, int] | None = None) -> int:
    """A picture of one colour; or, quicker, the row of a file that nobody sent before."""
    if colour:
        return files.asset(owner, files.picture(colour=colour, size=(64, 48)), kind="proof").id
    sha256 = f"{next(_numbers):064x}"
    file = NewFile(f"files/{sha256[:2]}/{sha256[2:]}", sha256, "image/png", 1000, 64, 48)
    with transaction(owner):
        kept = {"thumbnail": None, "mark": None, "measures": None, "pages": None}
        return library.add(owner, kind=AssetKind.PROOF, name="proof", variant=Variant.ANY, file=file, **kept).id


def draft(case: Case, **fields: Any) -> int:
    """A claim with everything filled in and attached; not yet submitted."""
    attached = {"invoice": proof(case.owner), "report": proof(case.owner)}
    with transaction(case.owner):
        claim = claims.open_claim(case.owner, case.request_id)
        claims.edit(case.owner, claim.id, **invoice(**fields))
        for key, asset_id in attached.items():
            claims.attach(case.owner, claim.id, proof=key, asset_id=asset_id)
        return claim.id


def submitted(case: Case, **fields: Any) -> int:
    claim_id = draft(case, **fields)
    with transaction(case.owner):
        claims.submit(case.owner, claim_id)
    return claim_id


def approved(case: Case, *, by: Actor | None = None, **fields: Any) -> int:
    claim_id = submitted(case, **fields)
    by = by or case.finance
    with transaction(by):
        claims.approve(by, claim_id)
    return claim_id


def today() -> date:
    return clock.today()
