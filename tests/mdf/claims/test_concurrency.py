"""Many connections at once: the reservation is never exceeded, a duplicate is never let in, nothing counts twice."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from mdf.claims import queries
from mdf.claims import service as claims
from mdf.claims.rules import ClaimState
from mdf.ledger import service as ledger
from mdf.ledger.service import AccountKind
from tcma.infra.db import db, reading, transaction
from tcma.kernel.actor import SYSTEM
from tcma.kernel.errors import DomainError
from tests.factories import claims as make
from tests.factories.claims import eur


def at_once(app, commands, workers=16):
    """Run each (actor, command) in a thread, connection and transaction of its own; count what came of it."""

    def run(entry):
        actor, command = entry
        with app.app_context():
            try:
                with transaction(actor):
                    command()
            except DomainError as error:
                return error.code
            finally:
                db.session.remove()
        return "done"

    with ThreadPoolExecutor(workers) as pool:
        return Counter(pool.map(run, commands))


def standing(case):
    with reading(SYSTEM):
        assert ledger.check() == []
        return ledger.by_request(SYSTEM, [case.request_id])[case.request_id]


def test_twenty_parallel_approvals_of_one_claim_give_one(app, world):
    case = make.case()
    claim_id = make.submitted(case)
    reviewers = [case.finance, case.second, case.third, case.finance] * 5
    outcome = at_once(app, [(each, lambda each=each: claims.approve(each, claim_id)) for each in reviewers])
    assert outcome == {"done": 1, "illegal_move": 19}
    assert standing(case)[AccountKind.PAYABLE] == eur("200")


def test_twenty_parallel_approvals_of_claims_of_one_request_never_exceed_the_reservation(app, world):
    case = make.case()  # 1000.00 are reserved; each claim is worth 140.00
    ids = [make.submitted(case, net=eur("280"), tax=None) for _ in range(20)]
    outcome = at_once(
        app,
        [(case.finance, lambda one=one: claims.approve(case.finance, one, amount=eur("140"))) for one in ids],
    )
    assert outcome == {"done": 7, "claim_above_reservation": 13}
    after = standing(case)
    assert (after[AccountKind.PAYABLE], after[AccountKind.COMMITTED]) == (eur("980"), eur("20"))


def test_parallel_approvals_of_all_that_is_due_use_the_reservation_up_to_the_last_cent(app, world):
    case = make.case()
    ids = [make.submitted(case, net=eur("280"), tax=None) for _ in range(12)]
    outcome = at_once(app, [(case.finance, lambda one=one: claims.approve(case.finance, one)) for one in ids])
    assert outcome == {"done": 8, "claim_above_reservation": 4}
    assert standing(case)[AccountKind.PAYABLE] == eur("1000")
    with reading(SYSTEM):
        amounts = [claim.approved_minor for claim in queries.page_of(SYSTEM, limit=50).items if claim.approved_minor]
    assert sorted(amounts) == [20_00] + [140_00] * 7


def test_the_same_invoice_submitted_by_two_partners_at_once_is_let_in_once(app, world):
    case = make.case("Nordwind")
    other = make.case("Southwind", brand=False)
    fields = make.invoice()
    drafts = [(each.owner, make.draft(each, **fields)) for each in (case, other) for _ in range(4)]
    outcome = at_once(app, [(owner, lambda o=owner, d=claim: claims.submit(o, d)) for owner, claim in drafts])
    assert outcome == {"done": 1, "duplicate_invoice": 7}


def test_an_edit_against_an_approval_ends_in_the_approved_amount_or_a_conflict(app, world):
    case = make.case()
    ids = [make.submitted(case, net=eur("100"), tax=None) for _ in range(6)]
    seen = {}
    with reading(case.finance):
        for one in ids:
            seen[one] = queries.one(case.finance, one).money_hash
    edits = [(case.owner, lambda one=one: claims.edit(case.owner, one, net=eur("300"))) for one in ids]
    approvals = [(case.finance, lambda one=one: claims.approve(case.finance, one, seen=seen[one])) for one in ids]
    outcome = at_once(app, [command for pair in zip(edits, approvals, strict=True) for command in pair])
    assert set(outcome) <= {"done", "claim_changed"}
    with reading(SYSTEM):
        for one in ids:
            claim = queries.one(SYSTEM, one)
            assert claim.state is ClaimState.SUBMITTED  # approved first, then voided; or refused as changed
            assert claim.net == eur("300")
    assert standing(case)[AccountKind.COMMITTED] == eur("1000")
