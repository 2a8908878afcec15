"""What every verb leaves behind: a line in the case's own history, and money on the right account."""

from mdf.ledger import service as ledger
from mdf.ledger.service import AccountKey, AccountKind, Posting
from mdf.requests import queries
from mdf.requests.model import Request, RequestEvent
from mdf.requests.rules import EventKind, EventView
from tcma.accounts import service as accounts
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor
from tcma.kernel.money import Money


def events(actor: Actor, request_id: int) -> list[EventView]:
    """Tell what happened to a request, oldest first; to a partner, people of the brand are the brand.

    Raises RequestNotFound.
    """
    request = queries.one(actor, request_id)
    return [
        EventView(
            id=event.id,
            kind=event.kind,
            state=event.state,
            by_name=accounts.user_name(actor, event.by_user_id),
            note=event.note,
            at=event.at,
        )
        for event in queries.events_of(actor, request.id)
    ]


def note(actor: Actor, request: Request, kind: EventKind, text: str = "") -> None:
    """Write into the case's history, which both sides read."""
    session.add(
        RequestEvent(
            partner_id=request.partner_id,
            request_id=request.id,
            kind=kind,
            state=request.state,
            by_user_id=actor.user_id,
            by_name=actor.name,
            note=text,
            at=clock.now(),
        )
    )
    session.flush()


def account(request: Request, kind: AccountKind) -> AccountKey:
    """Address an account of the request, or of the allocation that it asks from."""
    if kind in (AccountKind.AVAILABLE, AccountKind.EXPIRED):
        return ledger.of_allocation(
            request.fund_id, kind, partner_id=request.partner_id, allocation_id=request.allocation_id
        )
    return ledger.of_request(
        request.fund_id,
        kind,
        partner_id=request.partner_id,
        allocation_id=request.allocation_id,
        request_id=request.id,
    )


def standing(actor: Actor, request: Request, kind: AccountKind) -> Money:
    """Give what stands on one of these accounts."""
    return ledger.balance(actor, account(request, kind), request.currency)


def hold(actor: Actor, request: Request, amount: Money) -> None:
    """Make `pending` hold exactly this amount, taking from or giving back to what is available.

    The request is locked, so the number of its events names this move. Raises NotEnoughMoney.
    """
    held = standing(actor, request, AccountKind.PENDING)
    if amount == held:
        return
    available, pending = account(request, AccountKind.AVAILABLE), account(request, AccountKind.PENDING)
    move = Posting(available, pending, amount - held) if amount > held else Posting(pending, available, held - amount)
    verb = "held" if amount > held else "released"
    ledger.post(
        actor,
        request.fund_id,
        [move],
        kind=f"request.{verb}",
        reference=f"request:{request.id}:{verb}:{queries.number_of_events(request.id)}",
        note=request.title,
    )
