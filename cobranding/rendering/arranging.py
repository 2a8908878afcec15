"""Arranges a page for one partner: what is not for them is left out, and elements follow what stands before them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cobranding.rendering.document.checks.elements import room_of
from cobranding.rendering.document.elements import Anchor, Box, Element
from cobranding.rendering.document.model import Format
from cobranding.rendering.errors import OffThePage
from cobranding.rendering.layout import Setting, holds, lay_out
from cobranding.rendering.marks import Mark, Shown
from cobranding.rendering.pictures.placing import spot_of
from cobranding.rendering.typography.typeset import SetText
from tcma.kernel.errors import DomainError

Laid = tuple[Element, list[Mark]]
"""An element where it came to stand, and its marks."""
Outcome = list[Mark] | DomainError


@dataclass(frozen=True)
class Taken:
    """The room that an element took: its box where it came to stand, and what was really drawn in it, if anything."""

    box: Box
    drawn: Box | None


def arrange(elements: Sequence[Element], setting: Setting, fmt: Format) -> list[Laid]:
    """Lay out elements of one page in their order; those whose conditions do not hold are left out.

    Raises TextOverflow, MissingGlyph, FontUnusable, ValuesMissing, PictureUnusable, OffThePage.
    """
    if not any(element.conditions or element.anchor for element in elements):
        return [(element, lay_out(element, setting, fmt)) for element in elements]
    laid: list[Laid] = []
    for element, outcome in attempt(elements, setting, fmt):
        if isinstance(outcome, DomainError):
            raise outcome
        laid.append((element, outcome))
    return laid


def attempt(elements: Sequence[Element], setting: Setting, fmt: Format) -> Iterator[tuple[Element, Outcome]]:
    """Yield each element that is drawn with its marks, or with the error that it met."""
    followed = {element.anchor.to for element in elements if element.anchor}
    room: dict[str, Taken] = {}
    for element in elements:
        placed = _following(element, room) if element.anchor else element
        marks: list[Mark] = []
        if all(holds(condition, setting) for condition in element.conditions):
            try:
                marks = lay_out(placed, setting, fmt)
                if element.anchor and marks:
                    _check_room(placed, fmt)
            except DomainError as error:
                yield placed, error
            else:
                yield placed, marks
        if element.id in followed:
            room[element.id] = taken_by(placed, marks)


def with_what_they_follow(chosen: Collection[str], elements: Sequence[Element]) -> tuple[Element, ...]:
    """Return the elements of a page with the ids that are chosen, and those that they are anchored to."""
    needed = set(chosen)
    for element in reversed(elements):  # an anchor leads to an element that stands before
        if element.id in needed and element.anchor is not None:
            needed.add(element.anchor.to)
    return tuple(element for element in elements if element.id in needed)


def taken_by(element: Element, marks: Iterable[Mark]) -> Taken:
    """Return the room that an element took with its marks."""
    drawn: Box | None = None
    for extent in map(_extent, marks):
        if extent is not None:
            drawn = extent if drawn is None else _around(drawn, extent)
    return Taken(element.box, drawn)


def _extent(mark: Mark) -> Box | None:
    if isinstance(mark, SetText):
        return _ink_of(mark)
    if isinstance(mark, Shown):
        spot = spot_of(mark)
        return Box(spot.x, spot.y, spot.width, spot.height)
    return mark.box


def _ink_of(text: SetText) -> Box | None:
    """Return a set text from the top of its first line to the bottom of its last one."""
    room: Box | None = None
    for line in text.lines:
        room = text.box_of(line) if room is None else _around(room, text.box_of(line))
    return room


def _around(one: Box, other: Box) -> Box:
    left, top = min(one.x, other.x), min(one.y, other.y)
    right = max(one.x + one.width, other.x + other.width)
    bottom = max(one.y + one.height, other.y + other.height)
    return Box(left, top, right - left, bottom - top)


def _following(element: Element, room: Mapping[str, Taken]) -> Element:
    """Return an element beside the one that it follows."""
    anchor = element.anchor
    if anchor is None or anchor.to not in room:
        return element
    return replace(element, box=_beside(element.box, anchor, room[anchor.to]))


def _beside(box: Box, anchor: Anchor, taken: Taken) -> Box:
    """Return a box beside what was drawn; where nothing was, it begins where that would have begun."""
    if taken.drawn is None:
        whole = taken.box
        return {
            "below": box._replace(y=whole.y),
            "above": box._replace(y=whole.y + whole.height - box.height),
            "right_of": box._replace(x=whole.x),
            "left_of": box._replace(x=whole.x + whole.width - box.width),
        }[anchor.edge]
    drawn, gap = taken.drawn, anchor.gap
    return {
        "below": box._replace(y=drawn.y + drawn.height + gap),
        "above": box._replace(y=drawn.y - gap - box.height),
        "right_of": box._replace(x=drawn.x + drawn.width + gap),
        "left_of": box._replace(x=drawn.x - gap - box.width),
    }[anchor.edge]


def _check_room(element: Element, fmt: Format) -> None:
    if fmt.finished is not None:
        return
    room, edge = room_of(element, fmt)
    if not element.box.inside(room):
        to = element.anchor.to if element.anchor else ""
        sentence = f"“{element.label}” follows {to} and would reach over {edge}."
        raise OffThePage(sentence, errors={f"{fmt.name}.{element.id}": [sentence]})
