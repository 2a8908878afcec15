"""Typefaces: measured, written anew, and refused when they may not or cannot be used."""

import contextlib
import io
import random
import struct
from pathlib import Path

import fontpkg_inter
import pytest
from fontTools.ttLib import TTFont, newTable
from PIL import Image

from assets.imaging import confined, errors, typeface
from assets.imaging.accept import accept
from assets.imaging.limits import FONT, LOGO
from tests.factories.fonts import drawn, written

INTER = Path(fontpkg_inter.__file__).parent / "files" / "Inter[opsz,wght].ttf"


def test_a_typeface_is_measured():
    accepted = accept(drawn(), "squares.ttf", FONT)
    found = accepted.measures
    assert (found.family, found.style, found.weight, found.italic) == ("Squares", "Bold Italic", 700, True)
    assert (found.is_variable, found.axes, found.glyphs, found.characters) == (False, (), 31, 26)
    assert found.scripts == {"Latin": 26}
    assert (found.embedding, accepted.title, len(accepted.notes)) == ("preview", "Squares Bold Italic", 1)


def test_what_is_kept_is_written_by_us_and_writes_the_same():
    font = TTFont(io.BytesIO(drawn()))
    for tag, content in (("SVG ", b"<svg onload='alert(1)'/>"), ("DSIG", b"signed by"), ("XYZW", b"unknown table")):
        font[tag] = newTable(tag)
        font[tag].data = content
        font[tag].decompile = lambda *_: None
        font[tag].compile = lambda *_, content=content: content
    accepted = accept(written(font), "squares.ttf", FONT)
    assert accepted.file.media_type == "font/ttf"
    for trace in (b"alert", b"signed by", b"unknown table"):
        assert trace not in accepted.file.data
    ours = TTFont(io.BytesIO(accepted.file.data))
    assert ours.getBestCmap().keys() == set(range(0x41, 0x5B))
    assert ours["hmtx"]["g3"] == (600, 100)
    assert accept(accepted.file.data, "squares.ttf", FONT).file == accepted.file


def test_a_specimen_shows_the_typeface():
    small = accept(INTER.read_bytes(), "inter.ttf", FONT).thumbnail
    with Image.open(io.BytesIO(small.data)) as line:
        assert line.size == (small.width_px, small.height_px)
        assert line.convert("L").getextrema() == (0, 255)
        assert 200 < line.width <= 360


def test_a_variable_typeface_is_taken_with_its_axes_and_scripts():
    accepted = accept(INTER.read_bytes(), "inter.ttf", FONT)
    found = accepted.measures
    assert found.is_variable
    assert [axis["tag"] for axis in found.axes] == ["opsz", "wght"]
    assert found.axes[1] == {"tag": "wght", "min": 100, "default": 400, "max": 900}
    assert list(found.scripts) == ["Latin", "Greek", "Cyrillic"]
    assert any("wght" in note for note in accepted.notes)
    assert "fvar" in TTFont(io.BytesIO(accepted.file.data))


def test_a_typeface_packed_for_the_web_is_unpacked():
    packed = drawn(flavor="woff2", fsType=0)
    assert packed.startswith(b"wOF2")
    accepted = accept(packed, "squares.woff2", FONT)
    assert accepted.file.media_type == "font/ttf"
    assert accepted.measures.characters == 26


def test_a_typeface_that_promises_to_unpack_to_gigabytes_is_refused():
    packed = bytearray(drawn(flavor="woff2"))
    packed[16:20] = struct.pack(">I", 3_000_000_000)
    with pytest.raises(errors.FontTooLarge):
        accept(bytes(packed), "squares.woff2", FONT)


@pytest.mark.parametrize(
    ("flags", "word"), [(0x0002, "embedded in documents"), (0x0100, "a part"), (0x0108, "a part"), (0x0200, "bitmaps")]
)
def test_a_typeface_that_may_not_be_embedded_is_refused_with_the_reason(flags, word):
    with pytest.raises(errors.FontNotEmbeddable, match=word):
        accept(drawn(fsType=flags), "squares.ttf", FONT)


@pytest.mark.parametrize(
    ("flags", "embedding"), [(0, "installable"), (4, "preview"), (8, "editable"), (10, "editable")]
)
def test_the_makers_permission_is_remembered(flags, embedding):
    assert accept(drawn(fsType=flags), "squares.ttf", FONT).measures.embedding == embedding


def test_a_typeface_with_too_many_glyphs_is_refused(monkeypatch):
    monkeypatch.setattr(typeface, "MOST_GLYPHS", 20)
    with pytest.raises(errors.FontTooLarge):
        accept(drawn(), "squares.ttf", FONT)


def test_a_typeface_that_lists_more_tables_than_there_are_is_refused():
    data = bytearray(drawn())
    data[4:6] = struct.pack(">H", 60_000)
    with pytest.raises(errors.FontTooLarge):
        accept(bytes(data), "squares.ttf", FONT)


@pytest.mark.parametrize("missing", ["cmap", "glyf", "maxp", "OS/2", "head"])
def test_a_typeface_without_a_table_that_every_typeface_has_is_refused(missing):
    data = drawn().replace(missing.encode(), b"XXXX", 1)
    with pytest.raises(errors.FontBroken):
        accept(data, "squares.ttf", FONT)


@pytest.mark.parametrize("data", [b"OTTO", b"\0\1\0\0" + b"\xff" * 400, b"wOF2" + b"\0" * 60, b"true" + b"\0" * 9])
def test_what_only_begins_like_a_typeface_is_refused(data):
    with pytest.raises(errors.FileRefused):
        accept(data, "", FONT)


def test_damaged_typefaces_are_refused_or_written_anew_and_never_anything_else():
    whole, dice = drawn(fsType=0), random.Random(5)
    for _ in range(12):
        broken = bytearray(whole)
        for _ in range(dice.randint(1, 8)):
            broken[dice.randrange(4, len(broken))] = dice.randrange(256)
        with contextlib.suppress(errors.FileRefused):
            assert accept(bytes(broken), "", FONT).file.media_type == "font/ttf"
    with pytest.raises(errors.FileRefused):
        accept(whole[: len(whole) // 2], "", FONT)


def test_a_typeface_that_takes_too_much_memory_is_stopped_and_refused(monkeypatch):
    monkeypatch.setattr(confined, "MEMORY_BYTES", 30_000_000)
    with pytest.raises(errors.FontBroken):
        accept(drawn(), "squares.ttf", FONT)


def test_a_typeface_is_no_logo_and_a_logo_is_no_typeface():
    with pytest.raises(errors.WrongFileType, match="TTF"):
        accept(drawn(), "squares.ttf", LOGO)
    with pytest.raises(errors.WrongFileType, match="OTF, TTF, WOFF2"):
        accept(b"\x89PNG\r\n\x1a\n" + bytes(40), "squares.png", FONT)
