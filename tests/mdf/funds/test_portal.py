"""The pages of funds: create, budget, allocate, take back."""

import pytest

from mdf.funds import service
from tcma.infra.db import reading, transaction
from tcma.kernel.actor import SYSTEM
from tcma.kernel.permissions import Role
from tests.factories import accounts, mdf


@pytest.fixture
def cast(portal):
    with transaction(SYSTEM):
        accounts.brand()
        partner = accounts.partner("Nordwind")
        people = {
            "finance": accounts.user(Role.FINANCE),
            "marketing": accounts.user(Role.MARKETING),
            "owner": accounts.user(Role.OWNER, partner),
        }
        program_id = mdf.program()
    return {name: portal(person) for name, person in people.items()}, partner.id, program_id


def form(program_id, **fields):
    values = {
        "_key": "f",
        "name": "EMEA 2026",
        "program_id": str(program_id),
        "currency": "EUR",
        "period_start_on": "2026-01-01",
        "period_end_on": "2026-12-31",
        "budget": "1000.00",
    }
    return values | fields


def test_finance_creates_budgets_allocates_and_takes_back(cast):
    people, partner_id, program_id = cast
    finance = people["finance"]
    assert "New fund" in finance.get("/mdf/funds/new").get_data(as_text=True)
    path = finance.post("/mdf/funds/new", data=form(program_id)).location
    more = {"_key": "b", "amount.amount": "500.00", "amount.currency": "EUR", "note": "More"}
    assert finance.post(f"{path}/budget", data=more).status_code == 303
    give = {"_key": "a", "partner_id": str(partner_id), "amount.amount": "400.00", "amount.currency": "EUR", "note": ""}
    page = finance.post(f"{path}/allocate", data=give, follow_redirects=True).get_data(as_text=True)
    assert "Nordwind" in page
    with reading(SYSTEM):
        [line] = service.wallet(SYSTEM, partner_id)
    back = {"_key": "t", "amount.amount": "100.00", "amount.currency": "EUR", "note": ""}
    assert finance.post(f"/mdf/funds/allocations/{line.id}/take-back", data=back).status_code == 303
    with reading(SYSTEM):
        fund = service.page_of(SYSTEM).items[0]
        assert (fund.budget, fund.unallocated, fund.available) == (
            mdf.eur("1500.00"),
            mdf.eur("1200.00"),
            mdf.eur("300.00"),
        )


def test_more_than_there_is_is_said_on_the_page(cast):
    people, partner_id, program_id = cast
    path = people["finance"].post("/mdf/funds/new", data=form(program_id)).location
    give = {"_key": "a", "partner_id": str(partner_id), "amount.amount": "1000.01", "amount.currency": "EUR"}
    answer = people["finance"].post(f"{path}/allocate", data=give)
    assert answer.status_code == 409
    assert "not enough money" in answer.get_data(as_text=True)


@pytest.mark.parametrize(("change", "field"), [({"budget": "much"}, "budget"), ({"currency": "euro"}, "currency")])
def test_a_bad_fund_is_shown_again_with_what_was_entered(cast, change, field):
    people, _, program_id = cast
    answer = people["finance"].post("/mdf/funds/new", data=form(program_id, **change))
    assert answer.status_code == 422
    assert f'id="f-{field}-error"' in answer.get_data(as_text=True)
    assert 'value="EMEA 2026"' in answer.get_data(as_text=True)


def test_the_budget_is_the_brands_own_business(cast):
    people, _, program_id = cast
    path = people["finance"].post("/mdf/funds/new", data=form(program_id)).location
    assert people["owner"].get(path).status_code == 404
    assert people["owner"].get("/mdf/funds/").location == "/mdf/funds/wallet"
    assert "EMEA 2026" not in people["owner"].get("/mdf/funds/wallet").get_data(as_text=True)
    assert people["marketing"].get("/mdf/funds/new").status_code == 403
