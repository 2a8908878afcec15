"""A page is arranged for one partner: what is not for them is left out, and what follows another element moves up."""

from dataclasses import replace
from typing import Any

import pytest

from cobranding.rendering.arranging import arrange, taken_by
from cobranding.rendering.document.elements import Element
from cobranding.rendering.errors import OffThePage
from cobranding.rendering.layout import Mark, Setting, is_same_for_all, lay_out
from cobranding.rendering.typography.typeset import SetText
from tests.factories import cobranding as factory

MM = 72 / 25.4


def text(name: str, box: list[float], **more: Any) -> dict[str, Any]:
    return {"id": name, "type": "text", "style": "lead", "text": name.capitalize(), "box": box, **more}


def arranged(
    elements: list[dict[str, Any]], values: dict[str, Any] | None = None, **partner: str
) -> dict[str, tuple[Element, list[Mark]]]:
    raw = factory.flyer()
    raw["variables"] |= {
        "offer": {
            "type": "choice",
            "choices": [{"value": "trial", "text": "Trial"}, {"value": "talk", "text": "Talk"}],
            "default": "trial",
        },
        "note": {"type": "text"},
    }
    raw["formats"]["a4"]["elements"] = elements
    inputs = factory.inputs(raw, values=values or {}, partner=replace(factory.NORDWIND, **partner))
    fmt = inputs.document.formats["a4"]
    return {element.id: (element, marks) for element, marks in arrange(fmt.elements, Setting.of(inputs), fmt)}


def test_without_conditions_and_anchors_a_page_is_what_its_elements_are() -> None:
    inputs = factory.inputs()
    fmt, setting = inputs.document.formats["a4"], Setting.of(inputs)
    assert arrange(fmt.elements, setting, fmt) == [(each, lay_out(each, setting, fmt)) for each in fmt.elements]


@pytest.mark.parametrize(
    ("when", "values", "partner", "there"),
    [
        ({"partner": "tier", "is": ["Gold", "silver"]}, {}, {"tier": "GOLD "}, True),
        ({"partner": "tier", "is": ["gold"]}, {}, {"tier": "bronze"}, False),
        ({"partner": "tier", "is_not": ["gold"]}, {}, {"tier": "bronze"}, True),
        ({"partner": "country", "is": ["de", "AT"]}, {}, {"country": "DE"}, True),
        ({"partner": "region", "is": [""]}, {}, {"region": ""}, True),
        ({"variable": "offer", "is": ["trial"]}, {}, {}, True),
        ({"variable": "offer", "is": ["trial"]}, {"offer": "talk"}, {}, False),
        ({"variable": "note", "is_not": [""]}, {}, {}, False),
        ({"variable": "note", "is_not": [""]}, {"note": "hello"}, {}, True),
        ([{"variable": "offer", "is": ["trial"]}, {"partner": "tier", "is": ["gold"]}], {}, {"tier": "iron"}, False),
    ],
)
def test_an_element_is_there_when_all_its_conditions_hold(
    when: Any, values: dict[str, Any], partner: dict[str, str], there: bool
) -> None:
    assert ("badge" in arranged([text("badge", [18, 20, 90, 20], when=when)], values, **partner)) is there


def test_the_condition_of_a_group_holds_for_all_in_it_beside_their_own() -> None:
    group = {
        "id": "group",
        "type": "group",
        "box": [18, 20, 100, 100],
        "when": {"variable": "offer", "is": ["trial"]},
        "elements": [
            text("one", [0, 0, 90, 20]),
            text("two", [0, 30, 90, 20], when={"partner": "tier", "is": ["gold"]}),
        ],
    }
    assert set(arranged([group], tier="gold")) == {"one", "two"}
    assert set(arranged([group], tier="silver")) == {"one"}
    assert set(arranged([group], {"offer": "talk"}, tier="gold")) == set()


def test_what_follows_stands_under_the_last_line_and_not_under_the_box() -> None:
    laid = arranged(
        [
            text("head", [18, 20, 174, 60]),
            text("body", [18, 90, 174, 20], anchor={"to": "head", "edge": "below", "gap": 3}),
        ]
    )
    head = laid["head"][1][0]
    assert isinstance(head, SetText)
    bottom = head.lines[-1].y + head.face.descent * head.size / head.face.units
    assert laid["body"][0].box.y == pytest.approx(bottom + 3 * MM)
    assert laid["body"][0].box.y < 40 * MM
    body = laid["body"][1][0]
    assert isinstance(body, SetText)
    assert body.lines[0].y > laid["body"][0].box.y


def test_one_after_another_they_close_up_when_one_is_not_there() -> None:
    chain = [
        text("head", [18, 20, 174, 20]),
        text(
            "middle",
            [18, 50, 174, 20],
            anchor={"to": "head", "edge": "below", "gap": 5},
            when={"variable": "offer", "is": ["talk"]},
        ),
        text("last", [18, 80, 174, 20], anchor={"to": "middle", "edge": "below", "gap": 5}),
    ]
    with_all, without = arranged(chain, {"offer": "talk"}), arranged(chain)
    assert set(without) == {"head", "last"}
    assert with_all["head"] == without["head"]
    assert without["last"][0].box.y == pytest.approx(with_all["middle"][0].box.y)
    assert with_all["last"][0].box.y > with_all["middle"][0].box.y


def test_each_edge_is_measured_from_what_was_drawn() -> None:
    mark = {"id": "mark", "type": "shape", "shape": "rectangle", "fill": "ink", "box": [100, 100, 20, 10]}
    edges = ["below", "above", "right_of", "left_of"]
    others = [text(edge, [50, 60, 30, 12], anchor={"to": "mark", "edge": edge, "gap": 2}) for edge in edges]
    laid = arranged([mark, *others])
    places = {edge: tuple(round(side / MM, 3) for side in laid[edge][0].box[:2]) for edge in edges}
    assert places == {"below": (50, 112), "above": (50, 86), "right_of": (122, 60), "left_of": (68, 60)}


def test_a_logo_is_followed_by_its_own_edge() -> None:
    logo = {"id": "logo", "type": "partner_logo", "style": "label", "box": [18, 20, 100, 10]}
    laid = arranged([logo, text("name", [130, 20, 60, 10], anchor={"to": "logo", "edge": "right_of", "gap": 4})])
    taken = taken_by(*laid["logo"])
    assert taken.drawn is not None
    assert taken.drawn.width < 60 * MM
    assert laid["name"][0].box.x == pytest.approx(taken.drawn.x + taken.drawn.width + 4 * MM)


def test_what_would_leave_the_page_is_named() -> None:
    low = {"id": "low", "type": "shape", "shape": "rectangle", "fill": "ink", "box": [0, 250, 210, 40]}
    with pytest.raises(OffThePage, match="“Terms” follows low and would reach over the trimmed edge") as refused:
        arranged([low, text("terms", [18, 20, 90, 10], anchor={"to": "low", "edge": "below"})])
    assert list(refused.value.errors) == ["a4.terms"]


def test_what_depends_on_the_partner_is_not_the_same_for_all() -> None:
    raw = factory.flyer()
    raw["formats"]["a4"]["elements"] = [
        text("fixed", [18, 20, 90, 20]),
        text("badge", [18, 50, 90, 20], when={"partner": "tier", "is": ["gold"]}),
        text("after", [18, 80, 90, 20], anchor={"to": "badge", "edge": "below"}),
    ]
    elements = factory.inputs(raw).document.formats["a4"].elements
    assert [is_same_for_all(element, set()) for element in elements] == [True, False, False]


def test_a_contact_says_what_the_partner_says_in_this_artwork() -> None:
    raw = factory.flyer()
    raw["variables"]["office"] = {"type": "contact", "fields": ["phone", "city"]}
    contact = next(each for each in raw["formats"]["a4"]["elements"] if each["id"] == "contact")
    contact |= {"variable": "office", "open": {"content": True}}
    inputs = factory.inputs(raw, values={"office": {"phone": "+49 30 777", "city": ""}})
    fmt = inputs.document.formats["a4"]
    element = next(each for each in fmt.elements if each.id == "contact")
    marks = lay_out(element, Setting.of(inputs), fmt)
    said = [line.text for mark in marks if isinstance(mark, SetText) for line in mark.lines]
    assert "+49 30 777" in said
    assert "22767 Hamburg" in said
    assert "+49 40 123456" not in said
