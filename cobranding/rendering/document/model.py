"""The template document as typed, frozen values: what the JSON says, with every default filled in.

Boxes and widths are already in the unit that is drawn in: points on print formats, pixels on screen formats.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

POINTS_PER_MM = 72 / 25.4

Align = Literal["left", "center", "right"]
Valign = Literal["top", "middle", "bottom"]
Background = Literal["light", "dark"]
Color = tuple[int, int, int]
Texts = Mapping[str, str]
"""A text per locale; the key "" is the one text for all."""


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
class Style:
    """A type style of the brand."""

    family: str
    weight: int = 400
    italic: bool = False
    size: float = 12
    smallest: float = 12
    line_height: float = 1.25
    letter_spacing: float = 0
    color: Color = (0, 0, 0)
    align: Align = "left"


@dataclass(frozen=True)
class Element:
    """Something on the page."""

    id: str
    label: str
    box: Box
    open: Open


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
class LogoElement(Styled):
    """The partner's logo; their name, set in the style, while there is none."""

    background: Background = "light"


@dataclass(frozen=True)
class ContactElement(Styled):
    """The partner's contact lines; a line without any content is left out."""

    lines: tuple[str, ...] = ()
    name_style: str | None = None


@dataclass(frozen=True)
class ImageElement(Element):
    """A picture of the brand, or the one that a variable holds."""

    image: str | None
    variable: str | None
    fit: Literal["cover", "contain"]
    focus: tuple[float, float]


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

    link: str
    color: Color
    background: Color | None


@dataclass(frozen=True)
class Variable:
    """What a partner may give."""

    name: str
    type: str
    label: str
    help: str
    editable: bool
    required: bool
    default: Texts
    max_length: int = 200
    pattern: str | None = None
    multiline: bool = False
    choices: Mapping[str, Texts] = field(default_factory=dict)
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True)
class Picture:
    """A picture of the brand that the document shows."""

    name: str
    asset_id: int | None
    asset_name: str | None
    sha256: str | None
    alt: Texts


@dataclass(frozen=True)
class Format:
    """A page of one size; `unit` is what the document counts in."""

    name: str
    label: str
    unit: Literal["mm", "px"]
    width: float
    height: float
    bleed: float
    background: Color | None
    elements: tuple[Element, ...]

    @property
    def is_print(self) -> bool:
        """Tell whether this format is a PDF at home."""
        return self.unit == "mm"

    @property
    def scale(self) -> float:
        """Return how many drawn units one unit of the document is."""
        return POINTS_PER_MM if self.is_print else 1.0

    @property
    def page(self) -> Box:
        """Return the page with its bleed."""
        return Box(-self.bleed, -self.bleed, self.width + 2 * self.bleed, self.height + 2 * self.bleed)


@dataclass(frozen=True)
class EmailBody:
    """An e-mail: MJML with tokens, and what a kit may say in it."""

    mjml: str
    subject: Texts
    preheader: Texts
    texts: Mapping[str, Texts]
    logo_background: Background


@dataclass(frozen=True)
class Document:
    """A whole template document."""

    kind: Literal["flyer", "social", "email"]
    locale: str
    scripts: tuple[str, ...]
    colors: Mapping[str, Color]
    styles: Mapping[str, Style]
    images: Mapping[str, Picture]
    variables: Mapping[str, Variable]
    formats: Mapping[str, Format]
    email: EmailBody | None


def said(texts: Texts, locale: str, fallback: str) -> str:
    """Return the text in a locale: the exact one, its language, the document's own, or any."""
    for key in (locale, locale.partition("-")[0], "", fallback, fallback.partition("-")[0]):
        if key in texts:
            return texts[key]
    return next(iter(texts.values()), "")
