"""Deliveries and shares through the API and the pages."""

import dataclasses
import io
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import text

from campaigns.launches import service as launches
from campaigns.sending import service as sending
from campaigns.sending import tasks
from campaigns.sending.rules import LEASE
from cobranding.templates import service as templates
from tcma.accounts.model import User
from tcma.infra.db import reading, session, transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.permissions import Permission
from tests.factories import assets, cobranding, kits
from tests.factories.launches import Scene, scene


@pytest.fixture
def sent(errands, mailbox, work) -> Scene:
    made = scene(kits.email_touch, contacts=3)
    with transaction(made.partner):
        made.launch = launches.launch(made.partner, kit_version_id=made.kit.id)
    mailbox.answers["person1@example.com"] = ["550 5.1.1 unknown"]
    work()
    return made


@pytest.fixture
def unknown(errands, mailbox, work) -> tuple[Scene, int]:
    made = scene(kits.email_touch, contacts=3)
    with transaction(made.partner):
        made.launch = launches.launch(made.partner, kit_version_id=made.kit.id)
    work(through="campaigns.sending.fan_out")
    assert made.partner.partner_id is not None
    job = Actor.partner_job(made.partner.partner_id)
    with transaction(job):
        shift = sending.begin_turn(job, turn=1)
    assert shift is not None
    with transaction(job):
        part = sending.hand_over(job, shift, rows=1)
    assert part is not None
    with clock.frozen(clock.now() + LEASE * 2):
        tasks.sweep()
    return made, part.parcels[0].delivery_id


def person(actor: Actor) -> User:
    with reading(SYSTEM):
        return session.get_one(User, actor.user_id)


def test_the_partner_lists_its_deliveries_with_recipients(sent, api) -> None:
    page = api(sent.partner).get("/deliveries", query_string={"limit": 2}).json
    assert len(page["items"]) == 2
    rest = api(sent.partner).get("/deliveries", query_string={"after": page["next"]}).json
    assert rest["next"] is None
    found = {one["recipient"]: one for one in page["items"] + rest["items"]}
    assert set(found) == {f"person{number}@example.com" for number in range(3)}
    assert found["person0@example.com"]["state"] == "sent"
    assert found["person1@example.com"]["reason"] == "recipient_unknown"
    failed = api(sent.partner).get("/deliveries", query_string={"state": "failed", "launch_id": sent.launch.id}).json
    assert [one["recipient"] for one in failed["items"]] == ["person1@example.com"]


def test_the_brand_sees_no_recipient_and_another_partner_no_delivery(sent, api) -> None:
    assert api(sent.marketing).get("/deliveries").status_code == 403
    with reading(SYSTEM):
        delivery_id = session.scalar(text("SELECT min(id) FROM deliveries"))
    assert api(sent.marketing).get(f"/deliveries/{delivery_id}").status_code == 403
    assert api(sent.other).get(f"/deliveries/{delivery_id}").status_code == 404
    assert api(sent.other).get("/deliveries").json == {"items": [], "next": None}
    assert api(sent.partner).get(f"/deliveries/{delivery_id}").json["id"] == delivery_id
    assert api().get("/deliveries").status_code == 401


@pytest.mark.parametrize("query", [{"state": "lost"}, {"launch_id": "x"}, {"limit": 0}, {"colour": "red"}])
def test_a_wrong_question_is_answered_with_its_field(sent, api, query) -> None:
    answer = api(sent.partner).get("/deliveries", query_string=query)
    assert answer.status_code == 422
    assert set(answer.json["errors"]) == set(query)


def test_an_unknown_delivery_is_settled_once(unknown, api) -> None:
    made, delivery_id = unknown
    path = f"/deliveries/{delivery_id}/settle"
    assert api(made.other).post(path, json={"state": "sent"}).status_code == 404
    assert api(made.marketing).post(path, json={"state": "sent"}).status_code == 403
    assert api(made.partner).post(path, json={"state": "bounced"}).status_code == 422
    settled = api(made.partner).post(path, json={"state": "failed"})
    assert (settled.status_code, settled.json["state"]) == (200, "failed")
    again = api(made.partner).post(path, json={"state": "sent"})
    assert (again.status_code, again.json["code"]) == (409, "delivery_already_known")


def test_the_pages_show_deliveries_and_results(sent, portal) -> None:
    browser = portal(person(sent.partner))
    page = browser.get("/deliveries/").get_data(as_text=True)
    assert "person0@example.com" in page
    with reading(SYSTEM):
        delivery_id = session.scalar(text("SELECT id FROM deliveries WHERE state = 'failed'"))
    assert "Recipient unknown" in browser.get(f"/deliveries/{delivery_id}").get_data(as_text=True)
    page = browser.get(f"/launches/{sent.launch.id}/results").get_data(as_text=True)
    assert "2 of 3 sent" in page
    brand = portal(person(sent.marketing)).get(f"/launches/{sent.launch.id}/results").get_data(as_text=True)
    assert "2 of 3 sent" in brand
    assert "example.com" not in brand
    assert portal(person(sent.other)).get(f"/launches/{sent.launch.id}/results").status_code == 404


def test_a_person_settles_an_unknown_delivery_on_its_page(unknown, portal) -> None:
    made, delivery_id = unknown
    browser = portal(person(made.partner))
    assert "Did it arrive?" in browser.get(f"/deliveries/{delivery_id}").get_data(as_text=True)
    answer = browser.post(f"/deliveries/{delivery_id}/settle", data={"state": "sent"})
    assert answer.status_code == 303
    assert "Did it arrive?" not in browser.get(f"/deliveries/{delivery_id}").get_data(as_text=True)


@pytest.fixture
def shared(errands, work) -> Scene:
    made = scene(lambda _template: kits.share_touch(), contacts=0)
    assets.asset(made.marketing, cobranding.photo(600, 420), kind="photo", name="hero")
    with transaction(made.marketing):
        draft = templates.create(made.marketing, name="Post", document=cobranding.flyer())
        version = templates.publish(made.marketing, draft.id)
        made.kit = kits.published_kit(made.marketing, kits.share_touch(template_version_id=version.id))
    with transaction(made.partner):
        made.launch = launches.launch(made.partner, kit_version_id=made.kit.id)
    (touch,) = made.launch.touches
    made.touch_id = touch.id
    made.path = f"/launches/{made.launch.id}/touches/{touch.id}"
    work()
    return made


def links() -> list[str]:
    with reading(SYSTEM):
        return list(session.scalars(text("SELECT url FROM tracked_links ORDER BY id")))


def test_who_may_only_read_launches_can_look_at_a_share_and_nothing_is_written(shared) -> None:
    only = frozenset(
        {
            Permission.CAMPAIGNS_LAUNCH_READ,
            Permission.CAMPAIGNS_KIT_READ,
            Permission.COBRANDING_TEMPLATE_READ,
            Permission.ASSETS_ASSET_READ,
        }
    )
    reader = dataclasses.replace(shared.partner, permissions=only)
    with reading(reader):
        kit = sending.share_kit(reader, shared.launch.id, shared.touch_id)
        draft = sending.share_draft(reader, shared.launch.id, shared.touch_id, format_key="square")
    assert "/t/c/" in kit.link_url
    assert draft.inputs is not None
    assert links() == ["https://brand.example/offer"]


def test_before_its_link_is_made_a_share_has_the_plain_one_and_the_sweep_makes_it(errands, mailbox, work, api) -> None:
    made = scene(lambda _template: kits.share_touch(), contacts=0)
    with transaction(made.partner):
        launch = launches.launch(made.partner, kit_version_id=made.kit.id)
    errands.clear()  # the broker was wiped
    path = f"/launches/{launch.id}/touches/{launch.touches[0].id}/share"
    kit = api(made.partner).get(path).json
    assert (kit["text"], kit["link_url"]) == ("Ask Nordwind in Hamburg: https://brand.example/offer", "")
    assert links() == []
    tasks.sweep()
    tasks.sweep()
    assert links() == ["https://brand.example/offer"]
    assert "/t/c/" in api(made.partner).get(path).json["link_url"]


def test_a_share_keeps_its_link_though_the_profile_leads_elsewhere_now(errands, mailbox, work, api) -> None:
    made = scene(lambda _template: kits.share_touch(link_url=""), contacts=0, web="https://old.example")
    with transaction(made.partner):
        launch = launches.launch(made.partner, kit_version_id=made.kit.id)
    work()
    path = f"/launches/{launch.id}/touches/{launch.touches[0].id}/share"
    before = api(made.partner).get(path).json
    with transaction(SYSTEM):
        session.execute(text("UPDATE partners SET web = 'https://new.example'"))
    assert api(made.partner).get(path).json == before
    assert links() == ["https://old.example"]


def test_a_share_kit_has_the_words_a_tracked_link_and_the_pictures(shared, api, app) -> None:
    kit = api(shared.partner).get(f"{shared.path}/share").json
    assert kit["text"] == f"Ask Nordwind in Hamburg: {kit['link_url']}"
    assert kit["state"] == "due"
    followed = app.test_client().get(
        kit["link_url"].removeprefix("http://portal.brand.example"), headers={"User-Agent": "Mozilla/5.0 Firefox/140"}
    )
    assert followed.location == "https://brand.example/offer"
    answer = api(shared.partner).get(f"{shared.path}/share/link_card")
    assert Image.open(io.BytesIO(answer.data)).size == (1200, 630)
    assert api(shared.partner).get(f"{shared.path}/share/nonsense").status_code in {404, 422}
    assert api(shared.other).get(f"{shared.path}/share").status_code == 404
    assert api(shared.marketing).get(f"/launches/{shared.launch.id}/results").json["scanned"] == 1


def test_a_share_is_done_when_the_partner_says_so(shared, api) -> None:
    body = {"network": "LinkedIn", "post_url": "https://social.example/p/1"}
    assert api(shared.other).post(f"{shared.path}/shared", json=body).status_code == 404
    assert api(shared.marketing).post(f"{shared.path}/shared", json=body).status_code == 403
    bad = api(shared.partner).post(f"{shared.path}/shared", json={"post_url": "javascript:alert(1)"})
    assert set(bad.json["errors"]) == {"post_url"}
    done = api(shared.partner).post(f"{shared.path}/shared", json=body)
    assert done.status_code == 200
    assert (done.json["state"], done.json["network"]) == ("finished", "LinkedIn")
    again = api(shared.partner).post(f"{shared.path}/shared", json={"network": "other"})
    assert (again.status_code, again.json["network"]) == (200, "LinkedIn")
    assert api(shared.partner).get(f"/launches/{shared.launch.id}/results").json["shared"] == 1


def test_the_page_of_a_share_leads_through_it(shared, portal) -> None:
    browser = portal(person(shared.partner))
    page = browser.get(f"{shared.path}/share").get_data(as_text=True)
    assert "Ask Nordwind in Hamburg" in page
    assert browser.get(f"{shared.path}/share/square").mimetype == "image/jpeg"
    wrong = browser.post(f"{shared.path}/shared", data={"post_url": "nonsense"})
    assert wrong.status_code == 422
    assert browser.post(f"{shared.path}/shared", data={"network": "Blog", "post_url": ""}).status_code == 303
    assert "Shared" in browser.get(f"{shared.path}/share").get_data(as_text=True)


def test_what_is_not_a_share_has_no_share_page(sent, api) -> None:
    (touch,) = sent.launch.touches
    assert api(sent.partner).get(f"/launches/{sent.launch.id}/touches/{touch.id}/share").status_code == 404
    with clock.frozen(clock.now() + timedelta(seconds=1)):
        assert api(sent.partner).get(f"/launches/{sent.launch.id}/touches/0/share").status_code == 404


def test_readiness_shows_the_age_of_the_oldest_owed_delivery(errands, mailbox, work, app, monkeypatch) -> None:
    monkeypatch.setattr("tcma.web.health.LOOK_EVERY_S", 0.0)
    made = scene(kits.email_touch, contacts=2)
    with transaction(made.partner):
        launches.launch(made.partner, kit_version_id=made.kit.id)
    work(through="campaigns.sending.fan_out")
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        assert app.test_client().get("/health/ready").json["oldest_owed_s"]["deliveries"] >= 299
        work()
        assert app.test_client().get("/health/ready").json["oldest_owed_s"]["deliveries"] == 0
