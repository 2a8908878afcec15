"""States move along their tables only, and forms come out in the types of the template."""

import itertools
from inspect import isfunction

import pytest

from cobranding.artworks import rules as artworks
from cobranding.artworks.rules import ArtworkState, from_form
from cobranding.rendering.document.reading import read
from cobranding.templates import rules as templates
from cobranding.templates import service
from cobranding.templates.rules import VersionState
from tcma.kernel.states import IllegalMove, move
from tests.factories import cobranding as factory

VERSIONS = {("draft", "published"), ("published", "withdrawn")}
ARTWORKS = {
    ("draft", "ready"),
    ("draft", "in_review"),
    ("ready", "draft"),
    ("ready", "in_review"),
    ("in_review", "approved"),
    ("in_review", "rejected"),
    ("approved", "draft"),
    ("approved", "ready"),
    ("rejected", "draft"),
    ("rejected", "ready"),
    ("rejected", "in_review"),
}


@pytest.mark.parametrize(("at", "to"), list(itertools.product(VersionState, repeat=2)))
def test_a_version_is_published_once_and_withdrawn_once(at: VersionState, to: VersionState) -> None:
    if (at.value, to.value) in VERSIONS:
        assert move(templates.MOVES, at, to) is to
    else:
        with pytest.raises(IllegalMove):
            move(templates.MOVES, at, to)


@pytest.mark.parametrize(("at", "to"), list(itertools.product(ArtworkState, repeat=2)))
def test_an_artwork_moves_along_its_table_only(at: ArtworkState, to: ArtworkState) -> None:
    if (at.value, to.value) in ARTWORKS:
        assert move(artworks.MOVES, at, to) is to
    else:
        with pytest.raises(IllegalMove):
            move(artworks.MOVES, at, to)


def test_a_forms_entries_get_the_types_of_the_template() -> None:
    raw = factory.flyer()
    raw["variables"] |= {
        "seats": {"type": "number"},
        "photo": {"type": "image"},
        "note": {"type": "text", "multiline": True},
    }
    entered = {
        "headline": " Hello ",
        "seats": "-12",
        "photo": "7",
        "note": "one\r\ntwo",
        "link": "",
        "a4": {"headline": {"style": "lead"}},
        "unknown": "3",
    }
    assert from_form(read(raw), entered) == {
        "headline": "Hello",
        "seats": -12,
        "photo": 7,
        "note": "one\ntwo",
        "a4.headline.style": "lead",
        "unknown": "3",
    }


def test_what_templates_offer_to_others_is_all_that_is_public_there() -> None:
    public = {
        name for name, thing in vars(service).items() if isfunction(thing) and thing.__module__ == service.__name__
    }
    assert {name for name in public if not name.startswith("_")} <= set(service.__all__)
