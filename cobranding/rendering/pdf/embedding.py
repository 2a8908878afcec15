"""Puts pictures into a PDF, as they were encoded."""

from cobranding.rendering.pdf.skeleton import Written, stream_of
from cobranding.rendering.pictures.encoding import Encoded


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
