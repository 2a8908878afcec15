"""The typefaces that come with the product, by the family names that a document uses."""

from collections.abc import Mapping
from pathlib import Path

import fontpkg_heebo
import fontpkg_inter
import fontpkg_noto_sans
import fontpkg_noto_sans_arabic
import fontpkg_noto_sans_devanagari
import fontpkg_noto_sans_thai

FILES: Mapping[tuple[str, bool], Path] = {
    ("inter", False): fontpkg_inter.ROOT / "files" / "Inter[opsz,wght].ttf",
    ("inter", True): fontpkg_inter.ROOT / "files" / "Inter-Italic[opsz,wght].ttf",
    ("noto-sans", False): fontpkg_noto_sans.ROOT / "files" / "NotoSans[wdth,wght].ttf",
    ("noto-sans", True): fontpkg_noto_sans.ROOT / "files" / "NotoSans-Italic[wdth,wght].ttf",
    ("noto-sans-arabic", False): fontpkg_noto_sans_arabic.ROOT / "files" / "NotoSansArabic[wdth,wght].ttf",
    ("noto-sans-devanagari", False): fontpkg_noto_sans_devanagari.ROOT / "files" / "NotoSansDevanagari[wdth,wght].ttf",
    ("noto-sans-thai", False): fontpkg_noto_sans_thai.ROOT / "files" / "NotoSansThai[wdth,wght].ttf",
    ("heebo", False): fontpkg_heebo.ROOT / "files" / "Heebo[wght].ttf",
}
"""By family and slope. Arabic, Hebrew, Devanagari and Thai have no italics here: they stand upright instead."""
AXES: Mapping[str, float] = {"opsz": 14, "wdth": 100}
"""Where the axes stand that no style of a document speaks of."""
NAMES: Mapping[str, str] = {
    "inter": "Inter",
    "noto-sans": "NotoSans",
    "noto-sans-arabic": "NotoSansArabic",
    "noto-sans-devanagari": "NotoSansDevanagari",
    "noto-sans-thai": "NotoSansThai",
    "heebo": "Heebo",
}


def slope_of(family: str, *, italic: bool) -> bool:
    """Return the slope that a family really has."""
    return italic and (family, True) in FILES


def program_of(family: str, *, italic: bool) -> bytes:
    """Return a family's font file."""
    return FILES[family, italic].read_bytes()
