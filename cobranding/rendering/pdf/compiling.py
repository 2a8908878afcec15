"""Compiles a format: draws with ReportLab what is locked, embeds the fonts, and makes places for what differs."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pikepdf import Array, Dictionary, Name, Object, OutlineItem, Pdf, Stream, String
from pikepdf import Page as PdfPage

from cobranding.rendering.document.elements import ContactElement, Styled
from cobranding.rendering.document.model import Document, Format, Page
from cobranding.rendering.inputs import Inputs
from cobranding.rendering.layout import Setting
from cobranding.rendering.pdf.boxes import closing, opening, page_boxes, registration
from cobranding.rendering.pdf.colors import without_inks
from cobranding.rendering.pdf.compiled import CompiledPdf, stamped_page
from cobranding.rendering.pdf.drafting import Draft, Slot, draft
from cobranding.rendering.pdf.drawing import draw_layers
from cobranding.rendering.pdf.embedding import embed_font
from cobranding.rendering.pdf.foreign import put_finished
from cobranding.rendering.pdf.skeleton import skeleton_of
from cobranding.rendering.pdf.structure import put_tree
from cobranding.rendering.typography.fonts import FontKey, face


def for_screens(inputs: Inputs, fmt: Format) -> tuple[Inputs, Format]:
    """Return inputs without inks, and the format as it is after cutting."""
    document = without_inks(inputs.content_hash, inputs.document)
    plain = document.formats[fmt.name]
    return replace(inputs, document=document), replace(plain, bleed=0.0, marks=False)


def compile_pdf(inputs: Inputs, fmt: Format, *, on_screen: bool = False) -> CompiledPdf:
    """Compile the print PDF, or the one for screens: trimmed, with live links, bookmarks and a tree for readers.

    Raises TextOverflow, MissingGlyph, PictureUnusable, DocumentUnusable.
    """
    if on_screen:
        inputs, fmt = for_screens(inputs, fmt)
    setting = Setting.of(inputs)
    fonts = fonts_of(inputs.document, fmt.pages)
    drafts = [draft(setting, fmt, page, fonts, tagged=on_screen) for page in fmt.pages]
    return _Assembly(inputs, fmt, drafts, fonts, on_screen).compiled()


def fonts_of(document: Document, pages: Sequence[Page]) -> dict[FontKey, str]:
    """Return the fonts that the elements of some pages may be set in, and the names that pages know them by."""
    styles: set[str] = set()
    for element in (element for page in pages for element in page.elements):
        if isinstance(element, Styled):
            styles.update((element.style, *element.open.styles))
        if isinstance(element, ContactElement) and element.name_style:
            styles.add(element.name_style)
    keys = set()
    for style in (document.styles[name] for name in sorted(styles)):
        keys.add(face(style.font.family or "inter", style.weight, document.scripts, italic=style.italic).key)
    return {key: f"F{at}" for at, key in enumerate(sorted(keys, key=repr))}


def font_resources(pdf: Pdf, fonts: Mapping[FontKey, str]) -> Object:
    """Embed fonts."""
    embedded = Dictionary()
    for key, name in fonts.items():
        embedded["/" + name] = embed_font(pdf, face(key.family, key.weight, key.scripts, italic=key.italic))
    return pdf.make_indirect(embedded)


def forms_of(pdf: Pdf, made: Draft) -> Iterator[tuple[str, Object]]:
    """Draw the layers of a draft, and yield them as forms of a document, by their name."""
    if not made.layers:
        return
    drawn = Pdf.open(io.BytesIO(draw_layers(made.fmt, list(made.layers.values()))))
    for name, page in zip(made.layers, drawn.pages, strict=True):
        if "/Font" in page.resources:
            del page.resources.Font  # ReportLab names one on each page, whether it is used or not
        yield name, pdf.copy_foreign(drawn.make_indirect(page.as_form_xobject()))


@dataclass
class _Assembly:
    """The objects of a file being put together."""

    inputs: Inputs
    fmt: Format
    drafts: list[Draft]
    fonts: dict[FontKey, str]
    on_screen: bool

    def compiled(self) -> CompiledPdf:
        pdf = Pdf.new()
        embedded = font_resources(pdf, self.fonts)
        holes: dict[str, Object] = {}
        pages = [self.page(pdf, made, embedded, holes) for made in self.drafts]
        pdf.Root.Lang = String(self.inputs.locale)
        pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        if self.on_screen:
            put_tree(pdf, [(page, made.entries) for page, made in zip(pages, self.drafts, strict=True)], holes)
            self.bookmarks(pdf)
        pdf.trailer.Info = holes["info"] = pdf.make_indirect(Dictionary())
        skeleton, numbers = skeleton_of(pdf, holes, {}, compressed=True)
        return CompiledPdf(
            document=self.inputs.document,
            fmt=self.fmt,
            skeleton=skeleton,
            numbers=numbers,
            pages=tuple(
                stamped_page(made, self.parts(made), f"C{at}", f"L{at}" if self.on_screen else "")
                for at, made in enumerate(self.drafts)
                if made.slots
            ),
            fonts=self.fonts,
        )

    def parts(self, made: Draft) -> list[str | Slot]:
        return [opening(self.fmt), *made.parts, closing(self.fmt)]

    def page(self, pdf: Pdf, made: Draft, fonts: Object, holes: dict[str, Object]) -> Object:
        """Append a page; its content is a hole when something on it differs."""
        at = len(pdf.pages)
        objects = Dictionary(**dict(forms_of(pdf, made)), **put_finished(pdf, made, self.inputs))
        for slot in made.slots:
            if slot.picture:
                objects["/" + slot.picture] = holes[slot.picture] = pdf.make_indirect(Stream(pdf, b""))
                holes["M" + slot.picture] = pdf.make_indirect(Dictionary())
        resources = Dictionary(XObject=objects, Font=fonts)
        if self.fmt.marks:
            resources.ColorSpace = registration()
        content = "".join(part for part in self.parts(made) if isinstance(part, str))
        page = Dictionary(
            Type=Name.Page,
            **page_boxes(self.fmt),
            Resources=resources,
            Contents=pdf.make_indirect(Stream(pdf, content.encode())),
        )
        if made.slots:
            holes[f"C{at}"] = page.Contents
        if self.on_screen and made.slots:
            page.Annots = holes[f"L{at}"] = pdf.make_indirect(Array())
        elif self.on_screen and made.links:
            page.Annots = Object.parse(b"[%b]" % made.links)
        pdf.pages.append(PdfPage(pdf.make_indirect(page)))
        return pdf.pages[at].obj

    def bookmarks(self, pdf: Pdf) -> None:
        with pdf.open_outline() as outline:
            outline.root.extend(
                OutlineItem(page.label, at) for at, page in enumerate(self.fmt.pages) if page.label
            )
