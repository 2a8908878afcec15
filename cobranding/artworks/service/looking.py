"""An artwork as a picture to look at while it is worked on or decided about: readable, and no finished file."""

from assets.imaging.limits import PHOTO
from assets.imaging.raster import decode, write_jpeg
from assets.imaging.shape import contain
from assets.imaging.sniff import FileType
from cobranding.rendering.engine import render
from cobranding.rendering.inputs import Inputs, RenderedFile

LOOK_PX = 800
"""The longest side of a screen format: enough to judge it, too small to post it. Pages keep their 150 dots an inch."""


def look(inputs: Inputs, format_key: str) -> RenderedFile:
    """Show one format as a JPEG. Reaches no database.

    Raises UnknownFormat, ValuesMissing, TextOverflow, MissingGlyph, PictureUnusable.
    """
    file = render(inputs, format_key, "jpg")
    if inputs.document.formats[format_key].is_print:
        return file
    smaller = contain(decode(file.data, FileType.JPEG, PHOTO), LOOK_PX, LOOK_PX)
    return RenderedFile(write_jpeg(smaller), file.media_type, file.filename)
