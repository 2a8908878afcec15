"""Files that nobody sends with good intent, for tests."""

import struct
import zlib


def document_that_unpacks(megabytes: int) -> bytes:
    """A PDF whose objects are packed into a stream of spaces."""
    packer = zlib.compressobj(9)
    packed = packer.compress(b"4 0 << /Type /Pages /Kids [] /Count 0 >>")
    packed += b"".join(packer.compress(b" " * 1_000_000) for _ in range(megabytes)) + packer.flush()
    written = bytearray(b"%PDF-1.5\n")
    places = [(0, 0)]
    stream = b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed)
    for number, body in ((1, b"<< /Type /Catalog /Pages 4 0 R >>"), (2, stream + packed + b"\nendstream")):
        places.append((1, len(written)))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    places += [(1, len(written)), (2, 2)]
    rows = b"".join(struct.pack(">BIB", kind, place, 0) for kind, place in places)
    head = b"<< /Type /XRef /Size 5 /W [1 4 1] /Root 1 0 R /Length %d >>" % len(rows)
    start = len(written)
    written += b"3 0 obj\n%s\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % (head, rows, start)
    return bytes(written)
