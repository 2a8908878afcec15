"""Puts fonts and pictures into a PDF: fonts by glyph id with a map back to text, pictures as they were encoded."""

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from cobranding.rendering.pdf.skeleton import Written, stream_of
from cobranding.rendering.pictures.pixels import Encoded
from cobranding.rendering.typography.fonts import Face

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


def embed_font(pdf: Pdf, face: Face) -> Object:
    """Embed a font whose codes are glyph ids (Identity-H), with a ToUnicode map."""
    thousandth = 1000 / face.units
    name = f"{_tag(face)}+{face.name}"
    program = Stream(pdf, face.data)
    program.Length1 = len(face.data)
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name("/" + name),
        Flags=4,
        FontBBox=Array([round(edge * thousandth) for edge in face.bounds]),
        ItalicAngle=-9 if face.key.italic else 0,
        Ascent=round(face.ascent * thousandth),
        Descent=-round(face.descent * thousandth),
        CapHeight=round(face.cap_height * thousandth),
        StemV=50 + face.key.weight // 8,
        FontFile2=program,
    )
    inner = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name("/" + name),
        CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
        W=pdf.make_indirect(Array([0, Array([round(width * thousandth) for width in face.widths])])),
        CIDToGIDMap=Name.Identity,
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name("/" + name),
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(inner)]),
            ToUnicode=Stream(pdf, _to_unicode(face).encode()),
        )
    )


def _tag(face: Face) -> str:
    """Return the six letters that tell one subset from another."""
    number = sum(face.characters) + face.key.weight
    return "".join(chr(ord("A") + number // 26**place % 26) for place in range(6))


def _to_unicode(face: Face) -> str:
    meaning: dict[int, int] = {}
    for code, gid in sorted(face.characters.items()):
        meaning.setdefault(gid, code)
    entries = [
        f"<{gid:04X}> <{chr(code).encode('utf-16-be').hex().upper()}>\n" for gid, code in sorted(meaning.items())
    ]
    blocks = [entries[at : at + 100] for at in range(0, len(entries), 100)]
    body = "".join(f"{len(block)} beginbfchar\n{''.join(block)}endbfchar\n" for block in blocks)
    return _CMAP_HEAD + body + _CMAP_TAIL


def picture_object(picture: Encoded, mask: int) -> Written:
    """Write a picture as an object; `mask` is the number of the object with its transparency."""
    space = b"/DeviceRGB"
    if picture.jpeg is not None:
        return stream_of(_entries(picture, space) + b"/Filter/DCTDecode", picture.jpeg)
    entries = _entries(picture, space) + _deflated(picture.width, 3)
    if picture.alpha is not None:
        entries += b"/SMask %d 0 R" % mask
    return stream_of(entries, picture.deflated or b"")


def mask_object(picture: Encoded) -> Written:
    """Write the transparency of a picture as an object."""
    if picture.alpha is None:
        return (b"null",)
    return stream_of(_entries(picture, b"/DeviceGray") + _deflated(picture.width, 1), picture.alpha)


def _entries(picture: Encoded, space: bytes) -> bytes:
    size = picture.width, picture.height, space
    return b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace%b" % size


def _deflated(columns: int, colors: int) -> bytes:
    parms = b"/DecodeParms<</Predictor 15/Colors %d/BitsPerComponent 8/Columns %d>>" % (colors, columns)
    return b"/Filter/FlateDecode" + parms
