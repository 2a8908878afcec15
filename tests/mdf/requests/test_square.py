"""The whole square: every state, every verb, every role: who may do what when, and what it does to the money."""

from datetime import UTC, datetime, timedelta

import pytest

from mdf.ledger import service as ledger
from mdf.ledger.service import AccountKind
from mdf.requests import service
from mdf.requests.model import Request
from mdf.requests.rules import RequestState as S
from tcma.infra.db import reading, session, transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM
from tcma.kernel.errors import Conflict, DomainError, Forbidden
from tcma.kernel.permissions import Role
from tests.factories import accounts, mdf

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=120)


@pytest.fixture
def cast(world):
    """A brand and a partner with somebody in every role, and 10,000 EUR to ask from."""
    with clock.frozen(NOW), transaction(SYSTEM):
        accounts.brand()
        partner = accounts.partner()
        people = {
            role: accounts.actor_for(accounts.user(role, partner if role in {Role.OWNER, Role.MARKETER} else None))
            for role in Role
        }
        people["another"] = accounts.actor_for(accounts.user(Role.CHANNEL_MANAGER))
        allocation = mdf.allocation(partner)
    return people, allocation


def reach(state, people, allocation):
    """Bring a new request into a state, by the verbs alone."""
    owner, manager = people[Role.OWNER], people["another"]
    made = mdf.draft(owner, allocation.id)
    if state is S.DRAFT:
        return made
    if state is S.WITHDRAWN:
        service.withdraw(owner, made)
        return made
    service.submit(owner, made)
    ends = {
        S.SUBMITTED: lambda: None,
        S.INFO_REQUESTED: lambda: service.ask(manager, made, question="Where?"),
        S.REJECTED: lambda: service.reject(manager, made, reason="Dates"),
        S.DECLINED: lambda: service.decline(manager, made, reason="No"),
        S.APPROVED: lambda: service.approve(manager, made),
        S.CLOSED: lambda: (service.approve(manager, made), service.close(SYSTEM, made)),
    }
    if state is S.EXPIRED:
        with clock.frozen(LATER):
            service.expire(SYSTEM, made)
    else:
        ends[state]()
    return made


VERBS = {
    "edit": (lambda actor, made: service.edit(actor, made, title="New"), {S.DRAFT, S.REJECTED, S.INFO_REQUESTED}),
    "submit": (service.submit, {S.DRAFT, S.REJECTED, S.INFO_REQUESTED}),
    "answer": (lambda actor, made: service.answer(actor, made, answer="Here"), {S.INFO_REQUESTED}),
    "withdraw": (service.withdraw, {S.DRAFT, S.SUBMITTED, S.INFO_REQUESTED, S.REJECTED}),
    "approve": (service.approve, {S.SUBMITTED}),
    "reject": (lambda actor, made: service.reject(actor, made, reason="Dates"), {S.SUBMITTED}),
    "decline": (lambda actor, made: service.decline(actor, made, reason="No"), {S.SUBMITTED}),
    "ask": (lambda actor, made: service.ask(actor, made, question="Where?"), {S.SUBMITTED}),
}
PARTNERS_VERBS = {"edit", "submit", "answer", "withdraw"}
MAY = {
    verb: {Role.OWNER, Role.MARKETER, Role.CHANNEL_MANAGER} if verb in PARTNERS_VERBS else {Role.CHANNEL_MANAGER}
    for verb in VERBS
}


def standing(request_id):
    found = ledger.by_request(SYSTEM, [request_id]).get(request_id)
    return (0, 0) if found is None else (found[AccountKind.PENDING].minor, found[AccountKind.COMMITTED].minor)


@pytest.mark.parametrize("state", S)
def test_every_verb_by_every_role(cast, state):
    people, allocation = cast
    made = None
    with clock.frozen(NOW):
        for verb, (run, allowed_in) in VERBS.items():
            for role in Role:
                expected = Forbidden if role not in MAY[verb] else None if state in allowed_in else Conflict
                if made is None:
                    with transaction(SYSTEM):
                        made = reach(state, people, allocation)
                with reading(SYSTEM):
                    held = standing(made)
                refusal = attempt(people[role], run, made)
                assert isinstance(refusal, expected or type(None)), (verb, role, refusal)
                with reading(SYSTEM):
                    after = session.get(Request, made, populate_existing=True)
                    if expected is not None:
                        assert (after.state, standing(made)) == (state, held), (verb, role)
                    pending = after.requested_minor if after.state in {S.SUBMITTED, S.INFO_REQUESTED} else 0
                    committed = after.approved_minor if after.state is S.APPROVED else 0
                    assert standing(made) == (pending, committed), (verb, role)
                if expected is None:
                    tidy(after)
                    made = None
    with reading(SYSTEM):
        assert ledger.check() == []
        assert service.check(SYSTEM) == []


def attempt(actor, run, made):
    try:
        with transaction(actor):
            run(actor, made)
    except DomainError as error:
        return error
    return None


def tidy(request):
    """Give the money back, so that there is enough for the next one."""
    with transaction(SYSTEM):
        if request.state is S.APPROVED:
            service.close(SYSTEM, request.id)
        elif request.state in {S.SUBMITTED, S.INFO_REQUESTED}:
            service.withdraw(SYSTEM, request.id)
