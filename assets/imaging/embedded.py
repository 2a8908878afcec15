"""Pictures inside a drawing: decoded, bounded and rewritten like any other upload."""

import base64
import binascii
import re
from urllib.parse import unquote_to_bytes

from assets.imaging.errors import DrawingReachesOutside, FileRefused
from assets.imaging.limits import EMBEDDED
from assets.imaging.raster import decode, write_png
from assets.imaging.sniff import FileType, sniff

_DATA_ADDRESS = re.compile(r"\Adata:(image/(?:png|jpe?g|webp))(;base64)?,(.*)\Z", re.DOTALL | re.IGNORECASE)


def check_embedded(address: str) -> str:
    """Give a data address with the same picture, rewritten by us as PNG.

    Raises DrawingReachesOutside, FileBroken, TooManyPixels.
    """
    found = _DATA_ADDRESS.match(address)
    if found is None:
        raise DrawingReachesOutside("The SVG embeds something that is not a PNG, JPEG or WebP picture.")
    try:
        raw = base64.b64decode(re.sub(r"\s", "", found[3])) if found[2] else unquote_to_bytes(found[3])
        file_type = sniff(raw)
    except (binascii.Error, FileRefused) as problem:
        raise DrawingReachesOutside("A picture embedded in the SVG cannot be read.") from problem
    if file_type not in {FileType.PNG, FileType.JPEG, FileType.WEBP}:
        raise DrawingReachesOutside("The SVG embeds something that is not a PNG, JPEG or WebP picture.")
    rewritten = write_png(decode(raw, file_type, EMBEDDED))
    return "data:image/png;base64," + base64.b64encode(rewritten).decode()
