"""The whole way of one file: recognize, bound, decode, measure, rewrite. Same bytes in, same bytes out."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from PIL import Image

from assets.imaging import document, drawing, raster, typeface
from assets.imaging.errors import DrawingEmpty, TooManyAtOnce, WrongFileType
from assets.imaging.limits import Limits, check_bytes
from assets.imaging.measure import Measures, measure
from assets.imaging.shape import contain, trim
from assets.imaging.sniff import FONTS, FileType, check_name, sniff
from assets.imaging.typeface import FontMeasures

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
    """What became of an upload: the file to keep, its small picture, for a logo its trimmed mark, and what to tell.

    `vector` is the cleaned drawing that a logo came as. `ink_box` is what the mark shows of the whole canvas: left,
    top, right and bottom, each from 0 to 1.
    """

    source_type: FileType
    file: Rewritten
    thumbnail: Rewritten | None
    mark: Rewritten | None
    measures: Measures | FontMeasures | None
    pages: int | None
    notes: tuple[str, ...]
    vector: Rewritten | None = None
    ink_box: tuple[float, float, float, float] | None = None

    @property
    def title(self) -> str:
        """Give the name that the file itself bears; most bear none."""
        return self.measures.title if isinstance(self.measures, FontMeasures) else ""

    def measures_json(self) -> dict[str, object] | None:
        """Give what was measured as it is stored."""
        if self.measures is None:
            return None
        return self.measures.as_json() | ({"ink_box": list(self.ink_box)} if self.ink_box else {})


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
    if file_type in FONTS:
        return _accept_font(data, file_type)
    if file_type is FileType.SVG:
        return _accept_drawing(data, limits)
    return _accept_picture(raster.decode(data, file_type, limits), file_type, (), limits)


def _accept_drawing(data: bytes, limits: Limits) -> Accepted:
    cleaned = drawing.clean(data)
    pixels = raster.decode(drawing.draw(cleaned), FileType.PNG, limits)
    drawn = _accept_picture(pixels, FileType.SVG, cleaned.notes, limits)
    return replace(drawn, vector=Rewritten(cleaned.svg, FileType.SVG.value)) if limits.makes_mark else drawn


def _accept_document(data: bytes, limits: Limits) -> Accepted:
    cleaned = document.cleaned(data, limits)
    page = document.first_page(cleaned.data, longest_px=THUMBNAIL_PX)
    small = None
    if page is not None:
        with Image.open(io.BytesIO(page), formats=["PNG"]) as picture:
            small = _write_small(picture.convert("RGB"))
    kept = Rewritten(cleaned.data, FileType.PDF.value)
    return Accepted(FileType.PDF, kept, small, None, None, cleaned.pages, cleaned.notes)


def _accept_font(data: bytes, file_type: FileType) -> Accepted:
    cleaned = typeface.clean(data)
    with Image.open(io.BytesIO(cleaned.specimen), formats=["PNG"]) as line:
        small = _write_exact(line.convert("L"))
    kept = Rewritten(cleaned.data, cleaned.file_type.value)
    return Accepted(file_type, kept, small, None, cleaned.measures, None, cleaned.measures.notes)


def _accept_picture(pixels: Image.Image, file_type: FileType, notes: tuple[str, ...], limits: Limits) -> Accepted:
    pixels = raster.drop_opaque_alpha(pixels)
    if pixels.mode == "RGBA" and pixels.getchannel("A").getextrema()[1] == 0:
        raise DrawingEmpty
    measures = measure(pixels)
    if measures.white_box:
        notes += ("The picture stands on a white box, which will show on coloured backgrounds.",)
    ink, box = trim(pixels) if limits.makes_mark else (None, None)
    return Accepted(
        source_type=file_type,
        file=_write_exact(pixels) if file_type in {FileType.PNG, FileType.SVG} else _write_small(pixels),
        thumbnail=_write_small(contain(pixels, THUMBNAIL_PX, THUMBNAIL_PX)),
        mark=_mark(ink) if ink else None,
        measures=measures,
        pages=None,
        notes=notes,
        ink_box=_shares(box, pixels.size) if box else None,
    )


def _shares(box: tuple[int, int, int, int], size: tuple[int, int]) -> tuple[float, float, float, float]:
    (left, top, right, bottom), (width, height) = box, size
    return round(left / width, 6), round(top / height, 6), round(right / width, 6), round(bottom / height, 6)


def _mark(ink: Image.Image) -> Rewritten:
    """Write what is visible of a logo, with alpha, ready to be placed."""
    mark = contain(ink, MARK_PX, MARK_PX)
    return Rewritten(raster.write_png(mark.convert("RGBA")), FileType.PNG.value, *mark.size)


def _write_exact(picture: Image.Image) -> Rewritten:
    """Write as PNG: nothing is lost."""
    return Rewritten(raster.write_png(picture), FileType.PNG.value, *picture.size)


def _write_small(picture: Image.Image) -> Rewritten:
    """Write as JPEG, which has no transparency: where there is some, as PNG."""
    if picture.mode == "RGBA":
        return _write_exact(picture)
    return Rewritten(raster.write_jpeg(picture), FileType.JPEG.value, *picture.size)
