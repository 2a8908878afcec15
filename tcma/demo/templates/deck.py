"""The slides for a talk at a customer's: three pages that every partner shows in its own name."""

from tcma.demo.templates.words import COLORS, CREAM, EMBER, ESPRESSO, FACTS, FONTS, GOLD, IMAGES, INK, SOFT, Json

WIDTH, HEIGHT = 320, 180
TITLE = {
    "en": "Better coffee, fewer machines",
    "de": "Besserer Kaffee, weniger Maschinen",
    "fr": "Un meilleur café, moins de machines",
    "es": "Mejor café, menos máquinas",
}
PLAN = {
    "en": "- We look at how your office drinks coffee\n- One **Caldera Duo** on trial for two weeks\n"
    "- You decide; we take back what you do not need",
    "de": "- Wir sehen uns an, wie Ihr Büro Kaffee trinkt\n- Eine **Caldera Duo** zwei Wochen zur Probe\n"
    "- Sie entscheiden; was Sie nicht brauchen, nehmen wir zurück",
    "fr": "- Nous regardons comment votre bureau boit son café\n- Une **Caldera Duo** à l’essai deux semaines\n"
    "- Vous décidez ; nous reprenons le reste",
    "es": "- Vemos cómo toma café su oficina\n- Una **Caldera Duo** a prueba dos semanas\n"
    "- Usted decide; recogemos lo que no necesite",
}
NEXT = {"en": "What happens next", "de": "Wie es weitergeht", "fr": "Et ensuite", "es": "Los siguientes pasos"}


def deck() -> Json:
    """Give the slides: title and plan are open, the partner's mark stands on the first and on the last."""
    return {
        "schema": 1,
        "kind": "deck",
        "locale": "en",
        "scripts": ["latin"],
        "brand": {"colors": COLORS, "fonts": FONTS, "styles": _styles()},
        "images": {name: IMAGES[name] for name in ("espresso", "brand_logo_dark")},
        "variables": {
            "title": {"type": "text", "label": "Title", "required": True, "max_length": 60, "default": TITLE},
            "plan": {"type": "rich_text", "label": "Your plan", "max_length": 300, "default": PLAN},
        },
        "formats": {
            "wide": {
                "label": "Slides 16:9",
                "width": WIDTH,
                "height": HEIGHT,
                "unit": "mm",
                "pages": [
                    {"label": "Title", "background": ESPRESSO, "elements": _title()},
                    {"label": "Three figures", "background": CREAM, "elements": _figures()},
                    {"label": "Plan", "background": CREAM, "elements": _plan()},
                ],
            }
        },
    }


def _styles() -> Json:
    base = {"font": "brand", "color": INK}
    return {
        "title": base | {"weight": 800, "size": 50, "smallest": 28, "line_height": 1.06, "color": CREAM},
        "figure": base | {"weight": 800, "size": 88, "letter_spacing": -0.03, "color": EMBER},
        "fact": base | {"weight": 500, "size": 20, "smallest": 14, "color": SOFT},
        "heading": base | {"weight": 800, "size": 34, "smallest": 22},
        "plan": base | {"size": 22, "smallest": 14, "line_height": 1.5},
        "strong": base | {"weight": 700, "size": 22, "smallest": 14, "line_height": 1.5},
        "contact": base | {"size": 14, "smallest": 10, "line_height": 1.4},
        "name": base | {"weight": 700, "size": 18, "smallest": 11},
        "name_light": base | {"weight": 700, "size": 22, "smallest": 12, "color": CREAM},
    }


def _title() -> list[Json]:
    return [
        {"id": "photo", "type": "image", "image": "espresso", "box": [190, 0, 130, 180], "focus": [0.45, 0.45]},
        {"id": "edge", "type": "shape", "shape": "rectangle", "fill": GOLD, "box": [187, 0, 3, 180]},
        {
            "id": "brand_logo",
            "type": "image",
            "image": "brand_logo_dark",
            "fit": "contain",
            "focus": [0, 0.5],
            "box": [20, 16, 60, 14],
        },
        {
            "id": "title",
            "type": "text",
            "text": "{{title}}",
            "style": "title",
            "valign": "middle",
            "box": [20, 46, 150, 76],
            "open": {"content": True},
        },
        {
            "id": "logo",
            "type": "partner_logo",
            "style": "name_light",
            "background": "dark",
            "box": [20, 136, 90, 28],
        },
    ]


def _figures() -> list[Json]:
    elements: list[Json] = []
    for at, (figure, words) in enumerate(FACTS):
        left = 20 + at * 98
        elements += [
            {"id": f"figure_{at + 1}", "type": "text", "text": figure, "style": "figure", "box": [left, 46, 84, 42]},
            {"id": f"fact_{at + 1}", "type": "text", "text": words, "style": "fact", "box": [left, 92, 84, 34]},
        ]
    return elements


def _plan() -> list[Json]:
    return [
        {"id": "heading", "type": "text", "text": NEXT, "style": "heading", "box": [20, 20, 280, 18]},
        {
            "id": "plan",
            "type": "rich_text",
            "text": "{{plan}}",
            "style": "plan",
            "strong_style": "strong",
            "box": [20, 46, 280, 74],
            "open": {"content": True},
        },
        {"id": "rule", "type": "line", "stroke": EMBER, "stroke_width": 0.8, "box": [20, 128, 280, 0]},
        {"id": "logo_last", "type": "partner_logo", "style": "name", "box": [20, 138, 80, 26]},
        {
            "id": "contact",
            "type": "contact_block",
            "style": "contact",
            "name_style": "name",
            "lines": ["{{partner.trade_name}}", "{{partner.phone}}", "{{partner.web}}"],
            "box": [190, 136, 110, 32],
        },
    ]
