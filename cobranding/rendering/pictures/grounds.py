"""What lies behind a place on a page, measured on a small drawing of it; in print and on screens alike."""

from collections.abc import Sequence

from PIL import Image

from cobranding.rendering.cache import Kept
from cobranding.rendering.document.elements import Box, Color
from cobranding.rendering.marks import FinishedPage, Graphic, Shown, moved
from cobranding.rendering.pictures.contrast import Ground, ground_of
from cobranding.rendering.pictures.decoding import colors_of
from cobranding.rendering.pictures.painting import draw
from cobranding.rendering.pictures.placing import key_of

LONGEST_PX = 32
"""A ground is measured on so many pixels of its longer side: what the eye takes for its colour, not its grain."""

_grounds: Kept[tuple[object, ...], Ground] = Kept(4000, "pictures_grounds")


def ground_behind(box: Box, below: Sequence[Graphic], paper: Color) -> Ground:
    """Measure what lies behind a box: what was drawn before it, on paper of a colour. Raises PictureUnusable."""
    touching = [graphic for graphic in below if touch(graphic.box, box)]
    key = (box, paper, *(_key(graphic) for graphic in touching))
    return _grounds.get(key, lambda: _measured(box, touching, paper))


def touch(one: Box, other: Box) -> bool:
    """Tell whether two boxes have more than an edge in common."""
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def _key(graphic: Graphic) -> object:
    if isinstance(graphic, Shown):
        return (graphic.box, *key_of(graphic))
    if isinstance(graphic, FinishedPage):
        return graphic.box, graphic.file.sha256, graphic.page
    return graphic


def _measured(box: Box, below: Sequence[Graphic], paper: Color) -> Ground:
    factor = min(1.0, LONGEST_PX / max(box.width, box.height))
    size = max(1, round(box.width * factor)), max(1, round(box.height * factor))
    image = Image.new("RGB", size, paper.rgb)
    for graphic in below:
        draw(image, moved(graphic, factor, box.x, box.y))
    return ground_of(colors_of(image))
