"""The pages of requests, as the partner and as the channel manager use them."""

import re
from datetime import timedelta

import pytest

from mdf.ledger import service as ledger
from mdf.ledger.service import AccountKind
from tcma.infra.db import reading, transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM
from tcma.kernel.permissions import Role
from tests.factories import accounts, mdf


@pytest.fixture
def cast(portal):
    with transaction(SYSTEM):
        accounts.brand()
        nordwind = accounts.partner("Nordwind")
        people = {
            "owner": accounts.user(Role.OWNER, nordwind),
            "stranger": accounts.user(Role.OWNER, accounts.partner("Other")),
            "manager": accounts.user(Role.CHANNEL_MANAGER),
            "finance": accounts.user(Role.FINANCE),
            "marketing": accounts.user(Role.MARKETING),
        }
        allocation = mdf.allocation(nordwind)
    return {name: portal(person) for name, person in people.items()}, allocation


def plan(allocation, **fields):
    start = clock.today() + timedelta(days=30)
    values = {
        "_key": "plan",
        "allocation_id": str(allocation.id),
        "activity_type": "email_campaign",
        "title": "Spring <b>breakfast</b>",
        "description": "",
        "starts_on": start.isoformat(),
        "ends_on": (start + timedelta(days=3)).isoformat(),
        "lines.0.kind": "media",
        "lines.0.description": "Sending",
        "lines.0.amount.amount": "2000.00",
        "lines.0.amount.currency": "EUR",
    }
    # The rows that nobody filled in; the form sends their currency all the same.
    for row in (1, 2, 3):
        values |= {
            f"lines.{row}.kind": "",
            f"lines.{row}.description": "",
            f"lines.{row}.amount.amount": "",
            f"lines.{row}.amount.currency": "EUR",
        }
    return values | fields


def drafted(people, allocation):
    answer = people["owner"].post("/mdf/requests/new", data=plan(allocation))
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.location


def revision(browser, path):
    return re.search(r'name="revision" value="(\d+)"', browser.get(path).get_data(as_text=True))[1]


def standing(allocation):
    with reading(SYSTEM):
        found = ledger.by_allocation(SYSTEM, [allocation.id])[allocation.id]
        return found[AccountKind.PENDING].minor, found[AccountKind.COMMITTED].minor


def test_the_partner_plans_sees_the_rules_and_submits(cast):
    people, allocation = cast
    form = people["owner"].get("/mdf/requests/new").get_data(as_text=True)
    assert "E-mail campaign (50 %, up to 5,000.00 EUR)" in form
    path = drafted(people, allocation)
    page = people["owner"].get(path).get_data(as_text=True)
    assert "Asked for at least 14 days before it starts" in page
    assert "Spring &lt;b&gt;breakfast&lt;/b&gt;" in page
    assert "Submit and hold 1,000.00 EUR" in page
    answer = people["owner"].post(
        f"{path}/submit", data={"_key": "s", "revision": revision(people["owner"], path)}, follow_redirects=True
    )
    assert "The money is held for you" in answer.get_data(as_text=True)
    assert standing(allocation) == (100_000, 0)


def test_a_form_sent_twice_makes_one_request(cast):
    people, allocation = cast
    assert drafted(people, allocation) == drafted(people, allocation)


def test_what_needs_correcting_is_shown_beside_what_was_entered(cast):
    people, allocation = cast
    answer = people["owner"].post("/mdf/requests/new", data=plan(allocation, starts_on="soon", title="Kept"))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="Kept"' in page
    assert "is-invalid" in page
    assert 'value="2000.00"' in page


def test_the_manager_approves_a_part(cast):
    people, allocation = cast
    path = drafted(people, allocation)
    people["owner"].post(f"{path}/submit", data={"_key": "s", "revision": revision(people["owner"], path)})
    assert "Spring" in people["manager"].get("/mdf/requests/?state=submitted").get_data(as_text=True)
    assert "Amount to approve" in people["manager"].get(path).get_data(as_text=True)
    answer = people["manager"].post(
        f"{path}/approve",
        data={
            "_key": "a",
            "revision": revision(people["manager"], path),
            "amount.amount": "600.00",
            "amount.currency": "EUR",
            "note": "A part",
        },
        follow_redirects=True,
    )
    assert "The partner has been told" in answer.get_data(as_text=True)
    assert standing(allocation) == (0, 60_000)
    page = people["owner"].get(path).get_data(as_text=True)
    assert "What the claim must show" in page
    assert "A part" in page


def test_a_tab_that_is_out_of_date_decides_nothing(cast):
    people, allocation = cast
    path = drafted(people, allocation)
    people["owner"].post(f"{path}/submit", data={"_key": "s", "revision": revision(people["owner"], path)})
    seen = revision(people["manager"], path)
    people["manager"].post(f"{path}/ask", data={"_key": "q", "question": "Smaller?"})
    people["owner"].post(f"{path}/answer", data={"_key": "r", "answer": "Yes"})
    answer = people["manager"].post(f"{path}/approve", data={"_key": "a", "revision": seen})
    assert answer.status_code == 412
    assert standing(allocation) == (100_000, 0)


def test_question_and_answer_are_in_the_history_of_both(cast):
    people, allocation = cast
    path = drafted(people, allocation)
    people["owner"].post(f"{path}/submit", data={"_key": "s", "revision": revision(people["owner"], path)})
    people["manager"].post(f"{path}/ask", data={"_key": "q", "question": "Which town?"})
    assert "Which town?" in people["owner"].get(path).get_data(as_text=True)
    people["owner"].post(f"{path}/answer", data={"_key": "r", "answer": "Hamburg"})
    assert "Hamburg" in people["manager"].get(path).get_data(as_text=True)


def test_sending_back_needs_a_reason(cast):
    people, allocation = cast
    path = drafted(people, allocation)
    people["owner"].post(f"{path}/submit", data={"_key": "s", "revision": revision(people["owner"], path)})
    answer = people["manager"].post(
        f"{path}/reject", data={"_key": "r", "revision": revision(people["manager"], path), "reason": ""}
    )
    assert answer.status_code == 422
    assert standing(allocation) == (100_000, 0)


def test_the_plan_is_changed_in_place(cast):
    people, allocation = cast
    path = drafted(people, allocation)
    page = people["owner"].get(f"{path}/edit").get_data(as_text=True)
    assert 'value="Sending"' in page
    changed = plan(allocation, title="Autumn", revision=revision(people["owner"], f"{path}/edit"), _key="e")
    del changed["allocation_id"]
    answer = people["owner"].post(f"{path}/edit", data=changed, follow_redirects=True)
    assert "Autumn" in answer.get_data(as_text=True)


def test_another_partners_pages_are_not_there(cast):
    people, allocation = cast
    path = drafted(people, allocation)
    for page in (path, f"{path}/edit"):
        assert people["stranger"].get(page).status_code == 404
    assert people["stranger"].post(f"{path}/submit", data={"_key": "x", "revision": "1"}).status_code == 404
    assert people["stranger"].get(f"/mdf/funds/allocations/{allocation.id}").status_code == 404


@pytest.mark.parametrize("who", ["owner", "manager", "finance", "marketing"])
def test_every_page_opens_for_whoever_may_see_it(cast, who):
    people, allocation = cast
    path = drafted(people, allocation)
    with reading(SYSTEM):
        version = allocation.program_id
    pages = [
        "/mdf/requests/",
        path,
        "/mdf/programs/",
        f"/mdf/programs/{version}",
        f"/mdf/funds/allocations/{allocation.id}",
        "/mdf/funds/wallet" if who == "owner" else "/mdf/funds/",
    ]
    if who != "owner":
        pages.append(f"/mdf/funds/{allocation.fund_id}")
    for page in pages:
        answer = people[who].get(page)
        assert answer.status_code == 200, (page, answer.get_data(as_text=True)[:500])


def test_a_number_leads_to_the_postings_that_make_it(cast):
    people, allocation = cast
    page = people["finance"].get(f"/mdf/funds/{allocation.fund_id}").get_data(as_text=True)
    link = re.search(rf'href="(/mdf/ledger/\?allocation_id={allocation.id}&amp;kind=available)"', page)[1]
    postings = people["finance"].get(link.replace("&amp;", "&")).get_data(as_text=True)
    assert "Allocation, made" in postings
    assert re.search(r"Together.*10,000\.00", postings, re.DOTALL)
    own = people["owner"].get(f"/mdf/ledger/?allocation_id={allocation.id}").get_data(as_text=True)
    assert "+10,000.00" in own
    assert (
        people["stranger"].get(f"/mdf/ledger/?allocation_id={allocation.id}").get_data(as_text=True).count("<tr>") == 0
    )
    details = re.search(r'href="(/mdf/ledger/transactions/\d+)"', postings)[1]
    assert "Place in the chain" in people["finance"].get(details).get_data(as_text=True)
    assert people["manager"].get(link.replace("&amp;", "&")).status_code == 403
