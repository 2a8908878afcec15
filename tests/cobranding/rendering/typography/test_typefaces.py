"""The brand's own typefaces are embedded as what they are and never trusted; and all bytes are the same anywhere."""

import hashlib
import io
import os
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from hypothesis import given, settings
from hypothesis import strategies as st

from cobranding.rendering import engine
from cobranding.rendering.errors import FontUnusable, MissingGlyph
from cobranding.rendering.inputs import InputFile
from cobranding.rendering.typography.fonts import face, own_face
from cobranding.rendering.typography.packages import program_of
from tests.factories import typography as factory

OWN = {"main": {"asset_id": 1}}


def file_of(data: bytes) -> InputFile:
    return InputFile(hashlib.sha256(data).hexdigest(), lambda: data)


def cff_font() -> bytes:
    """A typeface with PostScript outlines, whose letters are all the same bar."""
    letters = [".notdef", "space", "A", "B", "C"]
    pen = T2CharStringPen(600, None)
    for move, point in (
        (pen.moveTo, (50, 0)),
        (pen.lineTo, (550, 0)),
        (pen.lineTo, (550, 700)),
        (pen.lineTo, (50, 700)),
    ):
        move(point)
    pen.closePath()
    bar, nothing = pen.getCharString(), T2CharStringPen(600, None).getCharString()
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder(letters)
    builder.setupCharacterMap({0x20: "space", 0x41: "A", 0x42: "B", 0x43: "C"})
    shapes = {name: nothing if name in (".notdef", "space") else bar for name in letters}
    builder.setupCFF("Bars", {}, shapes, {})
    builder.setupHorizontalMetrics(dict.fromkeys(letters, (600, 50)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupOS2()
    builder.setupPost()
    builder.setupNameTable({"familyName": "Bars", "styleName": "Regular"})
    written = io.BytesIO()
    builder.save(written)
    return written.getvalue()


def test_postscript_outlines_are_embedded_as_what_they_are() -> None:
    file = file_of(cff_font())
    data = factory.pdf_of("latin", "ABC CAB", fonts=OWN, files={"main": file})
    assert factory.read(data) == "ABC CAB"
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.check_pdf_syntax() == []
        fonts = [font for _, font in pdf.pages[0].resources.Font.items()]
        [font] = [font.DescendantFonts[0] for font in fonts if f"Brand{file.sha256[:8]}" in str(font.BaseFont)]
        assert font.Subtype == "/CIDFontType0"
        assert font.FontDescriptor.FontFile3.Subtype == "/CIDFontType0C"


def test_a_variable_typeface_stands_at_the_weight_of_its_style() -> None:
    program = program_of("inter", italic=False)
    widths = []
    for weight in (300, 800):
        own = own_face(file_of(program).sha256, lambda: program, weight, ("latin",), italic=False, name="main")
        widths.append(own.widths[own.characters[ord("m")]])
    assert widths[0] < widths[1]
    data = factory.pdf_of("latin", "Größe", fonts=OWN, files={"main": file_of(program)})
    assert factory.read(data) == "Größe"


def test_a_typeface_of_one_weight_is_used_as_it_is() -> None:
    data = factory.pdf_of("latin", "Größe", fonts=OWN, files={"main": file_of(face("inter", 400, ("latin",)).data)})
    assert factory.read(data) == "Größe"


def test_what_the_typeface_lacks_comes_from_the_list_and_from_nowhere_else() -> None:
    files = {"main": file_of(cff_font())}
    with pytest.raises(MissingGlyph, match="U\\+0064"):
        factory.pdf_of("latin", "ABCd", fonts=OWN, files=files)
    listed = {"main": {"asset_id": 1, "fallback": ["more"]}, "more": {"family": "inter"}}
    assert factory.read(factory.pdf_of("latin", "ABCd efg", fonts=listed, files=files)) == "ABCd efg"


def test_a_typeface_that_is_not_there_is_named() -> None:
    with pytest.raises(FontUnusable, match="main"):
        factory.pdf_of("latin", "ABC", fonts=OWN)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(0, 2**31), st.integers(1, 60))
def test_damaged_typefaces_are_refused_or_harmless(seed: int, holes: int) -> None:
    data = bytearray(cff_font())
    for hole in range(holes):
        data[(seed * 31 + hole * 7919) % len(data)] ^= 1 + (seed >> (hole % 24)) % 255
    program = bytes(data)
    try:
        factory.pdf_of("latin", "ABC", fonts=OWN, files={"main": file_of(program)})
    except (FontUnusable, MissingGlyph):
        return


@pytest.mark.parametrize(
    "program",
    [b"", b"OTTO", b"\x00\x01\x00\x00" + b"\xff" * 400, b"wOF2" + bytes(60)],
    ids=["empty", "a beginning", "noise", "compressed"],
)
def test_what_is_no_typeface_is_refused(program: bytes) -> None:
    with pytest.raises(FontUnusable):
        factory.pdf_of("latin", "ABC", fonts=OWN, files={"main": file_of(program)})


PRINTED = """
import hashlib
from cobranding.rendering import engine
from tests.factories import typography as factory
for script in ("latin", "arabic", "devanagari"):
    inputs = factory.inputs(script, "**x** " + factory.SENTENCES[script], type="rich_text")
    for name, output in (("a4", "pdf"), ("card", "jpg")):
        print(hashlib.sha256(engine.render(inputs, name, output).data).hexdigest())
"""


def test_every_process_makes_the_same_bytes_whatever_its_language() -> None:
    printed = []
    for seed, language in (("1", "C"), ("77", "tr_TR.UTF-8")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "LANG": language, "LC_ALL": language}
        run = [sys.executable, "-c", PRINTED]
        root = Path(engine.__file__).parents[2]
        printed.append(subprocess.run(run, check=True, capture_output=True, cwd=root, env=environment).stdout)
    assert printed[0] == printed[1]
    assert len(printed[0].split()) == 6
