"""A layout or a slide being filled: elements and their marks become shapes, their pictures and links relationships."""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from fontTools.ttLib import TTFont
from PIL import Image

from cobranding.rendering.cache import Kept
from cobranding.rendering.document.elements import (
    Box,
    Color,
    ContactElement,
    Element,
    ImageElement,
    LineElement,
    LogoElement,
    QrElement,
    ShapeElement,
    Styled,
)
from cobranding.rendering.document.model import Format, Style, said
from cobranding.rendering.document.tokens import fill
from cobranding.rendering.layout import Setting, link_of
from cobranding.rendering.marks import FinishedPage, Mark, Modules, Shown
from cobranding.rendering.pictures.encoding import to_jpeg, to_png
from cobranding.rendering.pictures.placing import for_print, key_of, spot_of
from cobranding.rendering.preview import page_pixels
from cobranding.rendering.slides import markup
from cobranding.rendering.slides.wording import paragraphs_of, reads_rightwards
from cobranding.rendering.typography.fonts import Face
from cobranding.rendering.typography.typeset import SetText

EMU_A_POINT = 12_700
POINTS_A_PIXEL = 0.75
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OUTSIDE = ' TargetMode="External"'
LEADS = ("https://", "http://", "mailto:", "tel:")
BOLD_FROM = 600
"""A deck knows regular and bold: from this weight on, a style is bold."""
ANCHORS = {"top": "t", "middle": "ctr", "bottom": "b"}
MODULE_PX = 8
PAGE_SCALE = 2
"""How many pixels stand for a point of a finished PDF's page."""
WHITE = Color(255, 255, 255)

Media = tuple[str, bytes]
"""A picture's file name, made of its hash, and its bytes."""
_media: Kept[tuple[object, ...], Media] = Kept(
    200, "slides_media", most_bytes=64_000_000, weigh=lambda media: len(media[1])
)
_families: Kept[object, str] = Kept(100, "slides_families")


@dataclass
class Sheet:
    """Shapes from the back to the front; `rels` are type and target, and whether it lies outside of the file."""

    fmt: Format
    on_layout: bool
    shapes: list[str] = field(default_factory=list)
    rels: list[tuple[str, str, bool]] = field(default_factory=list)
    media: dict[str, bytes] = field(default_factory=dict)

    @property
    def unit(self) -> float:
        """Return how many points a drawn unit is."""
        return 1.0 if self.fmt.is_print else POINTS_A_PIXEL

    def emu(self, box: Box) -> markup.Emu:
        """Return a box in EMU."""
        each = self.unit * EMU_A_POINT
        return markup.Emu(*(round(length * each) for length in box))

    def put(self, element: Element, marks: list[Mark], setting: Setting) -> None:
        """Add an element. Raises PictureUnusable."""
        element = self._moved(element, setting)
        if isinstance(element, ContactElement):
            self._contact(element, [mark for mark in marks if isinstance(mark, SetText)], setting)
            return
        for mark in marks:
            if isinstance(mark, SetText) and isinstance(element, Styled):
                self._text(element, mark, setting)
            elif isinstance(mark, Shown):
                name, data = _media.get(key_of(mark), lambda shown=mark: _encode(shown))  # type: ignore[misc]
                spot = spot_of(mark)
                self._picture(element, Box(spot.x, spot.y, spot.width, spot.height), name, data, setting)
            elif isinstance(mark, Modules):
                name, data = _media.get((mark.rows, mark.color, mark.background), lambda code=mark: _code(code))  # type: ignore[misc]
                self._picture(element, mark.box, name, data, setting)
            elif isinstance(mark, ShapeElement | LineElement):
                self._shape(mark, setting)
            elif isinstance(mark, FinishedPage):
                key = (mark.file.sha256, mark.page, mark.box.width, mark.box.height)
                name, data = _media.get(key, lambda page=mark: _page(page))  # type: ignore[misc]
                self._picture(element, mark.box, name, data, setting)

    def _moved(self, element: Element, setting: Setting) -> Element:
        """Return an element where the partner has put it."""
        left_top = setting.inputs.values.get(f"{self.fmt.name}.{element.id}.position")
        if left_top is None or not element.open.within:
            return element
        left, top = left_top[0] * self.fmt.scale, left_top[1] * self.fmt.scale
        return replace(element, box=element.box._replace(x=left, y=top))

    def xml_rels(self, own: str) -> str:
        """Return the relationships; `own` is that to the layout or master, which has the first id."""
        listed = "".join(
            f'<Relationship Id="rId{at}" Type="{OFFICE}/{kind}" Target={markup.attribute(target)}'
            f"{OUTSIDE if outside else ''}/>"
            for at, (kind, target, outside) in enumerate(self.rels, start=2)
        )
        return (
            "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{own}{listed}'
            "</Relationships>"
        )

    def _related(self, kind: str, target: str, *, outside: bool = False) -> str:
        rel = kind, target, outside
        if rel not in self.rels:
            self.rels.append(rel)
        return f"rId{self.rels.index(rel) + 2}"

    def _named(self, element: Element, setting: Setting, alt: str = "") -> markup.Named:
        link = fill(element.link, setting.value_of).strip()
        link_id = self._related("hyperlink", link, outside=True) if link.startswith(LEADS) else ""
        return markup.Named(len(self.shapes) + 2, element.label, alt, link_id, element.open, self.on_layout)

    def _shape(self, mark: ShapeElement | LineElement, setting: Setting) -> None:
        named, place = self._named(mark, setting), self.emu(mark.box)
        width = round(mark.stroke_width * self.unit * EMU_A_POINT)
        line = markup.outline(mark.stroke, width, mark.opacity)
        if isinstance(mark, LineElement):
            self.shapes.append(markup.stroke(named, place, line))
            return
        radius = round(mark.radius * self.unit * EMU_A_POINT)
        kind = "ellipse" if mark.shape == "ellipse" else "roundRect" if radius else "rect"
        filled = markup.fill_of(mark.fill, mark.opacity)
        self.shapes.append(markup.shape(named, markup.geometry(kind, place, radius), filled, line))

    def _picture(self, element: Element, box: Box, name: str, data: bytes, setting: Setting) -> None:
        self.media[name] = data
        image_id = self._related("image", f"../media/{name}")
        named = self._named(element, setting, _alt(element, setting))
        self.shapes.append(markup.picture(named, self.emu(box), image_id))

    def _text(self, element: Styled, mark: SetText, setting: Setting) -> None:
        style = self._style_of(element, setting)
        words = self._paragraphs(element, mark, style, setting)
        named = self._named(element, setting)
        self.shapes.append(markup.text_box(named, self.emu(element.box), ANCHORS[element.valign], words))

    def _style_of(self, element: Styled, setting: Setting) -> Style:
        chosen = setting.inputs.values.get(f"{self.fmt.name}.{element.id}.style")
        return setting.inputs.document.styles[chosen if chosen in element.open.styles else element.style]

    def _contact(self, element: ContactElement, marks: list[SetText], setting: Setting) -> None:
        """Put the name and the lines of a contact into one text box."""
        if not marks:
            return
        styles = setting.inputs.document.styles
        name = [styles[element.name_style]] if element.name_style and len(marks) > 1 else []
        looks = [*name, *[self._style_of(element, setting)] * len(marks)]
        words = "".join(
            self._paragraphs(element, mark, style, setting) for mark, style in zip(marks, looks, strict=False)
        )
        named = self._named(element, setting)
        self.shapes.append(markup.text_box(named, self.emu(element.box), ANCHORS[element.valign], words))

    def _paragraphs(self, element: Styled, mark: SetText, style: Style, setting: Setting) -> str:
        return "".join(self._each_paragraph(element, mark, style, setting))

    def _each_paragraph(self, element: Styled, mark: SetText, style: Style, setting: Setting) -> Iterator[str]:
        face = mark.face
        own_height = (face.ascent + face.descent) / face.units
        size = round(mark.size * self.unit * 100)
        for words in paragraphs_of(element, mark, setting):
            rightwards = reads_rightwards(words.text, style.direction)
            look = markup.Lettering(
                family=_families.get(face.key, lambda file=face: _family_of(file)),  # type: ignore[misc]
                size=size,
                bold=face.key.weight >= BOLD_FROM,
                italic=face.key.italic,
                spacing=round(style.letter_spacing * size),
                leading=style.line_height / own_height * 100,
                color=mark.color,
                align=_align(element.align or style.align, rightwards=rightwards),
                rightwards=rightwards,
                locale=setting.inputs.locale,
            )
            links = {run.link for run in words.runs if run.link.startswith(LEADS)}
            ids = {link: self._related("hyperlink", link, outside=True) for link in sorted(links)}
            yield markup.paragraph(words, look, ids)


def _family_of(face: Face) -> str:
    """Return what a typeface is called on the machine of whoever opens the deck."""
    with TTFont(io.BytesIO(face.data), lazy=True) as font:
        return font["name"].getBestFamilyName() or face.name


def _align(align: str, *, rightwards: bool) -> str:
    start, end = ("l", "r") if rightwards else ("r", "l")
    return {"start": start, "end": end, "left": "l", "center": "ctr", "right": "r"}[align]


def _alt(element: Element, setting: Setting) -> str:
    """Return what a picture shows, for who does not see it."""
    inputs = setting.inputs
    if isinstance(element, LogoElement):
        return inputs.partner.trade_name or inputs.partner.legal_name or element.label
    if isinstance(element, QrElement):
        return f"{element.label}: {link_of(element, setting)}"
    if isinstance(element, ImageElement):
        value = setting.values.get(element.variable) if element.variable else element.image
        given = inputs.given.get(value) if isinstance(value, int) else None
        if given is not None:
            return given.alt or element.label
        named = inputs.document.images.get(str(value))
        return said(named.alt, inputs.locale, inputs.document.locale) if named and named.alt else element.label
    return element.label


def _named_by_hash(data: bytes, kind: str) -> Media:
    return f"{hashlib.sha256(data).hexdigest()[:24]}.{kind}", data


def _encode(shown: Shown) -> Media:
    """Cut a picture to its box: a photograph as JPEG, a logo and whatever is transparent without loss."""
    image = for_print(shown)
    if image.mode == "RGBA" or shown.is_logo:
        return _named_by_hash(to_png(image), "png")
    return _named_by_hash(to_jpeg(image), "jpeg")


def _page(page: FinishedPage) -> Media:
    """Draw a page of a finished PDF, at the size of a screen."""
    size = max(1, round(page.box.width * PAGE_SCALE)), max(1, round(page.box.height * PAGE_SCALE))
    return _named_by_hash(to_png(page_pixels(page.file.read(), page.page, *size)), "png")


def _code(code: Modules) -> Media:
    """Draw a QR code as a PNG of two colours, a few pixels to the module."""
    count = len(code.rows)
    modules = Image.frombytes("P", (count, count), b"".join(code.rows))
    modules.putpalette([*(code.background or WHITE).rgb, *code.color.rgb])
    drawn = modules.resize((count * MODULE_PX, count * MODULE_PX), Image.Resampling.NEAREST)
    if code.background is None:
        drawn.info["transparency"] = 0
    return _named_by_hash(to_png(drawn), "png")
