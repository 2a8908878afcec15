"""The demo's money: one program, two funds in two currencies, and a case in every state."""

from datetime import date, timedelta
from typing import Any

from mdf.funds import service as funds
from mdf.programs import service as programs
from tcma.demo import marks
from tcma.demo.cast import Cast
from tcma.infra.db import transaction
from tcma.kernel import clock
from tcma.kernel.money import Money

PROGRAM = "Local demand"
EUROPE, OVERSEAS = "Europe co-marketing fund", "Americas and Pacific co-marketing fund"
E_MAIL, EVENT = "email_campaign", "tasting_event"
_INVOICE = [{"key": "invoice", "name": "The supplier's invoice"}]

PROGRAM_DOCUMENT: dict[str, Any] = {
    "activity_types": [
        {
            "key": E_MAIL,
            "name": "Digital campaign",
            "share_percent": "50",
            "caps": {"EUR": "4000.00", "USD": "4500.00"},
            "minimums": {"EUR": "100.00", "USD": "100.00"},
            "lead_days": 0,
            "cost_kinds": [{"key": "media", "name": "Media"}, {"key": "production", "name": "Print and production"}],
            "proof_of_cost": _INVOICE,
            "proof_of_performance": [{"key": "creative", "name": "The mail, picture or flyer as it ran"}],
            "figures": [{"key": "leads", "name": "New leads"}],
        },
        {
            "key": EVENT,
            "name": "Tasting event",
            "share_percent": "75",
            "caps": {"EUR": "6000.00", "USD": "6500.00"},
            "minimums": {"EUR": "250.00", "USD": "250.00"},
            "cost_kinds": [
                {"key": "venue", "name": "Venue and catering"},
                {"key": "staff", "name": "Barista and staff"},
                {"key": "print", "name": "Print and signage"},
            ],
            "proof_of_cost": _INVOICE,
            "proof_of_performance": [{"key": "photo", "name": "A photograph of the event"}],
            "figures": [{"key": "visitors", "name": "Visitors"}, {"key": "leads", "name": "New leads"}],
        },
    ],
    "request_lead_days": 14,
    "claim_within_days": 60,
}
SHARES: dict[str, tuple[str, str]] = {
    "a": (EUROPE, "18000.00"),
    "b": (EUROPE, "14000.00"),
    "d": (EUROPE, "9000.00"),
    "c": (OVERSEAS, "16000.00"),
    "e": (OVERSEAS, "9000.00"),
    "f": (OVERSEAS, "5000.00"),
}
FUNDS: dict[str, tuple[str, str]] = {EUROPE: ("EUR", "60000.00"), OVERSEAS: ("USD", "45000.00")}


def set_up_funds(cast: Cast) -> None:
    """Publish the program, fill the funds, give each partner its share."""
    today = clock.today()
    with clock.frozen(clock.now() - timedelta(days=175)), transaction(cast.finance):
        program = programs.create(
            cast.finance,
            name=PROGRAM,
            summary="Half of a digital campaign, three quarters of a tasting event. Ask before you spend.",
            document=PROGRAM_DOCUMENT,
        )
        programs.publish(cast.finance, program.id)
        made = {name: _fund(cast, program.id, name, today) for name in FUNDS}
        shares = {
            key: funds.allocate(
                cast.finance,
                made[name],
                partner_id=cast.profiles[key].id,
                amount=Money.parse(amount, FUNDS[name][0]),
                note="Share of the year",
            ).id
            for key, (name, amount) in SHARES.items()
        }
        marks.take(cast.finance, "funds", allocations=shares)


def _fund(cast: Cast, program_id: int, name: str, today: date) -> int:
    currency, budget = FUNDS[name]
    begins = (today - timedelta(days=200)).replace(day=1)
    return funds.create(
        cast.finance,
        program_id=program_id,
        name=name,
        currency=currency,
        period_start_on=begins,
        period_end_on=begins + timedelta(days=364),
        budget=Money.parse(budget, currency),
    ).id
