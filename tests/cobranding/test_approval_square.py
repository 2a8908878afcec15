"""The whole square: every state, every verb, every role; and the square of policy, edit and state."""

import pytest

from cobranding.artworks import queries, service
from cobranding.artworks.rules import ArtworkState as S
from cobranding.artworks.rules import RejectionCode
from cobranding.templates import service as templates
from cobranding.templates.rules import ApprovalPolicy
from tcma.infra.db import reading, transaction
from tcma.kernel.actor import SYSTEM
from tcma.kernel.errors import Conflict, DomainError, Forbidden, NotFound
from tcma.kernel.permissions import PARTNER_ROLES, Role
from tests.factories import accounts, assets
from tests.factories import cobranding as factory


@pytest.fixture
def stage(world):
    """A brand and a partner with somebody in every role, and a template that the brand always looks at."""
    with transaction(SYSTEM):
        accounts.brand()
        partner = accounts.partner()
        people = {
            role: accounts.actor_for(accounts.user(role, partner if role in PARTNER_ROLES else None)) for role in Role
        }
        people["stranger"] = accounts.actor_for(accounts.user(Role.OWNER, accounts.partner("Südstern")))
    marketing = people[Role.MARKETING]
    assets.asset(marketing, factory.photo(400, 300), kind="photo", name="hero")
    with transaction(marketing):
        draft = templates.create(marketing, name="Flyer", document=factory.flyer())
        version = templates.publish(marketing, draft.id)
        templates.edit(marketing, version.template_id, approval=ApprovalPolicy.ALWAYS)
    return people, version


def seen(artwork_id):
    return queries.one(SYSTEM, artwork_id).values_hash


VERBS = {
    "edit": (
        lambda actor, made: service.edit(actor, made, values={"headline": f"Said by {actor.user_id}"}),
        {S.DRAFT, S.READY, S.APPROVED, S.REJECTED},
    ),
    "submit": (service.submit, {S.DRAFT, S.READY, S.REJECTED}),
    "approve": (lambda actor, made: service.approve(actor, made, seen=seen(made)), {S.IN_REVIEW}),
    "reject": (
        lambda actor, made: service.reject(actor, made, code=RejectionCode.LEGAL, reason="Why", seen=seen(made)),
        {S.IN_REVIEW},
    ),
}
MAY = {
    "edit": PARTNER_ROLES,
    "submit": PARTNER_ROLES,
    "approve": {Role.MARKETING},
    "reject": {Role.MARKETING},
}


def reach(state, people, version):
    """Bring a new artwork into a state, by the verbs alone."""
    owner, marketing = people[Role.OWNER], people[Role.MARKETING]
    if state is S.READY:
        _policy(marketing, version, ApprovalPolicy.NONE)
    with transaction(owner):
        made = service.create(owner, template_version_id=version.id).id
    _policy(marketing, version, ApprovalPolicy.ALWAYS)
    if state in {S.DRAFT, S.READY}:
        return made
    with transaction(owner):
        service.submit(owner, made)
    if state is not S.IN_REVIEW:
        with transaction(marketing):
            VERBS["approve" if state is S.APPROVED else "reject"][0](marketing, made)
    return made


def _policy(marketing, version, approval):
    with transaction(marketing):
        templates.edit(marketing, version.template_id, approval=approval)


def attempt(actor, run, made):
    try:
        with transaction(actor):
            run(actor, made)
    except DomainError as error:
        return error
    return None


def state_of(made):
    with reading(SYSTEM):
        return queries.one(SYSTEM, made).state


@pytest.mark.parametrize("state", S)
def test_every_verb_by_every_role(stage, state):
    people, version = stage
    made = None
    for verb, (run, allowed_in) in VERBS.items():
        for role in Role:
            expected = Forbidden if role not in MAY[verb] else None if state in allowed_in else Conflict
            made = made or reach(state, people, version)
            assert state_of(made) is state
            refusal = attempt(people[role], run, made)
            assert isinstance(refusal, expected or type(None)), (verb, role, refusal)
            if expected is None:
                made = None
            else:
                assert state_of(made) is state, (verb, role)


@pytest.mark.parametrize("state", S)
def test_to_another_partner_it_is_not_there_in_any_state(stage, state):
    people, version = stage
    made = reach(state, people, version)
    for verb, (run, _) in VERBS.items():
        assert isinstance(attempt(people["stranger"], run, made), NotFound), verb
    with reading(people["stranger"]), pytest.raises(NotFound):
        service.look_inputs(people["stranger"], made)
    with reading(people["stranger"]), pytest.raises(NotFound):
        service.reviews(people["stranger"], made)


AFTER_EDIT = {
    ApprovalPolicy.NONE: dict.fromkeys(set(S) - {S.IN_REVIEW}, S.READY),
    # Before the approval of the last line the partner has none; from then on it is trusted.
    ApprovalPolicy.FIRST_USE: {S.DRAFT: S.DRAFT, S.READY: S.DRAFT, S.REJECTED: S.DRAFT, S.APPROVED: S.READY},
    ApprovalPolicy.ALWAYS: dict.fromkeys(set(S) - {S.IN_REVIEW}, S.DRAFT),
}


@pytest.mark.parametrize("policy", ApprovalPolicy)
def test_where_an_edit_leads_in_every_state(stage, policy):
    people, version = stage
    owner = people[Role.OWNER]
    for state, after in sorted(AFTER_EDIT[policy].items(), key=lambda pair: pair[0] is S.APPROVED):
        made = reach(state, people, version)
        _policy(people[Role.MARKETING], version, policy)
        with transaction(owner):
            service.edit(owner, made, values={"headline": "Something else"})
        assert state_of(made) is after, state
