"""The whole way of one file: recognize, bound, decode, measure, rewrite. Same bytes in, same bytes out."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image

from assets.imaging import document, drawing, raster
from assets.imaging.errors import DrawingEmpty, TooManyAtOnce, WrongFileType
from assets.imaging.limits import Limits, check_bytes
from assets.imaging.measure import Measures, measure
from assets.imaging.shape import contain, trim
from assets.imaging.sniff import FileType, check_name, sniff

THUMBNAIL_PX = 360
MARK_PX = 1_600
AT_ONCE = 2  # in this process: an opened picture takes hundreds of megabytes, whatever its file has
WAIT_S = 5.0
_places = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Rewritten:
    """One file as we write it."""

    data: bytes
    media_type: str
    width_px: int | None = None
    height_px: int | None = None


@dataclass(frozen=True)
class Accepted:
    """What became of an upload: the file to keep, its small picture, for a logo its trimmed mark, and what to tell."""

    source_type: FileType
    file: Rewritten
    thumbnail: Rewritten | None
    mark: Rewritten | None
    measures: Measures | None
    pages: int | None
    notes: tuple[str, ...]


def accept(data: bytes, filename: str, limits: Limits) -> Accepted:
    """Check a file from outside and write it anew.

    Raises the errors of `assets.imaging.errors`, among them TooManyAtOnce when no place gets free.
    """
    check_bytes(data, limits)
    file_type = sniff(data)
    check_name(filename, file_type)
    if file_type not in limits.types:
        wanted = ", ".join(sorted(kind.label for kind in limits.types))
        raise WrongFileType(f"This is a {file_type.label}. What is accepted here: {wanted}.")
    with _place():
        return _rewrite(data, file_type, limits)


@contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(timeout=WAIT_S):
        raise TooManyAtOnce
    try:
        yield
    finally:
        _places.release()


def _rewrite(data: bytes, file_type: FileType, limits: Limits) -> Accepted:
    if file_type is FileType.PDF:
        return _accept_document(data, limits)
    notes: tuple[str, ...] = ()
    if file_type is FileType.SVG:
        cleaned = drawing.clean(data)
        notes = cleaned.notes
        pixels = raster.decode(drawing.draw(cleaned), FileType.PNG, limits)
    else:
        pixels = raster.decode(data, file_type, limits)
    return _accept_picture(pixels, file_type, notes, limits)


def _accept_document(data: bytes, limits: Limits) -> Accepted:
    cleaned = document.clean(data, limits)
    page = document.first_page(cleaned.data, longest_px=THUMBNAIL_PX)
    small = None
    if page is not None:
        with Image.open(io.BytesIO(page), formats=["PNG"]) as picture:
            small = _write_small(picture.convert("RGB"))
    kept = Rewritten(cleaned.data, FileType.PDF.value)
    return Accepted(FileType.PDF, kept, small, None, None, cleaned.pages, cleaned.notes)


def _accept_picture(pixels: Image.Image, file_type: FileType, notes: tuple[str, ...], limits: Limits) -> Accepted:
    pixels = raster.drop_opaque_alpha(pixels)
    if pixels.mode == "RGBA" and pixels.getchannel("A").getextrema()[1] == 0:
        raise DrawingEmpty
    measures = measure(pixels)
    if measures.white_box:
        notes += ("The picture stands on a white box, which will show on coloured backgrounds.",)
    return Accepted(
        source_type=file_type,
        file=_write_exact(pixels) if file_type in {FileType.PNG, FileType.SVG} else _write_small(pixels),
        thumbnail=_write_small(contain(pixels, THUMBNAIL_PX, THUMBNAIL_PX)),
        mark=_mark(pixels) if limits.makes_mark else None,
        measures=measures,
        pages=None,
        notes=notes,
    )


def _mark(pixels: Image.Image) -> Rewritten:
    """Trim a logo to what is visible, with alpha, ready to be placed."""
    mark = contain(trim(pixels), MARK_PX, MARK_PX)
    return Rewritten(raster.write_png(mark.convert("RGBA")), FileType.PNG.value, *mark.size)


def _write_exact(picture: Image.Image) -> Rewritten:
    """Write as PNG: nothing is lost."""
    return Rewritten(raster.write_png(picture), FileType.PNG.value, *picture.size)


def _write_small(picture: Image.Image) -> Rewritten:
    """Write as JPEG, which has no transparency: where there is some, as PNG."""
    if picture.mode == "RGBA":
        return _write_exact(picture)
    return Rewritten(raster.write_jpeg(picture), FileType.JPEG.value, *picture.size)
