"""Pictures as mail programs like them: small, and on white where a dark mode would swallow them."""

from PIL import Image

from cobranding.rendering.cache import Kept
from cobranding.rendering.document.elements import Background
from cobranding.rendering.inputs import PictureFile
from cobranding.rendering.pictures.decoding import decode
from cobranding.rendering.pictures.encoding import to_jpeg, to_png
from cobranding.rendering.pictures.logos import PLATES, decode_logo, vanishes

MAIL_LOGO = (360, 120)
MAIL_WIDTH = 1200
"""Twice the width that mails are shown at, for fine screens."""


def _weight(file: tuple[bytes, str]) -> int:
    return len(file[0])


_mailed: Kept[tuple[str, Background | None], tuple[bytes, str]] = Kept(
    200, "pictures_mailed", most_bytes=32_000_000, weigh=_weight
)


def logo_for_mail(picture: PictureFile, ground: Background) -> tuple[bytes, str]:
    """Return a logo for mails, and its media type. Raises PictureUnusable.

    Every logo has the same size, so that a mail's layout is the same for all; on white, unless it was made for dark
    ground: a transparent dark logo would vanish where a mail program turns the mail dark.
    """
    return _mailed.get((picture.sha256, ground), lambda: _logo_for_mail(_on_ground(picture, ground), ground))


def picture_for_mail(picture: PictureFile) -> tuple[bytes, str]:
    """Return a picture for mails, and its media type. Raises PictureUnusable."""
    return _mailed.get((picture.sha256, None), lambda: _picture_for_mail(decode(picture)))


def _on_ground(picture: PictureFile, ground: Background) -> Image.Image:
    return decode_logo(picture, PLATES[ground] if vanishes(picture, ground) else None)


def _logo_for_mail(image: Image.Image, ground: Background) -> tuple[bytes, str]:
    image = image.convert("RGBA")
    width, height = MAIL_LOGO
    scale = min(width / image.width, height / image.height)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    small = image.convert("RGBa").resize(size, Image.Resampling.LANCZOS).convert("RGBA")
    paper = Image.new("RGBA", MAIL_LOGO, (255, 255, 255, 0 if ground == "dark" else 255))
    paper.alpha_composite(small, (0, (height - size[1]) // 2))
    return to_png(paper if ground == "dark" else paper.convert("RGB")), "image/png"


def _picture_for_mail(image: Image.Image) -> tuple[bytes, str]:
    if image.width > MAIL_WIDTH:
        image = image.resize((MAIL_WIDTH, round(image.height * MAIL_WIDTH / image.width)), Image.Resampling.LANCZOS)
    return (to_png(image), "image/png") if image.mode == "RGBA" else (to_jpeg(image), "image/jpeg")
