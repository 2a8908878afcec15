"""A format laid out element by element: what cannot be laid out is found, not raised."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from cobranding.rendering.arranging import attempt
from cobranding.rendering.document.elements import Box, Element
from cobranding.rendering.document.model import Format
from cobranding.rendering.layout import Setting
from cobranding.rendering.marks import Mark, Shown
from cobranding.rendering.pictures.placing import spot_of
from cobranding.rendering.typography.typeset import SetText
from tcma.kernel.errors import DomainError


@dataclass
class Laid:
    """An element with its marks, or with the error that it met; `at` is its place in the order of its page."""

    element: Element
    page: int
    at: int
    marks: list[Mark]
    error: DomainError | None = None

    @cached_property
    def extents(self) -> list[Box]:
        """Return where its ink lies."""
        return [box for mark in self.marks for box in extents_of(mark)]


@dataclass(frozen=True)
class Sheet:
    """A format for one partner."""

    fmt: Format
    setting: Setting
    laid: tuple[Laid, ...]


def sheet_of(fmt: Format, setting: Setting) -> Sheet:
    """Lay out all pages of a format."""
    return Sheet(fmt, setting, tuple(_laid(fmt, setting)))


def _laid(fmt: Format, setting: Setting) -> Iterator[Laid]:
    for number, page in enumerate(fmt.pages):
        places = {element.id: at for at, element in enumerate(page.elements)}
        for element, outcome in attempt(page.elements, setting, fmt):
            at = places[element.id]
            try:
                if isinstance(outcome, DomainError):
                    raise outcome
                for mark in outcome:
                    extents_of(mark)  # reads the sizes of pictures, which may turn out unusable
                yield Laid(element, number, at, outcome)
            except DomainError as error:
                yield Laid(element, number, at, [], error)


def extents_of(mark: Mark) -> list[Box]:
    """Return the boxes that hold a mark's ink: line by line for a text. Raises PictureUnusable."""
    if isinstance(mark, SetText):
        return _lines_of(mark)
    if isinstance(mark, Shown):
        spot = spot_of(mark)
        return [Box(spot.x, spot.y, spot.width, spot.height)]
    return [mark.box]


def _lines_of(text: SetText) -> list[Box]:
    """Return a box for each line, from the height of its capitals down."""
    above = text.face.cap_height * text.size / text.face.units
    boxes = ((line.y - above, text.box_of(line)) for line in text.lines if line.words)
    return [box._replace(y=top, height=box.y + box.height - top) for top, box in boxes]
