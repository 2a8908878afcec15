"""The pages of programs: write the rules, publish them, read them."""

import json

import pytest

from tcma.infra.db import transaction
from tcma.kernel.actor import SYSTEM
from tcma.kernel.permissions import Role
from tests.factories import accounts, mdf


@pytest.fixture
def people(portal):
    with transaction(SYSTEM):
        accounts.brand()
        users = {
            "manager": accounts.user(Role.CHANNEL_MANAGER),
            "marketing": accounts.user(Role.MARKETING),
            "owner": accounts.user(Role.OWNER, accounts.partner()),
        }
    return {name: portal(person) for name, person in users.items()}


def test_rules_are_written_published_and_read(people):
    manager = people["manager"]
    assert "share_percent" in manager.get("/mdf/programs/new").get_data(as_text=True)
    path = manager.post(
        "/mdf/programs/new",
        data={"_key": "p", "name": "Co-op", "summary": "Half is paid", "document": json.dumps(mdf.document())},
    ).location
    assert people["owner"].get(path).status_code == 404
    assert manager.post(f"{path}/publish", data={"_key": "q", "valid_from_on": ""}).status_code == 303
    page = people["owner"].get(path).get_data(as_text=True)
    assert "The brand pays <strong>50 %</strong>, up to 5,000.00 EUR" in page
    assert "Report of results" in page
    changed = {"_key": "d", "document": json.dumps(mdf.document(claim_within_days=30)), "revision": ""}
    assert manager.post(f"{path}/draft", data=changed).status_code == 303
    assert "Version 2 is a draft" in manager.get(path).get_data(as_text=True)
    assert "Version 2" not in people["owner"].get(path).get_data(as_text=True)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("{", "This is not JSON"),
        ("[" * 100_000, "This is not JSON"),
        ("[]", "A document is a JSON object"),
        (json.dumps(mdf.document(mdf.activity(share_percent="200"))), "activity_types.0.share_percent"),
    ],
)
def test_a_faulty_document_is_shown_again_with_its_faults(people, document, said):
    answer = people["manager"].post("/mdf/programs/new", data={"_key": "p", "name": "Co-op", "document": document})
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)


def test_only_those_who_run_it_write_it(people):
    for who in ("marketing", "owner"):
        assert people[who].get("/mdf/programs/new").status_code == 403
