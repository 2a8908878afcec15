"""Read a picture's announced size from its header, without any decoder.

Decoders allocate by what the header says (a WebP decoder allocates its whole canvas when it is opened), so the size is
read here first, from at most a few hundred bytes. Sources: PNG 1.2 section 11.2.2, ITU-T T.81 annex B, RFC 9649.
"""

import struct

from assets.imaging.errors import FileBroken
from assets.imaging.sniff import FileType

# Start-of-frame markers: C0..CF without DHT (C4), JPG (C8) and DAC (CC).
_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE_MARKERS = frozenset(range(0xD0, 0xD9)) | {0x01}
_START_OF_SCAN = 0xDA
MAX_SCANS = 100  # a progressive JPEG has about ten; thousands of tiny ones keep a decoder busy for minutes
MOST_USUAL_SCANS = 12
MAX_SCANNED_PIXELS = 1_000_000_000  # of all scans together: each goes over the whole picture


def announced_size(data: bytes, file_type: FileType) -> tuple[int, int]:
    """Give width and height in pixels as the header announces them.

    Raises FileBroken.
    """
    readers = {FileType.PNG: _png, FileType.JPEG: _jpeg, FileType.WEBP: _webp}
    try:
        width_px, height_px = readers[file_type](data)
    except (struct.error, IndexError, ValueError) as problem:
        raise FileBroken from problem
    if width_px < 1 or height_px < 1:
        raise FileBroken
    return width_px, height_px


def _png(data: bytes) -> tuple[int, int]:
    if data[12:16] != b"IHDR":
        raise ValueError
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def _jpeg(data: bytes) -> tuple[int, int]:
    scans = data.count(b"\xff\xda")
    if scans > MAX_SCANS:
        raise ValueError
    at = 2
    while True:
        if data[at] != 0xFF:
            raise ValueError
        marker = data[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
        elif marker in _BARE_MARKERS:
            at += 2
        elif marker in _FRAME_MARKERS:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            if scans > MOST_USUAL_SCANS and scans * width * height > MAX_SCANNED_PIXELS:
                raise ValueError
            return width, height
        elif marker == _START_OF_SCAN:
            raise ValueError
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4])


def _webp(data: bytes) -> tuple[int, int]:
    chunk = data[12:16]
    if chunk == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if chunk == b"VP8L" and data[20] == 0x2F:
        bits = int.from_bytes(data[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if chunk == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", data[26:30])
        return width & 0x3FFF, height & 0x3FFF
    raise ValueError
