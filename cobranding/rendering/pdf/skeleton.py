"""A finished PDF file as bytes with holes: what is the same for all is written once, the rest in between.

Filling the holes is a matter of joining bytes, whatever the size of the file: nothing is parsed, compressed or numbered
again. Object numbers are those of the last save of the file that it is made from. ISO 32000-1, 7.5.
"""

import hashlib
import io
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, ObjectStreamMode, Pdf, Stream, StreamDecodeLevel

HOLES = Name("/TcmaHoles")
"""Where the catalog keeps its holes from one save to the next."""
IN_ONE_STREAM = 200
"""So many objects are compressed together."""
ROW = struct.Struct(">BIH")
END = b"\nendobj\n"
FREE, PLAIN, COMPRESSED = 0, 1, 2
LARGE_TABLE = 4096
"""A table of so many bytes is worth compressing each time."""

Written = tuple[bytes, ...]
"""An object in pieces, so that large ones are copied only once."""


@dataclass(frozen=True)
class Skeleton:
    """The bytes of a file, and which objects are still to be written."""

    head: bytes
    table: bytes
    """The rows of the cross-reference table; those of holes are written over."""
    trailer: bytes
    holes: tuple[int, ...]

    def filled(self, objects: Mapping[int, Written], what: bytes) -> bytes:
        """Return the file with its holes filled, by their numbers; `what` tells it from others of the same skeleton."""
        parts, at = [self.head], len(self.head)
        table = bytearray(self.table)
        for number in self.holes:
            begin, body = b"%d 0 obj\n" % number, objects.get(number, (b"null",))
            ROW.pack_into(table, number * ROW.size, PLAIN, at, 0)
            parts += (begin, *body, END)
            at += len(begin) + len(END) + sum(map(len, body))
        last = len(table) // ROW.size - 1
        ROW.pack_into(table, last * ROW.size, PLAIN, at, 0)
        parts.append(self._closing(last, at, bytes(table), what))
        return b"".join(parts)

    def _closing(self, number: int, at: int, table: bytes, what: bytes) -> bytes:
        own = hashlib.sha256(self.trailer + what).hexdigest()[:32].encode()
        packed = b""
        if len(table) > LARGE_TABLE:
            table, packed = zlib.compress(table, 1), b"/Filter/FlateDecode"
        head = b"<</Type/XRef/W[1 4 2]/Size %d%b/ID[<%b><%b>]%b/Length %d>>" % (
            (number + 1, self.trailer, own, own, packed, len(table))
        )
        return b"%d 0 obj\n%b\nstream\n%b\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (number, head, table, at)


def stream_of(entries: bytes, data: bytes) -> Written:
    """Write a stream object; `entries` is what its dictionary says besides the length."""
    return b"<<%b/Length %d>>\nstream\n" % (entries, len(data)), data, b"\nendstream"


def skeleton_of(
    pdf: Pdf, holes: Mapping[str, Object], known: Mapping[str, Object], *, compressed: bool
) -> tuple[Skeleton, dict[str, int]]:
    """Return a file as a skeleton, and the numbers of its holes and of other objects, all of them indirect, by name.

    With `compressed`, streams that are not are compressed; all others are copied as they are, and never opened.
    """
    pdf.Root[HOLES] = Array([*holes.values(), *known.values()])
    written = io.BytesIO()
    pdf.save(
        written,
        encryption=False,
        compress_streams=compressed,
        stream_decode_level=StreamDecodeLevel.none,
        object_stream_mode=ObjectStreamMode.disable,
        static_id=True,
    )
    del pdf.Root[HOLES]
    with Pdf.open(io.BytesIO(written.getvalue())) as saved:
        places: Any = saved.Root[HOLES]
        numbers = {name: place.objgen[0] for name, place in zip([*holes, *known], places, strict=True)}
        del saved.Root[HOLES]
        return _written(saved, tuple(numbers[name] for name in holes)), numbers


def _written(pdf: Pdf, holes: tuple[int, ...]) -> Skeleton:
    open_places = set(holes)
    small: list[tuple[int, bytes]] = []
    size = int(pdf.trailer.Size)
    rows: dict[int, tuple[int, int, int]] = {}
    parts = [b"%%PDF-%b\n%%\xe2\xe3\xcf\xd3\n" % max(pdf.pdf_version, "1.5").encode()]
    at = len(parts[0])
    for number in range(1, size):
        if number in open_places:
            continue
        found = pdf.get_object(number, 0)
        if not isinstance(found, Stream):
            small.append((number, _plain(found)))
            continue
        written = _object(number, found.stream_dict.unparse(), found.read_raw_bytes())
        rows[number] = (PLAIN, at, 0)
        parts.append(written)
        at += len(written)
    for group in _groups(small):
        rows.update({number: (COMPRESSED, size, place) for place, (number, _) in enumerate(group)})
        written = _together(size, group)
        rows[size] = (PLAIN, at, 0)
        parts.append(written)
        at, size = at + len(written), size + 1
    table = b"".join(ROW.pack(*rows.get(number, (FREE, 0, 65535))) for number in range(size + 1))
    named = [name for name in ("/Root", "/Info") if name in pdf.trailer]
    trailer = b"".join(b"%b %d 0 R" % (name.encode(), pdf.trailer[name].objgen[0]) for name in named)
    return Skeleton(b"".join(parts), table, trailer, holes)


def _plain(found: Any) -> bytes:
    """Write a value that is no stream; what it refers to stays a reference."""
    return found.unparse(resolved=True) if isinstance(found, Object) else Array([found]).unparse()[1:-1]


def _object(number: int, dictionary: bytes, data: bytes) -> bytes:
    return b"%d 0 obj\n%b\nstream\n%b\nendstream\nendobj\n" % (number, dictionary, data)


def _groups(small: list[tuple[int, bytes]]) -> Iterator[list[tuple[int, bytes]]]:
    for at in range(0, len(small), IN_ONE_STREAM):
        yield small[at : at + IN_ONE_STREAM]


def _together(number: int, group: list[tuple[int, bytes]]) -> bytes:
    """Write objects into one object stream (7.5.7)."""
    index, at = [], 0
    for own, body in group:
        index.append(b"%d %d" % (own, at))
        at += len(body) + 1
    first = b" ".join(index) + b"\n"
    data = zlib.compress(first + b"\n".join(body for _, body in group), 9)
    head = b"<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>" % (len(group), len(first), len(data))
    return _object(number, head, data)


def inline(found: Any) -> bytes:
    """Write a value with everything that it refers to inside it; it must not refer to itself, nor to a stream."""
    if isinstance(found, Dictionary):
        return b"<<" + b"".join(name.encode() + b" " + inline(value) for name, value in found.items()) + b">>"
    if isinstance(found, Array):
        return b"[" + b" ".join(inline(value) for value in found) + b"]"
    return _plain(found)
