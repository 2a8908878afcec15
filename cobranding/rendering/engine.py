"""The one entrance: inputs and a format in, a finished file out. What was compiled stays ready for the next partner."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from cobranding.rendering.cache import Kept
from cobranding.rendering.document.model import Document, Format
from cobranding.rendering.document.reading import read
from cobranding.rendering.errors import UnknownFormat
from cobranding.rendering.inputs import Inputs, RenderedFile
from cobranding.rendering.pdf.compiled import CompiledPdf
from cobranding.rendering.pdf.compiling import compile_pdf
from cobranding.rendering.pictures.encoding import encode
from cobranding.rendering.preflight import check_ready
from cobranding.rendering.preview import picture_of
from cobranding.rendering.screen.compiled import CompiledImage, bytes_of_compiled, compile_image
from cobranding.rendering.screen.outputs import MEDIA as PICTURE_MEDIA
from cobranding.rendering.screen.outputs import PREVIEW, PictureOutput, picture_output, picture_outputs
from cobranding.rendering.slides.compiled import CompiledDeck, compile_deck

MEDIA = {
    "pdf": "application/pdf",
    "screen_pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
"""The kinds of files that are no pictures."""
ENDINGS = {"pdf": ".pdf", "screen_pdf": "-screen.pdf", "pptx": ".pptx"}
PREVIEW_WIDTH_PX = 1240
"""A4 at 150 dots an inch."""

_documents: Kept[str, Document] = Kept(128, "documents")
_pdfs: Kept[tuple[object, ...], CompiledPdf] = Kept(
    64, "compiled_pdfs", most_bytes=96_000_000, weigh=lambda compiled: compiled.size
)
_images: Kept[tuple[object, ...], CompiledImage] = Kept(
    32, "compiled_images", most_bytes=160_000_000, weigh=bytes_of_compiled
)
_decks: Kept[tuple[object, ...], CompiledDeck] = Kept(16, "compiled_decks")


def hash_of(raw: Mapping[str, Any]) -> str:
    """Return the hash that a document is known by: of its canonical JSON."""
    canonical = json.dumps(raw, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def document_of(content_hash: str, raw: Mapping[str, Any]) -> Document:
    """Return a document typed; read once per process.

    Raises DocumentInvalid.
    """
    return _documents.get(content_hash, lambda: read(raw))


def format_of(document: Document, name: str) -> Format:
    """Return a format by its name.

    Raises UnknownFormat.
    """
    fmt = document.formats.get(name)
    if fmt is None:
        raise UnknownFormat(
            f"The template has no format {name[:40]!r}; it has {', '.join(document.formats) or 'none'}."
        )
    return fmt


def outputs_of(fmt: Format) -> tuple[str, ...]:
    """Return the kinds of files that a format comes in, its own one first."""
    documents = fmt.outputs or (("pdf", "screen_pdf") if fmt.is_print else ())
    return (*(kind for kind in documents if kind in MEDIA), *picture_outputs(fmt))


def render(inputs: Inputs, format_name: str, output: str | None = None, *, page: int = 1) -> RenderedFile:
    """Render one format for one partner, unless preflight finds an error in it; a picture shows one page of it.

    `preview` is a JPEG to look at, which every format has.

    Raises UnknownFormat, PreflightFailed, ValuesMissing, TextOverflow, MissingGlyph, PictureUnusable.
    """
    fmt = format_of(inputs.document, format_name)
    kind = _kind(fmt, output)
    check_ready(inputs, fmt)
    return _produced(inputs, fmt, kind, page)


def sample(inputs: Inputs, format_name: str, output: str | None = None, *, page: int = 1) -> RenderedFile:
    """Render one format as an example, with whatever there is: nothing is asked for yet.

    Raises UnknownFormat, ValuesMissing, TextOverflow, MissingGlyph, OffThePage, PictureUnusable, DocumentUnusable.
    """
    fmt = format_of(inputs.document, format_name)
    return _produced(inputs, fmt, _kind(fmt, output), page)


def _kind(fmt: Format, output: str | None) -> str:
    kind = output or outputs_of(fmt)[0]
    if kind not in (PREVIEW, *outputs_of(fmt)):
        raise UnknownFormat(f"{fmt.label} comes as {', '.join(outputs_of(fmt))}, not as {kind[:10]}.")
    return kind


def _produced(inputs: Inputs, fmt: Format, kind: str, page: int) -> RenderedFile:
    stem = f"{slug(inputs.title or 'artwork')}-{fmt.name}"
    if not (fmt.finished or 1 <= page <= len(fmt.pages)):
        raise UnknownFormat(f"{fmt.label} has no page {page}; the last one is {len(fmt.pages)}.")
    if kind in MEDIA:
        return RenderedFile(_document(inputs, fmt, kind), MEDIA[kind], stem + ENDINGS[kind])
    return _picture(inputs, fmt, picture_output(kind), page, stem)


def _document(inputs: Inputs, fmt: Format, kind: str) -> bytes:
    if kind == "pptx":
        return _decks.get(_key(inputs, fmt), lambda: compile_deck(inputs, fmt)).stamp(inputs)
    on_screen = kind == "screen_pdf"
    key = (*_key(inputs, fmt), on_screen)
    return _pdfs.get(key, lambda: compile_pdf(inputs, fmt, on_screen=on_screen)).stamp(inputs)


def _picture(inputs: Inputs, fmt: Format, wanted: PictureOutput, page: int, stem: str) -> RenderedFile:
    """Return a screen format, or a picture of a print format's page as it is after cutting."""
    if fmt.is_print:
        image = picture_of(_document(inputs, fmt, "screen_pdf"), PREVIEW_WIDTH_PX, page=page)
    else:
        key = (*_key(inputs, fmt), wanted.scale, page)
        image = _images.get(key, lambda: compile_image(inputs, fmt, wanted.scale, page)).stamp(inputs)
    data = encode(image, wanted.kind, inputs.code)
    at_page = f"-{page}" if page > 1 else ""
    return RenderedFile(data, PICTURE_MEDIA[wanted.kind], f"{stem}{at_page}{wanted.ending}")


def _key(inputs: Inputs, fmt: Format) -> tuple[object, ...]:
    """Return what tells compiled formats apart: all that is the same for every partner."""
    files = (inputs.images, inputs.documents, inputs.fonts)
    hashes = tuple(tuple(sorted((name, file.sha256) for name, file in group.items())) for group in files)
    return inputs.content_hash, fmt.name, inputs.locale, hashes


def forget() -> None:
    """Empty the memories of compiled templates."""
    _documents.clear()
    _pdfs.clear()
    _images.clear()
    _decks.clear()


def slug(title: str) -> str:
    """Return a title as a file name that every system takes."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:60] or "artwork"
