from datetime import timedelta

import pytest

from tcma.accounts.service import actor_of
from tcma.infra.db import transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM
from tcma.kernel.permissions import Role
from tests.factories import accounts
from tests.factories.assets import asset, logo, picture


@pytest.fixture
def people(world):
    with transaction(SYSTEM):
        accounts.brand()
        return {
            "marketing": accounts.user(Role.MARKETING),
            "finance": accounts.user(Role.FINANCE),
            "a": accounts.user(Role.OWNER, accounts.partner("Anker")),
            "b": accounts.user(Role.OWNER, accounts.partner("Bake")),
        }


def names(answer):
    return [item["name"] for item in answer.json["items"]]


def test_a_partner_sees_its_own_files_and_the_brands_while_their_rights_run(api, people):
    today = clock.today()
    marketing, a, b = (actor_of(people[name]) for name in ("marketing", "a", "b"))
    asset(marketing, kind="logo", name="brand logo")
    asset(marketing, picture(), kind="photo", name="ended", rights_until_on=today - timedelta(days=1))
    asset(marketing, picture(), kind="photo", name="not yet", rights_from_on=today + timedelta(days=1))
    asset(marketing, picture(), kind="photo", name="last day", rights_from_on=today, rights_until_on=today)
    asset(a, name="of a")
    asset(b, name="of b")
    assert names(api(people["a"]).get("/assets")) == ["of a", "last day", "brand logo"]
    assert names(api(people["b"]).get("/assets?kind=logo")) == ["of b", "brand logo"]
    assert len(names(api(people["finance"]).get("/assets"))) == 6


def test_lists_come_in_pages(api, people):
    for number in range(5):
        asset(actor_of(people["a"]), logo(colour=(number, 0, 0, 255)), name=f"file {number}")
    client = api(people["a"])
    first = client.get("/assets?limit=2")
    second = client.get(f"/assets?limit=2&after={first.json['next']}")
    third = client.get(f"/assets?limit=2&after={second.json['next']}")
    assert [*names(first), *names(second), *names(third)] == [f"file {number}" for number in (4, 3, 2, 1, 0)]
    assert third.json["next"] is None


@pytest.mark.parametrize("path", ["", "/content", "/thumbnail"])
def test_a_foreign_file_is_not_there(api, people, path):
    foreign = asset(actor_of(people["b"]))
    for number in (foreign.id, 0, 2**62, 10**30):
        answer = api(people["a"]).get(f"/assets/{number}{path}")
        assert answer.status_code == 404
        assert answer.mimetype == "application/problem+json"


def test_a_foreign_file_cannot_be_changed_or_archived(api, people):
    foreign, brands = asset(actor_of(people["b"])), asset(actor_of(people["marketing"]))
    client = api(people["a"])
    assert client.post(f"/assets/{foreign.id}/archive").status_code == 404
    assert client.patch(f"/assets/{foreign.id}", json={"name": "x"}).status_code == 404
    assert client.post(f"/assets/{brands.id}/archive").status_code == 404
    assert client.get(f"/assets/{brands.id}").json["archived_at"] is None
    assert api(people["marketing"]).post(f"/assets/{foreign.id}/archive").json["code"] == "asset_other_owner"


def test_files_are_served_so_that_nothing_in_them_runs(api, people):
    made = asset(actor_of(people["a"]), name='quarter "one".png')
    for path in ("content", "thumbnail"):
        answer = api(people["a"]).get(f"/assets/{made.id}/{path}")
        assert answer.status_code == 200
        assert answer.mimetype == "image/png"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Content-Disposition"].startswith("inline")
        assert "no-cache" in answer.headers["Cache-Control"]


def test_a_file_that_did_not_change_is_not_sent_again(api, people):
    made = asset(actor_of(people["a"]))
    client = api(people["a"])
    etag = client.get(f"/assets/{made.id}/content").headers["ETag"]
    assert client.get(f"/assets/{made.id}/content", headers={"If-None-Match": etag}).status_code == 304


def test_an_archived_file_is_offered_no_more_and_archived_once(api, people):
    made = asset(actor_of(people["a"]), name="old")
    client = api(people["a"])
    assert client.post(f"/assets/{made.id}/archive").json["archived_at"] is not None
    assert client.post(f"/assets/{made.id}/archive").json["code"] == "asset_archived"
    assert names(client.get("/assets")) == []
    assert names(client.get("/assets?archived=true")) == ["old"]
    assert client.get(f"/assets/{made.id}/content").status_code == 200


def test_a_brand_file_that_was_archived_leaves_the_partners_lists_and_stays_where_it_was_used(api, people):
    made = asset(actor_of(people["marketing"]), name="old")
    partner, marketing = api(people["a"]), api(people["marketing"])
    assert names(partner.get("/assets")) == ["old"]
    marketing.post(f"/assets/{made.id}/archive")
    assert names(partner.get("/assets")) == names(partner.get("/assets?archived=true")) == []
    assert names(marketing.get("/assets?archived=true")) == ["old"]
    assert partner.get(f"/assets/{made.id}/content").status_code == 200


def test_an_archived_file_whose_rights_ended_is_not_there_either(api, people):
    ended = asset(actor_of(people["marketing"]), rights_until_on=clock.today() - timedelta(days=1))
    api(people["marketing"]).post(f"/assets/{ended.id}/archive")
    assert api(people["a"]).get(f"/assets/{ended.id}/content").status_code == 404


def test_an_edit_names_the_revision_that_was_seen(api, people):
    made = asset(actor_of(people["a"]), name="old")
    client = api(people["a"])
    etag = client.get(f"/assets/{made.id}").headers["ETag"]
    changed = client.patch(f"/assets/{made.id}", json={"name": "new", "variant": "dark"}, headers={"If-Match": etag})
    assert (changed.json["name"], changed.json["variant"]) == ("new", "dark")
    stale = client.patch(f"/assets/{made.id}", json={"name": "newer"}, headers={"If-Match": etag})
    assert stale.status_code == 412
    assert client.get(f"/assets/{made.id}").json["name"] == "new"


@pytest.mark.parametrize("body", [{"name": ""}, {"variant": "pink"}, {"sha256": "0"}, {"name": 5}])
def test_a_bad_edit_is_refused_with_its_field(api, people, body):
    made = asset(actor_of(people["a"]))
    answer = api(people["a"]).patch(f"/assets/{made.id}", json=body)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == list(body)
