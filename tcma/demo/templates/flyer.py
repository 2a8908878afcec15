"""The flyer: A4 and US Letter."""

from tcma.demo.templates.words import (
    BOOK,
    COLORS,
    CREAM,
    EMBER,
    ESPRESSO,
    FACTS,
    FONTS,
    GOLD,
    IMAGES,
    INK,
    INVITATION,
    KICKER,
    PAPER,
    PARTNER_LABEL,
    SOFT,
    VARIABLES,
    Json,
)


def flyer() -> Json:
    """Give the flyer: A4 and US Letter, photograph on top, one open headline, the partner's mark at the foot."""
    return {
        "schema": 1,
        "kind": "flyer",
        "locale": "en",
        "scripts": ["latin"],
        "brand": {"colors": COLORS, "fonts": FONTS, "styles": _print_styles()},
        "images": {name: IMAGES[name] for name in ("espresso", "brand_logo")},
        "variables": {
            **VARIABLES,
            "invitation": {
                "type": "text",
                "label": {"en": "Invitation", "de": "Einladung", "fr": "Invitation", "es": "Invitación"},
                "default": INVITATION,
                "max_length": 320,
                "required": True,
            },
        },
        "formats": {
            "a4": _flyer_page(210, 297, "A4"),
            "letter": _flyer_page(215.9, 279.4, "US Letter"),
        },
    }


def _print_styles() -> Json:
    base = {"font": "brand", "color": INK}
    return {
        "kicker": base | {"weight": 700, "size": 10.5, "letter_spacing": 0.16, "color": EMBER, "align": "right"},
        "headline": base
        | {"weight": 800, "size": 39, "smallest": 22, "line_height": 1.06, "letter_spacing": -0.022, "color": CREAM},
        "when": base | {"weight": 600, "size": 13, "smallest": 9, "color": GOLD},
        "invitation": base | {"size": 12.5, "smallest": 9.5, "line_height": 1.5},
        "figure": base | {"weight": 800, "size": 30, "letter_spacing": -0.03, "color": EMBER},
        "fact": base | {"weight": 500, "size": 10.5, "smallest": 8, "line_height": 1.25, "color": SOFT},
        "label": base | {"weight": 700, "size": 7.5, "smallest": 6, "letter_spacing": 0.14, "color": GOLD},
        "partner_name": base | {"weight": 700, "size": 13, "smallest": 8, "line_height": 1.35, "color": CREAM},
        "contact": base | {"size": 9.5, "smallest": 7, "line_height": 1.42, "color": CREAM},
        "logo_name": base | {"weight": 800, "size": 18, "smallest": 9},
        "code": base | {"weight": 600, "size": 8, "smallest": 6, "align": "center", "color": CREAM},
        "legal": base | {"size": 6.2, "smallest": 5, "color": "#B9A394"},
    }


def _flyer_page(width: float, height: float, label: str) -> Json:
    """Lay the page out from its two edges: the head hangs from the top, the foot stands on the bottom."""
    foot = height - 58
    photo_end = height * 0.49
    panel = photo_end - 27
    text = photo_end + 52
    elements: list[Json] = [
        {
            "id": "photo",
            "type": "image",
            "image": "espresso",
            "box": [-3, 25, width + 6, photo_end - 25],
            "focus": [0.5, 0.42],
        },
        {
            "id": "brand_logo",
            "type": "image",
            "image": "brand_logo",
            "fit": "contain",
            "focus": [0, 0.5],
            "box": [14, 7, 48, 12],
        },
        {
            "id": "kicker",
            "type": "text",
            "text": KICKER,
            "style": "kicker",
            "valign": "middle",
            "box": [width - 94, 7, 80, 12],
        },
        {
            "id": "panel",
            "type": "shape",
            "shape": "rectangle",
            "fill": ESPRESSO,
            "radius": 2,
            "box": [14, panel, 132, 66],
        },
        {"id": "accent", "type": "shape", "shape": "rectangle", "fill": EMBER, "box": [22, panel + 9, 14, 1.4]},
        {
            "id": "headline",
            "type": "text",
            "text": "{{headline}}",
            "style": "headline",
            "valign": "middle",
            "max_lines": 3,
            "box": [22, panel + 13, 118, 37],
            "open": {"content": True},
        },
        {
            "id": "when",
            "type": "text",
            "text": "{{when}}",
            "style": "when",
            "valign": "middle",
            "max_lines": 1,
            "box": [22, panel + 52.5, 118, 7],
            "open": {"content": True},
        },
        {
            "id": "invitation",
            "type": "text",
            "text": "{{invitation}}",
            "style": "invitation",
            "box": [14, text - 6, 108, foot - text],
            "open": {"content": True},
        },
    ]
    step = (foot - photo_end - 12) / 3
    for at, (figure, words) in enumerate(FACTS):
        top = photo_end + 6 + at * step
        elements += [
            {
                "id": f"figure_{at}",
                "type": "text",
                "text": figure,
                "style": "figure",
                "valign": "middle",
                "box": [width - 60, top, 18, step],
            },
            {
                "id": f"fact_{at}",
                "type": "text",
                "text": words,
                "style": "fact",
                "valign": "middle",
                "box": [width - 41, top, 28, step],
            },
        ]
        if at:
            elements.append(
                {
                    "id": f"rule_{at}",
                    "type": "line",
                    "stroke": "#DDCDBB",
                    "stroke_width": 0.25,
                    "box": [width - 60, top, 46, 0],
                }
            )
    elements += [
        {"id": "foot", "type": "shape", "shape": "rectangle", "fill": ESPRESSO, "box": [-3, foot, width + 6, 61]},
        {
            "id": "card",
            "type": "shape",
            "shape": "rectangle",
            "fill": PAPER,
            "radius": 2,
            "box": [14, foot + 10, 62, 34],
        },
        {
            "id": "partner_logo",
            "type": "partner_logo",
            "style": "logo_name",
            "background": "light",
            "align": "center",
            "box": [19, foot + 14, 52, 26],
        },
        {"id": "label", "type": "text", "text": PARTNER_LABEL, "style": "label", "box": [86, foot + 10, 66, 4]},
        {
            "id": "contact",
            "type": "contact_block",
            "style": "contact",
            "name_style": "partner_name",
            "box": [86, foot + 15, 72, 30],
        },
        {
            "id": "code",
            "type": "qr",
            "link": "{{link}}",
            "color": ESPRESSO,
            "background": PAPER,
            "box": [width - 43, foot + 10, 29, 29],
            "open": {"content": True},
        },
        {
            "id": "code_label",
            "type": "text",
            "text": BOOK,
            "style": "code",
            "valign": "middle",
            "box": [width - 46, foot + 39.5, 35, 5],
        },
        {
            "id": "legal",
            "type": "text",
            "text": "{{brand.postal_address}} · {{brand.web}}",
            "style": "legal",
            "valign": "middle",
            "box": [14, foot + 49.5, width - 28, 4],
        },
    ]
    return {
        "label": label,
        "width": width,
        "height": height,
        "unit": "mm",
        "bleed": 3,
        "background": CREAM,
        "elements": elements,
    }
