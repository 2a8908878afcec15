"""Puts fonts into a PDF: by glyph id (Identity-H), with a map back to text, and no table that only shaping needs."""

import io

from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from cobranding.rendering.pdf.reading import READING, WIDTH, reading_program
from cobranding.rendering.typography.fonts import Face, FontKey, known

_CMAP_HEAD = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
"""
_CMAP_TAIL = "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
_ITSELF = "1 beginbfrange\n<0000> <FFFF> <0000>\nendbfrange\n"
DRAWN_TABLES = frozenset({"glyf", "loca", "head", "hhea", "hmtx", "maxp", "cvt ", "fpgm", "prep"})
"""What a TrueType font needs inside a PDF (ISO 32000-1, 9.9)."""


def embed_font(pdf: Pdf, key: FontKey) -> Object:
    """Embed a font that texts are set in."""
    return _reading(pdf) if key == READING else _face(pdf, known(key))


def _face(pdf: Pdf, face: Face) -> Object:
    thousandth = 1000 / face.units
    name = Name(f"/{_tag(face)}+{face.name}")
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=name,
        Flags=4,
        FontBBox=Array([round(edge * thousandth) for edge in face.bounds]),
        ItalicAngle=-9 if face.key.italic else 0,
        Ascent=round(face.ascent * thousandth),
        Descent=-round(face.descent * thousandth),
        CapHeight=round(face.cap_height * thousandth),
        StemV=50 + face.key.weight // 8,
    )
    inner = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        W=pdf.make_indirect(Array([0, Array([round(width * thousandth) for width in face.widths])])),
    )
    program, is_compact = program_of(face)
    if is_compact:
        inner.Subtype = Name.CIDFontType0
        descriptor.FontFile3 = Stream(pdf, program)
        descriptor.FontFile3.Subtype = Name.CIDFontType0C
    else:
        inner.CIDToGIDMap = Name.Identity
        descriptor.FontFile2 = Stream(pdf, program)
        descriptor.FontFile2.Length1 = len(program)
    inner.FontDescriptor = pdf.make_indirect(descriptor)
    return _composite(pdf, name, inner, _meanings(face))


def _reading(pdf: Pdf) -> Object:
    """Embed the font of the reading layer."""
    program, name = reading_program(), Name("/AAAAAA+Reading")
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=name,
        Flags=4,
        FontBBox=Array([0, -200, WIDTH, 1000]),
        ItalicAngle=0,
        Ascent=1000,
        Descent=-200,
        CapHeight=1000,
        StemV=80,
        FontFile2=Stream(pdf, program),
    )
    descriptor.FontFile2.Length1 = len(program)
    inner = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
        DW=WIDTH,
        CIDToGIDMap=Stream(pdf, b"\x00\x01" * 0x10000),
    )
    return _composite(pdf, name, inner, _ITSELF)


def _composite(pdf: Pdf, name: Name, inner: Dictionary, meanings: str) -> Object:
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=name,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(inner)]),
            ToUnicode=Stream(pdf, (_CMAP_HEAD + meanings + _CMAP_TAIL).encode()),
        )
    )


def program_of(face: Face) -> tuple[bytes, bool]:
    """Return what of a typeface stands in a PDF, and whether that is a Compact Font Format program."""
    font = TTFont(io.BytesIO(face.data), lazy=True, recalcTimestamp=False)
    if "CFF " in font:
        return font.reader["CFF "], True
    return _drawn(font), False


def _drawn(font: TTFont) -> bytes:
    for table in [table for table in font.keys() if table not in DRAWN_TABLES and table != "GlyphOrder"]:  # noqa: SIM118
        del font[table]
    written = io.BytesIO()
    font.save(written, reorderTables=None)
    return written.getvalue()


def _tag(face: Face) -> str:
    """Return the six letters that tell one subset from another."""
    number = sum(face.characters) + face.key.weight
    return "".join(chr(ord("A") + number // 26**place % 26) for place in range(6))


def _meanings(face: Face) -> str:
    entries = [
        f"<{gid:04X}> <{character.encode('utf-16-be').hex().upper()}>\n"
        for gid, character in sorted(face.meanings.items())
    ]
    blocks = [entries[at : at + 100] for at in range(0, len(entries), 100)]
    return "".join(f"{len(block)} beginbfchar\n{''.join(block)}endbfchar\n" for block in blocks)
