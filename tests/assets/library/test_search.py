"""Tags, words and what else narrows the list of files."""

import contextlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.library import rules
from tcma.accounts.service import actor_of
from tcma.kernel import clock
from tcma.kernel.errors import Invalid
from tests.factories.assets import asset, picture


@pytest.fixture
def shelf(crowd):
    """Five photos of the brand, and one of a partner."""
    marketing, today = actor_of(crowd["marketing"]), clock.today()
    asset(
        marketing, picture(), kind="photo", name="Espresso", alt_text="A cup on wood", tags=["coffee", "Summer  fair"]
    )
    asset(marketing, picture(), kind="photo", name="Beach 100%", tags=["summer fair"])
    asset(marketing, picture(), kind="photo", name="Old", tags=["coffee"], rights_until_on=today - timedelta(days=1))
    asset(marketing, picture(), kind="photo", name="Soon", tags=["coffee"], rights_from_on=today + timedelta(days=1))
    asset(marketing, name="Logo_1")
    asset(actor_of(crowd["a"]), picture(), kind="photo", name="Anker coffee")


def found(client, query):
    answer = client.get(f"/assets?{query}")
    assert answer.status_code == 200, answer.json
    return sorted(item["name"] for item in answer.json["items"])


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("search=espresso", ["Espresso"]),
        ("search=CUP wood", ["Espresso"]),
        ("search=cup beach", []),
        ("search=coffee", ["Anker coffee", "Espresso", "Old", "Soon"]),
        ("search=100%25", ["Beach 100%"]),
        ("search=%25", ["Beach 100%"]),
        ("search=o_1", ["Logo_1"]),
        ("search=%5C", []),
        ("tag=Summer%20Fair", ["Beach 100%", "Espresso"]),
        ("tag=summer", []),
        ("tag=coffee&rights=running", ["Espresso"]),
        ("tag=coffee&rights=ended", ["Old"]),
        ("tag=coffee&rights=to_come", ["Soon"]),
        ("kind=logo", ["Logo_1"]),
        ("kind=photo&search=anker", ["Anker coffee"]),
    ],
)
def test_files_are_found_by_what_is_said_about_them(api, crowd, shelf, query, names):
    assert found(api(crowd["marketing"]), query) == names


def test_a_partner_finds_no_file_whose_rights_do_not_run(api, crowd, shelf):
    assert found(api(crowd["b"]), "search=coffee") == ["Espresso"]
    assert found(api(crowd["a"]), "search=coffee") == ["Anker coffee", "Espresso"]
    assert found(api(crowd["b"]), "rights=ended") == []


def test_files_of_one_partner_are_found(api, crowd, shelf):
    partner_id = crowd["a"].partner_id
    assert found(api(crowd["marketing"]), f"partner_id={partner_id}") == ["Anker coffee"]
    assert found(api(crowd["b"]), f"partner_id={partner_id}") == []


@pytest.mark.parametrize("query", ["rights=perhaps", f"search={'x' * 101}", "kind=x", "words=x"])
def test_a_question_that_cannot_be_answered_names_its_field(api, crowd, query):
    answer = api(crowd["a"]).get(f"/assets?{query}")
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [query.partition("=")[0]]


def test_the_page_finds_the_same(portal, crowd, shelf):
    page = portal(crowd["marketing"]).get("/files/?search=espresso&kind=photo").text
    assert "Espresso" in page
    assert "Beach" not in page
    assert 'value="espresso"' in page
    assert "Nothing found" in portal(crowd["marketing"]).get("/files/?tag=nowhere").text


def test_tags_are_kept_small_once_and_in_order(api, crowd):
    made = asset(actor_of(crowd["a"]))
    answer = api(crowd["a"]).patch(f"/assets/{made.id}", json={"tags": [" Sea ", "sea", "Blue\u00a0 sky", "a, b"]})
    assert answer.json["tags"] == ["a", "b", "blue sky", "sea"]
    for tags in (["x" * 41], [str(number) for number in range(21)], "x", [1]):
        refused = api(crowd["a"]).patch(f"/assets/{made.id}", json={"tags": tags})
        assert refused.status_code == 422
        assert next(iter(refused.json["errors"])).startswith("tags")


@given(st.lists(st.text(max_size=50), max_size=25))
def test_tags_that_are_taken_are_their_own_normal_form(tags):
    with contextlib.suppress(Invalid):
        kept = rules.normal_tags(tags)
        assert rules.normal_tags(kept) == kept == sorted(set(kept))
        assert len(kept) <= 20
        assert all(0 < len(tag) <= 40 for tag in kept)
