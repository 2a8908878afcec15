"""Lays an element out: out of the element, the values and the partner come marks that a PDF or an image can draw."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import segno

from cobranding.rendering import styling
from cobranding.rendering.cache import Kept
from cobranding.rendering.document.checks import shown_by
from cobranding.rendering.document.elements import (
    Box,
    Condition,
    ContactElement,
    Element,
    ImageElement,
    LineElement,
    LogoElement,
    PdfPageElement,
    QrElement,
    RichTextElement,
    ShapeElement,
    Styled,
    TextElement,
)
from cobranding.rendering.document.model import Format, Page, said
from cobranding.rendering.document.tokens import VERIFY_URL, fill, tokens_in
from cobranding.rendering.document.values import Values, in_effect
from cobranding.rendering.errors import ValuesMissing
from cobranding.rendering.inputs import Inputs, PictureFile
from cobranding.rendering.marks import FinishedPage, Graphic, Mark, Modules, Shown
from cobranding.rendering.pictures.contrast import Ground
from cobranding.rendering.pictures.grounds import ground_behind, touch
from cobranding.rendering.pictures.logos import GROUNDS, WHITE, contrast_on, plate_for
from cobranding.rendering.pictures.placing import spot_of
from cobranding.rendering.preview import page_size
from cobranding.rendering.typography.richtext import plainly, set_rich_text
from cobranding.rendering.typography.typeset import SetText, Type, set_text

LONGEST_LINK = 1200
NAME_LEADING = 1.12
"""A little air between the name of a contact block and its other lines."""
MOST_CLEAR = 0.5
"""What clear space leaves of a box at the very least."""
QUIET_MODULES = 4
"""The empty edge that ISO/IEC 18004 asks for around a QR code."""


_page_sizes: Kept[tuple[str, int], tuple[float, float]] = Kept(2000, "layout_page_sizes")
_codes: Kept[tuple[str, int], tuple[bytes, ...]] = Kept(2000, "layout_codes")


@dataclass
class Setting:
    """What elements are laid out with: the inputs, and the values in effect."""

    inputs: Inputs
    values: Values

    @classmethod
    def of(cls, inputs: Inputs) -> "Setting":
        """Put the defaults in for a render."""
        return cls(inputs, in_effect(inputs.document, inputs.values, inputs.locale))

    def value_of(self, token: str) -> str:
        """Return what stands in the place of a token."""
        group, _, name = token.partition(".")
        if group == "partner" and name:
            return self.inputs.partner.field(name)
        if group == "brand" and name:
            return str(getattr(self.inputs.brand, name, ""))
        variable = self.inputs.document.variables.get(token)
        if variable is None:
            return self.inputs.verify_url if token == VERIFY_URL else ""
        value = self.values.get(token, "")
        if variable.type == "choice" and value in variable.choices:
            return said(variable.choices[value], self.inputs.locale, self.inputs.document.locale)
        return str(value)

    def told_in(self, element: ContactElement) -> Callable[[str], str]:
        """Return what stands in the place of a token in a contact: the partner may say its fields differently here."""
        own = self.values.get(element.variable) if element.variable else None
        if not isinstance(own, Mapping):
            return self.value_of
        told = {f"partner.{name}": text for name, text in own.items() if text}
        return lambda token: told.get(token) or self.value_of(token)


def holds(condition: Condition, setting: Setting) -> bool:
    """Tell whether a condition is met; the partner's own fields are compared without regard to case."""
    if condition.of == "partner":
        told = setting.inputs.partner.field(condition.name).strip().casefold()
        met = told in {value.strip().casefold() for value in condition.one_of}
    else:
        value = setting.values.get(condition.name)
        met = ("" if value in (None, "", {}) else str(value)) in condition.one_of
    return met is not condition.negated


def is_same_for_all(element: Element, document_variables: set[str]) -> bool:
    """Tell whether an element draws the same for every partner, so that it belongs to the compiled page."""
    if element.conditions or element.anchor or tokens_in(element.link):
        return False
    if isinstance(element, LogoElement | ContactElement | QrElement) or element.open.within or element.open.styles:
        return False
    if isinstance(element, TextElement):
        tokens = {token for text in element.text.values() for token in tokens_in(text)}
        return not any("." in token or token in document_variables | {VERIFY_URL} for token in tokens)
    return not shown_by(element) & document_variables


def lay_out(element: Element, setting: Setting, fmt: Format) -> list[Mark]:
    """Return the marks of one element.

    Raises TextOverflow, MissingGlyph, FontUnusable, ValuesMissing.
    """
    left_top = setting.inputs.values.get(f"{fmt.name}.{element.id}.position")
    if left_top is not None and element.open.within:
        moved = element.box._replace(x=left_top[0] * fmt.scale, y=left_top[1] * fmt.scale)
        element = replace(element, box=moved)
    if isinstance(element, ShapeElement | LineElement):
        return [element]
    ways: dict[type[Element], Callable[..., list[Mark]]] = {
        TextElement: _text,
        RichTextElement: _rich_text,
        LogoElement: _logo,
        ContactElement: _contact,
        ImageElement: _image,
        PdfPageElement: _pdf_page,
        QrElement: _qr,
    }
    return ways[type(element)](element, setting, fmt)


def type_of(element: Styled, style_name: str, setting: Setting) -> Type:
    """Return how an element's text is set: its own words go before its style's.

    Raises FontUnusable.
    """
    return styling.type_of(element, style_name, setting.inputs)


def _where(element: Element, fmt: Format) -> str:
    return f"{fmt.name}.{element.id}"


def _style_of(element: Styled, setting: Setting, fmt: Format) -> str:
    chosen = setting.inputs.values.get(f"{fmt.name}.{element.id}.style")
    return chosen if chosen in element.open.styles else element.style


def _text(element: TextElement, setting: Setting, fmt: Format) -> list[Mark]:
    said_here = said(element.text, setting.inputs.locale, setting.inputs.document.locale)
    text = fill(said_here, setting.value_of)
    if not text.strip():
        return []
    kind = styling.sized(type_of(element, _style_of(element, setting, fmt), setting), said_here, setting.inputs)
    return [set_text(text, kind, element.box, _where(element, fmt))]


def _rich_text(element: RichTextElement, setting: Setting, fmt: Format) -> list[Mark]:
    said_here = said(element.text, setting.inputs.locale, setting.inputs.document.locale)
    text = fill(said_here, lambda token: _marked_up(token, setting))
    if not text.strip():
        return []
    style = _style_of(element, setting, fmt)
    kind = styling.sized(type_of(element, style, setting), said_here, setting.inputs)
    voices = styling.voices_of(element, style, setting.inputs)
    return [set_rich_text(text, kind, voices, element.box, _where(element, fmt))]


def _marked_up(token: str, setting: Setting) -> str:
    """Return a value as markup; only a value of rich text brings its own."""
    variable = setting.inputs.document.variables.get(token)
    value = setting.value_of(token)
    return value if variable is not None and variable.type == "rich_text" else plainly(value)


def _logo(element: LogoElement, setting: Setting, fmt: Format) -> list[Mark]:
    kind = type_of(element, element.style, setting)
    logos = _logos_for(element, setting)
    if not logos:
        name = setting.inputs.partner.trade_name or setting.inputs.partner.legal_name
        return [set_text(name, kind, element.box, _where(element, fmt))] if name else []
    across = {"start": 0.0, "left": 0.0, "center": 0.5, "right": 1.0, "end": 1.0}[kind.align]
    down = {"top": 0.0, "middle": 0.5, "bottom": 1.0}[kind.valign]
    box = free_box(element)
    bare = [Shown(logo, box, cover=False, focus=(across, down), is_logo=True) for logo in logos]
    grounds = [_ground_of_logo(element, shown, setting, fmt) for shown in bare]
    best = max(range(len(bare)), key=lambda at: contrast_on(logos[at], grounds[at])) if len(bare) > 1 else 0
    return [replace(bare[best], plate=plate_for(logos[best], grounds[best]))]


def _ground_of_logo(element: LogoElement, shown: Shown, setting: Setting, fmt: Format) -> Ground:
    if element.background != "auto":
        return GROUNDS[element.background]
    spot = spot_of(shown)
    return ground_under(element, Box(spot.x, spot.y, spot.width, spot.height), setting, fmt)


def _logos_for(element: LogoElement, setting: Setting) -> list[PictureFile]:
    """Return the logos of which one is shown: the one chosen, the one for a background, or those for any."""
    inputs = setting.inputs
    chosen = setting.values.get(element.variable) if element.variable else None
    if isinstance(chosen, int) and chosen in inputs.given:
        return [inputs.given[chosen]]
    wanted = ("light", "dark") if element.background == "auto" else (element.background,)
    return [inputs.logos[background] for background in wanted if background in inputs.logos]


def free_box(element: LogoElement) -> Box:
    """Return where a logo may stand: its box without the space that is kept clear."""
    box, clear = element.box, element.clear_space
    clear = min(clear, box.width / 2 - MOST_CLEAR, box.height / 2 - MOST_CLEAR) if clear else 0
    return Box(box.x + clear, box.y + clear, box.width - 2 * clear, box.height - 2 * clear)


def ground_under(element: Element, box: Box, setting: Setting, fmt: Format) -> Ground:
    """Measure what lies behind a box of an element. Raises PictureUnusable."""
    page = next(page for page in fmt.pages if any(each.id == element.id for each in page.elements))
    below: list[Graphic] = list(_finished_page(fmt, page, setting))
    for other in page.elements:
        if other.id == element.id:
            break
        if _may_lie_behind(other, box) and all(holds(condition, setting) for condition in other.conditions):
            below += [mark for mark in lay_out(other, setting, fmt) if not isinstance(mark, SetText)]
    return ground_behind(box, below, page.background or WHITE)


def _finished_page(fmt: Format, page: Page, setting: Setting) -> Iterator[FinishedPage]:
    """Yield the page of the finished PDF that everything on a page stands on, as large as its reader sees it."""
    file = setting.inputs.documents.get(fmt.finished or "")
    if file is not None:
        width, height = _page_sizes.get((file.sha256, page.number), lambda: page_size(file.read(), page.number))
        yield FinishedPage(file, page.number, Box(0, 0, width, height))


def _may_lie_behind(element: Element, box: Box) -> bool:
    if not isinstance(element, ShapeElement | LineElement | ImageElement | PdfPageElement):
        return False
    return bool(element.anchor or element.open.within) or touch(element.box, box)


def _contact(element: ContactElement, setting: Setting, fmt: Format) -> list[Mark]:
    lines = []
    value_of = setting.told_in(element)
    for line in element.lines:
        filled = " ".join(fill(line, value_of).split())
        told = [value_of(token) for token in tokens_in(line)]
        if filled and (not told or any(told)):
            lines.append(filled)
    if not lines:
        return []
    box, where = element.box, _where(element, fmt)
    if element.name_style is None:
        return [set_text("\n".join(lines), type_of(element, element.style, setting), box, where)]
    head = styling.heading_type_of(element, element.name_style, setting.inputs)
    rest = replace(type_of(element, element.style, setting), valign="top")
    name = set_text(lines[0], head, box, where)
    top = NAME_LEADING * head.line_height * name.size
    room = Box(box.x, box.y + top, box.width, box.height - top)
    body = set_text("\n".join(lines[1:]), rest, room, where)
    return _together(name, body, rest, element, box)


def _together(name: SetText, body: SetText, kind: Type, element: ContactElement, box: Box) -> list[Mark]:
    last = body.lines[-1].y if body.lines else name.lines[-1].y
    spare = box.y + box.height - (last + kind.face.descent * body.size / kind.face.units)
    shift = {"top": 0.0, "middle": spare / 2, "bottom": spare}[element.valign]
    return [name.moved(shift), body.moved(shift)] if shift else [name, body]


def _pdf_page(element: PdfPageElement, setting: Setting, _fmt: Format) -> list[Mark]:
    file = setting.inputs.documents.get(element.document)
    return [FinishedPage(file, element.page, element.box)] if file else []


def _image(element: ImageElement, setting: Setting, _fmt: Format) -> list[Mark]:
    inputs = setting.inputs
    name = element.image
    if element.variable is not None:
        value = setting.values.get(element.variable)
        if isinstance(value, int):
            picture = inputs.given.get(value)
            return [Shown(picture, element.box, element.fit == "cover", element.focus)] if picture else []
        name = value or None
    shown = inputs.images.get(name) if name else None
    return [Shown(shown, element.box, element.fit == "cover", element.focus)] if shown else []


def link_of(element: QrElement, setting: Setting) -> str:
    """Return where a QR code leads: the tracked link when there is one, else the value, else the partner's own page."""
    told = fill(element.target, setting.value_of).strip()
    proves = VERIFY_URL in tokens_in(element.target)
    link = (told if proves else setting.inputs.link_url or told) or setting.inputs.partner.web.strip()
    return link if not link or "://" in link else f"https://{link}"


def _code(link: str, border: int) -> tuple[bytes, ...]:
    code = segno.make_qr(link, error="m", boost_error=False)
    return tuple(bytes(row) for row in code.matrix_iter(scale=1, border=border))


def _qr(element: QrElement, setting: Setting, fmt: Format) -> list[Mark]:
    link = link_of(element, setting)
    if not link or len(link) > LONGEST_LINK:
        sentence = "The QR code has no link to lead to." if not link else "The link is too long for a QR code."
        raise ValuesMissing(sentence, errors={_where(element, fmt): [sentence]})
    border = QUIET_MODULES if element.background else 0
    rows = _codes.get((link, border), lambda: _code(link, border))
    side = min(element.box.width, element.box.height)
    box = Box(element.box.x, element.box.y, side, side)
    return [Modules(rows, box, element.color, element.background)]
