"""What stands on a page, as typed, frozen values.

Boxes and widths are already in the unit that is drawn in: points on print formats, pixels on screen formats.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Align = Literal["start", "end", "left", "center", "right"]
"""`start` is where reading begins: left in Latin, right in Arabic and Hebrew."""
Valign = Literal["top", "middle", "bottom"]
Background = Literal["light", "dark"]
Direction = Literal["auto", "ltr", "rtl"]
Edge = Literal["below", "above", "right_of", "left_of"]
Texts = Mapping[str, str]
"""A text per locale; the key "" is the one text for all."""


class Color(NamedTuple):
    """A colour on screens, and the inks that print it (shares from 0 to 1) where the brand has said them."""

    red: int
    green: int
    blue: int
    cmyk: tuple[float, float, float, float] | None = None

    @property
    def rgb(self) -> tuple[int, int, int]:
        """Return the colour as screens show it."""
        return self.red, self.green, self.blue


BLACK = Color(0, 0, 0)


class Box(NamedTuple):
    """A rectangle from its top left corner, y growing downwards."""

    x: float
    y: float
    width: float
    height: float

    def inside(self, other: "Box", slack: float = 0.01) -> bool:
        """Tell whether this box lies within another one."""
        return (
            self.x >= other.x - slack
            and self.y >= other.y - slack
            and self.x + self.width <= other.x + other.width + slack
            and self.y + self.height <= other.y + other.height + slack
        )


@dataclass(frozen=True)
class Open:
    """What is opened to the partner; everything else is locked."""

    content: bool = False
    within: Box | None = None
    styles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Condition:
    """When an element is drawn: a variable or a field of the partner is, or is not, one of some values."""

    of: Literal["variable", "partner"]
    name: str
    one_of: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True)
class Anchor:
    """Where an element goes when another one took less room than its box: next to it, at a distance."""

    to: str
    edge: Edge
    gap: float


@dataclass(frozen=True)
class Element:
    """Something on the page. It is drawn when all conditions hold; `link` makes it lead somewhere in screen PDFs."""

    id: str
    label: str
    box: Box
    open: Open
    conditions: tuple[Condition, ...] = field(default=(), kw_only=True)
    anchor: Anchor | None = field(default=None, kw_only=True)
    link: str = field(default="", kw_only=True)
    group: str = field(default="", kw_only=True)
    """The group that it stands in; its box is already counted from the page."""
    required: bool = field(default=False, kw_only=True)
    """A disclaimer or the like: without it, nothing is produced."""


@dataclass(frozen=True)
class Styled(Element):
    """Something made of type; what the element says itself goes before its style."""

    style: str
    valign: Valign
    align: Align | None = None
    size: float | None = None
    smallest: float | None = None
    color: Color | None = None


@dataclass(frozen=True)
class TextElement(Styled):
    """Words, with tokens in them."""

    text: Texts = field(default_factory=dict)
    max_lines: int = 200


@dataclass(frozen=True)
class RichTextElement(TextElement):
    """Paragraphs with emphasis, links and bullet lists, written in a small part of Markdown."""

    strong_style: str | None = None
    emphasis_style: str | None = None
    link_style: str | None = None
    bullet: str = "•"


@dataclass(frozen=True)
class LogoElement(Styled):
    """The partner's logo; their name, set in the style, while there is none.

    `background` says which variant suits; `auto` measures what lies behind. `clear_space` stays free inside the box.
    """

    background: Literal["light", "dark", "auto"] = "light"
    clear_space: float = 0
    min_width: float = 0
    min_height: float = 0
    min_contrast: float = 3.0
    variable: str | None = None


@dataclass(frozen=True)
class ContactElement(Styled):
    """The partner's contact lines; a line without any content is left out."""

    lines: tuple[str, ...] = ()
    name_style: str | None = None
    variable: str | None = None


@dataclass(frozen=True)
class ImageElement(Element):
    """A picture of the brand, or the one that a variable holds."""

    image: str | None
    variable: str | None
    fit: Literal["cover", "contain"]
    focus: tuple[float, float]


@dataclass(frozen=True)
class PdfPageElement(Element):
    """A page of a finished PDF, contained in the box: a background that was designed elsewhere."""

    document: str
    page: int


@dataclass(frozen=True)
class ShapeElement(Element):
    """A rectangle or an ellipse."""

    shape: Literal["rectangle", "ellipse"]
    fill: Color | None
    stroke: Color | None
    stroke_width: float
    radius: float
    opacity: float


@dataclass(frozen=True)
class LineElement(Element):
    """A line from the top left corner of its box to the bottom right one."""

    stroke: Color
    stroke_width: float
    opacity: float


@dataclass(frozen=True)
class QrElement(Element):
    """A QR code of a link."""

    target: str
    color: Color
    background: Color | None
