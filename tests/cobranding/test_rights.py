"""A file past its rights stops rendering and sending, and says so by its name."""

from datetime import timedelta

import pytest

from assets.library import service as library
from assets.library.errors import RightsNotRunning
from cobranding.artworks import service as artworks
from cobranding.rendering.errors import DocumentInvalid
from tcma.infra.db import reading, transaction
from tcma.kernel import clock
from tests.cobranding.test_archived import email_with_picture
from tests.factories import accounts, assets
from tests.factories import cobranding as factory


def limit(cast, **rights):
    marketing = accounts.actor_for(cast.marketing)
    with transaction(marketing):
        library.edit(marketing, cast.hero.id, **rights)


def yesterday():
    return clock.today() - timedelta(days=1)


def test_a_flyer_is_made_no_more_once_the_rights_to_its_picture_have_ended(api, cast, published) -> None:
    version = published()
    owner = api(cast.owner)
    made = owner.post("/artworks", json={"template_version_id": version["id"]}).json
    assert owner.get(f"/artworks/{made['id']}/renders/a4").status_code == 200
    limit(cast, rights_until_on=yesterday())
    for person in (cast.owner, cast.marketing):
        refused = api(person).get(f"/artworks/{made['id']}/renders/a4")
        assert refused.status_code == 422
        assert "The rights to “hero” ended on" in refused.json["detail"]
        assert list(refused.json["errors"]) == ["images.hero"]
    limit(cast, rights_until_on=None)
    assert owner.get(f"/artworks/{made['id']}/renders/a4").status_code == 200


def test_a_mail_is_gathered_no_more_once_the_rights_have_ended(cast, published) -> None:
    version = published(email_with_picture(), name="Mail")
    job = accounts.actor_for(cast.owner)
    with reading(job):
        artworks.email_inputs(job, cast.north.id, version["id"], {}, {})
    limit(cast, rights_until_on=yesterday())
    with reading(job), pytest.raises(DocumentInvalid, match="The rights to “hero” ended on"):
        artworks.email_inputs(job, cast.north.id, version["id"], {}, {})


def test_a_picture_for_print_is_not_sent_by_mail(cast, published) -> None:
    version = published(email_with_picture(), name="Mail")
    limit(cast, rights_channels=["print"])
    owner = accounts.actor_for(cast.owner)
    with reading(owner), pytest.raises(DocumentInvalid, match="“hero” may be used in print only, not in e-mail"):
        artworks.email_inputs(owner, cast.north.id, version["id"], {}, {})


def test_a_picture_is_used_in_the_regions_of_its_rights_only(api, cast, published) -> None:
    version = published()
    made = api(cast.owner).post("/artworks", json={"template_version_id": version["id"]}).json
    limit(cast, rights_regions=["emea"])
    assert api(cast.owner).get(f"/artworks/{made['id']}/renders/a4").status_code == 200
    limit(cast, rights_regions=["LATAM"])
    for person in (cast.owner, cast.marketing):
        refused = api(person).get(f"/artworks/{made['id']}/renders/a4")
        assert "“hero” may be used in LATAM only, not in EMEA." in refused.json["detail"]


def picture_document() -> dict:
    document = factory.flyer()
    document["variables"]["photo"] = {"type": "image"}
    document["formats"]["square"]["elements"][0] |= {"variable": "photo", "open": {"content": True}}
    del document["formats"]["square"]["elements"][0]["image"]
    return document


def test_a_partners_own_picture_ends_with_its_rights_too(api, cast, published) -> None:
    version = published(picture_document())
    north = accounts.actor_for(cast.owner)
    own = assets.asset(north, factory.photo(300, 200), kind="photo", name="our shop")
    new = {"template_version_id": version["id"], "values": {"photo": own.id}}
    owner = api(cast.owner)
    made = owner.post("/artworks", json=new).json
    assert owner.get(f"/artworks/{made['id']}/renders/square").status_code == 200
    with transaction(north):
        library.edit(north, own.id, rights_until_on=yesterday())
    refused = owner.get(f"/artworks/{made['id']}/renders/square")
    assert (refused.status_code, refused.json["code"]) == (422, "preflight_failed")
    assert "“our shop”" in refused.json["detail"]
    with reading(north), pytest.raises(RightsNotRunning, match="our shop"):
        library.usable_file(north, own.id, partner_id=cast.north.id)


def test_a_template_whose_picture_has_no_rights_any_more_is_not_published(api, cast, published) -> None:
    template = published()["template_id"]
    marketing = api(cast.marketing)
    draft = marketing.post(f"/templates/{template}/versions", json={}).json
    limit(cast, rights_until_on=yesterday())
    refused = marketing.post(f"/templates/versions/{draft['id']}/publish", json={})
    assert refused.status_code == 422
    assert "ended on" in refused.json["errors"]["images.hero"][0]


def test_the_library_knows_which_templates_and_artworks_have_a_picture(api, cast, published) -> None:
    version = published(picture_document())
    api(cast.owner).post(
        "/artworks", json={"template_version_id": version["id"], "name": "Ours", "values": {"photo": cast.hero.id}}
    )

    def uses(person):
        found = api(person).get(f"/assets/{cast.hero.id}/uses").json["items"]
        return [(use["kind"], use["label"]) for use in found]

    assert uses(cast.marketing) == [("artwork", "Ours"), ("template", "Autumn flyer, version 1")]
    assert uses(cast.owner) == [("artwork", "Ours")]
    assert uses(cast.other) == []
