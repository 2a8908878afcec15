"""Which picture files a format comes in, and what they are called: `jpg`, `webp@2x`."""

from typing import NamedTuple

from cobranding.rendering.document.model import Format

PICTURES = ("jpg", "webp", "png")
MEDIA = {"jpg": "image/jpeg", "webp": "image/webp", "png": "image/png"}
PREVIEW = "preview"
"""A JPEG to look at, of any format, whatever outputs it comes in."""


class PictureOutput(NamedTuple):
    """A kind of picture, and how many pixels stand for one."""

    kind: str
    scale: int

    @property
    def ending(self) -> str:
        """Return how its file names end."""
        return f".{self.kind}" if self.scale == 1 else f"@{self.scale}x.{self.kind}"


def picture_outputs(fmt: Format) -> tuple[str, ...]:
    """Return the pictures of a screen format, or the previews of a print format, as far as its outputs allow them."""
    allowed = [kind for kind in fmt.outputs if kind in PICTURES] if fmt.outputs else PICTURES
    scales = [1] if fmt.is_print else fmt.scales
    return tuple(f"{kind}@{scale}x" if scale > 1 else kind for scale in scales for kind in allowed)


def picture_output(name: str) -> PictureOutput:
    """Read the name of an output that is a picture."""
    kind, _, scale = ("jpg" if name == PREVIEW else name).partition("@")
    return PictureOutput(kind, int(scale.removesuffix("x") or 1))
