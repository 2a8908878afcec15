"""Small files, and assets made of them; call `asset` outside a transaction."""

import io

from PIL import Image, ImageDraw

from assets.library.model import Asset
from assets.uploads import service as uploads
from tcma.infra.db import transaction
from tcma.kernel.actor import Actor


def picture(mode="RGB", size=(60, 40), colour=(200, 30, 40), file_format="PNG", **options) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size, colour).save(buffer, file_format, **options)
    return buffer.getvalue()


def logo(colour=(20, 40, 90, 255), size=(400, 200)) -> bytes:
    drawn = Image.new("RGBA", size, (0, 0, 0, 0))
    ImageDraw.Draw(drawn).rectangle((50, 50, size[0] - 51, size[1] - 51), fill=colour)
    buffer = io.BytesIO()
    drawn.save(buffer, "PNG")
    return buffer.getvalue()


def asset(actor: Actor, data: bytes | None = None, *, kind: str = "logo", **fields) -> Asset:
    """Upload a file as somebody, in a transaction of its own."""
    checked = uploads.check(data or logo(), "", kind)
    with transaction(actor):
        return uploads.receive(actor, checked, **fields)
