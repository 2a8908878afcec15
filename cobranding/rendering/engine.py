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
from cobranding.rendering.document.values import missing_values
from cobranding.rendering.errors import UnknownFormat, ValuesMissing
from cobranding.rendering.inputs import Inputs, RenderedFile
from cobranding.rendering.pdf.compiled import CompiledPdf, compile_pdf
from cobranding.rendering.pictures.pixels import to_jpeg, to_png
from cobranding.rendering.preview import picture_of
from cobranding.rendering.screen.compiled import CompiledImage, compile_image
from cobranding.rendering.slides.compiled import CompiledDeck, compile_deck

MEDIA = {
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "jpg": "image/jpeg",
    "png": "image/png",
}
PREVIEW_WIDTH_PX = 1240
"""A4 at 150 dots an inch."""

_documents: Kept[str, Document] = Kept(128)
_pdfs: Kept[tuple[object, ...], CompiledPdf] = Kept(32)
_images: Kept[tuple[object, ...], CompiledImage] = Kept(32)
_decks: Kept[tuple[object, ...], CompiledDeck] = Kept(16)


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
    declared = tuple(kind for kind in fmt.outputs if kind in MEDIA)
    return declared or (("pdf", "jpg", "png") if fmt.is_print else ("jpg", "png"))


def render(inputs: Inputs, format_name: str, output: str | None = None) -> RenderedFile:
    """Render one format for one partner.

    Raises UnknownFormat, ValuesMissing, TextOverflow, MissingGlyph, PictureUnusable.
    """
    fmt = format_of(inputs.document, format_name)
    kind = output or outputs_of(fmt)[0]
    if kind not in outputs_of(fmt):
        raise UnknownFormat(f"{fmt.label} comes as {', '.join(outputs_of(fmt))}, not as {kind[:10]}.")
    missing = missing_values(inputs.document, inputs.values, inputs.locale)
    if missing:
        names = ", ".join(variable.label for variable in missing)
        raise ValuesMissing(f"Still needed: {names}.", errors={each.name: ["is still needed"] for each in missing})
    if kind == "pptx":
        return RenderedFile(_deck(inputs, fmt), MEDIA[kind], f"{slug(inputs.title or 'artwork')}-{fmt.name}.{kind}")
    data = _pdf(inputs, fmt) if fmt.is_print else b""
    if kind != "pdf":
        image = (
            picture_of(data, PREVIEW_WIDTH_PX, fmt.bleed)
            if fmt.is_print
            else _compiled_image(inputs, fmt).stamp(inputs)
        )
        data = to_png(image) if kind == "png" else to_jpeg(image)
    return RenderedFile(data, MEDIA[kind], f"{slug(inputs.title or 'artwork')}-{fmt.name}.{kind}")


def _key(inputs: Inputs, fmt: Format) -> tuple[object, ...]:
    pictures = tuple(sorted((name, picture.sha256) for name, picture in inputs.images.items()))
    return inputs.content_hash, fmt.name, inputs.locale, pictures


def _pdf(inputs: Inputs, fmt: Format) -> bytes:
    return _pdfs.get(_key(inputs, fmt), lambda: compile_pdf(inputs, fmt)).stamp(inputs)


def _deck(inputs: Inputs, fmt: Format) -> bytes:
    return _decks.get(_key(inputs, fmt), lambda: compile_deck(inputs, fmt)).stamp(inputs)


def _compiled_image(inputs: Inputs, fmt: Format) -> CompiledImage:
    return _images.get(_key(inputs, fmt), lambda: compile_image(inputs, fmt))


def figures() -> Mapping[str, Figures]:
    """Return how well the memories serve."""
    return {
        "documents": _documents.figures(),
        "pdf": _pdfs.figures(),
        "image": _images.figures(),
        "deck": _decks.figures(),
    }


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
