"""Makes the pictures of the guide "Designing a template" from small templates, with the code that makes the files.

    .venv/bin/python docs/pictures/make.py            all of them
    .venv/bin/python docs/pictures/make.py anatomy rtl   these

The same picture comes out every time, but for `mail`, which Chromium draws with the typefaces of the machine.
"""

import io
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import fontpkg_inter  # noqa: E402  the root of the project has to be known first
import pypdfium2  # noqa: E402
from PIL import Image, ImageDraw, ImageFont  # noqa: E402
from PIL.Image import Image as Picture  # noqa: E402
from reportlab.pdfgen.canvas import Canvas  # noqa: E402

from cobranding.rendering import engine  # noqa: E402
from cobranding.rendering.document.elements import Box, ContactElement, Element, LogoElement, QrElement  # noqa: E402
from cobranding.rendering.errors import TextOverflow  # noqa: E402
from cobranding.rendering.inputs import InputFile, Inputs, Partner, PictureFile  # noqa: E402
from cobranding.rendering.mail.composing import as_seen, compose  # noqa: E402
from cobranding.rendering.pictures.mail import logo_for_mail  # noqa: E402
from cobranding.rendering.preflight import preflight  # noqa: E402
from tests.factories import cobranding as factory  # noqa: E402
from tests.factories import decks  # noqa: E402

Json = dict[str, Any]
Rgb = tuple[int, int, int]

HERE = Path(__file__).parent
INK, GREY, PAPER, EDGE = (17, 24, 39), (107, 114, 128), (255, 255, 255), (209, 213, 219)
LOCKED, OPEN, PARTNERS, TRIM, SAFE = (71, 85, 105), (5, 150, 105), (217, 70, 239), (220, 38, 38), (37, 99, 235)
ROOM = 24
"""Pixels around and between what is shown."""
QUALITY = 82
LOWEST, TALL = 12, 150
"""Boxes that are lower get no frame, locked ones that are not taller no name: they would hide what they are about."""

SUEDSTERN = Partner(
    trade_name="Südstern AG",
    street="Ringstraße 3",
    postal_code="1010",
    city="Wien",
    phone="+43 1 7654321",
    email="office@suedstern.example",
    web="https://suedstern.example",
)
ATLAS = Partner(
    trade_name="Atlas IT",
    street="Rue du Port 21",
    postal_code="13002",
    city="Marseille",
    phone="+33 4 555 0123",
    email="bonjour@atlas.example",
    web="https://atlas.example",
)
BLUE, GREEN, WHITE = (29, 78, 216), (4, 120, 87), (255, 255, 255)


# What is drawn around and over the files


def font(size: int, weight: int = 400) -> ImageFont.FreeTypeFont:
    """Return the typeface of the captions."""
    found = ImageFont.truetype(str(fontpkg_inter.ROOT / "files" / "Inter[opsz,wght].ttf"), size)
    found.set_variation_by_axes([14, weight])
    return found


def pages_of(data: bytes, width_px: int) -> list[Picture]:
    """Return the pages of a PDF, so many pixels wide."""
    document = pypdfium2.PdfDocument(data)
    shown = [page.render(scale=width_px / page.get_width()).to_pil().convert("RGB") for page in document]
    document.close()
    return shown


def page_of(inputs: Inputs, fmt: str, width_px: int, *, bleed: bool = False) -> Picture:
    """Return the first page of a format as it is after cutting, or with its bleed."""
    of = inputs.document.formats[fmt]
    (whole, *_) = pages_of(engine.sample(inputs, fmt, "pdf").data, round(width_px * of.sheet.width / of.width))
    if bleed:
        return whole
    off = of.bleed / of.width * width_px
    return whole.crop((round(off), round(off), round(whole.width - off), round(whole.height - off)))


def beside(pictures: list[Picture], captions: list[str] | None = None, ground: Rgb = (243, 244, 246)) -> Picture:
    """Return pictures side by side, each with words under it."""
    under = 34 if captions else 0
    width = sum(each.width + ROOM for each in pictures) + ROOM
    sheet = Image.new("RGB", (width, max(each.height for each in pictures) + 2 * ROOM + under), ground)
    pen, left = ImageDraw.Draw(sheet), ROOM
    for at, each in enumerate(pictures):
        sheet.paste(each, (left, ROOM))
        pen.rectangle((left - 1, ROOM - 1, left + each.width, ROOM + each.height), outline=EDGE)
        if captions:
            pen.text((left, ROOM + each.height + 12), captions[at], font=font(15), fill=INK)
        left += each.width + ROOM
    return sheet


def frame(pen: ImageDraw.ImageDraw, box: Box, color: Rgb, *, dashed: bool = False, width: int = 2) -> None:
    """Draw the edge of a box."""
    left, top, right, bottom = box.x, box.y, box.x + box.width, box.y + box.height
    if not dashed:
        pen.rectangle((left, top, right, bottom), outline=color, width=width)
        return
    step = 8
    for x in range(round(left), round(right), step * 2):
        pen.line((x, top, min(x + step, right), top), fill=color, width=width)
        pen.line((x, bottom, min(x + step, right), bottom), fill=color, width=width)
    for y in range(round(top), round(bottom), step * 2):
        pen.line((left, y, left, min(y + step, bottom)), fill=color, width=width)
        pen.line((right, y, right, min(y + step, bottom)), fill=color, width=width)


def tag(pen: ImageDraw.ImageDraw, at: tuple[float, float], words: str, color: Rgb) -> None:
    """Write the name of a box at its corner."""
    face = font(13, 600)
    left, top = at
    pen.rectangle((left, top, left + pen.textlength(words, face) + 10, top + 20), fill=color)
    pen.text((left + 5, top + 2), words, font=face, fill=PAPER)


def kind_of(element: Element) -> Rgb:
    """Return the colour of a lock: open to the partner, filled from the profile, or locked."""
    if element.open.content or element.open.within or element.open.styles:
        return OPEN
    return PARTNERS if isinstance(element, LogoElement | ContactElement | QrElement) else LOCKED


def with_locks(page: Picture, elements: tuple[Element, ...], scale: float, off: float = 0) -> Picture:
    """Return a page with the box of each element drawn over it."""
    pen = ImageDraw.Draw(page)
    for element in elements:
        box = Box(*((length * scale) for length in element.box))
        box = box._replace(x=box.x + off, y=box.y + off)
        color = kind_of(element)
        if box.height < LOWEST:
            continue
        frame(pen, box, color, dashed=color == LOCKED)
        if color != LOCKED or box.height > TALL:
            tag(pen, (max(box.x, 0), max(box.y - 20, 0)), element.id, color)
    return page


def legend(words: list[tuple[str, Rgb]], width: int) -> Picture:
    """Return what the colours mean."""
    strip = Image.new("RGB", (width, 30), (243, 244, 246))
    pen, left = ImageDraw.Draw(strip), ROOM
    for said, color in words:
        pen.rectangle((left, 8, left + 14, 22), fill=color)
        pen.text((left + 22, 6), said, font=font(15), fill=INK)
        left += 22 + round(pen.textlength(said, font(15))) + 28
    return strip


def under(picture: Picture, strip: Picture) -> Picture:
    """Return one picture above another."""
    whole = Image.new("RGB", (picture.width, picture.height + strip.height), (243, 244, 246))
    whole.paste(picture, (0, 0))
    whole.paste(strip, (0, picture.height))
    return whole


LOCKS = [("locked", LOCKED), ("open to the partner", OPEN), ("filled from the profile", PARTNERS)]


def mark(color: Rgb) -> PictureFile:
    """Draw a logo in one colour, on nothing."""
    image = Image.new("RGBA", (900, 300), (255, 255, 255, 0))
    pen = ImageDraw.Draw(image)
    pen.ellipse((100, 60, 280, 240), outline=(*color, 255), width=44)
    pen.rounded_rectangle((320, 90, 800, 150), 30, fill=(*color, 255))
    pen.rounded_rectangle((320, 170, 640, 220), 25, fill=(*color, 180))
    written = io.BytesIO()
    image.save(written, "PNG")
    return factory.picture(written.getvalue())


def marks_of(light: Rgb, dark: Rgb | None = None) -> dict[str, PictureFile]:
    """Return the logos of a partner, for light and for dark ground."""
    return {"light": mark(light), "dark": mark(dark or light)}


# The pictures


def anatomy() -> Picture:
    """Show a page with its bleed, its trimmed edge, its safe area and its boxes."""
    raw = factory.flyer()
    raw["formats"]["a4"]["safe"] = 5
    inputs = factory.inputs(raw)
    fmt = inputs.document.formats["a4"]
    page = page_of(inputs, "a4", 620, bleed=True)
    scale = page.width / fmt.sheet.width
    off = fmt.bleed * scale
    with_locks(page, fmt.elements, scale, off)
    pen = ImageDraw.Draw(page)
    trimmed = Box(off, off, fmt.width * scale, fmt.height * scale)
    frame(pen, trimmed, TRIM)
    inner = fmt.safe * scale
    safe = Box(off + inner, off + inner, trimmed.width - 2 * inner, trimmed.height - 2 * inner)
    frame(pen, safe, SAFE, dashed=True)
    strip = legend([*LOCKS, ("trimmed edge", TRIM), ("safe area", SAFE)], page.width + 2 * ROOM + 160)
    return under(_centred(beside([page]), strip.width), strip)


def _centred(picture: Picture, width: int) -> Picture:
    whole = Image.new("RGB", (width, picture.height), (243, 244, 246))
    whole.paste(picture, ((width - picture.width) // 2, 0))
    return whole


def partners() -> Picture:
    """Show one flyer for three partners."""
    given = [
        (factory.NORDWIND, (220, 38, 38), "en"),
        (SUEDSTERN, BLUE, "de"),
        (ATLAS, GREEN, "en"),
    ]
    shown = [
        page_of(factory.inputs(partner=partner, logos=marks_of(color), locale=locale), "a4", 330)
        for partner, color, locale in given
    ]
    return beside(shown, [partner.trade_name for partner, *_ in given])


def fit() -> Picture:
    """Show one box: the largest size, a smaller one, and a text that is refused."""
    raw = factory.flyer()
    raw["variables"]["headline"]["max_length"] = 400
    long = "A headline with more to say than two short lines hold, so it is set smaller until it stays in its box"
    shown, captions = [], []
    for words in ("Up and running in a week", long):
        page = page_of(factory.inputs(raw, values={"headline": words}), "a4", 480)
        box = Box(18 * 480 / 210, 98 * 480 / 210, 174 * 480 / 210, 44 * 480 / 210)
        frame(ImageDraw.Draw(page), box, OPEN)
        shown.append(page.crop((0, 190, 480, 345)))
    captions = ["at its largest size", "as small as it takes"]
    try:
        engine.render(factory.inputs(raw, values={"headline": f"{long}. " * 3}), "a4")
    except TextOverflow as refused:
        shown.append(_note("Not produced", refused.detail, (480, 155), TRIM))
        captions.append("one sentence too many")
    return beside(shown, captions)


def _note(title: str, words: str, size: tuple[int, int], color: Rgb) -> Picture:
    note = Image.new("RGB", size, PAPER)
    pen = ImageDraw.Draw(note)
    pen.rectangle((0, 0, 6, size[1]), fill=color)
    pen.text((24, 16), title, font=font(17, 700), fill=color)
    line, top = "", 48
    for word in words.split():
        if pen.textlength(f"{line} {word}", font(15)) > size[0] - 48:
            pen.text((24, top), line, font=font(15), fill=INK)
            line, top = "", top + 23
        line = f"{line} {word}".strip()
    pen.text((24, top), line, font=font(15), fill=INK)
    return note


def findings() -> Picture:
    """Show a logo that is too small for print, and what preflight says about it."""
    tiny = io.BytesIO()
    Image.open(io.BytesIO(mark((220, 38, 38)).read())).resize((120, 40)).save(tiny, "PNG")
    small = factory.picture(tiny.getvalue())
    inputs = factory.inputs(logos={"light": small, "dark": small})
    page = page_of(inputs, "a4", 620)
    found = next(each for each in preflight(inputs) if each.format == "a4" and each.element == "logo")
    box = Box(18 * 620 / 210, 245 * 620 / 210, 62 * 620 / 210, 22 * 620 / 210)
    frame(ImageDraw.Draw(page), box, TRIM)
    words = f"{found.message} {found.advice}"
    return beside([page.crop((0, 680, 440, 877)), _note(f"{found.severity}: logo", words, (480, 197), TRIM)])


def logos() -> Picture:
    """Show a logo for light ground, the one for dark ground, and what happens when only one is there."""
    raw = factory.flyer()
    raw["formats"] = {
        name: {
            "label": name,
            "width": 420,
            "height": 200,
            "unit": "px",
            "background": ground,
            "elements": [
                {
                    "id": "logo",
                    "type": "partner_logo",
                    "style": "label",
                    "align": "center",
                    "background": name,
                    "box": [60, 50, 300, 100],
                }
            ],
        }
        for name, ground in (("light", "white"), ("dark", "night"))
    }
    both, one = marks_of((11, 31, 75), WHITE), marks_of((8, 10, 12))
    cells = [("light", both), ("dark", both), ("dark", one)]
    shown = [
        Image.open(io.BytesIO(engine.render(factory.inputs(raw, logos=given), name, "png").data)).convert("RGB")
        for name, given in cells
    ]
    return beside(shown, ["on light ground", "its variant on dark ground", "no variant: it gets a plate"])


def deck() -> Picture:
    """Show two slides with their locks."""
    inputs = decks.inputs()
    fmt = inputs.document.formats["slides"]
    shown = pages_of(engine.render(inputs, "slides", "pdf").data, 560)
    cover = with_locks(shown[0], fmt.pages[0].elements, 560 / fmt.width)
    last = with_locks(shown[2], fmt.pages[2].elements, 560 / fmt.width)
    sheet = beside([cover, last], ["The cover", "The partner's slide"])
    words = [("on the layout", LOCKED), *LOCKS[1:]]
    return under(sheet, legend(words, sheet.width))


def rtl() -> Picture:
    """Show a page that is read from the right."""
    raw = factory.flyer()
    raw["locale"], raw["scripts"] = "ar", ["latin", "arabic"]
    raw["brand"]["fonts"] = {
        "sans": {"family": "noto-sans-arabic", "fallback": ["latin"]},
        "latin": {"family": "noto-sans"},
    }
    raw["variables"]["headline"]["default"] = "سحابتك جاهزة للعمل خلال أسبوع واحد"
    page = raw["formats"]["a4"]["elements"]
    lead = next(each for each in page if each["id"] == "lead")
    lead["text"] = (
        "تنقل Halden Cloud ملفاتك وبريدك ونسخك الاحتياطية إلى مركز بيانات قريب منك: تخطيط ونقل ورعاية من أشخاص "
        "يمكنك الاتصال بهم. سعر واحد في الشهر، بلا مفاجآت."
    )
    raw["formats"] = {"a4": raw["formats"]["a4"]}
    for element in page:
        if element["id"] == "bar":
            element["box"][0] = 210 - 18 - element["box"][2]
        if element["id"] == "kicker":
            element |= {"text": "هالدن كلاود", "box": [92, 160, 100, 10]}
    partner = Partner(trade_name="ريح الشمال", street="شارع الميناء ١٤", city="دبي")
    inputs = factory.inputs(raw, partner=partner, locale="ar")
    return beside([page_of(inputs, "a4", 520)])


def finished() -> Picture:
    """Show two pages that were designed elsewhere, their zones, and the pages for one partner."""
    raw = factory.flyer()
    raw["kind"] = "document"
    raw["documents"] = {"brochure": {"asset_name": "brochure"}}
    zones = [
        {"id": "logo", "type": "partner_logo", "style": "label", "box": [18, 250, 60, 24]},
        {"id": "contact", "type": "contact_block", "style": "small", "name_style": "label", "box": [90, 246, 70, 36]},
        {
            "id": "code",
            "type": "qr",
            "link": "{{link}}",
            "background": "white",
            "box": [164, 246, 30, 30],
            "open": {"content": True},
        },
    ]
    raw["formats"] = {"a4": {"unit": "mm", "finished": "brochure", "pages": [{"page": 2, "elements": zones}]}}
    raw["variables"] = {"link": raw["variables"]["link"]}
    data = _brochure()
    brochure = InputFile(factory.picture(data).sha256, lambda: data)
    inputs = factory.inputs(raw, documents={"brochure": brochure})
    zone_page = with_locks(pages_of(data, 330)[1], inputs.document.formats["a4"].elements, 330 / 595.28)
    made = pages_of(engine.render(inputs, "a4", "pdf").data, 330)
    return beside([zone_page, *made], ["page 2 and its zones", "page 1, untouched", "page 2 for a partner"])


def _brochure() -> bytes:
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=(595.28, 841.89), invariant=1)
    for page, (ground, title) in enumerate((((0.04, 0.12, 0.29), "The move"), ((0.96, 0.62, 0.04), "What you get"))):
        canvas.setFillColorRGB(*ground)
        canvas.rect(0, 420 if page else 0, 595.28, 421.89 if page else 841.89, stroke=0, fill=1)
        canvas.setFillColorRGB(1, 1, 1)
        canvas.setFont("Helvetica-Bold", 44)
        canvas.drawString(51, 700, title)
        canvas.setFillColorRGB(*((0.3, 0.33, 0.39) if page else (1, 1, 1)))
        canvas.setFont("Helvetica", 12)
        for line in range(8):
            canvas.drawString(
                51, 380 - line * 20, "Words that were set long ago, by somebody else, in another program."
            )
        canvas.showPage()
    canvas.save()
    return written.getvalue()


def mail() -> Picture:
    """Show an e-mail on a light and on a dark screen."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  only this picture needs a browser

    from tests.browser.install_chromium import find_chromium  # noqa: PLC0415

    pictures = {
        f"https://portal.example/m/{ground}": logo_for_mail(mark(color), ground)[0]
        for ground, color in (("light", (11, 31, 75)), ("dark", (219, 234, 254)))
    }
    light, dark = pictures
    page = as_seen(compose(factory.mail_inputs(logo_url=light, dark_logo_url=dark)))
    shown = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            context = browser.new_context(viewport={"width": 520, "height": 560}, color_scheme=scheme)
            tab = context.new_page()
            tab.route(
                "https://portal.example/**",
                lambda route: route.fulfill(body=pictures[route.request.url], content_type="image/png"),
            )
            tab.set_content(page, wait_until="networkidle")
            shown.append(Image.open(io.BytesIO(tab.screenshot())).convert("RGB"))
        browser.close()
    return beside(shown, ["on a light screen", "on a dark screen, with the logo for dark ground"])


PICTURES: Mapping[str, Callable[[], Picture]] = {
    "anatomy": anatomy,
    "partners": partners,
    "fit": fit,
    "findings": findings,
    "logos": logos,
    "finished": finished,
    "rtl": rtl,
    "deck": deck,
    "mail": mail,
}


def main(names: list[str]) -> None:
    """Make pictures by their names, or all of them."""
    for name in names or PICTURES:
        PICTURES[name]().save(HERE / f"{name}.webp", quality=QUALITY, method=6)


if __name__ == "__main__":
    main(sys.argv[1:])
