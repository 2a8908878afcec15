"""A brochure that a designer finished elsewhere: its pages, and the template that marks zones on them."""

from cobranding.rendering import engine
from cobranding.rendering.inputs import Brand, Inputs, Partner, PictureFile, RenderedFile
from tcma.demo.templates.words import COLORS, CREAM, EMBER, ESPRESSO, FACTS, FONTS, GOLD, INK, INVITATION, SOFT, Json

NAME = "Caldera Duo brochure"
WIDTH, HEIGHT = 148, 210


def brochure() -> Json:
    """Give the template: the partner's logo on the cover, its contact lines and a code on the last page."""
    base = {"font": "brand", "color": INK}
    return {
        "schema": 1,
        "kind": "document",
        "locale": "en",
        "scripts": ["latin"],
        "brand": {
            "colors": COLORS,
            "fonts": FONTS,
            "styles": {
                "name": base | {"weight": 800, "size": 14, "smallest": 8},
                "contact": base | {"size": 9.5, "smallest": 7, "line_height": 1.4},
            },
        },
        "documents": {"pages": {"asset_name": NAME}},
        "variables": {
            "link": {"type": "link", "label": "Where the code leads", "default": "https://brand.example/duo"}
        },
        "formats": {
            "brochure": {
                "label": "Brochure",
                "unit": "mm",
                "finished": "pages",
                "pages": [
                    {
                        "page": 1,
                        "label": "Cover",
                        "elements": [{"id": "logo", "type": "partner_logo", "style": "name", "box": [14, 184, 50, 16]}],
                    },
                    {
                        "page": 3,
                        "label": "Back",
                        "elements": [
                            {
                                "id": "contact",
                                "type": "contact_block",
                                "style": "contact",
                                "name_style": "name",
                                "box": [14, 140, 80, 50],
                            },
                            {
                                "id": "code",
                                "type": "qr",
                                "link": "{{link}}",
                                "background": "paper",
                                "box": [104, 140, 30, 30],
                                "open": {"content": True},
                            },
                        ],
                    },
                ],
            }
        },
    }


def pages(photo: PictureFile) -> RenderedFile:
    """Draw the finished pages, as the designer's program would have written them."""
    raw = _pages()
    content_hash = engine.hash_of(raw)
    inputs = Inputs(
        content_hash=content_hash,
        document=engine.document_of(content_hash, raw),
        values={},
        partner=Partner(),
        brand=Brand(),
        locale="en",
        title=NAME,
        images={"photo": photo},
    )
    return engine.render(inputs, "a5", "pdf")


def _pages() -> Json:
    base = {"font": "brand", "color": INK}
    return {
        "schema": 1,
        "kind": "flyer",
        "locale": "en",
        "brand": {
            "colors": COLORS,
            "fonts": FONTS,
            "styles": {
                "title": base | {"weight": 800, "size": 40, "line_height": 1.04, "color": CREAM},
                "figure": base | {"weight": 800, "size": 44, "color": EMBER},
                "fact": base | {"size": 12, "color": SOFT},
                "body": base | {"size": 11, "smallest": 8, "line_height": 1.55},
                "heading": base | {"weight": 800, "size": 20},
            },
        },
        "images": {"photo": {"asset_name": "photo", "alt": "An espresso in a red cup on an oak table"}},
        "formats": {
            "a5": {
                "width": WIDTH,
                "height": HEIGHT,
                "unit": "mm",
                "background": CREAM,
                "pages": [{"elements": _cover()}, {"elements": _inside()}, {"elements": _back()}],
            }
        },
    }


def _cover() -> list[Json]:
    return [
        {"id": "photo", "type": "image", "image": "photo", "box": [0, 0, WIDTH, 120], "focus": [0.5, 0.45]},
        {"id": "panel", "type": "shape", "shape": "rectangle", "fill": ESPRESSO, "box": [0, 96, WIDTH, 78]},
        {"id": "edge", "type": "shape", "shape": "rectangle", "fill": GOLD, "box": [14, 108, 22, 1.6]},
        {"id": "title", "type": "text", "style": "title", "text": "The new\nCaldera Duo", "box": [14, 116, 120, 44]},
    ]


def _inside() -> list[Json]:
    elements: list[Json] = [
        {
            "id": "inside_heading",
            "type": "text",
            "style": "heading",
            "text": "Two cups at once",
            "box": [14, 20, 120, 12],
        },
        {"id": "inside_body", "type": "text", "style": "body", "text": INVITATION["en"], "box": [14, 36, 120, 50]},
    ]
    for at, (figure, words) in enumerate(FACTS):
        top = 100 + at * 32
        elements += [
            {"id": f"figure_{at + 1}", "type": "text", "style": "figure", "text": figure, "box": [14, top, 30, 22]},
            {
                "id": f"fact_{at + 1}",
                "type": "text",
                "style": "fact",
                "text": words["en"],
                "box": [48, top + 7, 86, 12],
            },
        ]
    return elements


def _back() -> list[Json]:
    return [
        {
            "id": "back_heading",
            "type": "text",
            "style": "heading",
            "text": "Your Caldera partner",
            "box": [14, 118, 120, 12],
        },
        {"id": "rule", "type": "line", "stroke": EMBER, "stroke_width": 0.6, "box": [14, 134, 120, 0]},
    ]
