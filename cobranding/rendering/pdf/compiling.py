"""Compiles a format: draws with ReportLab what is locked, embeds the fonts, and makes places for what differs."""

from dataclasses import dataclass, replace

from pikepdf import Array, Dictionary, Name, Object, OutlineItem, Pdf, Stream, String
from pikepdf import Page as PdfPage

from cobranding.rendering.document.model import Format
from cobranding.rendering.inputs import Inputs
from cobranding.rendering.layout import Setting
from cobranding.rendering.pdf.boxes import closing, opening, page_boxes, registration
from cobranding.rendering.pdf.colors import without_inks
from cobranding.rendering.pdf.compiled import CompiledPdf, stamped_page
from cobranding.rendering.pdf.drafting import Draft, Slot, draft
from cobranding.rendering.pdf.finished import compile_finished
from cobranding.rendering.pdf.resources import font_resources, fonts_of, forms_of, picture_places
from cobranding.rendering.pdf.skeleton import skeleton_of
from cobranding.rendering.pdf.structure import put_tree
from cobranding.rendering.typography.fonts import FontKey


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
    if fmt.finished is not None:
        return compile_finished(inputs, fmt)
    setting = Setting.of(inputs)
    fonts = fonts_of(inputs, fmt.pages)
    drafts = [draft(setting, fmt, page, fonts, str(at), tagged=on_screen) for at, page in enumerate(fmt.pages)]
    return _Assembly(inputs, fmt, drafts, fonts, on_screen).compiled()


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
        objects = forms_of(pdf, made)
        picture_places(pdf, made, objects, holes)
        resources = Dictionary(XObject=objects, Font=fonts)
        if self.fmt.marks:
            resources.ColorSpace = registration()
        content = "".join(part for part in self.parts(made) if isinstance(part, str))
        page = page_boxes(self.fmt)
        page.Type, page.Resources = Name.Page, resources
        page.Contents = pdf.make_indirect(Stream(pdf, content.encode()))
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
            outline.root.extend(OutlineItem(page.label, at) for at, page in enumerate(self.fmt.pages) if page.label)
