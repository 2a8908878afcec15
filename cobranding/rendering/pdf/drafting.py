"""Parts a page into what is written once and what differs between partners: layers, type, and slots between them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from cobranding.rendering.arranging import with_what_they_follow
from cobranding.rendering.document.elements import (
    Box,
    Element,
    ImageElement,
    LineElement,
    LogoElement,
    Open,
    PdfPageElement,
    ShapeElement,
)
from cobranding.rendering.document.model import Format, Page
from cobranding.rendering.layout import Setting, is_same_for_all, lay_out
from cobranding.rendering.marks import FinishedPage, Mark, Modules, Shown
from cobranding.rendering.pdf.drawing import Graphic
from cobranding.rendering.pdf.lettering import text_operators
from cobranding.rendering.pdf.links import links_of
from cobranding.rendering.pdf.operators import code_operators
from cobranding.rendering.pdf.structure import ARTIFACT, CLOSING, Entry, alt_of, kind_of
from cobranding.rendering.typography.fonts import FontKey
from cobranding.rendering.typography.typeset import SetText

NOWHERE = Box(0, 0, 0, 0)


@dataclass(frozen=True)
class Slot:
    """An element that differs between partners."""

    element: Element
    opening: str
    closing: str
    picture: str = ""
    """The name of the object for its picture; the one for the transparency has an M before it."""
    form: str = ""
    """The name of the form that draws it, standing in `box`."""
    box: Box = NOWHERE
    alt: str = ""
    """The name of the object for the words that stand for it."""


@dataclass
class Draft:
    """A page whose objects have names but do not exist yet."""

    fmt: Format
    page: Page
    key: str
    """What tells its objects from those of other pages."""
    tagged: bool
    parts: list[str | Slot] = field(default_factory=list)
    layers: dict[str, list[Graphic]] = field(default_factory=dict)
    finished: dict[str, FinishedPage] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    top: list[Graphic] | None = None
    """The layer that nothing lies on yet."""
    links: bytes = b""
    """The live areas that are the same for all."""

    @property
    def slots(self) -> list[Slot]:
        """Return what differs between partners."""
        return [part for part in self.parts if isinstance(part, Slot)]

    @property
    def asked(self) -> Page:
        """Return the page with only the slots and what they are anchored to."""
        chosen = {slot.element.id for slot in self.slots}
        return replace(self.page, elements=with_what_they_follow(chosen, self.page.elements))

    def name(self, letter: str) -> str:
        """Return a name that no other object of the document has."""
        return f"{letter}{self.key}_{len(self.layers) + len(self.finished) + len(self.parts)}"


def draft(setting: Setting, fmt: Format, page: Page, fonts: Mapping[FontKey, str], key: str, *, tagged: bool) -> Draft:
    """Part one page.

    Raises TextOverflow, MissingGlyph, PictureUnusable.
    """
    made = Draft(fmt, page, key, tagged)
    variables = {name for name, variable in setting.inputs.document.variables.items() if variable.editable}
    if page.background is not None:
        ground = ShapeElement("background", "", fmt.sheet, Open(), "rectangle", page.background, None, 0, 0, 1)
        _draw(made, [ground])
    for element in page.elements:
        if is_same_for_all(element, variables):
            _fix(made, element, setting, fonts)
        else:
            _leave_open(made, element, setting)
    return made


def _fix(made: Draft, element: Element, setting: Setting, fonts: Mapping[FontKey, str]) -> None:
    marks = lay_out(element, setting, made.fmt)
    made.links += links_of(element, marks, setting, made.fmt)
    kind = kind_of(element, made.page, setting.inputs.document) if made.tagged else None
    alt = alt_of(element, setting) if kind == "Figure" else ""
    entry = Entry(kind, len(made.entries), alt) if kind and (alt or kind != "Figure") else None
    graphics = [mark for mark in marks if isinstance(mark, ShapeElement | LineElement | Shown)]
    if entry is None and len(graphics) == len(marks):
        _draw(made, graphics)
    elif marks:
        opening, closing = _around(made, entry)
        made.parts += [opening, *(_written(made, mark, fonts) for mark in marks), closing]
        made.top = None


def _around(made: Draft, entry: Entry | None) -> tuple[str, str]:
    """Return what comes before and after an element, for screen readers."""
    if entry is None:
        return (ARTIFACT, CLOSING) if made.tagged else ("", "")
    made.entries.append(entry)
    return entry.opening, CLOSING


def _draw(made: Draft, graphics: list[Graphic]) -> None:
    """Draw into the layer on top, or into a new one."""
    if made.top is None:
        name = made.name("G")
        made.top = made.layers[name] = []
        opening, closing = _around(made, None)
        made.parts.append(f"{opening}/{name} Do\n{closing}")
    made.top += graphics


def _written(made: Draft, mark: Mark, fonts: Mapping[FontKey, str]) -> str:
    if isinstance(mark, SetText):
        return text_operators(mark, fonts, made.fmt)
    if isinstance(mark, Modules):
        return code_operators(mark, made.fmt)
    return f"/{_form(made, mark)} Do\n"


def _form(made: Draft, mark: Graphic | FinishedPage) -> str:
    name = made.name("G")
    if isinstance(mark, FinishedPage):
        made.finished[name] = mark
    else:
        made.layers[name] = [mark]
    return name


def _leave_open(made: Draft, element: Element, setting: Setting) -> None:
    made.top = None
    kind = kind_of(element, made.page, setting.inputs.document) if made.tagged else None
    name = made.name("P")
    alt = f"A{name}" if kind == "Figure" else ""
    opening, closing = _around(made, Entry(kind, len(made.entries), hole=alt) if kind else None)
    if isinstance(element, LogoElement) or (isinstance(element, ImageElement) and element.variable):
        slot = Slot(element, opening, closing, picture=name, alt=alt)
    elif isinstance(element, ShapeElement | LineElement | ImageElement | PdfPageElement):
        graphics = [mark for mark in lay_out(element, setting, made.fmt) if isinstance(mark, Graphic | FinishedPage)]
        form = _form(made, graphics[0]) if graphics else ""
        slot = Slot(element, opening, closing, form=form, box=graphics[0].box if graphics else element.box, alt=alt)
    else:
        slot = Slot(element, opening, closing, alt=alt)
    made.parts.append(slot)
