"""Launches through their JSON door."""

from datetime import UTC, datetime

import pytest

from tcma.accounts.model import User
from tcma.infra.db import reading, session, transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM
from tests.factories import kits
from tests.factories.launches import scene


@pytest.fixture(autouse=True)
def noon():
    """Hold the clock: what is due on the first day depends on the hour."""
    with clock.frozen(datetime(2026, 11, 21, 12, 0, tzinfo=UTC)):
        yield


@pytest.fixture
def ready(world):
    return scene()


@pytest.fixture
def doors(ready, api, errands):
    people = []
    for actor in (ready.partner, ready.other, ready.marketing):
        with reading(SYSTEM):
            person = session.get_one(User, actor.user_id)
        people.append(api(person))
    return people


def body(ready, **fields):
    return {"kit_version_id": ready.kit.id, **fields}


def test_one_click_launches_and_the_answer_says_what_leaves_when(ready, doors):
    partner, other, brand = doors
    answer = partner.post("/launches", json=body(ready))
    assert answer.status_code == 201, answer.json
    launch = answer.json
    assert (launch["state"], launch["sender_name"], launch["time_zone"]) == ("running", "Nordwind", "Europe/Berlin")
    assert [(touch["key"], touch["state"]) for touch in launch["touches"]] == [("intro", "due"), ("post", "due")]
    assert partner.get(f"/launches/{launch['id']}").json == launch
    assert [one["id"] for one in partner.get("/launches?state=running").json["items"]] == [launch["id"]]
    assert partner.get("/launches?state=paused").json["items"] == []
    assert other.get("/launches").json["items"] == []
    assert brand.get(f"/launches/{launch['id']}").json["partner_id"] == ready.partner.partner_id


def test_the_same_key_launches_once(ready, doors):
    partner, _, _ = doors
    first = partner.post("/launches", json=body(ready), key="k1")
    again = partner.post("/launches", json=body(ready), key="k1")
    assert first.json == again.json
    assert partner.post("/launches", json=body(ready, name="Other"), key="k1").status_code == 409
    assert len(partner.get("/launches").json["items"]) == 1


def test_the_preview_is_what_would_be_sent(ready, doors):
    partner, _, _ = doors
    preview = partner.post("/launches/preview", json=body(ready, values={"intro": {"greeting": "Moin <b>"}}))
    assert preview.status_code == 200, preview.json
    assert preview.json["recipients"] == 2
    mail, post = preview.json["touches"]
    english = next(one for one in mail["mails"] if one["locale"] == "en")
    assert english["subject"] == "Alex, news from Nordwind"
    assert "Dear Alex" in english["html"]
    assert "Moin &lt;b&gt;" in english["html"]
    assert "https://brand.example/offer" in english["html"]
    assert "{{" not in english["html"] + english["text"] + english["subject"]
    assert "Neues von Nordwind" in next(one for one in mail["mails"] if one["locale"] == "de")["subject"]
    assert post["share_text"] == "Ask Nordwind in Hamburg: https://brand.example/offer"
    assert partner.get("/launches").json["items"] == []


def test_the_preview_of_a_launch_is_the_preview_it_was_launched_from(ready, doors):
    partner, other, brand = doors
    fields = body(ready, values={"intro": {"greeting": "Moin"}})
    before = partner.post("/launches/preview", json=fields).json
    launch = partner.post("/launches", json=fields).json
    after = partner.get(f"/launches/{launch['id']}/preview").json
    assert [touch["mails"] for touch in after["touches"]] == [touch["mails"] for touch in before["touches"]]
    assert after["sender_email"] == before["sender_email"]
    assert brand.get(f"/launches/{launch['id']}/preview").status_code == 200
    assert other.get(f"/launches/{launch['id']}/preview").status_code == 404


def test_a_launch_is_steered_and_a_second_click_is_a_conflict(ready, doors):
    partner, _, _ = doors
    path = f"/launches/{partner.post('/launches', json=body(ready)).json['id']}"
    assert partner.post(f"{path}/pause", json={}).json["state"] == "paused"
    again = partner.post(f"{path}/pause", json={})
    assert (again.status_code, again.json["code"]) == (409, "illegal_move")
    assert partner.post(f"{path}/confirm", json={}).status_code == 409
    assert partner.post(f"{path}/resume", json={}).json["state"] == "running"
    ended = partner.post(f"{path}/cancel", json={"reason": "Wrong list"})
    assert (ended.json["state"], ended.json["stopped_reason"]) == ("cancelled", "Wrong list")
    assert partner.post(f"{path}/resume", json={}).status_code == 409


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kit_version_id": None}, "kit_version_id"),
        ({"kit_version_id": 0}, "kit_version_id"),
        ({"kit_version_id": "x"}, "kit_version_id"),
        ({"starts_at_local": "tomorrow"}, "starts_at_local"),
        ({"starts_at_local": "2030-01-01T09:00:00+01:00"}, "starts_at_local"),
        ({"starts_at_local": "2030-01-01"}, "starts_at_local"),
        ({"starts_at_local": "2020-01-01T09:00"}, "starts_at_local"),
        ({"starts_at_local": 5}, "starts_at_local"),
        ({"values": {"intro": {"headline": "Mine"}}}, "values.intro.headline"),
        ({"values": {"intro": {"greeting": "x" * 81}}}, "values.intro.greeting"),
        ({"values": {"intro": {"greeting": "{{contact.email}}"}}}, "values.intro.greeting"),
        ({"values": {"intro": {"greeting": {"a": 1}}}}, "values.intro.greeting"),
        ({"values": {"nothing": {}}}, "values.nothing"),
        ({"values": []}, "values"),
        ({"leave_out": ["nothing"]}, "leave_out"),
        ({"leave_out": "intro"}, "leave_out"),
        ({"sender_name": "a\r\nBcc: x@example.com"}, "sender_name"),
        ({"reply_to": "nobody"}, "reply_to"),
        ({"name": "x" * 121}, "name"),
        ({"partner": 1}, "partner"),
    ],
)
def test_a_bad_launch_is_refused_field_by_field_and_nothing_leaves(ready, doors, fields, field):
    partner, _, _ = doors
    for path in ("/launches", "/launches/preview"):
        answer = partner.post(path, json={**body(ready), **fields})
        assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
        assert any(name == field or name.startswith(f"{field}.") for name in answer.json["errors"]), answer.json
    assert partner.get("/launches").json["items"] == []


def test_a_foreign_missing_or_unpublished_kit_is_not_there(ready, doors):
    partner, _, _ = doors
    with transaction(ready.marketing):
        draft = kits.draft_kit(ready.marketing)
    for version_id in (draft, 999_999):
        assert partner.post("/launches", json={"kit_version_id": version_id}).status_code == 404
        assert partner.post("/launches/preview", json={"kit_version_id": version_id}).status_code == 404


def test_strangers_other_partners_and_the_brand_steer_nothing(ready, doors, api):
    partner, other, brand = doors
    path = f"/launches/{partner.post('/launches', json=body(ready)).json['id']}"
    for verb in ("pause", "resume", "confirm", "cancel"):
        assert api().post(f"{path}/{verb}", json={}).status_code == 401
        assert other.post(f"{path}/{verb}", json={}).status_code == 404
        assert brand.post(f"{path}/{verb}", json={}).status_code == 403
        assert partner.post(f"/launches/0/{verb}", json={}).status_code == 404
        assert partner.post(f"{path}/{verb}", json={"x": 1}).status_code == 422
    assert brand.post("/launches", json=body(ready)).status_code == 422
    assert partner.get(path).json["state"] == "running"


def test_more_values_than_any_template_opens_are_refused(ready, doors):
    partner, _, _ = doors
    heavy = body(ready, values={"intro": {f"name{number}": "x" * 1000 for number in range(70)}})
    for path in ("/launches", "/launches/preview"):
        answer = partner.post(path, json=heavy)
        assert (answer.status_code, list(answer.json["errors"])) == (422, ["values"])
    assert partner.post("/launches", json=body(ready, leave_out=["x" * 1000])).status_code == 422
