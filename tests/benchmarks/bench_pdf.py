"""Co-branded flyers a second on one core: values in, checked, fitted, stamped, bytes out; beside them what others do.

The flyer: a photograph of some 280 KB, a headline, a paragraph, the partner's logo with alpha, a contact block.
"""

import importlib.util
import io
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import pikepdf
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from cobranding.rendering import engine
from cobranding.rendering.document.values import check_values
from cobranding.rendering.inputs import Inputs
from tests.benchmarks.house import report
from tests.factories import cobranding as factory

DOCUMENTS = 400
PARTNERS = 40
TEMPLATES = 50
BODY = factory.LEAD["en"]


def grainy_photo() -> bytes:
    """A photograph as large as real ones are: grain keeps JPEG from making it small."""
    image = Image.open(io.BytesIO(factory.photo(1600, 1100)))
    grain = Image.effect_noise(image.size, 26)
    written = io.BytesIO()
    Image.blend(image, grain.convert("RGB"), 0.12).save(written, "JPEG", quality=80)
    return written.getvalue()


def flyer() -> dict[str, object]:
    document = factory.flyer()
    elements = document["formats"]["a4"]["elements"]
    document["formats"] = {
        "a4": {**document["formats"]["a4"], "elements": [each for each in elements if each["id"] != "code"]}
    }
    document["variables"] = {
        "headline": document["variables"]["headline"],
        "body": {"type": "text", "max_length": 600, "default": BODY},
    }
    lead = next(each for each in elements if each["id"] == "lead")
    lead |= {"text": "{{body}}", "open": {"content": True}}
    return document


def jobs(photo: bytes) -> list[tuple[Inputs, dict[str, str]]]:
    """Return many partners, each with a logo, words and details of its own."""
    chance = random.Random(7)
    base = factory.inputs(flyer(), images={"hero": factory.picture(photo)})
    made = []
    for number in range(PARTNERS):
        mark = factory.picture(factory.logo(tuple(chance.randrange(200) for _ in range(3))))
        partner = replace(factory.NORDWIND, trade_name=f"Partner {number} Systems", city=f"Town {number}")
        made.append(replace(base, partner=partner, logos={"light": mark, "dark": mark}))
    words = BODY.split()
    return [
        (
            made[number % PARTNERS],
            {"headline": f"Offer {number} for your town", "body": " ".join(chance.sample(words, 24))},
        )
        for number in range(DOCUMENTS)
    ]


def rate(make: Callable[[], object], times: int) -> float:
    make()
    began = time.process_time()
    for _ in range(times):
        make()
    return times / (time.process_time() - began)


def whole_page(photo: bytes, logo: bytes) -> bytes:
    """Draw the whole page with ReportLab, as most do."""
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=A4)
    canvas.drawImage(ImageReader(io.BytesIO(photo)), 0, 417, width=595, height=425)
    canvas.drawImage(ImageReader(io.BytesIO(logo)), 51, 60, width=176, height=62, mask="auto")
    canvas.setFont("Helvetica-Bold", 34)
    canvas.drawString(51, 480, "Your cloud, up and running")
    text = canvas.beginText(51, 360)
    text.setFont("Helvetica", 12)
    for at in range(0, len(BODY), 80):
        text.textLine(BODY[at : at + 80])
    canvas.drawText(text)
    for line in range(6):
        canvas.drawString(250, 120 - 12 * line, "Partner, Street 1, Town")
    canvas.save()
    return written.getvalue()


def weasyprint(photo: bytes, logo: bytes) -> float | None:
    if importlib.util.find_spec("weasyprint") is None:
        return None
    from weasyprint import HTML  # noqa: PLC0415 - a peer that need not be there

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "photo.jpg").write_bytes(photo)
        (Path(folder) / "logo.png").write_bytes(logo)
        page = (
            "<style>@page{size:A4;margin:0}body{font-family:sans-serif;margin:18mm}</style>"
            f"<img src=photo.jpg width=700><h1>Your cloud</h1><p>{BODY}</p>"
            "<img src=logo.png width=230><p>Partner<br>Street 1<br>Town</p>"
        )
        return rate(lambda: HTML(string=page, base_url=folder).write_pdf(), 10)


def typst(photo: bytes, logo: bytes) -> dict[str, float | None]:
    """Typst as its Python package is called, a document at a time; and with its compiler kept, which remembers."""
    if importlib.util.find_spec("typst") is None:
        return {"typst": None, "typst_kept": None}
    import typst as engine_of_typst  # noqa: PLC0415 - a peer that need not be there

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "photo.jpg").write_bytes(photo)
        (Path(folder) / "logo.png").write_bytes(logo)
        source = Path(folder) / "flyer.typ"
        source.write_text(
            '#set page("a4", margin: 18mm)\n#image("photo.jpg", width: 100%)\n'
            "= Offer #sys.inputs.number for your town\n"
            '#sys.inputs.body\n#image("logo.png", width: 62mm)\nPartner #sys.inputs.number \\ Street 1 \\ Town\n'
        )
        compiler = engine_of_typst.Compiler(str(source))
        words, chance, numbers = BODY.split(), random.Random(7), count()

        def said() -> dict[str, str]:  # every document says something else
            return {"number": str(next(numbers)), "body": " ".join(chance.sample(words, 24))}

        return {
            "typst": rate(lambda: engine_of_typst.compile(str(source), sys_inputs=said()), 20),
            "typst_kept": rate(lambda: compiler.compile(format="pdf", sys_inputs=said()), 20),
        }


def memory_after_many(photo: bytes) -> float:
    """Return how much memory is held after 2,000 documents over 50 templates, in MB."""
    templates = []
    for number in range(TEMPLATES):
        raw = flyer() | {"locale": "en"}
        raw["formats"]["a4"]["label"] = f"A4, version {number}"  # type: ignore[index]
        templates.append(factory.inputs(raw, images={"hero": factory.picture(photo)}))
    partners = [inputs for inputs, _ in jobs(photo)[:PARTNERS]]
    for number in range(2000):
        one = partners[number % PARTNERS]
        engine.render(replace(templates[number % TEMPLATES], partner=one.partner, logos=one.logos), "a4")
    return held_memory_mb()


def held_memory_mb() -> float:
    """Return how much memory this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1024 / 1024


def main() -> None:
    photo = grainy_photo()
    work = jobs(photo)
    for inputs, values in work[:PARTNERS]:  # every logo has been encoded once, as it is at its upload
        engine.render(replace(inputs, values=values), "a4")
    began = time.process_time()
    size = 0
    for inputs, values in work:
        kept = check_values(inputs.document, values)
        size += len(engine.render(replace(inputs, values=kept), "a4").data)
    ours = len(work) / (time.process_time() - began)

    stamped = pikepdf.open(io.BytesIO(engine.render(work[0][0], "a4").data))
    save = rate(lambda: stamped.save(io.BytesIO(), compress_streams=False, static_id=True), 200)
    engine.forget()
    began = time.process_time()
    engine.render(work[0][0], "a4")
    first = (time.process_time() - began) * 1000
    memory = memory_after_many(photo)
    peers = {
        "weasyprint": weasyprint(photo, factory.logo()),
        **typst(photo, factory.logo()),
        "reportlab_whole_page": rate(lambda: whole_page(photo, factory.logo()), 10),
        "pikepdf_save": save,
    }
    report(
        "pdf",
        ours,
        "docs/s",
        peers=peers,
        photo_kb=len(photo) / 1024,
        file_kb=size / len(work) / 1024,
        compile_ms=first,
        rss_mb=memory,
    )


if __name__ == "__main__":
    main()
