"""Versions of an asset: the bytes of each stay, the newest is offered."""

import io

import pytest

from assets.library import service
from assets.library.errors import AssetNotFound
from tcma.accounts.service import actor_of
from tcma.infra.db import reading
from tests.factories.assets import asset, logo, picture

SAID = {"variant": "dark", "alt_text": "An anchor", "tags": "sea, summer", "rights_until_on": "2999-01-01"}


def send(client, path, data, name="logo.png", key=None, **fields):
    return client.post(path, data={"file": (io.BytesIO(data), name), **fields}, key=key)


def follow(client, asset_id, data, **more):
    return send(client, f"/assets/{asset_id}/versions", data, **more)


def listed(client, query=""):
    return [item["id"] for item in client.get(f"/assets{query}").json["items"]]


def test_a_new_version_carries_over_what_is_said_and_takes_the_place_in_lists(api, crowd):
    client = api(crowd["a"])
    first = send(client, "/assets", logo(), kind="logo", name="Anchor", **SAID).json
    second = follow(client, first["id"], logo(colour=(1, 2, 3, 255)))
    assert second.status_code == 201
    same = ("name", "variant", "alt_text", "tags", "rights_until_on", "kind", "series_id", "partner_id")
    assert {name: second.json[name] for name in same} == {name: first[name] for name in same}
    assert (first["number"], second.json["number"]) == (1, 2)
    assert second.json["sha256"] != first["sha256"]
    assert listed(client) == [second.json["id"]]
    before = client.get(f"/assets/{first['id']}").json
    assert (before["sha256"], before["superseded_at"] is None) == (first["sha256"], False)
    assert client.get(f"/assets/{first['id']}/content").status_code == 200


def test_the_chain_is_listed_from_any_of_its_versions(api, crowd):
    client = api(crowd["a"])
    first = send(client, "/assets", logo(), kind="logo").json["id"]
    second = follow(client, first, logo(colour=(1, 2, 3, 255))).json["id"]
    third = follow(client, second, logo(colour=(4, 5, 6, 255))).json["id"]
    for asset_id in (first, second, third):
        chain = client.get(f"/assets/{asset_id}/versions").json["items"]
        assert [(item["id"], item["number"]) for item in chain] == [(third, 3), (second, 2), (first, 1)]


def test_only_the_newest_version_is_followed_and_never_twice(api, crowd):
    client = api(crowd["a"])
    first = send(client, "/assets", logo(), kind="logo").json["id"]
    once = follow(client, first, logo(colour=(1, 2, 3, 255)), key="once")
    again = follow(client, first, logo(colour=(1, 2, 3, 255)), key="once")
    assert (again.status_code, again.json) == (201, once.json)
    assert len(client.get(f"/assets/{first}/versions").json["items"]) == 2
    late = follow(client, first, logo(colour=(9, 9, 9, 255)))
    assert (late.status_code, late.json["code"]) == (409, "asset_not_newest")
    client.post(f"/assets/{once.json['id']}/archive")
    assert follow(client, once.json["id"], logo()).json["code"] == "asset_archived"
    assert listed(client) == []


def test_a_version_is_of_the_same_kind_and_needs_its_file(api, crowd):
    client = api(crowd["a"])
    first = send(client, "/assets", logo(), kind="logo").json["id"]
    assert follow(client, first, b"%PDF-1.7 and more", name="x.pdf").json["code"] == "file_wrong_type"
    assert client.post(f"/assets/{first}/versions", data={}).json["errors"] == {"file": ["Choose a file."]}
    assert "kind" in follow(client, first, logo(), kind="photo").json["errors"]


def test_nobody_follows_anothers_file(api, crowd):
    theirs, brands = asset(actor_of(crowd["b"])), asset(actor_of(crowd["marketing"]))
    assert follow(api(crowd["a"]), theirs.id, logo()).status_code == 404
    assert follow(api(crowd["a"]), brands.id, logo()).json["code"] == "asset_other_owner"
    assert follow(api(crowd["marketing"]), theirs.id, logo()).json["code"] == "asset_other_owner"
    assert follow(api(crowd["finance"]), brands.id, logo()).status_code == 403


def test_names_and_logos_lead_to_the_newest_version(api, crowd):
    marketing, a = actor_of(crowd["marketing"]), actor_of(crowd["a"])
    hero = asset(marketing, picture(), kind="photo", name="hero")
    mine = asset(a, name="mark")
    newer = follow(api(crowd["marketing"]), hero.id, picture(colour=(1, 1, 1))).json["id"]
    newest = follow(api(crowd["a"]), mine.id, logo(colour=(7, 7, 7, 255))).json["id"]
    with reading(a):
        assert service.brand_asset_by_name(a, "hero").id == newer
        assert service.partner_logo(a, a.partner_id).asset_id == newest
        assert service.asset(a, hero.id).number == 1


def test_when_the_newest_version_is_put_away_no_earlier_one_comes_back(api, crowd):
    marketing = actor_of(crowd["marketing"])
    hero = asset(marketing, picture(), kind="photo", name="hero")
    client = api(crowd["marketing"])
    newer = follow(client, hero.id, picture(colour=(1, 1, 1))).json["id"]
    client.post(f"/assets/{newer}/archive")
    with reading(marketing), pytest.raises(AssetNotFound):
        service.brand_asset_by_name(marketing, "hero")


def test_a_page_leads_from_version_to_version(portal, crowd):
    browser = portal(crowd["a"])
    first = asset(actor_of(crowd["a"]), name="Anchor")
    assert "New version of" in browser.get(f"/files/new/of/{first.id}").text
    refused = browser.post(f"/files/new/of/{first.id}", data={"file": (io.BytesIO(b"hello"), "logo.png")})
    assert refused.status_code == 422
    assert "not a picture" in refused.text
    assert "Choose a file." in browser.post(f"/files/new/of/{first.id}", data={}).text
    form = {"file": (io.BytesIO(logo(colour=(1, 2, 3, 255))), "logo.png"), "_key": "k1"}
    answer = browser.post(f"/files/new/of/{first.id}", data=form)
    assert answer.status_code == 303
    newest = browser.get(answer.location).text
    assert f'href="/files/{first.id}"' in newest
    before = browser.get(f"/files/{first.id}").text
    assert "There is a newer version" in before
    assert answer.location in before
    form["file"] = (io.BytesIO(logo(colour=(9, 9, 9, 255))), "logo.png")
    late = browser.post(f"/files/new/of/{first.id}", data=form | {"_key": "k2"})
    assert late.status_code == 409
    assert "There is a newer version of this file already." in late.text
