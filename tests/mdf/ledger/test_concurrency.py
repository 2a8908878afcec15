"""Many connections at once: money is never given twice, and nobody waits for each other in a circle."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from mdf.ledger import service as ledger
from mdf.ledger.service import AccountKind, Posting
from mdf.requests import service as requests
from tcma.infra.db import db, reading, transaction
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.errors import DomainError
from tcma.kernel.money import Money
from tests.factories import accounts, mdf


def at_once(app, commands, workers=16):
    """Run each command in a thread, connection and transaction of its own; count what came of it."""

    def run(command):
        with app.app_context():
            try:
                with transaction(SYSTEM):
                    command()
            except DomainError as error:
                return error.code
            finally:
                db.session.remove()
        return "done"

    with ThreadPoolExecutor(workers) as pool:
        return Counter(pool.map(run, commands))


def test_of_fifty_parallel_postings_of_30_from_100_exactly_three_succeed(app, world):
    with transaction(SYSTEM):
        allocation = mdf.allocation(accounts.partner(), amount="100.00")
    source = ledger.of_allocation(
        allocation.fund_id, AccountKind.AVAILABLE, partner_id=allocation.partner_id, allocation_id=allocation.id
    )
    target = ledger.of_fund(allocation.fund_id, AccountKind.UNALLOCATED)

    def take(number):
        posting = Posting(source, target, Money(3000, "EUR"))
        return lambda: ledger.post(SYSTEM, allocation.fund_id, [posting], kind="test", reference=str(number))

    assert at_once(app, [take(number) for number in range(50)]) == {"done": 3, "not_enough_money": 47}
    with reading(SYSTEM):
        assert ledger.balance(SYSTEM, source, "EUR") == mdf.eur("10.00")
        assert ledger.check() == []


def test_of_fifty_parallel_requests_for_30_from_100_exactly_three_hold_money(app, world):
    with transaction(SYSTEM):
        accounts.brand()
        partner = accounts.partner()
        fund = mdf.fund(program_id=mdf.program(activities=[mdf.activity(minimums={})]))
        allocation = mdf.allocation(partner, fund_id=fund.id, amount="100.00")
        owner = Actor.partner_job(partner.id)
        line = {"kind": "media", "description": "Sending", "amount": mdf.eur("60.00")}
        drafts = [mdf.draft(owner, allocation.id, lines=[line]) for _ in range(50)]

    outcome = at_once(app, [lambda draft=draft: requests.submit(SYSTEM, draft) for draft in drafts])
    assert outcome["done"] == 3
    assert outcome["done"] + outcome["not_enough_money"] + outcome["mdf_rules_not_met"] == 50
    with reading(SYSTEM):
        standing = ledger.by_allocation(SYSTEM, [allocation.id])[allocation.id]
        assert standing[AccountKind.PENDING] == mdf.eur("90.00")
        assert ledger.check() == []
        assert requests.check(SYSTEM) == []


def test_of_twenty_parallel_approvals_of_one_request_one_succeeds(app, world):
    with transaction(SYSTEM):
        accounts.brand()
        partner = accounts.partner()
        allocation = mdf.allocation(partner)
        request = mdf.submitted(Actor.partner_job(partner.id), allocation.id)

    outcome = at_once(app, [lambda: requests.approve(SYSTEM, request)] * 20)
    assert outcome == {"done": 1, "illegal_move": 19}
    with reading(SYSTEM):
        standing = ledger.by_request(SYSTEM, [request])[request]
        assert standing[AccountKind.COMMITTED] == mdf.eur("1000.00")
        assert ledger.check() == []


def test_postings_that_cross_each_other_do_not_block_each_other(app, world):
    with transaction(SYSTEM):
        fund = mdf.fund()
        pair = [mdf.allocation(accounts.partner(), fund_id=fund.id, amount="500.00") for _ in range(2)]
    keys = [
        ledger.of_allocation(fund.id, AccountKind.AVAILABLE, partner_id=one.partner_id, allocation_id=one.id)
        for one in pair
    ]

    def swap(number):
        there, back = keys if number % 2 else reversed(keys)
        posting = Posting(there, back, Money(1, "EUR"))
        return lambda: ledger.post(SYSTEM, fund.id, [posting], kind="test", reference=str(number))

    assert at_once(app, [swap(number) for number in range(60)]) == {"done": 60}
    with reading(SYSTEM):
        assert ledger.check() == []
