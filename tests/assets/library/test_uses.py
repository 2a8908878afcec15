"""Where a file is used, and who fetched it."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from assets.library import service
from tcma.accounts.service import actor_of
from tcma.infra.db import reading, session, transaction
from tests.factories.assets import asset, picture


def used(api_of, asset_id):
    return [(use["kind"], use["ref"], use["label"]) for use in api_of.get(f"/assets/{asset_id}/uses").json["items"]]


def test_a_use_is_noted_once_whoever_comes_again(api, crowd):
    marketing = actor_of(crowd["marketing"])
    hero = asset(marketing, picture(), kind="photo")
    for _ in range(3):
        with transaction(marketing):
            service.record_use(marketing, hero.id, "template", "template_version:5", label="Autumn flyer 1")
    assert used(api(crowd["marketing"]), hero.id) == [("template", "template_version:5", "Autumn flyer 1")]


def test_whoever_fetches_a_file_is_noted_once_a_day(api, crowd):
    marketing = actor_of(crowd["marketing"])
    hero = asset(marketing, picture(), kind="photo")
    client = api(crowd["a"])
    for _ in range(2):
        assert client.get(f"/assets/{hero.id}/content").status_code == 200
    client.get(f"/assets/{hero.id}/thumbnail")
    ((kind, ref, label),) = used(client, hero.id)
    assert (kind, label) == ("download", crowd["a"].name)
    assert ref.startswith(f"user:{crowd['a'].id}:")
    assert len(used(api(crowd["marketing"]), hero.id)) == 1


def test_a_partner_learns_nothing_of_the_uses_of_others(api, crowd):
    hero = asset(actor_of(crowd["marketing"]), picture(), kind="photo")
    theirs = asset(actor_of(crowd["b"]), picture(), kind="photo")
    api(crowd["b"]).get(f"/assets/{hero.id}/content")
    assert used(api(crowd["a"]), hero.id) == []
    assert api(crowd["a"]).get(f"/assets/{theirs.id}/uses").status_code == 404
    with reading(actor_of(crowd["a"])):
        assert session.scalars(text("SELECT label FROM asset_uses")).all() == []
    a = actor_of(crowd["a"])
    with transaction(a):
        service.record_use(a, theirs.id, "artwork", "artwork:1")
    assert used(api(crowd["marketing"]), theirs.id) == []


def test_what_is_noted_stays(crowd):
    marketing = actor_of(crowd["marketing"])
    hero = asset(marketing, picture(), kind="photo")
    with transaction(marketing):
        service.record_use(marketing, hero.id, "template", "template_version:1")
    for change in ("UPDATE asset_uses SET label = 'x'", "DELETE FROM asset_uses"):
        with pytest.raises(DBAPIError), transaction(marketing):
            session.execute(text(change))


def test_uses_come_in_pages(api, crowd):
    marketing = actor_of(crowd["marketing"])
    hero = asset(marketing, picture(), kind="photo")
    with transaction(marketing):
        for number in range(5):
            service.record_use(marketing, hero.id, "template", f"template_version:{number}", label=str(number))
    client = api(crowd["marketing"])
    first = client.get(f"/assets/{hero.id}/uses?limit=3").json
    rest = client.get(f"/assets/{hero.id}/uses?limit=3&after={first['next']}").json
    assert [use["label"] for use in first["items"] + rest["items"]] == ["4", "3", "2", "1", "0"]


def test_the_page_says_where_a_file_is_used_and_who_fetched_it(portal, crowd):
    marketing = actor_of(crowd["marketing"])
    hero = asset(marketing, picture(), kind="photo")
    with transaction(marketing):
        service.record_use(marketing, hero.id, "template", "template_version:5", label="Autumn flyer 1")
    browser = portal(crowd["marketing"])
    assert browser.get(f"/files/{hero.id}/download").mimetype == "image/png"
    page = browser.get(f"/files/{hero.id}").text
    assert "In the template Autumn flyer 1" in page
    assert f"Fetched by {crowd['marketing'].name}" in page
