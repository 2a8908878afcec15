"""An artwork or a template as a picture to look at: readable, and no finished file."""

from assets.imaging.limits import PHOTO
from assets.imaging.raster import decode, write_jpeg
from assets.imaging.shape import contain
from assets.imaging.sniff import FileType
from cobranding.artworks.errors import PreviewOnly
from cobranding.rendering.engine import sample
from cobranding.rendering.inputs import Inputs, RenderedFile
from cobranding.rendering.screen.outputs import PREVIEW
from tcma.kernel.actor import Actor

LOOK_PX, PAGE_PX = 800, 1100
"""The longest side of a screen format and of a page: enough to judge it, too small to post or to print it."""


def look(inputs: Inputs, format_key: str, *, page: int = 1) -> RenderedFile:
    """Show a page of one format as a JPEG, also while something is still open. Reaches no database.

    Raises UnknownFormat, ValuesMissing, TextOverflow, MissingGlyph, OffThePage, PictureUnusable, DocumentUnusable.
    """
    file = sample(inputs, format_key, PREVIEW, page=page)
    longest = PAGE_PX if inputs.document.formats[format_key].is_print else LOOK_PX
    smaller = contain(decode(file.data, FileType.JPEG, PHOTO), longest, longest)
    return RenderedFile(write_jpeg(smaller), file.media_type, file.filename)


def check_preview(actor: Actor, output: str) -> None:
    """Let a partner see a template only as a picture: its files come from an artwork, checked and approved.

    Raises PreviewOnly.
    """
    if actor.is_partner and output != PREVIEW:
        raise PreviewOnly
