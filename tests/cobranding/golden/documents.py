"""The documents of the golden renders: every kind of element, from left to right and from right to left."""

import io
from typing import Any

from reportlab.lib.pagesizes import A5
from reportlab.pdfgen.canvas import Canvas

from cobranding.rendering import engine
from cobranding.rendering.inputs import InputFile, Inputs, Partner, PictureFile
from tests.factories import cobranding as factory

Json = dict[str, Any]

WORDS: dict[str, Json] = {
    "latin": {
        "locale": "de",
        "headline": "Größe zählt: Ihre Cloud in einer Woche",
        "kicker": "HERBSTAKTION",
        "body": "Wir ziehen **Dateien, Mail und Backups** um:\n\n- geplant an einem Tag\n- fertig in *einer* Woche\n\n"
        "Mehr unter [halden.example](https://halden.example/start).",
        "note": "Nur für Goldpartner in EMEA.",
        "legal": "Halden Cloud und ihre Marken gehören der Halden Cloud AG.",
    },
    "arabic": {
        "locale": "ar",
        "headline": "سحابتك جاهزة خلال أسبوع واحد",
        "kicker": "عرض الخريف",
        "body": "ننقل **ملفاتك وبريدك** إلى Halden Cloud:\n\n- نخطط في يوم 1\n- ننقل في *أسبوع*\n\n"
        "المزيد على [halden.example](https://halden.example/start).",
        "note": "لشركاء الفئة الذهبية فقط.",
        "legal": "العلامات التجارية ملك لشركة Halden Cloud AG.",
    },
}
NUR = Partner(
    legal_name="شركة النور للأنظمة",
    trade_name="النور للأنظمة",
    contact_person="ليلى حداد",
    email="hello@alnoor.example",
    phone="+971 4 123 4567",
    web="https://alnoor.example",
    street="شارع الشيخ زايد 14",
    postal_code="12345",
    city="دبي",
    country="AE",
    region="EMEA",
    tier="gold",
)
PARTNERS = {"latin": factory.NORDWIND, "arabic": NUR}


def _brand(script: str) -> Json:
    fonts: Json = {"sans": {"family": "inter"}}
    if script == "arabic":
        fonts = {"latin": {"family": "inter"}, "sans": {"family": "noto-sans-arabic", "fallback": ["latin"]}}
    ink, white = {"color": "ink"}, {"color": "white"}
    return {
        "colors": {
            "ink": {"rgb": "#111827", "cmyk": [80, 70, 50, 80]},
            "night": {"rgb": "#0B1F4B", "cmyk": [100, 85, 25, 45]},
            "accent": {"rgb": "#F59E0B", "cmyk": [0, 44, 100, 0]},
            "mist": "#F3F4F6",
            "white": "#FFFFFF",
        },
        "fonts": fonts,
        "styles": {
            "headline": {"font": "sans", "weight": 700, "size": 32, "smallest": 18, "line_height": 1.2, **white},
            "kicker": {"font": "sans", "weight": 700, "size": 11, "letter_spacing": 0.12, "color": "accent"},
            "body": {"font": "sans", "size": 12, "smallest": 9, "line_height": 1.5, **ink},
            "strong": {"font": "sans", "weight": 700, "size": 12, "smallest": 9, "line_height": 1.5, **ink},
            "label": {"font": "sans", "weight": 700, "size": 12, "smallest": 8, **ink},
            "small": {"font": "sans", "size": 9, "smallest": 6, "line_height": 1.4, **ink},
        },
    }


def _head(script: str, kind: str) -> Json:
    words = WORDS[script]
    return {
        "schema": 1,
        "kind": kind,
        "locale": words["locale"],
        "scripts": sorted({"latin", script}),
        "brand": _brand(script),
        "variables": {
            "headline": {"type": "text", "required": True, "max_length": 70, "default": words["headline"]},
            "body": {"type": "rich_text", "max_length": 400, "default": words["body"]},
            "link": {"type": "link", "default": "https://halden.example/start"},
        },
    }


def flyer(script: str) -> Json:
    """A print page with bleed, marks and inks, and a link card for screens."""
    return {
        **_head(script, "flyer"),
        "images": {"hero": {"asset_name": "hero", "alt": "Hills under a blue sky"}},
        "formats": {
            "a4": {
                "label": "A4",
                "width": 210,
                "height": 297,
                "unit": "mm",
                "bleed": 3,
                "safe": 8,
                "marks": True,
                "background": "white",
                "elements": _page(script),
            },
            "card": {"width": 1200, "height": 630, "unit": "px", "scales": [1, 2], "elements": _card()},
        },
    }


def _page(script: str) -> list[Json]:
    words = WORDS[script]
    return [
        {"id": "photo", "type": "image", "image": "hero", "box": [-3, -3, 216, 140], "focus": [0.5, 0.6]},
        {
            "id": "shade",
            "type": "shape",
            "shape": "rectangle",
            "fill": "night",
            "opacity": 0.5,
            "box": [-3, 70, 216, 67],
        },
        {
            "id": "headline",
            "type": "text",
            "style": "headline",
            "text": "{{headline}}",
            "box": [18, 84, 174, 44],
            "open": {"content": True},
        },
        {"id": "kicker", "type": "text", "style": "kicker", "text": words["kicker"], "box": [18, 145, 174, 10]},
        {
            "id": "body",
            "type": "rich_text",
            "style": "body",
            "strong_style": "strong",
            "text": "{{body}}",
            "box": [18, 156, 174, 50],
            "open": {"content": True},
        },
        {
            "id": "note",
            "type": "text",
            "style": "label",
            "text": words["note"],
            "box": [18, 206, 174, 10],
            "anchor": {"to": "body", "edge": "below", "gap": 4},
            "when": {"partner": "tier", "is": ["gold"]},
        },
        {"id": "rule", "type": "line", "stroke": "accent", "stroke_width": 0.6, "box": [18, 226, 174, 0]},
        {
            "id": "foot",
            "type": "group",
            "box": [0, 230, 210, 67],
            "elements": [
                {"id": "ground", "type": "shape", "shape": "rectangle", "fill": "mist", "box": [-3, 0, 216, 70]},
                {"id": "dot", "type": "shape", "shape": "ellipse", "stroke": "accent", "box": [196, 4, 8, 8]},
                {
                    "id": "logo",
                    "type": "partner_logo",
                    "style": "label",
                    "background": "auto",
                    "clear_space": 2,
                    "min_width": 20,
                    "box": [18, 8, 62, 22],
                },
                {
                    "id": "contact",
                    "type": "contact_block",
                    "style": "small",
                    "name_style": "label",
                    "box": [88, 8, 66, 42],
                },
                {
                    "id": "code",
                    "type": "qr",
                    "link": "{{link}}",
                    "background": "white",
                    "box": [160, 8, 32, 32],
                    "open": {"content": True},
                },
            ],
        },
        {
            "id": "legal",
            "type": "text",
            "style": "small",
            "size": 7,
            "required": True,
            "text": words["legal"],
            "box": [18, 280, 120, 8],
        },
    ]


def _card() -> list[Json]:
    return [
        {"id": "photo", "type": "image", "image": "hero", "box": [0, 0, 1200, 630]},
        {
            "id": "shade",
            "type": "shape",
            "shape": "rectangle",
            "fill": "night",
            "opacity": 0.5,
            "box": [0, 0, 1200, 630],
        },
        {
            "id": "headline",
            "type": "text",
            "style": "headline",
            "size": 76,
            "smallest": 40,
            "text": "{{headline}}",
            "box": [72, 110, 1056, 290],
            "open": {"content": True},
        },
        {
            "id": "plate",
            "type": "shape",
            "shape": "rectangle",
            "fill": "white",
            "radius": 18,
            "box": [72, 460, 330, 118],
        },
        {"id": "logo", "type": "partner_logo", "style": "label", "align": "center", "box": [96, 478, 282, 82]},
        {
            "id": "web",
            "type": "text",
            "style": "label",
            "size": 28,
            "color": "white",
            "align": "end",
            "text": "{{partner.web}}",
            "box": [560, 490, 568, 60],
        },
    ]


def deck(script: str) -> Json:
    """Two slides."""
    words = WORDS[script]
    slide = {"id": "ground", "type": "shape", "shape": "rectangle", "fill": "night", "box": [0, 0, 320, 180]}
    return {
        **_head(script, "deck"),
        "formats": {
            "wide": {
                "width": 320,
                "height": 180,
                "unit": "mm",
                "pages": [
                    {
                        "label": "Start",
                        "elements": [
                            slide,
                            {
                                "id": "headline",
                                "type": "text",
                                "style": "headline",
                                "size": 44,
                                "text": "{{headline}}",
                                "box": [24, 40, 272, 70],
                                "open": {"content": True},
                            },
                            {
                                "id": "logo",
                                "type": "partner_logo",
                                "style": "headline",
                                "background": "dark",
                                "box": [24, 136, 80, 26],
                            },
                        ],
                    },
                    {
                        "label": "Plan",
                        "background": "white",
                        "elements": [
                            {
                                "id": "kicker",
                                "type": "text",
                                "style": "kicker",
                                "size": 20,
                                "text": words["kicker"],
                                "box": [24, 20, 272, 14],
                            },
                            {
                                "id": "body",
                                "type": "rich_text",
                                "style": "body",
                                "size": 22,
                                "text": "{{body}}",
                                "box": [24, 40, 272, 90],
                                "open": {"content": True},
                            },
                            {
                                "id": "contact",
                                "type": "contact_block",
                                "style": "small",
                                "size": 11,
                                "lines": ["{{partner.trade_name}}", "{{partner.web}}"],
                                "box": [24, 144, 140, 20],
                            },
                        ],
                    },
                ],
            }
        },
    }


def finished(script: str) -> Json:
    """A finished brochure with zones on its first page, which is turned, and its second."""
    head = _head(script, "document")
    return {
        **head,
        "variables": {"headline": head["variables"]["headline"]},
        "documents": {"brochure": {"asset_name": "brochure"}},
        "formats": {
            "brochure": {
                "unit": "mm",
                "finished": "brochure",
                "pages": [
                    {
                        "page": 1,
                        "elements": [
                            {"id": "logo", "type": "partner_logo", "style": "label", "box": [74, 12, 60, 20]},
                            {
                                "id": "headline",
                                "type": "text",
                                "style": "label",
                                "size": 18,
                                "text": "{{headline}}",
                                "box": [20, 100, 110, 20],
                                "open": {"content": True},
                            },
                        ],
                    },
                    {
                        "page": 2,
                        "elements": [
                            {"id": "contact", "type": "contact_block", "style": "small", "box": [20, 150, 100, 44]}
                        ],
                    },
                ],
            }
        },
    }


def brochure() -> bytes:
    """Three A5 pages as a designer's program writes them; the first is turned by a quarter."""
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=A5, invariant=1)
    canvas.setPageRotation(90)
    for number in (1, 2, 3):
        canvas.setFillColorRGB(0.95, 0.95, 0.97)
        canvas.rect(0, 0, 600, 600, stroke=0, fill=1)
        canvas.setFillColorRGB(0.1, 0.1, 0.2)
        canvas.setFont("Helvetica", 20)
        canvas.drawString(40, 300, f"Finished page {number}")
        canvas.showPage()
    canvas.save()
    return written.getvalue()


DOCUMENTS = {"flyer": flyer, "deck": deck, "finished": finished}


def inputs(kind: str, script: str) -> Inputs:
    """Everything for one render, the same on every machine."""
    raw = DOCUMENTS[kind](script)
    content_hash = engine.hash_of(raw)
    light, dark = factory.picture(factory.logo()), factory.picture(factory.logo((255, 255, 255)))
    file = factory.picture(brochure())
    return Inputs(
        content_hash,
        engine.document_of(content_hash, raw),
        values={},
        partner=PARTNERS[script],
        brand=factory.HALDEN,
        locale=WORDS[script]["locale"],
        title=f"Golden {kind}",
        logos={"light": light, "dark": dark},
        images={"hero": PictureFile(*_hero(), alt="Hills under a blue sky")} if "hero" in raw.get("images", {}) else {},
        documents={"brochure": InputFile(file.sha256, file.read)} if kind == "finished" else {},
    )


def _hero() -> tuple[str, Any]:
    photo = factory.picture(factory.photo(800, 550))
    return photo.sha256, photo.read
