"""What an element becomes when it is laid out, ready to be drawn by a PDF or an image."""

from dataclasses import dataclass, replace
from typing import TypeVar

from cobranding.rendering.document.elements import Box, Color, LineElement, ShapeElement
from cobranding.rendering.inputs import InputFile, PictureFile
from cobranding.rendering.typography.typeset import SetText


@dataclass(frozen=True)
class Shown:
    """A picture in its box: covering it around the focus, or contained in it and aligned."""

    picture: PictureFile
    box: Box
    cover: bool
    focus: tuple[float, float]
    is_logo: bool = False
    plate: Color | None = None
    """What a logo is put on that could hardly be seen on its ground."""


@dataclass(frozen=True)
class Modules:
    """A QR code: its rows of dark and light modules, with the quiet edge."""

    rows: tuple[bytes, ...]
    box: Box
    color: Color
    background: Color | None


@dataclass(frozen=True)
class FinishedPage:
    """A page of a finished PDF, contained in its box."""

    file: InputFile
    page: int
    box: Box


Graphic = Shown | Modules | FinishedPage | ShapeElement | LineElement
Mark = SetText | Graphic

M = TypeVar("M", bound=Graphic)


def scaled(mark: Mark, factor: float) -> Mark:
    """Return a mark as it is on a page that is drawn so much larger."""
    if not isinstance(mark, SetText):
        return moved(mark, factor)
    lines = tuple(
        line._replace(
            x=line.x * factor,
            y=line.y * factor,
            width=line.width * factor,
            words=tuple((at * factor, word) for at, word in line.words),
        )
        for line in mark.lines
    )
    return replace(mark, size=mark.size * factor, lines=lines, links=())


def moved(mark: M, factor: float, left: float = 0, top: float = 0) -> M:
    """Return a mark drawn so much larger, on a page whose corner lies at a place of the one before."""
    box = mark.box
    placed = Box((box.x - left) * factor, (box.y - top) * factor, box.width * factor, box.height * factor)
    if isinstance(mark, ShapeElement):
        stroke_width, radius = mark.stroke_width * factor, mark.radius * factor
        return replace(mark, box=placed, stroke_width=stroke_width, radius=radius)
    if isinstance(mark, LineElement):
        return replace(mark, box=placed, stroke_width=mark.stroke_width * factor)
    return replace(mark, box=placed)
