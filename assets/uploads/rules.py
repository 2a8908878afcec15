"""What a file may be, by what it is for; how it is named when nobody named it."""

import re
import unicodedata

from assets.imaging.limits import DOCUMENT, FONT, LOGO, PHOTO, PROOF, Limits
from assets.library.rules import AssetKind

LIMITS: dict[AssetKind, Limits] = {
    AssetKind.LOGO: LOGO,
    AssetKind.PHOTO: PHOTO,
    AssetKind.FONT: FONT,
    AssetKind.DOCUMENT: DOCUMENT,
    AssetKind.PROOF: PROOF,
}
LONGEST_NAME = 120


def safe_name(name: str) -> str:
    """Reduce a sender's file name to something that can be shown: no path, no control or direction characters."""
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join(
        c if not unicodedata.category(c).startswith("C") else " " for c in unicodedata.normalize("NFC", last)
    )
    return re.sub(r"\s+", " ", plain).strip(" .")[:LONGEST_NAME].strip() or "file"


def title_of(filename: str) -> str:
    """Make a name to show from a file name: without its extension, with spaces for underscores."""
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}\Z", "", safe_name(filename))
    return re.sub(r"[_\s]+", " ", stem).strip() or "file"
