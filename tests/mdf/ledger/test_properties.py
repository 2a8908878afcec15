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
            self.fund_id, self.requests = fund.id, []
            self.allocations = [mdf.allocation(accounts.partner(), fund_id=fund.id, amount="2000.00") for _ in range(2)]

    @rule(amount=minor)
    def put_in(self, amount):
        self.attempt(lambda: funds.budget(SYSTEM, self.fund_id, amount=amount))

    @rule(which=st.integers(0, 1), amount=minor)
    def allocate(self, which, amount):
        partner_id = self.allocations[which].partner_id
        self.attempt(lambda: funds.allocate(SYSTEM, self.fund_id, partner_id=partner_id, amount=amount))

    @rule(which=st.integers(0, 1), amount=minor)
    def take_back(self, which, amount):
        self.attempt(lambda: funds.take_back(SYSTEM, self.allocations[which].id, amount=amount))

    @rule(which=st.integers(0, 1), amounts=st.lists(minor, min_size=1, max_size=3))
    def draft(self, which, amounts):
        allocation = self.allocations[which]
        lines = [{"kind": "media", "description": "x", "amount": amount} for amount in amounts]
        actor = Actor.partner_job(allocation.partner_id)
        with transaction(SYSTEM):
            self.requests.append(mdf.draft(actor, allocation.id, lines=lines))

    @precondition(lambda self: self.requests)
    @rule(
        pick=st.integers(0),
        verb=st.sampled_from(
            [
                "submit",
                "submit",
                "answer",
                "ask",
                "approve",
                "approve",
                "reject",
                "decline",
                "withdraw",
                "expire",
                "close",
            ]
        ),
        amount=st.none() | minor,
    )
    def decide(self, pick, verb, amount):
        request_id = self.requests[pick % len(self.requests)]
        with_words = {
            "ask": {"question": "?"},
            "answer": {"answer": "!"},
            "reject": {"reason": "no"},
            "decline": {"reason": "never"},
            "approve": {"amount": amount},
        }
        self.attempt(lambda: getattr(requests, verb)(SYSTEM, request_id, **with_words.get(verb, {})))

    @precondition(lambda self: self.requests)
    @rule(pick=st.integers(0), amount=minor, days=st.integers(0, 400))
    def edit(self, pick, amount, days):
        request_id = self.requests[pick % len(self.requests)]
        start = clock.today() + timedelta(days=days)
        lines = [{"kind": "media", "description": "x", "amount": amount}]
        self.attempt(
            lambda: requests.edit(SYSTEM, request_id, lines=lines, starts_on=start, ends_on=start + timedelta(days=1))
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
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
    db.session.remove()
