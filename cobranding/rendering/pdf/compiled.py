"""A PDF, compiled once and stamped per partner.

Compiling draws what is locked and embeds the fonts; stamping writes the page's operators and the partner's pictures
anew into the open document and saves it, without recompressing anything. Same inputs, same bytes.
"""

import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from threading import Lock

from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Page, Pdf, Stream, String

from cobranding.rendering.codes import MARK
from cobranding.rendering.document.model import (
    Box,
    ContactElement,
    Document,
    Element,
    Format,
    LineElement,
    Open,
    ShapeElement,
    Styled,
)
from cobranding.rendering.inputs import Inputs
from cobranding.rendering.layout import Mark, Modules, Setting, Shown, is_same_for_all, lay_out
from cobranding.rendering.pdf.drawing import Graphic, draw_layers
from cobranding.rendering.pdf.embedding import embed_font, empty_picture, put_picture
from cobranding.rendering.pdf.operators import code_operators, picture_operators, text_operators
from cobranding.rendering.pictures.pixels import encoded
from cobranding.rendering.typography.fonts import FontKey, face
from cobranding.rendering.typography.typeset import SetText

PRODUCER = "tcma"


@dataclass(frozen=True)
class Slot:
    """An element that differs between partners, and the objects kept for its picture."""

    element: Element
    name: str
    picture: Stream
    mask: Stream


@dataclass
class CompiledPdf:
    """A page that is ready to be stamped."""

    fmt: Format
    pdf: Pdf
    contents: Stream
    info: Dictionary
    parts: tuple[str | Slot, ...]
    fonts: Mapping[FontKey, str]
    lock: Lock

    def stamp(self, inputs: Inputs) -> bytes:
        """Return the document for one partner.

        Raises TextOverflow, MissingGlyph, ValuesMissing, PictureUnusable.
        """
        setting = Setting.of(inputs)
        laid = [
            part if isinstance(part, str) else (part, lay_out(part.element, setting, self.fmt)) for part in self.parts
        ]
        with self.lock:
            operators = [part if isinstance(part, str) else self._operators(*part) for part in laid]
            content = "".join(operators).encode("ascii")
            self.contents.write(content)
            self.info.Title = String(inputs.title)
            self._tell(inputs.code)
            told = inputs.title + self.fmt.name + inputs.code
            own = hashlib.sha256(content + told.encode()).digest()[:16]
            self.pdf.trailer.ID = Array([String(own), String(own)])
            written = io.BytesIO()
            # The id above is kept as it is; reckoning one from the whole file would double the time.
            self.pdf.save(written, compress_streams=False, object_stream_mode=ObjectStreamMode.generate, static_id=True)
        return written.getvalue()

    def _tell(self, code: str) -> None:
        """Write the code into the document's information, or take out the one of the file before."""
        if code:
            self.info[f"/{MARK}"] = String(code)
        elif f"/{MARK}" in self.info:
            del self.info[f"/{MARK}"]

    def _operators(self, slot: Slot, marks: list[Mark]) -> str:
        out = []
        for mark in marks:
            if isinstance(mark, Shown):
                put_picture(slot.picture, slot.mask, encoded(mark))
                out.append(picture_operators(mark, slot.name, self.fmt))
            elif isinstance(mark, Modules):
                out.append(code_operators(mark, self.fmt))
            elif isinstance(mark, SetText):
                out.append(text_operators(mark, self.fonts, self.fmt))
        return "".join(out)


def compile_pdf(inputs: Inputs, fmt: Format) -> CompiledPdf:
    """Draw what is the same for every partner, and make places for what is not."""
    setting = Setting.of(inputs)
    document = inputs.document
    fonts = {key: f"F{at}" for at, key in enumerate(_fonts_of(document, fmt))}
    layers: list[list[Graphic]] = []
    parts: list[str | Element] = []
    for piece in _pieces(setting, fmt):
        if isinstance(piece, list):
            parts.append(f"/G{len(layers)} Do\n")
            layers.append(piece)
        elif isinstance(piece, SetText):
            parts.append(text_operators(piece, fonts, fmt))
        else:
            parts.append(piece)
    return _assemble(inputs, fmt, layers, parts, fonts)


def _pieces(setting: Setting, fmt: Format) -> Iterator[list[Graphic] | SetText | Element]:
    """Yield the page from the back to the front: layers of graphics, set texts, and elements that differ."""
    variables = {name for name, variable in setting.inputs.document.variables.items() if variable.editable}
    layer: list[Graphic] = []
    if fmt.background is not None:
        layer.append(ShapeElement("background", "", _whole(fmt), Open(), "rectangle", fmt.background, None, 0, 0, 1))
    for element in fmt.elements:
        marks = lay_out(element, setting, fmt) if is_same_for_all(element, variables) else None
        graphics = [mark for mark in marks or [] if isinstance(mark, ShapeElement | LineElement | Shown)]
        if marks is not None and len(graphics) == len(marks):
            layer.extend(graphics)
            continue
        if layer:
            yield layer
            layer = []
        if marks is None:
            yield element
        else:
            yield from (mark for mark in marks if isinstance(mark, SetText))
    if layer:
        yield layer


def _whole(fmt: Format) -> Box:
    return fmt.page


def _fonts_of(document: Document, fmt: Format) -> list[FontKey]:
    names: set[str] = set()
    for element in fmt.elements:
        if isinstance(element, Styled):
            names.update((element.style, *element.open.styles))
        if isinstance(element, ContactElement) and element.name_style:
            names.add(element.name_style)
    styles = [document.styles[name] for name in sorted(names)]
    keys = {face(style.family, style.weight, document.scripts, italic=style.italic).key for style in styles}
    return sorted(keys, key=repr)


def _assemble(
    inputs: Inputs, fmt: Format, layers: list[list[Graphic]], parts: list[str | Element], fonts: Mapping[FontKey, str]
) -> CompiledPdf:
    pdf = Pdf.open(io.BytesIO(draw_layers(fmt, layers)))
    objects = Dictionary()
    for at in range(len(layers)):
        objects[f"/G{at}"] = pdf.pages[at].as_form_xobject()
    slots: list[tuple[str, Element]] = []
    for part in parts:
        if isinstance(part, Element):
            slots.append((f"P{len(slots)}", part))
    for name, _element in slots:
        objects["/" + name] = empty_picture(pdf)
        objects["/M" + name] = empty_picture(pdf)
    resources = Dictionary(XObject=objects, Font=Dictionary())
    for key, name in fonts.items():
        resources.Font["/" + name] = embed_font(pdf, face(key.family, key.weight, key.scripts, italic=key.italic))
    _one_page(pdf, fmt, resources, inputs.locale)
    return _reopened(pdf, fmt, slots, parts, fonts)


def _one_page(pdf: Pdf, fmt: Format, resources: Dictionary, locale: str) -> None:
    page = fmt.page
    trim = Array(
        [round(fmt.bleed, 3), round(fmt.bleed, 3), round(fmt.bleed + fmt.width, 3), round(fmt.bleed + fmt.height, 3)]
    )
    whole = Array([0, 0, round(page.width, 3), round(page.height, 3)])
    while len(pdf.pages):
        del pdf.pages[0]
    only = Dictionary(
        Type=Name.Page, MediaBox=whole, BleedBox=whole, TrimBox=trim, Resources=resources, Contents=Stream(pdf, b" ")
    )
    pdf.pages.append(Page(pdf.make_indirect(only)))
    pdf.Root.Lang = String(locale)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    pdf.trailer.Info = pdf.make_indirect(Dictionary(Title=String(""), Producer=String(PRODUCER)))


def _reopened(
    pdf: Pdf, fmt: Format, slots: list[tuple[str, Element]], parts: list[str | Element], fonts: Mapping[FontKey, str]
) -> CompiledPdf:
    """Save once with everything compressed, so that stamping only ever copies it."""
    written = io.BytesIO()
    pdf.save(
        written,
        compress_streams=True,
        recompress_flate=True,
        object_stream_mode=ObjectStreamMode.disable,
        static_id=True,
    )
    ready = Pdf.open(io.BytesIO(written.getvalue()))
    page = ready.pages[0].obj
    objects = page.Resources.XObject
    kept = {
        element.id: Slot(element, name, _stream(objects["/" + name]), _stream(objects["/M" + name]))
        for name, element in slots
    }
    for slot in kept.values():
        del objects["/M" + slot.name]
    return CompiledPdf(
        fmt=fmt,
        pdf=ready,
        contents=_stream(page.Contents),
        info=_dictionary(ready.trailer.Info),
        parts=tuple(part if isinstance(part, str) else kept[part.id] for part in parts),
        fonts=fonts,
        lock=Lock(),
    )


def _stream(found: object) -> Stream:
    return found  # type: ignore[return-value]


def _dictionary(found: object) -> Dictionary:
    return found  # type: ignore[return-value]
