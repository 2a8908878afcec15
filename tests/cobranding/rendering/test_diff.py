"""What a newer version changes is told element by element, language by language, and locks before all."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cobranding.rendering.document.diff import Change, changes
from tests.factories import cobranding as factory
from tests.factories import documents

Raw = dict[str, Any]


def differences(change: Callable[[Raw], Any], raw: Raw | None = None) -> list[Change]:
    before = raw or documents.whole()
    after = json.loads(json.dumps(before))
    change(after)
    return changes(before, after)


def front(raw: Raw) -> list[Raw]:
    return raw["formats"]["a4"]["pages"][0]["elements"]  # type: ignore[no-any-return]


def test_nothing_differs_from_itself() -> None:
    for make in (documents.whole, documents.deck, documents.finished, factory.email):
        assert changes(make(), make()) == []


def test_an_element_that_is_put_in_shifts_nobody_else() -> None:
    line = {"id": "rule_2", "type": "line", "stroke": "ink", "box": [18, 90, 50, 0]}
    [change] = differences(lambda raw: front(raw).insert(1, line))
    assert (change.path, change.kind) == ("formats.a4.pages[0].elements[1]", "added")
    assert change.sentence == "has a new line, “Rule 2”"


def test_an_element_that_changes_place_is_the_one_that_moved() -> None:
    [change] = differences(lambda raw: front(raw).append(front(raw).pop(0)))
    assert (change.path, change.kind, change.before) == (
        "formats.a4.pages[0].elements[4]",
        "moved",
        "formats.a4.pages[0].elements[0]",
    )
    found = differences(lambda raw: raw["formats"]["a4"]["pages"][1]["elements"].append(front(raw).pop(4)))
    assert [each.sentence for each in found] == ["moves “Badge” from page 1 to page 2"]


def test_a_text_is_compared_language_by_language() -> None:
    raw = factory.flyer()
    found = differences(lambda raw: raw["formats"]["a4"]["elements"][5]["text"].update(de="Kürzer", fr="Court"), raw)
    assert [(each.path, each.kind, each.after) for each in found] == [
        ("formats.a4.elements[5].text.de", "changed", "Kürzer"),
        ("formats.a4.elements[5].text.fr", "added", "Court"),
    ]
    found = differences(lambda raw: raw["variables"]["quote"].update(default="One for all"))
    assert [(each.path, each.kind) for each in found] == [
        ("variables.quote.default.en", "removed"),
        ("variables.quote.default", "added"),
    ]


@pytest.mark.parametrize(
    ("change", "path", "lock", "sentence"),
    [
        (
            lambda raw: raw["variables"]["claim"].pop("editable"),
            "variables.claim.editable",
            "opened",
            "opens “Claim” to partners",
        ),
        (
            lambda raw: raw["variables"]["offer"].update(editable=False),
            "variables.offer.editable",
            "closed",
            "takes “Offer” away from partners",
        ),
        (
            lambda raw: raw["variables"].update(motto={"type": "text", "label": {"en": "Your motto"}}),
            "variables.motto",
            "opened",
            "asks partners for “Your motto”",
        ),
        (
            lambda raw: raw["formats"]["a4"]["pages"][1]["elements"][3].update(open={"content": True}),
            "formats.a4.pages[1].elements[3].open.content",
            "opened",
            "opens the content of “Claim” to partners",
        ),
        (
            lambda raw: front(raw)[1]["open"].pop("style"),
            "formats.a4.pages[0].elements[1].open.style",
            "closed",
            "no longer lets partners choose the style of “Headline”",
        ),
        (
            lambda raw: raw["formats"]["a4"]["pages"][1]["elements"][0]["open"]["position"].update(
                within=[10, 10, 150, 60]
            ),
            "formats.a4.pages[1].elements[0].open.position",
            "opened",
            "changes where partners may move “Logo”",
        ),
    ],
)
def test_what_is_opened_or_closed_to_partners_is_called_out(
    change: Callable[[Raw], Any], path: str, lock: str, sentence: str
) -> None:
    [found] = differences(change)
    assert (found.path, found.lock, found.sentence) == (path, lock, sentence)


def test_values_files_pages_and_formats_are_told_in_words() -> None:
    def change(raw: Raw) -> None:
        raw["brand"]["colors"]["ink"] = "#000000"
        raw["images"]["hero"]["sha256"] = "0" * 64
        raw["formats"]["a4"]["bleed"] = 5
        raw["formats"]["a4"]["pages"].append({"elements": []})
        front(raw)[1]["box"] = [18, 100, 174, 60]
        del raw["formats"]["square"]

    told = {each.path: each.sentence for each in differences(change)}
    assert told == {
        "brand.colors.ink": "brand, colors, ink: “#111827” before, “#000000” now",
        "images.hero": "images, hero is another file now",
        "formats.a4.bleed": "“A4”, bleed: 3 before, 5 now",
        "formats.a4.pages[2]": "has a new page, page 3 of “A4”",
        "formats.a4.pages[0].elements[1].box": "“Headline”, box: [18, 100, 174, 50] before, [18, 100, 174, 60] now",
        "formats.square": "no longer has the format “Square post”",
    }


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(7)), st.sets(st.integers(0, 6)))
def test_each_difference_has_a_place_of_its_own_and_the_way_back_mirrors_it(order: list[int], gone: set[int]) -> None:
    before, after = documents.whole(), documents.whole()
    elements = after["formats"]["a4"]["pages"][1]["elements"]
    after["formats"]["a4"]["pages"][1]["elements"] = [elements[at] for at in order if at not in gone]
    there, back = changes(before, after), changes(after, before)
    assert sum(each.kind == "removed" for each in there) == len(gone) == sum(each.kind == "added" for each in back)
    assert (there == []) is (not gone and order == sorted(order))
