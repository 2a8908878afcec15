"""Type to set, and documents that are nothing but one text."""

import io
import unicodedata
from typing import Any

import pypdfium2

from cobranding.rendering import engine
from cobranding.rendering.document.elements import BLACK
from cobranding.rendering.document.model import FontSource
from cobranding.rendering.inputs import InputFile, Inputs
from cobranding.rendering.typography.chains import chain_of
from cobranding.rendering.typography.typeset import Type
from tests.factories import cobranding as factory

FAMILIES = {
    "latin": "inter",
    "greek": "noto-sans",
    "cyrillic": "inter",
    "arabic": "noto-sans-arabic",
    "hebrew": "heebo",
    "devanagari": "noto-sans-devanagari",
    "thai": "noto-sans-thai",
}
SENTENCES = {
    "latin": "Größe zählt: AVATAR, Łódź, 100 % naïve – „fein“",
    "greek": "Το σύννεφό σας μέσα σε μία εβδομάδα, 25 % κάτω",
    "cyrillic": "Ваше облако за неделю — без хлопот, от 12,5 %",
    "arabic": "السلام عليكم، مُحَمَّدٌ يقدم خصم 25% (اليوم) على Cloud Pro في ٣ أيام",
    "hebrew": "שָׁלוֹם עוֹלָם, 12.5% הנחה על Cloud Pro (היום) ב-3 ימים",
    "devanagari": "क्षत्रिय हिन्दी में आपका क्लाउड एक हफ़्ते में तैयार है। 25%",
    "thai": "สวัสดีชาวโลก เราให้บริการคลาวด์ในกรุงเทพมหานคร น้ำใจ ที่นี่ 25%",
}


def kind(script: str = "latin", **changed: Any) -> Type:
    """Return type of a script, with Noto Sans to stand in for what its own typeface lacks."""
    style = {"weight": 400, "italic": False, "spacing": 0.0, "language": "en", **changed}
    given = {name: style.pop(name) for name in ("weight", "italic", "spacing", "language")}
    source = FontSource("main", FAMILIES[script], fallback=(FontSource("more", "noto-sans"),))
    scripts = ("latin", script)
    chain = chain_of(source, given["weight"], given["italic"], scripts, {}, given["language"], given["spacing"])
    return Type(
        **{"chain": chain, "size": 24, "smallest": 6, "line_height": 1.4, "color": BLACK, "align": "start"} | style
    )


def document(script: str, text: str, *, fonts: dict[str, Any] | None = None, **element: Any) -> dict[str, Any]:
    """Return a template whose only element, on paper and on a screen, is a text."""
    raw = factory.flyer()
    main = {"main": {"family": FAMILIES[script], "fallback": ["more"]}, "more": {"family": "noto-sans"}}
    style = {"font": "main", "size": 20, "smallest": 6, "line_height": 1.4}
    sized = {"style": "main", "type": "text", "text": text, **element}
    paper = {"id": "words", "box": [20, 20, 90, 80], **sized}
    screen = {"id": "words", "box": [40, 40, 500, 400], "size": 40, "smallest": 8, **sized}
    return {
        **raw,
        "scripts": sorted({"latin", script}),
        "variables": {},
        "brand": {**raw["brand"], "fonts": fonts or main, "styles": {"main": style, "other": {**style, "weight": 900}}},
        "formats": {
            "a4": {"unit": "mm", "width": 210, "height": 297, "elements": [paper]},
            "card": {"unit": "px", "width": 700, "height": 500, "elements": [screen]},
        },
    }


def inputs(script: str, text: str, *, files: dict[str, InputFile] | None = None, **given: Any) -> Inputs:
    """Return what a text on its own is rendered from."""
    return factory.inputs(document(script, text, **given), values={}, fonts=files or {})


def pdf_of(script: str, text: str, **given: Any) -> bytes:
    """Return a text as a PDF."""
    return engine.render(inputs(script, text, **given), "a4").data


def read(data: bytes, between_lines: str = " ") -> str:
    """Return what an independent reader finds on the first page."""
    lines = pypdfium2.PdfDocument(io.BytesIO(data))[0].get_textpage().get_text_range().split("\r\n")
    return unicodedata.normalize("NFC", between_lines.join(lines))
