"""The one entrance: inputs and a format in, a finished file out. What was compiled stays ready for the next partner."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from PIL import Image

from cobranding.rendering.cache import Kept
from cobranding.rendering.document.model import Document, Format
from cobranding.rendering.document.reading import read
from cobranding.rendering.document.values import missing_values, unchanged_values
from cobranding.rendering.errors import PictureUnusable, UnknownFormat, ValuesMissing
from cobranding.rendering.inputs import Inputs, RenderedFile
from cobranding.rendering.pdf.compiled import CompiledPdf
from cobranding.rendering.pdf.compiling import compile_pdf
from cobranding.rendering.pictures.encoding import as_file
from cobranding.rendering.preview import picture_of
from cobranding.rendering.screen.compiled import CompiledImage, bytes_of_compiled, compile_image
from cobranding.rendering.screen.outputs import MEDIA as PICTURE_MEDIA
from cobranding.rendering.screen.outputs import PictureOutput, picture_output, picture_outputs

MEDIA = {"pdf": "application/pdf", "screen_pdf": "application/pdf"}
"""The kinds of files that are no pictures."""
ENDINGS = {"pdf": ".pdf", "screen_pdf": "-screen.pdf"}
PREVIEW_WIDTH_PX = 1240
"""A4 at 150 dots an inch."""

_documents: Kept[str, Document] = Kept(128, "documents")
_pdfs: Kept[tuple[object, ...], CompiledPdf] = Kept(
    64, "compiled_pdfs", most_bytes=96_000_000, weigh=lambda compiled: compiled.size
)
_images: Kept[tuple[object, ...], CompiledImage] = Kept(
    32, "compiled_images", most_bytes=160_000_000, weigh=bytes_of_compiled
)


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
    possible = ("pdf", "screen_pdf") if fmt.is_print else ()
    return (*(kind for kind in possible if kind in (fmt.outputs or possible)), *picture_outputs(fmt))


def render(inputs: Inputs, format_name: str, output: str | None = None, *, page: int = 1) -> RenderedFile:
    """Render one format for one partner; a picture shows one page of it.

    Raises UnknownFormat, ValuesMissing, TextOverflow, MissingGlyph, OffThePage, PictureUnusable, DocumentUnusable.
    """
    fmt = format_of(inputs.document, format_name)
    kind = output or outputs_of(fmt)[0]
    if kind not in outputs_of(fmt):
        raise UnknownFormat(f"{fmt.label} comes as {', '.join(outputs_of(fmt))}, not as {kind[:10]}.")
    _check_ready(inputs)
    stem = f"{slug(inputs.title or 'artwork')}-{fmt.name}"
    if kind in MEDIA:
        return RenderedFile(_document(inputs, fmt, kind), MEDIA[kind], stem + ENDINGS[kind])
    wanted = picture_output(kind)
    data = as_file(_picture(inputs, fmt, wanted, page), wanted.kind, inputs.code)
    return RenderedFile(data, PICTURE_MEDIA[wanted.kind], stem + (f"-{page}" if page > 1 else "") + wanted.ending)


def _check_ready(inputs: Inputs) -> None:
    """Refuse what cannot be produced yet, or not any more. Raises PictureUnusable, ValuesMissing."""
    if inputs.refused:
        sentences = {path: [sentence] for path, sentence in inputs.refused.items()}
        raise PictureUnusable(" ".join(inputs.refused.values()), errors=sentences)
    missing = missing_values(inputs.document, inputs.values, inputs.locale)
    if missing:
        names = ", ".join(variable.label for variable in missing)
        raise ValuesMissing(f"Still needed: {names}.", errors={each.name: ["is still needed"] for each in missing})
    unchanged = unchanged_values(inputs.document, inputs.values)
    if unchanged:
        names = ", ".join(variable.label for variable in unchanged)
        raise ValuesMissing(
            f"Still to be put in your own words: {names}.",
            errors={each.name: ["still says what the template says"] for each in unchanged},
        )


def _document(inputs: Inputs, fmt: Format, kind: str) -> bytes:
    on_screen = kind == "screen_pdf"
    key = (*_key(inputs, fmt), on_screen)
    return _pdfs.get(key, lambda: compile_pdf(inputs, fmt, on_screen=on_screen)).stamp(inputs)


def _picture(inputs: Inputs, fmt: Format, wanted: PictureOutput, page: int) -> Image.Image:
    """Return the pixels of a screen format, or a page of a print format as it is after cutting."""
    if fmt.is_print:
        return picture_of(_document(inputs, fmt, "screen_pdf"), PREVIEW_WIDTH_PX, page=page)
    key = (*_key(inputs, fmt), wanted.scale)
    return _images.get(key, lambda: compile_image(inputs, fmt, wanted.scale)).stamp(inputs)


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


def slug(title: str) -> str:
    """Return a title as a file name that every system takes."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:60] or "artwork"
