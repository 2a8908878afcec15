"""Turns what was rendered into one small picture, keeps the approved ones, and tells how far two lie apart.

`python -m tests.cobranding.golden.pictures` draws all of them anew: look at each before it is committed.
"""

import io
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops, ImageStat

from cobranding.rendering import engine
from tests.cobranding.golden.documents import inputs

KEPT = Path(__file__).parent / "approved"
WIDTH_PX = 420
CASES = {
    ("flyer", "a4"): ("pdf", "screen_pdf", "jpg", "webp", "png"),
    ("flyer", "card"): ("jpg", "webp", "png", "jpg@2x"),
    ("deck", "wide"): ("screen_pdf", "png"),
    ("finished", "brochure"): ("pdf",),
}
SCRIPTS = ("latin", "arabic")
Case = tuple[str, str, str, str]


def cases() -> Iterator[Case]:
    """Give each render: document, script, format, output."""
    for (kind, fmt), outputs in CASES.items():
        for script in SCRIPTS:
            for output in outputs:
                yield kind, script, fmt, output


def drawn(case: Case) -> Image.Image:
    """Render, and draw all pages of it beside each other."""
    kind, script, fmt, output = case
    data = engine.render(inputs(kind, script), fmt, output).data
    pages = pages_of(data) if data.startswith(b"%PDF") else [Image.open(io.BytesIO(data)).convert("RGB")]
    small = [
        page.resize((WIDTH_PX, round(page.height * WIDTH_PX / page.width)), Image.Resampling.BOX) for page in pages
    ]
    sheet = Image.new("RGB", (WIDTH_PX * len(small), max(page.height for page in small)), "white")
    for at, page in enumerate(small):
        sheet.paste(page, (WIDTH_PX * at, 0))
    return sheet


def pages_of(data: bytes) -> list[Image.Image]:
    """Draw each page of a PDF with an independent reader."""
    document = pypdfium2.PdfDocument(data)
    return [page.render(scale=2 * WIDTH_PX / page.get_width()).to_pil().convert("RGB") for page in document]


def name_of(case: Case) -> str:
    """Give the name of an approved picture."""
    return "-".join(case).replace("@", "_") + ".webp"


def approved(case: Case) -> Image.Image:
    """Give the picture that a person has looked at."""
    return Image.open(KEPT / name_of(case)).convert("RGB")


def distance(one: Image.Image, other: Image.Image) -> tuple[float, float]:
    """Tell how far two pictures lie apart: mean difference (of 255), share of pixels that clearly differ."""
    difference = ImageChops.difference(one, other).convert("L")
    clear = difference.point(lambda level: 255 if level > 40 else 0)
    return ImageStat.Stat(difference).mean[0], ImageStat.Stat(clear).mean[0] / 255


if __name__ == "__main__":
    KEPT.mkdir(exist_ok=True)
    for case in cases():
        drawn(case).save(KEPT / name_of(case), "WEBP", lossless=True, method=6)
