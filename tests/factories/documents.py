"""Template documents that use all there is, for tests."""

from typing import Any

from tests.factories import cobranding


def whole() -> dict[str, Any]:
    """A flyer of two pages with every type of variable, a group, conditions, an anchor, inks and a safe area."""
    raw = cobranding.flyer()
    raw["brand"]["colors"]["brand_blue"] = {"rgb": "#0055A4", "cmyk": [100, 60, 0, 10]}
    raw["brand"]["fonts"] = {
        "sans": {"family": "inter", "fallback": ["noto"]},
        "noto": {"family": "noto-sans"},
    }
    raw["variables"] |= {
        "intro": {"type": "rich_text", "max_length": 200, "default": "Come and **see** it.\n\n- one\n- two"},
        "offer": {
            "type": "choice",
            "choices": [{"value": "trial", "text": "Free trial"}, {"value": "talk", "text": "A talk"}],
            "default": "trial",
        },
        "seats": {"type": "number", "minimum": 1, "maximum": 100, "default": 10},
        "day": {"type": "date"},
        "photo": {"type": "image", "default": "hero", "categories": ["campaign", "people"]},
        "own_logo": {"type": "logo"},
        "office": {"type": "contact", "fields": ["phone", "email", "city"]},
        "quote": {"type": "text", "must_change": True, "default": {"en": "Say what a customer said."}},
        "claim": {"type": "text", "editable": False, "default": "Fixed by the brand"},
    }
    raw["formats"] = {"a4": pages(), "square": raw["formats"]["square"]}
    return raw


def pages() -> dict[str, Any]:
    """Two pages of A4."""
    return {
        "label": "A4",
        "width": 210,
        "height": 297,
        "unit": "mm",
        "bleed": 3,
        "safe": 5,
        "marks": True,
        "outputs": ["pdf", "screen_pdf", "jpg"],
        "pages": [
            {"label": "Front", "background": "white", "elements": front()},
            {"label": "Back", "elements": back()},
        ],
    }


def front() -> list[dict[str, Any]]:
    """A picture in the bleed, a headline, what follows it, and a group."""
    open_content = {"content": True}
    return [
        {"id": "photo", "type": "image", "variable": "photo", "box": [-3, -3, 216, 100], "open": open_content},
        {
            "id": "headline",
            "type": "text",
            "style": "headline",
            "color": "brand_blue",
            "text": "{{headline}}",
            "box": [18, 100, 174, 50],
            "open": {"content": True, "style": {"choices": ["headline", "lead"]}},
        },
        {
            "id": "intro",
            "type": "rich_text",
            "style": "lead",
            "strong_style": "label",
            "text": "{{intro}}",
            "box": [18, 155, 174, 40],
            "anchor": {"to": "headline", "edge": "below", "gap": 4},
            "open": open_content,
        },
        {
            "id": "stamp",
            "type": "group",
            "box": [120, 200, 70, 40],
            "when": {"variable": "offer", "is": ["trial"]},
            "elements": [
                {"id": "plate", "type": "shape", "shape": "rectangle", "fill": "accent", "box": [0, 0, 70, 20]},
                {
                    "id": "stamp_text",
                    "type": "text",
                    "style": "label",
                    "text": "{{offer}}: {{seats}} seats",
                    "box": [2, 2, 66, 16],
                    "when": {"partner": "tier", "is_not": ["bronze"]},
                    "open": open_content,
                },
            ],
        },
        {
            "id": "badge",
            "type": "text",
            "style": "label",
            "text": "Gold partner in {{partner.region}}",
            "box": [18, 200, 60, 8],
            "when": [{"partner": "tier", "is": ["gold"]}, {"variable": "day", "is": [""]}],
        },
    ]


def back() -> list[dict[str, Any]]:
    """Who it comes from, and what has to be said."""
    open_content = {"content": True}
    return [
        {
            "id": "logo",
            "type": "partner_logo",
            "style": "label",
            "variable": "own_logo",
            "clear_space": 2,
            "min_width": 20,
            "box": [18, 20, 62, 22],
            "link": "{{partner.web}}",
            "open": {"content": True, "position": {"within": [10, 10, 100, 60]}},
        },
        {
            "id": "office",
            "type": "contact_block",
            "style": "small",
            "name_style": "label",
            "variable": "office",
            "box": [90, 20, 80, 44],
            "open": open_content,
        },
        {
            "id": "quote",
            "type": "text",
            "style": "lead",
            "text": "{{quote}}",
            "box": [18, 80, 174, 30],
            "open": open_content,
        },
        {"id": "claim", "type": "text", "style": "small", "text": "{{claim}}", "box": [18, 120, 174, 10]},
        {"id": "rule", "type": "line", "stroke": "ink", "box": [18, 140, 174, 0]},
        {
            "id": "code",
            "type": "qr",
            "link": "{{link}}",
            "background": "white",
            "box": [18, 150, 30, 30],
            "open": open_content,
        },
        {
            "id": "terms",
            "type": "text",
            "style": "small",
            "required": True,
            "text": "Terms apply.",
            "box": [18, 280, 90, 8],
        },
    ]


def finished() -> dict[str, Any]:
    """A white paper of the brand with zones on two of its pages."""
    raw = cobranding.flyer()
    raw["kind"] = "document"
    raw["variables"] = {}
    raw["images"] = {}
    raw["documents"] = {"paper": {"asset_name": "White paper"}}
    logo = {"id": "logo", "type": "partner_logo", "style": "label", "box": [18, 20, 62, 22]}
    office = {"id": "office", "type": "contact_block", "style": "small", "box": [18, 20, 62, 44]}
    raw["formats"] = {
        "paper": {
            "unit": "mm",
            "finished": "paper",
            "outputs": ["pdf", "jpg"],
            "pages": [{"page": 1, "elements": [logo]}, {"page": 4, "elements": [office]}],
        }
    }
    return raw


def deck() -> dict[str, Any]:
    """Two slides."""
    raw = cobranding.flyer()
    raw["kind"] = "deck"
    title = {"id": "title", "type": "text", "style": "lead", "text": "Hello", "box": [20, 20, 200, 40]}
    closing = {"id": "logo", "type": "partner_logo", "style": "label", "box": [20, 20, 62, 22]}
    raw["variables"] = {}
    raw["formats"] = {
        "slides": {
            "unit": "mm",
            "width": 338.7,
            "height": 190.5,
            "outputs": ["pptx", "screen_pdf"],
            "pages": [{"elements": [title]}, {"elements": [closing]}],
        }
    }
    return raw
