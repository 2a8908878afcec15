"""Any sequence of commands by anybody keeps every invariant, and the cases agree with the ledger."""

from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from mdf.funds import service as funds
from mdf.ledger import service as ledger
from mdf.requests import service as requests
from tcma.infra.db import db, reading, transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.errors import DomainError
from tcma.kernel.money import Money
from tests.factories import accounts, mdf

minor = st.integers(1, 300_000).map(lambda cents: Money(cents, "EUR"))


class Fund(RuleBasedStateMachine):
    """A fund, two partners, and everything that may be done with their money, in any order."""

    def attempt(self, command):
        """Run a command; the refusals that people see are fine, anything else fails the test."""
        try:
            with transaction(SYSTEM):
                return command()
        except DomainError:
            return None

    @initialize()
    def begin(self):
        with transaction(SYSTEM):
            fund = mdf.fund(budget="8000.00")
            self.fund_id = fund.id
            self.allocations = [mdf.allocation(accounts.partner(), fund_id=fund.id, amount="2000.00") for _ in range(2)]
            self.requests = [self.new_draft(allocation, [mdf.eur("400.00")]) for allocation in self.allocations]

    def new_draft(self, allocation, amounts):
        lines = [{"kind": "media", "description": "x", "amount": amount} for amount in amounts]
        return mdf.draft(Actor.partner_job(allocation.partner_id), allocation.id, lines=lines)

    @rule(verb=st.sampled_from(["put in", "allocate", "take back"]), which=st.integers(0, 1), amount=minor)
    def move_the_budget(self, verb, which, amount):
        allocation = self.allocations[which]
        moves = {
            "put in": lambda: funds.budget(SYSTEM, self.fund_id, amount=amount),
            "allocate": lambda: funds.allocate(SYSTEM, self.fund_id, partner_id=allocation.partner_id, amount=amount),
            "take back": lambda: funds.take_back(SYSTEM, allocation.id, amount=amount),
        }
        self.attempt(moves[verb])

    @rule(
        which=st.integers(0, 1),
        amounts=st.lists(minor, min_size=1, max_size=3),
        verbs=st.sampled_from([[], ["submit"], ["submit", "approve"]]),
    )
    def plan(self, which, amounts, verbs):
        with transaction(SYSTEM):
            self.requests.append(self.new_draft(self.allocations[which], amounts))
        for verb in verbs:
            self.attempt(lambda verb=verb: getattr(requests, verb)(SYSTEM, self.requests[-1]))

    def pick(self, number):
        """Choose one of the youngest requests, which most often can still move."""
        return self.requests[-1 - number % min(3, len(self.requests))]

    @precondition(lambda self: self.requests)
    @rule(number=st.integers(0, 2))
    def submit(self, number):
        self.attempt(lambda: requests.submit(SYSTEM, self.pick(number)))

    @precondition(lambda self: self.requests)
    @rule(number=st.integers(0, 2), amount=st.none() | minor)
    def approve(self, number, amount):
        self.attempt(lambda: requests.approve(SYSTEM, self.pick(number), amount=amount))

    @precondition(lambda self: self.requests)
    @rule(
        number=st.integers(0, 2),
        verb=st.sampled_from(["ask", "answer", "reject", "decline", "withdraw", "expire", "close"]),
        late=st.booleans(),
    )
    def decide(self, number, verb, late):
        no = {"reason": "no"}
        words = {"ask": {"question": "?"}, "answer": {"answer": "!"}, "reject": no, "decline": no}
        at = clock.now() + timedelta(days=60 if late else 0)
        with clock.frozen(at):
            self.attempt(lambda: getattr(requests, verb)(SYSTEM, self.pick(number), **words.get(verb, {})))

    @precondition(lambda self: self.requests)
    @rule(number=st.integers(0, 2), amount=minor, days=st.integers(10, 100))
    def edit(self, number, amount, days):
        start = clock.today() + timedelta(days=days)
        lines = [{"kind": "media", "description": "x", "amount": amount}]
        self.attempt(
            lambda: requests.edit(
                SYSTEM, self.pick(number), lines=lines, starts_on=start, ends_on=start + timedelta(days=1)
            )
        )

    @invariant()
    def everything_adds_up(self):
        with reading(SYSTEM):
            assert ledger.check() == []
            assert requests.check(SYSTEM) == []
            assert ledger.by_fund(SYSTEM, [self.fund_id])[self.fund_id].total().minor == 0


def test_any_sequence_of_commands_keeps_every_invariant(app, world):
    with transaction(SYSTEM):
        accounts.brand()
    run_state_machine_as_test(
        Fund,
        settings=settings(
            max_examples=20,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
    db.session.remove()
