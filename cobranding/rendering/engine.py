"""The one entrance: inputs and a format in, a finished file out. What was compiled stays ready for the next partner."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from cobranding.rendering.cache import Figures, Kept
from cobranding.rendering.document.model import Document, Format
from cobranding.rendering.document.reading import read
from cobranding.rendering.document.values import missing_values, unchanged_values
from cobranding.rendering.errors import PictureUnusable, UnknownFormat, ValuesMissing
from cobranding.rendering.inputs import Inputs, RenderedFile
from cobranding.rendering.pdf.compiled import CompiledPdf
from cobranding.rendering.pdf.compiling import compile_pdf
from cobranding.rendering.pictures.pixels import encode
from cobranding.rendering.preview import picture_of
from cobranding.rendering.screen.compiled import CompiledImage, compile_image

MEDIA = {
    "pdf": "application/pdf",
    "screen_pdf": "application/pdf",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "png": "image/png",
}
PRINTED = ("pdf", "screen_pdf")
PRINT_OUTPUTS = (*PRINTED, "jpg", "webp", "png")
MOST_BYTES_OF_PDFS = 96 * 1024 * 1024
PREVIEW_WIDTH_PX = 1240
"""A4 at 150 dots an inch."""

_documents: Kept[str, Document] = Kept(128)
_pdfs: Kept[tuple[object, ...], CompiledPdf] = Kept(64, MOST_BYTES_OF_PDFS, lambda compiled: compiled.size)
_images: Kept[tuple[object, ...], CompiledImage] = Kept(32)


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
    if fmt.is_print:
        return tuple(kind for kind in fmt.outputs or PRINT_OUTPUTS if kind in PRINT_OUTPUTS)
    return ("jpg", "png")


def render(inputs: Inputs, format_name: str, output: str | None = None, *, page: int = 1) -> RenderedFile:
    """Render one format for one partner; a picture shows one page of it.

    Raises UnknownFormat, ValuesMissing, TextOverflow, MissingGlyph, PictureUnusable, DocumentUnusable.
    """
    fmt = format_of(inputs.document, format_name)
    kind = output or outputs_of(fmt)[0]
    if kind not in outputs_of(fmt):
        raise UnknownFormat(f"{fmt.label} comes as {', '.join(outputs_of(fmt))}, not as {kind[:10]}.")
    _check_ready(inputs)
    data = _printed(inputs, fmt, kind, page) if fmt.is_print else _on_screen(inputs, fmt, kind)
    return RenderedFile(data, MEDIA[kind], _filename(inputs, fmt, kind, page))


def _printed(inputs: Inputs, fmt: Format, kind: str, page: int) -> bytes:
    """Return a PDF, or a picture of one of its pages as it is after cutting."""
    if kind in PRINTED:
        return _pdf(inputs, fmt, kind)
    image = picture_of(_pdf(inputs, fmt, "screen_pdf"), PREVIEW_WIDTH_PX, page=page)
    return encode(image, kind)


def _on_screen(inputs: Inputs, fmt: Format, kind: str) -> bytes:
    return encode(_compiled_image(inputs, fmt).stamp(inputs), kind)


def _filename(inputs: Inputs, fmt: Format, kind: str, page: int) -> str:
    stem = f"{slug(inputs.title or 'artwork')}-{fmt.name}"
    if kind in PRINTED:
        return f"{stem}-screen.pdf" if kind == "screen_pdf" else f"{stem}.pdf"
    return f"{stem}-{page}.{kind}" if page > 1 else f"{stem}.{kind}"


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


def _key(inputs: Inputs, fmt: Format) -> tuple[object, ...]:
    pictures = tuple(sorted((name, picture.sha256) for name, picture in inputs.images.items()))
    return inputs.content_hash, fmt.name, inputs.locale, pictures


def _pdf(inputs: Inputs, fmt: Format, kind: str) -> bytes:
    on_screen = kind == "screen_pdf"
    files = tuple(sorted((name, file.sha256) for name, file in inputs.documents.items()))
    key = (*_key(inputs, fmt), files, on_screen)
    return _pdfs.get(key, lambda: compile_pdf(inputs, fmt, on_screen=on_screen)).stamp(inputs)


def _compiled_image(inputs: Inputs, fmt: Format) -> CompiledImage:
    return _images.get(_key(inputs, fmt), lambda: compile_image(inputs, fmt))


def figures() -> Mapping[str, Figures]:
    """Return how well the memories serve."""
    return {"documents": _documents.figures(), "pdf": _pdfs.figures(), "image": _images.figures()}


def forget() -> None:
    """Empty the memories of compiled templates."""
    _documents.clear()
    _pdfs.clear()
    _images.clear()


def slug(title: str) -> str:
    """Return a title as a file name that every system takes."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:60] or "artwork"
