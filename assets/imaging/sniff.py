"""Tell what a file is by its first bytes, never by its name."""

import re
from enum import StrEnum

from assets.imaging.errors import FileNotRecognized, NameContradictsContent
from assets.imaging.prologue import end_of_prologue


class FileType(StrEnum):
    """The types that are taken, spelled as their media type."""

    PNG = "image/png"
    JPEG = "image/jpeg"
    WEBP = "image/webp"
    SVG = "image/svg+xml"
    PDF = "application/pdf"
    TTF = "font/ttf"
    OTF = "font/otf"
    WOFF2 = "font/woff2"

    @property
    def label(self) -> str:
        """Say the type as people do."""
        return {FileType.WEBP: "WebP", FileType.SVG: "SVG"}.get(self, self.value.split("/")[1].upper())

    @property
    def extension(self) -> str:
        """Give the extension that a file of this type gets from us."""
        return EXTENSIONS[self][0]


EXTENSIONS: dict[FileType, tuple[str, ...]] = {
    FileType.PNG: ("png", "apng"),
    FileType.JPEG: ("jpg", "jpeg", "jpe", "jfif"),
    FileType.WEBP: ("webp",),
    FileType.SVG: ("svg",),
    FileType.PDF: ("pdf",),
    FileType.TTF: ("ttf", "otf"),  # an OpenType font with TrueType outlines goes by either
    FileType.OTF: ("otf",),
    FileType.WOFF2: ("woff2",),
}
PICTURES = frozenset({FileType.PNG, FileType.JPEG, FileType.WEBP, FileType.SVG})
FONTS = frozenset({FileType.TTF, FileType.OTF, FileType.WOFF2})
_FONT_BEGINNINGS = {
    b"\0\1\0\0": FileType.TTF,
    b"true": FileType.TTF,
    b"OTTO": FileType.OTF,
    b"wOF2": FileType.WOFF2,
}

_SVG = re.compile(r"<(?:[A-Za-z_][\w.-]{0,30}:)?svg[\s>/]")


def sniff(data: bytes) -> FileType:
    """Recognize a file by its content.

    Raises FileNotRecognized.
    """
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileType.PNG
    if data.startswith(b"\xff\xd8\xff"):
        return FileType.JPEG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return FileType.WEBP
    if data[:4] in _FONT_BEGINNINGS:
        return _FONT_BEGINNINGS[data[:4]]
    if b"%PDF-" in data[:1024]:  # readers accept junk before the header, within the first kilobyte (ISO 32000, annex H)
        return FileType.PDF
    if is_svg(data):
        return FileType.SVG
    raise FileNotRecognized


def is_svg(data: bytes) -> bool:
    """Tell whether the text begins as an SVG drawing does."""
    head = data[:65536].removeprefix(b"\xef\xbb\xbf")
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = head.decode("utf-16", "ignore").removeprefix("\ufeff")
    else:
        text = head.decode("latin-1")  # every byte a character: what matters here is ASCII
    return _SVG.match(text, end_of_prologue(text)) is not None


def check_name(filename: str, found: FileType) -> None:
    """Compare the extension with the content; a name without an extension says nothing and passes.

    Raises NameContradictsContent.
    """
    _, dot, extension = filename.rpartition(".")
    if not dot or not extension:
        return
    if extension.lower() not in EXTENSIONS[found]:
        raise NameContradictsContent(
            f"The name ends in “.{extension[:12]}”, but the file is a {found.label}. "
            f"If that is what you meant to send, rename it to end in “.{found.extension}”."
        )
