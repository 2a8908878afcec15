"""One picture of the brand in the place of another: drafts to publish, artworks at once."""

import pytest

from tests.cobranding.test_rights import picture_document
from tests.factories import accounts, assets
from tests.factories import cobranding as factory


@pytest.fixture
def spring(cast):
    return assets.asset(accounts.actor_for(cast.marketing), factory.photo(600, 400), kind="photo", name="spring")


def replace(client, before, after):
    return client.post(f"/assets/{before}/replace", json={"by_id": after})


def test_a_published_template_stays_and_gets_a_draft_with_the_new_picture(api, cast, published, spring) -> None:
    version = published()
    marketing = api(cast.marketing)
    answer = replace(marketing, cast.hero.id, spring.id)
    (place,) = answer.json["places"]
    assert (place["kind"], place["label"]) == ("template_draft", "Autumn flyer, version 2")
    assert place["left_to_do"] == "Publish this draft."
    draft_id = int(place["ref"].partition(":")[2])
    draft = marketing.get(f"/templates/versions/{draft_id}").json
    assert draft["state"] == "draft"
    assert draft["document"]["images"]["hero"]["asset_id"] == spring.id
    assert "sha256" not in draft["document"]["images"]["hero"]
    before = marketing.get(f"/templates/versions/{version['id']}").json
    assert before["document"] == version["document"]
    done = marketing.post(f"/templates/versions/{draft_id}/publish", json={}).json
    assert done["document"]["images"]["hero"]["sha256"] == spring.sha256


def test_a_draft_that_is_there_is_changed_and_replacing_again_finds_nothing_more(api, cast, published, spring) -> None:
    template = published()["template_id"]
    marketing = api(cast.marketing)
    draft = marketing.post(f"/templates/{template}/versions", json={}).json
    named = factory.flyer()
    fresh = marketing.post("/templates", json={"name": "By name", "document": named}).json
    refs = {place["ref"] for place in replace(marketing, cast.hero.id, spring.id).json["places"]}
    assert refs == {f"template_version:{draft['id']}", f"template_version:{fresh['id']}"}
    changed = marketing.get(f"/templates/versions/{fresh['id']}").json
    assert changed["document"]["images"]["hero"]["asset_id"] == spring.id
    marketing.post(f"/templates/versions/{draft['id']}/publish", json={})
    assert replace(marketing, cast.hero.id, spring.id).json["places"] == []


def test_artworks_that_have_the_picture_get_the_new_one_and_it_is_on_record(api, cast, published, spring) -> None:
    version = published(picture_document())
    owner, other = api(cast.owner), api(cast.other)
    new = {"template_version_id": version["id"], "name": "Ours"}
    with_hero = owner.post("/artworks", json=new | {"values": {"photo": cast.hero.id}}).json
    without = other.post("/artworks", json=new | {"name": "Theirs"}).json
    places = replace(api(cast.marketing), cast.hero.id, spring.id).json["places"]
    assert [place["ref"] for place in places if place["kind"] == "artwork"] == [f"artwork:{with_hero['id']}"]
    assert owner.get(f"/artworks/{with_hero['id']}").json["values"] == {"photo": spring.id}
    assert other.get(f"/artworks/{without['id']}").json["values"] == {}
    assert owner.get(f"/artworks/{with_hero['id']}/renders/square").status_code == 200
    assert ("artwork", "Ours") in [
        (use["kind"], use["label"]) for use in owner.get(f"/assets/{spring.id}/uses").json["items"]
    ]


def test_only_the_brands_own_files_are_replaced_by_others_of_their_kind(api, cast, spring) -> None:
    marketing = api(cast.marketing)
    logo = assets.asset(accounts.actor_for(cast.marketing), factory.logo(), kind="logo", name="house")
    assert replace(marketing, cast.hero.id, cast.hero.id).json["errors"] == {"by_id": ["Choose another file."]}
    assert replace(marketing, cast.hero.id, logo.id).json["code"] == "asset_wrong_kind"
    assert replace(marketing, cast.logo.id, logo.id).json["code"] == "asset_other_owner"
    assert replace(api(cast.owner), cast.hero.id, spring.id).status_code == 403
    assert replace(api(cast.other), cast.logo.id, spring.id).status_code == 404
    marketing.post(f"/assets/{spring.id}/archive")
    assert replace(marketing, cast.hero.id, spring.id).json["code"] == "asset_archived"


def test_the_page_replaces_and_leads_to_where_the_new_file_is_used(portal, cast, published, spring) -> None:
    published()
    browser = portal(cast.marketing)
    assert "spring" in browser.get(f"/files/{cast.hero.id}").text
    answer = browser.post(f"/files/{cast.hero.id}/replace", data={"by_id": str(spring.id)})
    assert (answer.status_code, answer.location) == (303, f"/files/{spring.id}#uses")
    assert "In the draft of the template Autumn flyer, version 2" in browser.get(f"/files/{spring.id}").text
    assert browser.post(f"/files/{cast.hero.id}/replace", data={"by_id": ""}).status_code == 422
