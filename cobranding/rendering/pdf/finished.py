"""Finished PDFs: zones of a page are stamped over what others designed; everything else of the file stays as it is.

The zones of a page become one form that is drawn last, in the space that the reader sees: a page may be turned,
cropped, scaled or begin anywhere. Pages without zones are not touched, and no stream of the file is packed anew.
"""

import io
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from pikepdf import Array, Dictionary, Object, ObjectStreamMode, Page, Pdf, Stream, parse_content_stream

from cobranding.rendering.codes import MARK
from cobranding.rendering.document.model import Format
from cobranding.rendering.inputs import Inputs
from cobranding.rendering.layout import Setting
from cobranding.rendering.pdf.compiled import PRODUCER, CompiledPdf, StampedPage, stamped_page
from cobranding.rendering.pdf.drafting import Draft, draft
from cobranding.rendering.pdf.foreign import View, contents_of, document_named, guarded, inherited, page_of, view_of
from cobranding.rendering.pdf.resources import font_resources, fonts_of, forms_of, picture_places
from cobranding.rendering.pdf.skeleton import inline, skeleton_of
from cobranding.rendering.typography.fonts import FontKey

ZONES = "TcmaZones"
"""The name that the form with the zones has on its page."""


def compile_finished(inputs: Inputs, fmt: Format) -> CompiledPdf:
    """Make places for the zones in a finished PDF.

    Raises TextOverflow, MissingGlyph, PictureUnusable, DocumentUnusable.
    """
    pdf = document_named(inputs, fmt.finished or "")
    setting, fonts = Setting.of(inputs), fonts_of(inputs, fmt.pages)
    views = [view_of(page_of(pdf, page.number)) for page in fmt.pages]
    drafts = [
        draft(setting, replace(fmt, width=view.width, height=view.height), page, fonts, str(at), tagged=False)
        for at, (page, view) in enumerate(zip(fmt.pages, views, strict=True))
    ]
    resources = _resources(pdf, drafts, fonts)
    holes: dict[str, Object] = {}
    for made, view, own in zip(drafts, views, resources, strict=True):
        picture_places(pdf, made, own.XObject, holes)
        holes["C" + made.key] = pdf.make_indirect(Stream(pdf, b""))
        page = page_of(pdf, made.page.number)
        guarded(partial(_put_zones, pdf, page, view, holes["C" + made.key], ZONES + made.key))
    info, titled = _info(pdf, holes)
    known = {f"R{at}": each for at, each in enumerate(resources)}
    skeleton, numbers = guarded(lambda: skeleton_of(pdf, holes, known, compressed=False))
    pages = [_page(made, numbers[f"R{at}"], f"C{at}") for at, made in enumerate(drafts)]
    return CompiledPdf(inputs.document, fmt, skeleton, numbers, tuple(pages), fonts, info, titled=titled)


def _page(made: Draft, resources: int, contents: str) -> StampedPage:
    box = f"/BBox[0 0 {made.fmt.width:.3f} {made.fmt.height:.3f}]/Resources {resources} 0 R"
    page = stamped_page(made, made.parts, contents, "")
    return replace(page, entries=b"/Type/XObject/Subtype/Form" + box.encode())


def _resources(pdf: Pdf, drafts: list[Draft], fonts: Mapping[FontKey, str]) -> list[Any]:
    """Return what each page's zones are drawn with, as objects of the file; packed before, which the file's are not."""
    made = Pdf.new()
    embedded = font_resources(made, fonts)
    made.Root.Parts = Array(
        [made.make_indirect(Dictionary(XObject=forms_of(made, each), Font=embedded)) for each in drafts]
    )
    written = io.BytesIO()
    made.save(written, compress_streams=True, object_stream_mode=ObjectStreamMode.disable, static_id=True)
    packed = Pdf.open(io.BytesIO(written.getvalue()))
    parts: Any = packed.Root.Parts
    return [pdf.copy_foreign(each) for each in parts]


def _put_zones(pdf: Pdf, page: Page, view: View, zones: Object, name: str) -> None:
    """Draw a form after everything else of a page, however that leaves its state."""
    before, after = _balance(page)
    own: Any = page.obj.get("/Contents")
    streams = list(own) if isinstance(own, Array) else [] if own is None else [own]
    opening = Stream(pdf, b"q " * before)
    closing = Stream(pdf, b"\n" + b"Q " * after + f"q {view.operator} /{name} Do Q\n".encode())
    page.obj.Contents = Array([pdf.make_indirect(opening), *streams, pdf.make_indirect(closing)])
    shared = inherited(page.obj, "/Resources")
    resources = Dictionary() if shared is None else Dictionary(dict(shared.items()))
    objects = Dictionary(dict(resources.XObject.items())) if "/XObject" in resources else Dictionary()
    objects["/" + name] = zones
    resources.XObject = objects
    page.obj.Resources = resources


def _balance(page: Page) -> tuple[int, int]:
    """Return how often a page's state is to be saved before its own operators, and restored after them."""
    data = contents_of(page)
    depth = lowest = 0
    with Pdf.new() as scratch:
        for instruction in parse_content_stream(Stream(scratch, data), "q Q"):
            depth += 1 if str(instruction.operator) == "q" else -1
            lowest = min(lowest, depth)
    before = 1 - lowest
    return before, before + depth


def _info(pdf: Pdf, holes: dict[str, Object]) -> tuple[bytes, bool]:
    """Make a place for what is said about the file; return what it says already, and whether that is a title."""
    said: Any = pdf.trailer.get("/Info")
    entries = guarded(lambda: {name: inline(value) for name, value in said.items()}) if said is not None else {}
    pdf.trailer.Info = holes["info"] = pdf.make_indirect(Dictionary())
    kept = b"".join(b"%b %b" % (name.encode(), value) for name, value in entries.items() if name != f"/{MARK}")
    return kept or PRODUCER, "/Title" in entries
