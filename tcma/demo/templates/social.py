"""The picture for social networks: wide and square."""

from tcma.demo.templates.words import (
    COLORS,
    CREAM,
    EMBER,
    ESPRESSO,
    FONTS,
    GOLD,
    IMAGES,
    INK,
    KICKER,
    PAPER,
    VARIABLES,
    Json,
)


def social() -> Json:
    """Give the picture to share: wide and square."""
    return {
        "schema": 1,
        "kind": "social",
        "locale": "en",
        "scripts": ["latin"],
        "brand": {"colors": COLORS, "fonts": FONTS, "styles": _screen_styles()},
        "images": {name: IMAGES[name] for name in ("espresso", "brand_logo_dark")},
        "variables": {name: VARIABLES[name] for name in ("headline", "when")},
        "formats": {"1200x630": _wide(), "1080x1080": _square()},
    }


def _screen_styles() -> Json:
    base = {"font": "brand", "color": CREAM}
    return {
        "kicker": base | {"weight": 700, "size": 20, "smallest": 15, "letter_spacing": 0.16, "color": GOLD},
        "headline": base | {"weight": 800, "size": 72, "smallest": 36, "line_height": 1.06},
        "when": base | {"weight": 600, "size": 27, "smallest": 19, "color": GOLD},
        "logo_name": base | {"weight": 800, "size": 34, "smallest": 18, "color": INK},
        "address": base | {"weight": 500, "size": 20, "smallest": 14, "color": CREAM, "line_height": 1.35},
    }


def _wide() -> Json:
    elements: list[Json] = [
        {"id": "photo", "type": "image", "image": "espresso", "box": [560, 0, 640, 630], "focus": [0.42, 0.4]},
        {"id": "ground", "type": "shape", "shape": "rectangle", "fill": ESPRESSO, "box": [0, 0, 640, 630]},
        {"id": "edge", "type": "shape", "shape": "rectangle", "fill": EMBER, "box": [640, 0, 10, 630]},
        {
            "id": "brand_logo",
            "type": "image",
            "image": "brand_logo_dark",
            "fit": "contain",
            "focus": [0, 0.5],
            "box": [52, 44, 196, 50],
        },
        {
            "id": "kicker",
            "type": "text",
            "text": KICKER,
            "style": "kicker",
            "max_lines": 1,
            "valign": "bottom",
            "box": [52, 128, 540, 30],
        },
        _headline([52, 166, 548, 250]),
        _when([52, 424, 548, 40]),
        {"id": "card", "type": "shape", "shape": "rectangle", "fill": PAPER, "radius": 12, "box": [52, 488, 260, 104]},
        {
            "id": "partner_logo",
            "type": "partner_logo",
            "style": "logo_name",
            "background": "light",
            "align": "center",
            "box": [72, 502, 220, 76],
        },
        _address([336, 488, 280, 104]),
    ]
    return {
        "label": "Wide, 1200 × 630",
        "width": 1200,
        "height": 630,
        "unit": "px",
        "background": ESPRESSO,
        "elements": elements,
    }


def _square() -> Json:
    elements: list[Json] = [
        {"id": "photo", "type": "image", "image": "espresso", "box": [0, 0, 1080, 560], "focus": [0.45, 0.42]},
        {"id": "ground", "type": "shape", "shape": "rectangle", "fill": ESPRESSO, "box": [0, 550, 1080, 530]},
        {"id": "edge", "type": "shape", "shape": "rectangle", "fill": EMBER, "box": [0, 550, 1080, 10]},
        {
            "id": "badge",
            "type": "shape",
            "shape": "rectangle",
            "fill": ESPRESSO,
            "radius": 14,
            "box": [48, 48, 270, 98],
        },
        {"id": "brand_logo", "type": "image", "image": "brand_logo_dark", "fit": "contain", "box": [72, 66, 222, 62]},
        {
            "id": "kicker",
            "type": "text",
            "text": KICKER,
            "style": "kicker",
            "max_lines": 1,
            "valign": "bottom",
            "box": [64, 592, 952, 32],
        },
        _headline([64, 632, 952, 190]) | {"size": 84},
        _when([64, 832, 952, 44]),
        {"id": "card", "type": "shape", "shape": "rectangle", "fill": PAPER, "radius": 14, "box": [64, 902, 330, 130]},
        {
            "id": "partner_logo",
            "type": "partner_logo",
            "style": "logo_name",
            "background": "light",
            "align": "center",
            "box": [90, 918, 278, 98],
        },
        _address([426, 902, 590, 130]),
    ]
    return {
        "label": "Square, 1080 × 1080",
        "width": 1080,
        "height": 1080,
        "unit": "px",
        "background": ESPRESSO,
        "elements": elements,
    }


def _headline(box: list[float]) -> Json:
    return {
        "id": "headline",
        "type": "text",
        "text": "{{headline}}",
        "style": "headline",
        "valign": "middle",
        "max_lines": 4,
        "box": box,
        "open": {"content": True},
    }


def _when(box: list[float]) -> Json:
    return {
        "id": "when",
        "type": "text",
        "text": "{{when}}",
        "style": "when",
        "valign": "middle",
        "max_lines": 1,
        "box": box,
        "open": {"content": True},
    }


def _address(box: list[float]) -> Json:
    return {
        "id": "address",
        "type": "contact_block",
        "style": "address",
        "valign": "middle",
        "lines": ["{{partner.street}}", "{{partner.postal_code}} {{partner.city}}", "{{partner.phone}}"],
        "box": box,
    }
