"""Kits through their JSON door."""

import pytest

from tcma.infra.db import transaction
from tcma.kernel.actor import SYSTEM
from tcma.kernel.permissions import Role
from tests.factories import accounts, kits


@pytest.fixture
def doors(api):
    with transaction(SYSTEM):
        accounts.brand()
        marketing = accounts.user(Role.MARKETING)
        partner = accounts.user(Role.OWNER, accounts.partner("Nordwind"))
    actor = accounts.actor_for(marketing)
    with transaction(actor):
        template = kits.email_template(actor)
    return api(marketing), api(partner), template


def draft(marketing, template) -> dict:
    document = {"touches": [kits.email_touch(template), kits.share_touch()]}
    answer = marketing.post("/kits", json={"name": "Autumn", "summary": "Leaves", "document": document})
    assert answer.status_code == 201, answer.json
    return answer.json


def test_a_kit_is_written_published_launched_from_and_withdrawn(doors):
    marketing, partner, template = doors
    kit = draft(marketing, template)
    path = f"/kits/{kit['id']}/versions/{kit['draft_version_id']}"
    assert partner.get(f"/kits/{kit['id']}").status_code == 404
    assert partner.get(path).status_code == 404
    assert marketing.post(f"{path}/publish", json={}).json["state"] == "published"
    assert partner.get("/kits").json["items"][0]["published_version_id"] == kit["draft_version_id"]
    assert partner.get(path).json["document"]["touches"][0]["key"] == "intro"
    answer = marketing.post(f"{path}/withdraw", json={"reason": "Wrong price"})
    assert (answer.json["state"], answer.json["withdrawn_reason"]) == ("withdrawn", "Wrong price")
    assert marketing.post(f"{path}/publish", json={}).json["code"] == "illegal_move"


def test_an_unknown_merge_token_is_refused_at_save_with_its_place(doors):
    marketing, _, template = doors
    touch = kits.email_touch(template, texts={"en": {"subject": "Hi {{contact.pasword}}", "body": "x"}})
    answer = marketing.post("/kits", json={"name": "Autumn", "document": {"touches": [touch]}})
    assert (answer.status_code, answer.json["code"]) == (422, "kit_document_invalid")
    assert "{{contact.pasword}}" in answer.json["errors"]["touches.0.texts.en.subject"][0]
    assert marketing.get("/kits").json["items"] == []


def test_a_stale_tab_is_refused_and_has_no_second_effect(doors):
    marketing, _, template = doors
    kit = draft(marketing, template)
    path = f"/kits/{kit['id']}/versions/{kit['draft_version_id']}"
    etag = marketing.get(path).headers["ETag"]
    document = {"document": {"touches": [kits.share_touch()]}}
    assert marketing.put(path, json=document, headers={"If-Match": etag}).status_code == 200
    stale = marketing.put(path, json={"document": {"touches": []}}, headers={"If-Match": etag})
    assert (stale.status_code, stale.json["code"]) == (412, "stale_edit")
    assert len(marketing.get(path).json["document"]["touches"]) == 1


def test_a_kit_is_edited_and_gets_a_next_version(doors):
    marketing, _, template = doors
    kit = draft(marketing, template)
    assert marketing.patch(f"/kits/{kit['id']}", json={"name": "Winter"}).json["name"] == "Winter"
    assert marketing.post(f"/kits/{kit['id']}/versions", json={}).json["code"] == "kit_draft_exists"
    marketing.post(f"/kits/{kit['id']}/versions/{kit['draft_version_id']}/publish", json={})
    second = marketing.post(f"/kits/{kit['id']}/versions", json={})
    assert (second.status_code, second.json["number"]) == (201, 2)
    assert [one["number"] for one in marketing.get(f"/kits/{kit['id']}/versions").json["items"]] == [2, 1]


def test_a_version_of_another_kit_is_not_there(doors):
    marketing, _, template = doors
    kit = draft(marketing, template)
    other = marketing.post("/kits", json={"name": "Other"}).json
    path = f"/kits/{other['id']}/versions/{kit['draft_version_id']}"
    for answer in (
        marketing.get(path),
        marketing.put(path, json={"document": {}}),
        marketing.post(f"{path}/publish", json={}),
        marketing.post(f"{path}/retire", json={}),
        marketing.post(f"{path}/withdraw", json={"reason": "x"}),
    ):
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "a\r\nBcc: x"}, "name"),
        ({"name": 5}, "name"),
        ({"name": "A", "surprise": 1}, "surprise"),
        ({"name": "A", "document": []}, "document"),
        ({"name": "A", "document": {"touches": [{"channel": "email"}]}}, "document.touches.0.key"),
        ({"name": "A", "document": {"touches": [{"key": "a", "channel": "fax"}]}}, "document.touches.0.channel"),
        ({"name": "A", "document": {"touches": [{"key": "a", "channel": "email", "x": 1}]}}, "document.touches.0.x"),
    ],
)
def test_a_bad_kit_is_refused_field_by_field_and_nothing_is_kept(doors, body, field):
    marketing, _, _ = doors
    answer = marketing.post("/kits", json=body)
    assert answer.status_code == 422
    assert any(name == field or name.startswith(f"{field}.") for name in answer.json["errors"]), answer.json
    assert marketing.get("/kits").json["items"] == []


def test_a_partner_changes_no_kit(doors):
    marketing, partner, template = doors
    kit = draft(marketing, template)
    path = f"/kits/{kit['id']}/versions/{kit['draft_version_id']}"
    marketing.post(f"{path}/publish", json={})
    assert partner.post("/kits", json={"name": "Mine"}).status_code == 403
    assert partner.patch(f"/kits/{kit['id']}", json={"name": "Mine"}).status_code == 403
    assert partner.put(path, json={"document": {}}).status_code == 403
    assert partner.post(f"{path}/withdraw", json={"reason": "x"}).status_code == 403
