"""The template document as typed, frozen values: what the JSON says, with every default filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from cobranding.rendering.document.elements import BLACK, Align, Background, Box, Color, Direction, Element, Texts

POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True)
class FontSource:
    """A typeface of the template: out of a package (`family`) or a file of the brand, and what stands in for it."""

    name: str
    family: str | None = None
    asset_id: int | None = None
    asset_name: str | None = None
    sha256: str | None = None
    fallback: tuple["FontSource", ...] = ()
    """Asked in this order for a character that the typeface lacks; nothing else ever is."""


@dataclass(frozen=True)
class Style:
    """A type style of the brand."""

    font: FontSource
    weight: int = 400
    italic: bool = False
    size: float = 12
    smallest: float = 12
    line_height: float = 1.25
    letter_spacing: float = 0
    color: Color = BLACK
    align: Align = "start"
    direction: Direction = "auto"


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
    must_change: bool = False
    """The default only shows what to write: nothing is produced while it stands."""
    max_length: int = 200
    pattern: str | None = None
    multiline: bool = False
    choices: Mapping[str, Texts] = field(default_factory=dict)
    minimum: int | None = None
    maximum: int | None = None
    largest: float | None = None
    smallest: float | None = None
    """The type sizes between which a text of the partner is set, wherever it stands alone in an element."""
    categories: tuple[str, ...] = ()
    """The tags of which a picture must have one; none: any picture."""
    fields: tuple[str, ...] = ()
    """The fields of a contact that the partner may say differently here."""


@dataclass(frozen=True)
class Picture:
    """A file of the brand that the document shows: a picture, or a finished PDF."""

    name: str
    asset_id: int | None
    asset_name: str | None
    sha256: str | None
    alt: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """One page of a format; `number` is its place, or in a finished PDF the page that its elements are put on."""

    number: int
    label: str
    background: Color | None
    elements: tuple[Element, ...]


@dataclass(frozen=True)
class Format:
    """Pages of one size; `unit` is what the document counts in.

    A format made from a finished PDF (`finished` names it) has that file's pages and sizes; width and height are 0.
    """

    name: str
    label: str
    unit: Literal["mm", "px"]
    width: float
    height: float
    bleed: float
    pages: tuple[Page, ...]
    safe: float = 0
    """How far type, logos and codes stay away from the trimmed edge."""
    marks: bool = False
    """Whether the print PDF carries crop marks outside the bleed."""
    finished: str | None = None
    outputs: tuple[str, ...] = ()
    """The kinds of files that it comes in, its own one first; see `engine.outputs_of`."""
    scales: tuple[int, ...] = (1,)
    """How many pixels stand for one: 2 makes a picture for fine screens, called `jpg@2x`."""

    @property
    def is_print(self) -> bool:
        """Tell whether this format is a PDF at home."""
        return self.unit == "mm"

    @property
    def scale(self) -> float:
        """Return how many drawn units one unit of the document is."""
        return POINTS_PER_MM if self.is_print else 1.0

    @property
    def trimmed(self) -> Box:
        """Return the page after cutting."""
        return Box(0, 0, self.width, self.height)

    @property
    def sheet(self) -> Box:
        """Return the page with its bleed."""
        return Box(-self.bleed, -self.bleed, self.width + 2 * self.bleed, self.height + 2 * self.bleed)

    @property
    def elements(self) -> tuple[Element, ...]:
        """Return the elements of all pages."""
        return tuple(element for page in self.pages for element in page.elements)


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

    kind: Literal["flyer", "social", "email", "deck", "document"]
    locale: str
    scripts: tuple[str, ...]
    colors: Mapping[str, Color]
    fonts: Mapping[str, FontSource]
    styles: Mapping[str, Style]
    images: Mapping[str, Picture]
    documents: Mapping[str, Picture]
    """Finished PDFs."""
    variables: Mapping[str, Variable]
    formats: Mapping[str, Format]
    email: EmailBody | None


def said(texts: Texts, locale: str, fallback: str) -> str:
    """Return the text in a locale: the exact one, its language, the document's own, or any."""
    for key in (locale, locale.partition("-")[0], "", fallback, fallback.partition("-")[0]):
        if key in texts:
            return texts[key]
    return next(iter(texts.values()), "")
