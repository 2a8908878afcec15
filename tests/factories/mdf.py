"""Programs, funds and requests for tests; call inside `with transaction(...)`."""

import itertools
from datetime import date, timedelta
from typing import Any

from mdf.funds import service as funds
from mdf.funds.service import AllocationView, FundView
from mdf.programs import service as programs
from mdf.requests import service as requests
from tcma.accounts.model import Partner
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.money import Money

_numbers = itertools.count(1)


def eur(amount: str) -> Money:
    return Money.parse(amount, "EUR")


def activity(**fields: Any) -> dict[str, Any]:
    values = {
        "key": "email_campaign",
        "name": "E-mail campaign",
        "share_percent": "50",
        "caps": {"EUR": "5000.00"},
        "minimums": {"EUR": "50.00"},
        "cost_kinds": [{"key": "media", "name": "Media"}, {"key": "production", "name": "Production"}],
        "proof_of_cost": [{"key": "invoice", "name": "Invoice"}],
        "proof_of_performance": [{"key": "report", "name": "Report of results"}],
        "figures": [{"key": "leads", "name": "Leads"}],
    }
    return values | fields


def document(*activities: dict[str, Any], **windows: Any) -> dict[str, Any]:
    return {"activity_types": list(activities) or [activity()], **windows}


def program(actor: Actor = SYSTEM, *, published: bool = True, **windows: Any) -> int:
    """A program with one activity type: 50 %, at most 5000 EUR. Returns its id."""
    activities = windows.pop("activities", ())
    made = programs.create(
        actor, name=f"Program {next(_numbers)}", document=document(*activities, **windows), summary="Rules for tests"
    )
    if published:
        programs.publish(actor, made.id)
    return made.id


def fund(
    actor: Actor = SYSTEM,
    *,
    program_id: int | None = None,
    budget: str = "100000.00",
    currency: str = "EUR",
    **fields: Any,
) -> FundView:
    today = clock.today()
    values = {
        "name": f"Fund {next(_numbers)}",
        "period_start_on": today - timedelta(days=30),
        "period_end_on": today + timedelta(days=335),
    }
    return funds.create(
        actor,
        program_id=program_id or program(),
        currency=currency,
        budget=Money.parse(budget, currency),
        **values | fields,
    )


def allocation(
    partner: Partner, actor: Actor = SYSTEM, *, fund_id: int | None = None, amount: str = "10000.00"
) -> AllocationView:
    fund_id = fund_id or fund().id
    currency = funds.one(actor, fund_id).currency
    return funds.allocate(actor, fund_id, partner_id=partner.id, amount=Money.parse(amount, currency))


def plan(**fields: Any) -> dict[str, Any]:
    """What a request plans: 2000.00 EUR of cost in thirty days, of which half is asked for."""
    start: date = clock.today() + timedelta(days=30)
    values = {
        "activity_type": "email_campaign",
        "title": "Spring campaign",
        "description": "Mails to our customers",
        "starts_on": start,
        "ends_on": start + timedelta(days=14),
        "lines": [
            {"kind": "media", "description": "Sending", "amount": eur("1500.00")},
            {"kind": "production", "description": "Photos", "amount": eur("500.00")},
        ],
    }
    return values | fields


def draft(actor: Actor, allocation_id: int, **fields: Any) -> int:
    return requests.draft(actor, allocation_id=allocation_id, **plan(**fields)).id


def submitted(actor: Actor, allocation_id: int, **fields: Any) -> int:
    made = draft(actor, allocation_id, **fields)
    requests.submit(actor, made)
    return made


def approved(
    partner_actor: Actor, manager: Actor, allocation_id: int, *, amount: Money | None = None, **fields: Any
) -> int:
    """A request that a channel manager approved. Call in a transaction of the service, since both sides act."""
    made = submitted(partner_actor, allocation_id, **fields)
    requests.approve(manager, made, amount=amount)
    session.flush()
    return made
