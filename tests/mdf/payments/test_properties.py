"""Any sequence of commands by anybody: the books stay true, and every case's state equals its postings."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from mdf.claims import queries as claim_queries
from mdf.claims import service as claims
from mdf.claims.rules import Reason
from mdf.ledger import service as ledger
from mdf.payments import queries
from mdf.payments import service as payments
from mdf.requests import service as requests
from tcma.infra.db import reading, transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM
from tcma.kernel.errors import DomainError
from tcma.kernel.money import Money
from tests.factories import claims as make

pytestmark = pytest.mark.usefixtures("world")

SAY = {"reason": Reason.OTHER, "note": "No.", "fix": "Yes."}
cents = st.integers(1, 150_000)
PEOPLE = ("owner", "manager", "finance", "second", "third")
step = st.one_of(
    st.tuples(st.just("edit"), cents),
    st.tuples(st.just("approve"), st.one_of(st.none(), cents)),
    *(st.tuples(st.just(verb), st.none()) for verb in ("submit", "answer", "dispute", "withdraw", "ask", "reject")),
    *(
        st.tuples(st.just(verb), st.none())
        for verb in ("prepare", "release", "export", "settle", "fail", "cancel", "settle", "prepare", "release")
    ),
)
commands = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(PEOPLE), step), max_size=25)


def do(case, claim_id, person, verb, number):
    actor = getattr(case, person)
    amount = None if number is None else Money(number, "EUR")
    with transaction(actor):
        payment = queries.page_of(actor, claim_id=claim_id).items[:1]
        batch_id = payment[0].batch_id if payment else 0
        payment_id = payment[0].id if payment else 0
        {
            "edit": lambda: claims.edit(actor, claim_id, net=amount, tax=None),
            "submit": lambda: claims.submit(actor, claim_id),
            "answer": lambda: claims.answer(actor, claim_id, note="!"),
            "dispute": lambda: claims.dispute(actor, claim_id, note="!"),
            "withdraw": lambda: claims.withdraw(actor, claim_id),
            "ask": lambda: claims.ask(actor, claim_id, note="?"),
            "approve": lambda: claims.approve(actor, claim_id, amount=amount, reason=Reason.OTHER, note="So much."),
            "reject": lambda: claims.reject(actor, claim_id, **SAY),
            "prepare": lambda: payments.prepare(actor, claim_ids=[claim_id]),
            "release": lambda: payments.release(actor, batch_id),
            "export": lambda: payments.export(actor, batch_id),
            "settle": lambda: payments.settle(actor, payment_id, paid_on=clock.today()),
            "fail": lambda: payments.fail(actor, payment_id, note="No."),
            "cancel": lambda: payments.cancel(actor, batch_id, note="No."),
        }[verb]()


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(commands)
def test_any_sequence_of_commands_keeps_every_invariant(world, sequence):
    case = make.case(brand=False)
    ids = [make.submitted(case) for _ in range(3)]
    for which, person, (verb, number) in sequence:
        try:
            do(case, ids[which], person, verb, number)
        except DomainError:
            continue  # refused; that nothing was half-written is what follows
    with reading(SYSTEM):
        assert ledger.check() == []
        assert requests.check(SYSTEM) == []
        assert claims.check(SYSTEM) == []
        assert payments.check(SYSTEM) == []
        found = claim_queries.page_of(SYSTEM, request_id=case.request_id).items
        reserved = requests.for_claim(SYSTEM, case.request_id)
        granted = sum(claim.approved_minor or 0 for claim in found)
        assert granted + reserved.committed.minor == reserved.approved.minor
        for claim in found:
            for approval in claim.approvals:
                assert approval.approved_by not in {*claim.worked_on_by, *reserved.requested_by}
        for batch in queries.batches_page(SYSTEM).items:
            if batch.released_by is not None:
                assert batch.released_by != batch.prepared_by
                assert batch.released_by not in {payment.approved_by for payment in batch.payments}


def test_the_proof_finds_what_was_bent(world):
    case = make.case()
    claim_id = make.approved(case)
    with reading(SYSTEM):
        assert claims.check(SYSTEM) == []
    with transaction(SYSTEM):
        claim = claim_queries.one(SYSTEM, claim_id)
        claim.approved_minor = 19_999
    with reading(SYSTEM):
        faults = claims.check(SYSTEM)
    assert len(faults) == 2
    assert all(fault.startswith(f"Claim {claim_id}:") for fault in faults)
