"""A picture that was put away stays where it is used, and is taken nowhere anew."""

from datetime import timedelta

import pytest

from assets.library import service as library
from cobranding.artworks import service as artworks
from tcma.infra.db import reading, transaction
from tcma.kernel import clock
from tcma.kernel.errors import NotFound
from tests.factories import accounts, assets
from tests.factories import cobranding as factory


def email_with_picture() -> dict:
    raw = factory.email()
    raw["images"] = {"hero": {"asset_name": "hero", "alt": "Hills"}}
    image = '<mj-image src="{{image.hero}}" alt="Hills" />'
    raw["email"]["mjml"] = raw["email"]["mjml"].replace("<mj-text>{{offer}}", f"{image}<mj-text>{{{{offer}}}}")
    return raw


def archive(cast, asset):
    marketing = accounts.actor_for(cast.marketing)
    with transaction(marketing):
        library.archive(marketing, asset.id)


def test_a_published_template_is_still_made_with_its_archived_picture(api, cast, published) -> None:
    version = published()
    owner = api(cast.owner)
    made = owner.post("/artworks", json={"template_version_id": version["id"]}).json
    before = owner.get(f"/artworks/{made['id']}/renders/a4").data
    archive(cast, cast.hero)
    after = owner.get(f"/artworks/{made['id']}/renders/a4")
    assert (after.status_code, after.data) == (200, before)
    assert owner.post("/artworks", json={"template_version_id": version["id"]}).status_code == 201


def test_a_mail_and_the_pictures_in_sent_mails_keep_the_archived_picture(api, cast, published) -> None:
    version = published(email_with_picture(), name="Mail")
    owner = accounts.actor_for(cast.owner)
    archive(cast, cast.hero)
    with reading(owner):
        inputs = artworks.email_inputs(owner, cast.north.id, version["id"], {}, {})
    address = inputs.image_urls["hero"]
    assert address in artworks.compose(inputs).html
    with reading(owner):
        found = artworks.hosted_picture(address.rpartition("/")[2])
    assert artworks.picture_file(found)[1] == "image/jpeg"


def test_a_picture_in_a_sent_mail_ends_with_its_rights(cast, published, monkeypatch) -> None:
    today = clock.today()
    marketing = accounts.actor_for(cast.marketing)
    assets.asset(marketing, factory.photo(300, 200), kind="photo", name="hero", rights_until_on=today)
    version = published(email_with_picture(), name="Mail")
    with reading(marketing):
        inputs = artworks.email_inputs(marketing, cast.north.id, version["id"], {}, {})
    token = inputs.image_urls["hero"].rpartition("/")[2]
    with reading(marketing):
        artworks.hosted_picture(token)
    monkeypatch.setattr(clock, "today", lambda: today + timedelta(days=1))
    with reading(marketing), pytest.raises(NotFound):
        artworks.hosted_picture(token)


def test_an_archived_picture_is_not_published_anew(api, cast, published) -> None:
    template = published()["template_id"]
    archive(cast, cast.hero)
    marketing = api(cast.marketing)
    draft = marketing.post(f"/templates/{template}/versions", json={}).json
    refused = marketing.post(f"/templates/versions/{draft['id']}/publish", json={})
    assert refused.status_code == 422
    assert refused.json["errors"] == {"images.hero": ["was archived; choose another file"]}


def test_an_archived_picture_stays_in_the_artwork_that_has_it_and_is_chosen_for_no_other(api, cast, published) -> None:
    document = factory.flyer()
    document["variables"]["photo"] = {"type": "image"}
    document["formats"]["square"]["elements"][0] |= {"variable": "photo", "open": {"content": True}}
    del document["formats"]["square"]["elements"][0]["image"]
    version = published(document)
    ours = assets.asset(accounts.actor_for(cast.marketing), factory.photo(300, 200), kind="photo", name="choice")
    owner = api(cast.owner)
    new = {"template_version_id": version["id"], "values": {"photo": ours.id}}
    made = owner.post("/artworks", json=new).json
    archive(cast, ours)
    kept = owner.patch(f"/artworks/{made['id']}", json={"values": {"photo": ours.id, "headline": "Other words"}})
    assert kept.status_code == 200
    assert owner.get(f"/artworks/{made['id']}/renders/square").status_code == 200
    assert list(owner.post("/artworks", json=new).json["errors"]) == ["photo"]
