"""Posts through the API and the pages."""

import pytest

from campaigns.kits import service as kits
from tcma.accounts.model import User
from tcma.infra.db import reading, session
from tcma.kernel.actor import SYSTEM, Actor
from tests.speaking import Said


def person(actor: Actor) -> User:
    with reading(SYSTEM):
        return session.get_one(User, actor.user_id)


@pytest.fixture
def unconfirmed(stage, work):
    stage.server.server.answers["POST /api/v1/statuses"] = Said({}, 500)
    stage.start()
    work()
    return stage


def post_of(stage, api) -> dict:
    (post,) = api(stage.partner).get("/posts").json["items"]
    return post


def test_the_partner_and_the_brand_see_where_each_post_stands_and_another_partner_nothing(stage, work, api) -> None:
    launch = stage.start()
    work()
    post = post_of(stage, api)
    assert (post["network"], post["state"], post["account"]) == ("mastodon", "published", stage.account.handle)
    assert post["url"].startswith(stage.server.url)
    assert api(stage.partner).get("/posts", query_string={"state": "failed"}).json["items"] == []
    assert len(api(stage.partner).get("/posts", query_string={"launch_id": launch.id}).json["items"]) == 1
    assert api(stage.scene.marketing).get(f"/posts/{post['id']}").json["state"] == "published"
    assert api(stage.scene.other).get(f"/posts/{post['id']}").status_code == 404
    assert api(stage.scene.other).get("/posts").json["items"] == []
    assert api().get("/posts").status_code == 401


def test_a_person_settles_an_unconfirmed_post_once(unconfirmed, api) -> None:
    path = f"/posts/{post_of(unconfirmed, api)['id']}/settle"
    body = {"state": "published", "url": "https://social.example/@n/1"}
    assert api(unconfirmed.scene.other).post(path, json=body).status_code == 404
    assert api(unconfirmed.scene.marketing).post(path, json=body).status_code == 403
    assert api(unconfirmed.partner).post(path, json={"state": "queued"}).status_code == 422
    assert api(unconfirmed.partner).post(path, json={**body, "url": "javascript:alert(1)"}).status_code == 422
    assert api(unconfirmed.partner).post(path, json=body).json["url"] == body["url"]
    assert api(unconfirmed.partner).post(path, json=body).json["code"] == "post_already_known"


def test_the_pages_show_a_post_and_let_a_person_settle_it(unconfirmed, api, portal) -> None:
    post = post_of(unconfirmed, api)
    browser = portal(person(unconfirmed.partner))
    assert unconfirmed.account.handle in browser.get("/posts/").get_data(as_text=True)
    assert "Is it there?" in browser.get(f"/posts/{post['id']}").get_data(as_text=True)
    assert browser.post(f"/posts/{post['id']}/settle", data={"state": "failed"}).status_code == 303
    assert "Post it once more?" in browser.get(f"/posts/{post['id']}").get_data(as_text=True)
    assert browser.post(f"/posts/{post['id']}/again").status_code == 303
    assert post_of(unconfirmed, api)["state"] == "queued"
    brand = portal(person(unconfirmed.scene.marketing)).get(f"/posts/{post['id']}").get_data(as_text=True)
    assert "Ask Nordwind" in brand
    assert "Post it once more?" not in brand


def test_the_results_of_a_launch_show_each_post(unconfirmed, portal) -> None:
    page = portal(person(unconfirmed.partner)).get(f"/launches/{unconfirmed.launch.id}/results").get_data(as_text=True)
    assert unconfirmed.account.handle in page
    assert "Unconfirmed" in page


def test_the_launch_page_shows_what_is_said_and_how_much_room_is_left(stage, work, portal) -> None:
    browser = portal(person(stage.partner))
    page = browser.get(f"/launches/new?kit_version_id={stage.scene.kit.id}").get_data(as_text=True)
    assert "of 500 characters, as Mastodon counts them" in page
    assert "Ask Nordwind in Hamburg: brand.example/offer" in page
    assert stage.account.handle in page
    launch = stage.start()
    work()
    page = browser.get(f"/launches/{launch.id}").get_data(as_text=True)
    assert "Where it was posted" in page
    brand = portal(person(stage.scene.marketing)).get(f"/launches/{launch.id}").get_data(as_text=True)
    assert "Mastodon" in brand
    assert stage.account.handle not in brand
    assert "No account is connected" not in brand


def test_the_brand_writes_a_post_for_a_network_in_a_kit(stage, portal) -> None:
    browser = portal(person(stage.scene.marketing))
    browser.post("/kits/", data={"name": "Posts"})
    with reading(stage.scene.marketing):
        draft = kits.latest(stage.scene.marketing)[0].draft
    page = browser.get(f"/kits/versions/{draft.id}/touch?channel=x").get_data(as_text=True)
    assert "A new post on X" in page
    assert "Description of the picture" in page
    entered = {"touch.channel": "x", "touch.key": "teaser", "touch.day_offset": "0", "touch.local_time": "09:00"}
    saved = browser.post(
        f"/kits/versions/{draft.id}/touch?locale=en&channel=x", data={**entered, "touch.texts.en.message": "語" * 141}
    )
    assert saved.status_code == 303
    refused = browser.post(f"/kits/versions/{draft.id}/publish")
    assert refused.status_code == 422
    assert "X takes 280 characters, and this has 282" in refused.get_data(as_text=True)
