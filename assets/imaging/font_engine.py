"""Program: read a hostile typeface, write it anew and draw a specimen, in a process of its own.

Arguments: memory in bytes, processor time in seconds, most glyphs, most bytes once unpacked. The typeface comes on
standard input. On standard output: two lengths (each four bytes), a JSON object, the typeface as TTF or OTF, a PNG. A
refusal is a JSON object with `refused` and nothing behind it. It bounds itself before it reads anything, and imports
nothing of ours.
"""

import io
import json
import resource
import struct
import sys
from typing import Any

MOST_TABLES = 64
NEEDED = frozenset({"cmap", "head", "hhea", "hmtx", "maxp", "name", "OS/2"})
OUTLINES = frozenset({"glyf", "CFF ", "CFF2"})
# Drawings with links and scripts of their own, and a signature that holds no more: what is left out of our copy.
LEFT_OUT = ("SVG ", "DSIG")
RESTRICTED, PREVIEW, EDITABLE, NO_SUBSETTING, BITMAPS_ONLY = 0x0002, 0x0004, 0x0008, 0x0100, 0x0200
LETTERS_OF_A_SCRIPT = 10  # fewer are strays, such as the Greek letters of mathematics
LONGEST_NAME = 60
SAMPLES = (
    "Aa Bb Gg Rr 12",
    "Аа Бб Жж Яя",
    "Αα Ββ Γγ Ωω",
    "אבגדהוז",
    "ابتثجحخ",
    "अ आ क ख ग",
    "ก ข ค ง จ",
    "漢字仮名",
    "한글서체",
)


class Refused(Exception):
    """A typeface that is not taken: `reason` is for the program that asked, `detail` for people."""

    def __init__(self, reason: str, **detail: Any) -> None:
        self.answer = {"refused": reason, **detail}
        super().__init__(reason)


def bound(memory_bytes: int, cpu_s: int) -> None:
    """Give up memory, time and files beyond what a typeface needs."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def unpacked(data: bytes, most_bytes: int) -> bytes:
    """Give the tables without the compression of WOFF2. Raises Refused."""
    if data[:4] != b"wOF2":
        return data
    from fontTools.ttLib.woff2 import decompress  # noqa: PLC0415 - after the bounds are set

    if struct.unpack(">I", data[16:20])[0] > most_bytes:
        raise Refused("bounds")
    plain = io.BytesIO()
    decompress(io.BytesIO(data), plain)
    return plain.getvalue()


def check_directory(data: bytes) -> None:
    """Hold the list of tables against the file, before any of them is read. Raises Refused."""
    (count,) = struct.unpack(">H", data[4:6])
    if not 1 <= count <= MOST_TABLES:
        raise Refused("bounds")
    for number in range(count):
        offset, length = struct.unpack(">II", data[12 + 16 * number + 8 : 12 + 16 * number + 16])
        if offset + length > len(data):
            raise Refused("broken")


def written_anew(data: bytes) -> bytes:
    """Let HarfBuzz read every glyph and write them all again; tables that it does not know are left out."""
    import uharfbuzz  # noqa: PLC0415 - after the bounds are set

    wanted = uharfbuzz.SubsetInput()
    wanted.keep_everything()
    wanted.flags &= ~uharfbuzz.SubsetFlags.PASSTHROUGH_UNRECOGNIZED
    wanted.drop_table_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in LEFT_OUT)
    return bytes(uharfbuzz.subset(uharfbuzz.Face(data), wanted).blob.data)


def check_embedding(flags: int) -> str:
    """Say what the maker of the typeface lets others do (OpenType, OS/2 fsType). Raises Refused."""
    if flags & RESTRICTED and not flags & (PREVIEW | EDITABLE):
        raise Refused("embedding", why="its maker does not allow it to be embedded in documents")
    if flags & NO_SUBSETTING:
        raise Refused("embedding", why="its maker does not allow a part of it to be embedded")
    if flags & BITMAPS_ONLY:
        raise Refused("embedding", why="its maker allows only its bitmaps to be embedded")
    if flags & PREVIEW and not flags & EDITABLE:
        return "preview"
    return "editable" if flags & EDITABLE else "installable"


def measures_of(font: Any) -> dict[str, Any]:
    """Measure an opened typeface: names, weight, axes, what it can write. Raises Refused."""
    if not set(font.keys()) >= NEEDED or not OUTLINES & set(font.keys()):
        raise Refused("broken")
    names, about = font["name"], font["OS/2"]
    characters = font.getBestCmap() or {}
    axes = [
        {"tag": axis.axisTag, "min": axis.minValue, "default": axis.defaultValue, "max": axis.maxValue}
        for axis in (font["fvar"].axes if "fvar" in font else ())
    ]
    return {
        "family": printable(names.getDebugName(16) or names.getDebugName(1) or ""),
        "style": printable(names.getDebugName(17) or names.getDebugName(2) or ""),
        "weight": int(about.usWeightClass),
        "italic": bool(about.fsSelection & 1 or font["head"].macStyle & 2),
        "is_variable": bool(axes),
        "axes": axes,
        "glyphs": int(font["maxp"].numGlyphs),
        "characters": len(characters),
        "scripts": scripts_of(characters),
        "embedding": check_embedding(int(about.fsType)),
        "outlines": "cff" if "CFF " in font or "CFF2" in font else "truetype",
    }


def printable(name: str) -> str:
    """Reduce a name to what can be shown."""
    return "".join(c for c in name if c.isprintable())[:LONGEST_NAME].strip()


def scripts_of(characters: dict[int, str]) -> dict[str, int]:
    """Count the characters of each script (Unicode, by its English name), the most first."""
    from fontTools import unicodedata  # noqa: PLC0415 - after the bounds are set

    counted: dict[str, int] = {}
    for character in characters:
        script = unicodedata.script(chr(character))
        counted[script] = counted.get(script, 0) + 1
    known = [(count, script) for script, count in counted.items() if script not in {"Zyyy", "Zinh", "Zzzz"}]
    kept = sorted(((count, script) for count, script in known if count >= LETTERS_OF_A_SCRIPT), reverse=True)
    return {unicodedata.script_name(script): count for count, script in kept}


def specimen(data: bytes, characters: dict[int, str]) -> bytes:
    """Draw a line of the typeface: the first sample that it can write, or the first of what it has."""
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415 - after the bounds are set

    first = "".join(chr(code) for code in sorted(characters) if chr(code).isprintable())[1:9]
    line = next((text for text in SAMPLES if all(ord(c) in characters for c in text.replace(" ", ""))), first)
    face = ImageFont.truetype(io.BytesIO(data), 48, layout_engine=ImageFont.Layout.BASIC)
    left, top, right, bottom = face.getbbox(line)
    size = (min(max(round(right - left), 1), 1_000) + 40, min(max(round(bottom - top), 1), 300) + 40)
    drawn = Image.new("L", size, 255)
    ImageDraw.Draw(drawn).text((20 - left, 20 - top), line, fill=0, font=face)
    drawn.thumbnail((360, 180))
    picture = io.BytesIO()
    drawn.save(picture, "PNG")
    return picture.getvalue()


def taken(data: bytes, most_glyphs: int, most_bytes: int) -> tuple[dict[str, Any], bytes, bytes]:
    """Check, measure and write a typeface anew. Raises Refused, and whatever a parser raises on hostile bytes."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - after the bounds are set

    plain = unpacked(data, most_bytes)
    check_directory(plain)
    came = TTFont(io.BytesIO(plain), lazy=True)
    if came["maxp"].numGlyphs > most_glyphs:
        raise Refused("bounds")
    check_embedding(int(came["OS/2"].fsType))
    ours = written_anew(plain)
    font = TTFont(io.BytesIO(ours), lazy=True)
    measures = measures_of(font)
    return measures, ours, specimen(ours, font.getBestCmap() or {})


def main() -> None:
    """Bound, read, write."""
    memory_bytes, cpu_s, most_glyphs, most_bytes = (int(argument) for argument in sys.argv[1:])
    bound(memory_bytes, cpu_s)
    try:
        measures, font, picture = taken(sys.stdin.buffer.read(), most_glyphs, most_bytes)
    except Refused as refusal:
        measures, font, picture = refusal.answer, b"", b""
    told = json.dumps(measures).encode()
    sys.stdout.buffer.write(struct.pack(">II", len(told), len(font)) + told + font + picture)


if __name__ == "__main__":
    main()
