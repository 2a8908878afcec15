"""Cuts a font file down to what a template can write, and fixes it at one weight."""

from collections.abc import Iterable
from typing import Any

import uharfbuzz

from cobranding.rendering.typography.packages import AXES
from cobranding.rendering.typography.scripts import COMPLEX, PICTURES, SCRIPTS, characters_of

SIMPLE_FEATURES = ("kern", "mark", "mkmk", "ccmp", "locl")
COMPLEX_FEATURES = (
    *("rlig", "liga", "clig", "calt", "rclt", "curs", "dist", "isol", "init", "medi", "med2", "fina", "fin2", "fin3"),
    *("nukt", "akhn", "rphf", "rkrf", "pref", "blwf", "abvf", "half", "pstf", "vatu", "cjct", "cfar"),
    *("pres", "abvs", "blws", "psts", "haln", "abvm", "blwm"),
)
"""Joining, conjuncts and marks, as the OpenType specifications of these scripts ask for."""
UNUSED_TABLES = ("STAT", "gasp", "DSIG", "SVG ", "COLR", "CPAL", "CBDT", "CBLC", "sbix")
FLAGS = uharfbuzz.SubsetFlags.NO_HINTING | uharfbuzz.SubsetFlags.NOTDEF_OUTLINE | uharfbuzz.SubsetFlags.DOWNGRADE_CFF2


def subset(program: bytes, scripts: Iterable[str], weight: int, *, italic: bool, pictures: bool) -> bytes:
    """Return the font with the characters of some scripts only; `pictures` keeps the emoji that it has."""
    source = uharfbuzz.Face(program)
    has = set(source.unicodes)
    characters = characters_of(scripts)
    if pictures:
        characters.update(code for block in PICTURES for code in block)
    wanted = uharfbuzz.SubsetInput()
    wanted.flags = FLAGS
    _only(wanted.unicode_set, characters & has)
    complex_ones = any(_writes(has, script) for script in COMPLEX.intersection(scripts))
    features = (*SIMPLE_FEATURES, *(COMPLEX_FEATURES if complex_ones or pictures else ()))
    _only(wanted.layout_feature_tag_set, map(_tag, features))
    _only(wanted.name_id_set, (1, 2))
    for table in UNUSED_TABLES:
        wanted.drop_table_tag_set.add(_tag(table))
    for axis in source.axis_infos:
        place = _place(axis, weight, italic=italic)
        wanted.pin_axis_location(source, axis.tag, min(max(place, axis.min_value), axis.max_value))
    return bytes(uharfbuzz.subset(source, wanted).blob.data)


def _place(axis: Any, weight: int, *, italic: bool) -> float:
    if axis.tag == "wght":
        return float(weight)
    if axis.tag == "ital":
        return float(italic)
    if axis.tag == "slnt":
        return float(axis.min_value if italic else axis.default_value)
    return AXES.get(axis.tag, float(axis.default_value))


def _writes(has: set[int], script: str) -> bool:
    """Tell whether a font is made for a script, and does not only share some signs with it."""
    letters = {code for block in SCRIPTS[script] for code in block}
    return len(letters & has) * 4 > len(letters)


def _only(chosen: Any, members: Iterable[int]) -> None:
    chosen.clear()
    for member in members:
        chosen.add(member)


def _tag(name: str) -> int:
    return int.from_bytes(name.encode(), "big")
