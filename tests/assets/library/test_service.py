import io
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from assets.library import rules, service
from assets.library.errors import AssetArchived, AssetNotFound, RightsNotRunning, WrongKind
from assets.library.rules import Variant
from tcma.accounts.service import actor_of
from tcma.infra.db import reading, session, transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM
from tcma.kernel.permissions import Role
from tests.factories import accounts
from tests.factories.assets import asset, logo, picture


@pytest.fixture
def actors(world):
    with transaction(SYSTEM):
        accounts.brand()
        people = {
            "marketing": accounts.user(Role.MARKETING),
            "a": accounts.user(Role.OWNER, accounts.partner("Anker")),
            "b": accounts.user(Role.OWNER, accounts.partner("Bake")),
        }
    return {name: actor_of(person) for name, person in people.items()}


def test_each_background_gets_the_logo_that_was_made_for_it(actors):
    a = actors["a"]
    light, dark = asset(a, variant="light"), asset(a, logo(colour=(255, 255, 255, 255)), variant="dark")
    with reading(a):
        on_light = service.partner_logo(a, a.partner_id, background="light")
        on_dark = service.partner_logo(a, a.partner_id, background="dark")
    assert (on_light.asset_id, on_dark.asset_id) == (light.id, dark.id)
    assert on_dark.luminance > 0.9
    assert on_light.luminance < 0.1
    drawn = Image.open(io.BytesIO(service.read(on_light.file)))
    assert drawn.mode == "RGBA"
    assert drawn.size == (300, 100) == (on_light.width_px, on_light.height_px)


def test_one_logo_stands_in_for_both_and_the_newest_wins(actors):
    a = actors["a"]
    asset(a, variant="any")
    newer = asset(a, logo(colour=(1, 1, 1, 255)), variant="any")
    with reading(a):
        assert service.partner_logo(a, a.partner_id, background="dark").asset_id == newer.id


def test_without_a_usable_logo_there_is_none(actors):
    a, today = actors["a"], clock.today()
    asset(a, rights_until_on=today - timedelta(days=1))
    asset(a, picture(), kind="photo")
    archived = asset(a)
    with transaction(a):
        service.archive(a, archived.id)
    with reading(a):
        assert service.partner_logo(a, a.partner_id) is None


def test_a_partner_gets_no_logo_of_another(actors):
    asset(actors["b"])
    with reading(actors["a"]):
        assert service.partner_logo(actors["a"], actors["b"].partner_id) is None
    with reading(actors["marketing"]):
        assert service.partner_logo(actors["marketing"], actors["b"].partner_id) is not None


def test_files_that_are_about_to_be_used_must_be_there_of_the_kind_and_with_rights(actors):
    a, today = actors["a"], clock.today()
    good = asset(a, picture(), kind="proof", name="good")
    ended = asset(a, picture(), kind="proof", rights_until_on=today - timedelta(days=1))
    other, foreign = asset(a), asset(actors["b"], picture(), kind="proof")
    archived = asset(a, picture(), kind="proof")
    with transaction(a):
        service.archive(a, archived.id)
    with reading(a):
        assert [view.name for view in service.require_all(a, [good.id, good.id], "proof")] == ["good", "good"]
        for asset_id, error in (
            (other.id, WrongKind),
            (foreign.id, AssetNotFound),
            (0, AssetNotFound),
            (archived.id, AssetArchived),
            (ended.id, RightsNotRunning),
        ):
            with pytest.raises(error):
                service.require_all(a, [good.id, asset_id], "proof")


def test_the_same_bytes_are_stored_once_and_the_content_is_what_was_written(actors):
    one, other = asset(actors["a"], picture(), kind="photo"), asset(actors["b"], picture(), kind="photo")
    assert one.storage_key == other.storage_key
    assert one.id != other.id
    with reading(actors["a"]):
        file = service.content_file(actors["a"], one.id)
    assert service.read(file).startswith(b"\x89PNG")


def test_the_brands_file_is_found_by_its_name(actors):
    asset(actors["marketing"], picture(), kind="photo", name="espresso")
    asset(actors["a"], picture(), kind="photo", name="mine")
    with reading(actors["a"]):
        assert service.brand_asset_by_name(actors["a"], "espresso").kind == "photo"
        with pytest.raises(AssetNotFound):
            service.brand_asset_by_name(actors["a"], "mine")


def test_row_security_holds_even_when_a_query_forgets(actors):
    asset(actors["b"], name="of b")
    asset(actors["marketing"], name="of the brand")
    with reading(actors["a"]):
        assert list(session.scalars(text("SELECT name FROM assets"))) == ["of the brand"]
        assert list(session.scalars(text("SELECT filename FROM uploads"))) == []
    with transaction(actors["a"]):
        assert session.execute(text("UPDATE assets SET name = 'taken'")).rowcount == 0
    asset(actors["a"])
    with pytest.raises(DBAPIError, match="row-level security"), transaction(actors["a"]):
        session.execute(text("UPDATE assets SET partner_id = NULL WHERE partner_id IS NOT NULL"))


@given(
    today=st.dates(),
    start=st.none() | st.dates(),
    end=st.none() | st.dates(),
)
def test_rights_run_exactly_between_their_two_days(today, start, end):
    assert rules.rights_run(today, start, end) == ((start or today) <= today <= (end or today))


class Logo:
    def __init__(self, variant):
        self.variant = variant


@given(st.lists(st.sampled_from(Variant)), st.sampled_from(Variant))
def test_the_best_logo_is_never_beaten_by_another_that_is_there(variants, background):
    logos = [Logo(variant) for variant in variants]
    best = rules.suits_best(logos, background)
    order = rules.PREFERENCE[background]
    assert (best is None) == (not logos)
    if best is not None:
        assert order.index(best.variant) == min(order.index(variant) for variant in variants)
        assert logos.index(best) == variants.index(best.variant)
