"""Co-branded 1200x630 images a second on one core; beside them the encoding alone, and Pillow from files each time."""

import importlib.util
import io
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from PIL import Image, ImageDraw, ImageFont

from cobranding.rendering import engine
from cobranding.rendering.document.values import check_values
from cobranding.rendering.inputs import Inputs
from cobranding.rendering.pictures.encoding import to_screen_jpeg
from cobranding.rendering.typography.fonts import face
from tests.benchmarks.bench_pdf import grainy_photo, jobs, rate
from tests.benchmarks.house import report
from tests.factories import cobranding as factory

HEADLINES = 30
PEER_IMAGES = 2
ROUNDS = 12


def pillow_from_files(photo: Path, logo: Path, font: Path) -> bytes:
    """Open, scale, paste, write and encode, each time anew."""
    image = Image.open(photo).convert("RGB").resize((1200, 630), Image.Resampling.LANCZOS)
    mark = Image.open(logo).convert("RGBA").resize((282, 94), Image.Resampling.LANCZOS)
    image.paste(mark, (96, 478), mark)
    pen = ImageDraw.Draw(image)
    pen.text((72, 130), "Your cloud, up and\nrunning in a week", fill="white", font=ImageFont.truetype(str(font), 76))
    return to_screen_jpeg(image)


def pyvips(photo: Path, logo: Path) -> float | None:
    if importlib.util.find_spec("pyvips") is None:
        return None
    try:
        import pyvips as vips  # noqa: PLC0415 - a peer that need not be there
    except OSError:
        return None

    def make() -> bytes:
        image = vips.Image.thumbnail(str(photo), 1200, height=630, crop="centre")
        mark = vips.Image.thumbnail(str(logo), 282)
        words = vips.Image.text("Your cloud, up and\nrunning in a week", font="sans 56")
        white = words.new_from_image([255, 255, 255]).bandjoin(words).copy(interpretation="srgb")
        return bytes(
            image.composite(mark, "over", x=96, y=478).composite(white, "over", x=72, y=130).jpegsave_buffer(Q=88)
        )

    return rate(make, 30)


def ours(work: list[tuple[Inputs, dict[str, str]]]) -> None:
    """Make each image through the entry point: values in, checked, stamped, bytes out."""
    for inputs, values in work:
        kept = check_values(inputs.document, values)
        engine.render(replace(inputs, values=kept), "link_card", "jpg")


def best_rates(contenders: dict[str, tuple[Callable[[], object], int]]) -> dict[str, float]:
    """Let each have its turn in each round, and return how many images a second it made in its best one.

    Taking turns, and the best of them, leaves out what else the machine was doing.
    """
    best = dict.fromkeys(contenders, 0.0)
    for _ in range(ROUNDS):
        for name, (make, images) in contenders.items():
            began = time.perf_counter()
            make()
            best[name] = max(best[name], images / (time.perf_counter() - began))
    return best


def main() -> None:
    photo = grainy_photo()
    partners = [inputs for inputs, _ in jobs(photo)[:HEADLINES]]
    base = factory.inputs(images={"hero": factory.picture(photo)})
    work = [
        (replace(base, partner=partner.partner, logos=partner.logos), {"headline": f"Offer {number} for your town"})
        for number, partner in enumerate(partners)
    ]
    ours(work)
    finished = Image.open(io.BytesIO(engine.render(base, "link_card", "png").data)).convert("RGB")
    with tempfile.TemporaryDirectory() as folder:
        files = {"photo.jpg": photo, "logo.png": factory.logo(), "font.ttf": face("inter", 700, ("latin",)).data}
        for name, data in files.items():
            (Path(folder) / name).write_bytes(data)
        at = [Path(folder) / name for name in files]
        rates = best_rates(
            {
                "ours": (lambda: ours(work), len(work)),
                "encode_only": (lambda: [to_screen_jpeg(finished) for _ in work], len(work)),
                "pillow_from_files": (lambda: [pillow_from_files(*at) for _ in range(PEER_IMAGES)], PEER_IMAGES),
            }
        )
        figure = rates.pop("ours")
        report("image", figure, "images/s", peers={**rates, "pyvips": pyvips(at[0], at[1])})


if __name__ == "__main__":
    main()
