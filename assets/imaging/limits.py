"""How large a file may be, looked up by what it is for. Checked before anything is decoded."""

from dataclasses import dataclass

from assets.imaging.errors import FileEmpty, FileTooLarge, TooManyPixels
from assets.imaging.sniff import FONTS, PICTURES, FileType


@dataclass(frozen=True)
class Limits:
    """What a purpose allows, and whether a mark (trimmed, with alpha) is made of it."""

    types: frozenset[FileType]
    max_bytes: int
    max_pixels: int = 50_000_000
    max_side_px: int = 16_000
    max_pages: int = 60
    makes_mark: bool = False


MEGABYTE = 1_000_000
LOGO = Limits(PICTURES, max_bytes=10 * MEGABYTE, max_pixels=40_000_000, makes_mark=True)
EMBEDDED = Limits(PICTURES - {FileType.SVG}, max_bytes=10 * MEGABYTE, max_pixels=4_000_000)
PHOTO = Limits(PICTURES - {FileType.SVG}, max_bytes=25 * MEGABYTE, max_pixels=50_000_000)
DOCUMENT = Limits(frozenset({FileType.PDF}), max_bytes=25 * MEGABYTE)
FONT = Limits(FONTS, max_bytes=20 * MEGABYTE)
PROOF = Limits((PICTURES - {FileType.SVG}) | {FileType.PDF}, max_bytes=25 * MEGABYTE)


def check_bytes(data: bytes, limits: Limits) -> None:
    """Bound the file itself.

    Raises FileEmpty, FileTooLarge.
    """
    if not data:
        raise FileEmpty
    if len(data) > limits.max_bytes:
        raise FileTooLarge(
            f"The file has {len(data) / MEGABYTE:.1f} MB; at most {limits.max_bytes // MEGABYTE} MB are accepted here."
        )


def check_pixels(width_px: int, height_px: int, limits: Limits) -> None:
    """Bound the decoded picture by the size that its header announces.

    Raises TooManyPixels.
    """
    if max(width_px, height_px) > limits.max_side_px or width_px * height_px > limits.max_pixels:
        raise TooManyPixels(
            f"The picture says it is {width_px} × {height_px} pixels; at most {limits.max_pixels // 1_000_000} million "
            f"pixels and {limits.max_side_px} pixels a side are accepted. Scale it down and send it again."
        )
