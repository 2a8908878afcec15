"""The JSON schema of a template document, version 1: what each part of it looks like on its own."""

from typing import Any

SCHEMA_VERSION = 1
"""Raised when a document of the old shape would be read differently."""

LOCALE = "^[a-z]{2}(-[A-Z]{2})?$"
NAME = "^[a-z][a-z0-9_]{0,39}$"
FORMAT_NAME = "^[a-z0-9][a-z0-9_x-]{0,39}$"
COLOR = "^(#[0-9A-Fa-f]{6}|[a-z][a-z0-9_]{0,39})$"

OUTPUTS = ("pdf", "screen_pdf", "pptx", "jpg", "webp", "png")

Json = dict[str, Any]


def _object(required: list[str], properties: Json, **more: Any) -> Json:
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False, **more}


def _map(key: str, of: Json, most: int, **more: Any) -> Json:
    return {
        "type": "object",
        "propertyNames": {"pattern": key},
        "additionalProperties": of,
        "maxProperties": most,
        **more,
    }


def _number(lowest: float, highest: float) -> Json:
    return {"type": "number", "minimum": lowest, "maximum": highest}


def _ref(name: str) -> Json:
    return {"$ref": f"#/$defs/{name}"}


def _by(key: str, kinds: dict[str, Json]) -> Json:
    """Choose the shape by one property, so that an error speaks of the chosen shape only."""
    return {
        "type": "object",
        "required": [key],
        "properties": {key: {"enum": list(kinds)}},
        "allOf": [
            {"if": {"properties": {key: {"const": name}}, "required": [key]}, "then": shape}
            for name, shape in kinds.items()
        ],
    }


VALUE: Json = {"type": "string", "maxLength": 200}
WORDS = {"type": "string", "maxLength": 5000}
TEXT: Json = {"oneOf": [WORDS, _map(LOCALE, WORDS, 40, minProperties=1)]}
SHORT: Json = {"type": "string", "minLength": 1, "maxLength": 120}
LABEL: Json = {"oneOf": [SHORT, _map(LOCALE, SHORT, 40, minProperties=1)]}

BOX: Json = {
    "type": "array",
    "description": "[left, top, width, height] from the top left corner of the trimmed page, in the unit of the format",
    "items": {"type": "number", "minimum": -20000, "maximum": 20000},
    "minItems": 4,
    "maxItems": 4,
}
OPEN: Json = _object(
    [],
    {
        "content": {"type": "boolean", "description": "the partner may change what the element says or shows"},
        "position": _object(["within"], {"within": _ref("box")}),
        "style": _object(
            ["choices"],
            {"choices": {"type": "array", "items": {"type": "string", "pattern": NAME}, "minItems": 1, "maxItems": 12}},
        ),
    },
    description="What is opened to the partner, on three axes. Everything that is not named here is locked.",
)
WHEN: Json = {
    "description": "the element is drawn when this holds; in a list, when all of them do",
    "oneOf": [_ref("condition"), {"type": "array", "items": _ref("condition"), "minItems": 1, "maxItems": 8}],
}
CONDITION: Json = _object(
    [],
    {
        "variable": {"type": "string", "pattern": NAME},
        "partner": {"enum": ["tier", "region", "country"]},
        "is": {"type": "array", "items": VALUE, "minItems": 1, "maxItems": 60},
        "is_not": {"type": "array", "items": VALUE, "minItems": 1, "maxItems": 60},
    },
    allOf=[
        {"oneOf": [{"required": ["variable"]}, {"required": ["partner"]}]},
        {"oneOf": [{"required": ["is"]}, {"required": ["is_not"]}]},
    ],
    description="one of some values, or none of them; the empty text stands for a variable without a value",
)
ANCHOR: Json = _object(
    ["to", "edge"],
    {
        "to": {"type": "string", "pattern": NAME, "description": "the id of an element that stands before this one"},
        "edge": {"enum": ["below", "above", "right_of", "left_of"]},
        "gap": _number(-2000, 2000),
    },
    description="follow another element when it took less room than its box, or none",
)
COMMON: Json = {
    "id": {"type": "string", "pattern": NAME},
    "type": {"type": "string"},
    "label": LABEL,
    "box": _ref("box"),
    "open": OPEN,
    "when": WHEN,
    "anchor": ANCHOR,
    "required": {"type": "boolean", "description": "a disclaimer: without it, nothing is produced"},
}
LINKED: Json = {
    "link": {"type": "string", "maxLength": 1000, "description": "where it leads in screen PDFs; tokens are allowed"}
}
ALIGN: Json = {"enum": ["start", "end", "left", "center", "right"]}
STYLED: Json = {
    "style": {"type": "string", "pattern": NAME},
    "size": _number(1, 2000),
    "smallest": _number(1, 2000),
    "align": ALIGN,
    "valign": {"enum": ["top", "middle", "bottom"]},
    "color": _ref("color"),
}


def _element(required: list[str], properties: Json) -> Json:
    return _object(["id", "type", "box", *required], {**COMMON, **properties})


LINES: Json = {"type": "integer", "minimum": 1, "maximum": 200}
ELEMENTS: dict[str, Json] = {
    "text": _element(["text", "style"], {"text": TEXT, **STYLED, **LINKED, "max_lines": LINES}),
    "rich_text": _element(
        ["text", "style"],
        {
            "text": TEXT,
            **STYLED,
            "max_lines": LINES,
            "strong_style": {"type": "string", "pattern": NAME},
            "emphasis_style": {"type": "string", "pattern": NAME},
            "link_style": {"type": "string", "pattern": NAME},
            "bullet": {"type": "string", "minLength": 1, "maxLength": 3},
        },
    ),
    "group": _element(["elements"], {"elements": {"type": "array", "items": _ref("element"), "maxItems": 60}}),
    "pdf_page": _element(
        ["document"],
        {
            "document": {"type": "string", "pattern": NAME, "description": "a finished PDF named under documents"},
            "page": {"type": "integer", "minimum": 1, "maximum": 2000},
        },
    ),
    "image": _element(
        [],
        {
            **LINKED,
            "image": {"type": "string", "pattern": NAME, "description": "a picture named under images"},
            "variable": {"type": "string", "pattern": NAME, "description": "a variable of type image"},
            "fit": {"enum": ["cover", "contain"]},
            "focus": {"type": "array", "items": _number(0, 1), "minItems": 2, "maxItems": 2},
        },
    )
    | {"oneOf": [{"required": ["image"]}, {"required": ["variable"]}]},
    "shape": _element(
        ["shape"],
        {
            "shape": {"enum": ["rectangle", "ellipse"]},
            "fill": _ref("color"),
            "stroke": _ref("color"),
            "stroke_width": _number(0, 200),
            "radius": _number(0, 2000),
            "opacity": _number(0, 1),
            **LINKED,
        },
    ),
    "line": _element(
        ["stroke"], {"stroke": _ref("color"), "stroke_width": _number(0.05, 200), "opacity": _number(0, 1)}
    ),
    "qr": _element(
        ["link"],
        {
            "link": {
                "type": "string",
                "maxLength": 1000,
                "description": "an https address, or {{a variable of type link}}",
            },
            "color": _ref("color"),
            "background": _ref("color"),
        },
    ),
    "partner_logo": _element(
        ["style"],
        {
            **STYLED,
            **LINKED,
            "background": {
                "enum": ["light", "dark", "auto"],
                "description": "what the logo stands on: it picks the variant; auto measures what lies behind it",
            },
            "clear_space": {**_number(0, 2000), "description": "what stays free around the logo, inside the box"},
            "min_width": _number(0, 2000),
            "min_height": _number(0, 2000),
            "min_contrast": _number(1, 21),
            "variable": {"type": "string", "pattern": NAME, "description": "a variable of type logo"},
        },
    ),
    "contact_block": _element(
        ["style"],
        {
            **STYLED,
            "name_style": {"type": "string", "pattern": NAME},
            "lines": {"type": "array", "items": WORDS, "minItems": 1, "maxItems": 20},
            "variable": {"type": "string", "pattern": NAME, "description": "a variable of type contact"},
        },
    ),
}

_VARIABLE: Json = {
    "type": {"type": "string"},
    "label": LABEL,
    "help": LABEL,
    "editable": {"type": "boolean"},
    "required": {"type": "boolean"},
    "must_change": {"type": "boolean", "description": "the default only shows what to write"},
}
SIZES: Json = {"largest": _number(1, 2000), "smallest": _number(1, 2000)}
CONTACT_FIELDS_OPEN = ("contact_person", "email", "phone", "web", "street", "postal_code", "city", "country")
"""What a partner may say differently in one artwork; whose mark it is, it may not."""
VARIABLES: dict[str, Json] = {
    "text": _object(
        ["type"],
        {
            **_VARIABLE,
            "default": TEXT,
            "max_length": {"type": "integer", "minimum": 1, "maximum": 5000},
            "pattern": {"type": "string", "maxLength": 300},
            "multiline": {"type": "boolean"},
            **SIZES,
        },
    ),
    "rich_text": _object(
        ["type"],
        {
            **_VARIABLE,
            "default": TEXT,
            "max_length": {"type": "integer", "minimum": 1, "maximum": 5000},
            **SIZES,
        },
    ),
    "logo": _object(["type"], _VARIABLE),
    "contact": _object(
        ["type"],
        {
            **_VARIABLE,
            "fields": {
                "type": "array",
                "items": {"enum": list(CONTACT_FIELDS_OPEN)},
                "minItems": 1,
                "uniqueItems": True,
            },
        },
    ),
    "choice": _object(
        ["type", "choices"],
        {
            **_VARIABLE,
            "default": {"type": "string"},
            "choices": {
                "type": "array",
                "minItems": 1,
                "maxItems": 60,
                "items": _object(["value", "text"], {"value": {"type": "string", "pattern": NAME}, "text": TEXT}),
            },
        },
    ),
    "number": _object(
        ["type"],
        {**_VARIABLE, "default": {"type": "integer"}, "minimum": {"type": "integer"}, "maximum": {"type": "integer"}},
    ),
    "date": _object(["type"], {**_VARIABLE, "default": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}}),
    "link": _object(["type"], {**_VARIABLE, "default": {"type": "string", "maxLength": 1000}}),
    "image": _object(
        ["type"],
        {
            **_VARIABLE,
            "default": {"type": "string", "pattern": NAME, "description": "a picture named under images"},
            "categories": {
                "type": "array",
                "items": SHORT,
                "maxItems": 20,
                "description": "tags; a picture needs one of them",
            },
        },
    ),
}

FILE: Json = {
    "asset_id": {"type": "integer", "minimum": 1, "maximum": 2**63 - 1},
    "asset_name": {"type": "string", "maxLength": 200},
    "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
}
RGB: Json = {"type": "string", "pattern": "^#[0-9A-Fa-f]{6}$"}
BRAND_COLOR: Json = {
    "description": "#RRGGBB, or that and the inks that print it in percent: cyan, magenta, yellow, black",
    "oneOf": [
        RGB,
        _object(
            ["rgb", "cmyk"],
            {"rgb": RGB, "cmyk": {"type": "array", "items": _number(0, 100), "minItems": 4, "maxItems": 4}},
        ),
    ],
}
FAMILIES = ("inter", "noto-sans", "noto-sans-arabic", "noto-sans-devanagari", "noto-sans-thai", "heebo")
FONT: Json = _object(
    [],
    {
        "family": {"enum": list(FAMILIES)},
        **FILE,
        "fallback": {
            "type": "array",
            "items": {"type": "string", "pattern": NAME},
            "maxItems": 8,
            "description": "other fonts named here, asked in this order for a character that is missing",
        },
    },
    anyOf=[{"required": ["family"]}, {"required": ["asset_id"]}, {"required": ["asset_name"]}],
)

STYLE: Json = _object(
    ["font", "size"],
    {
        "font": {"type": "string", "pattern": NAME},
        "weight": {"type": "integer", "minimum": 100, "maximum": 900},
        "italic": {"type": "boolean"},
        "size": _number(1, 2000),
        "smallest": _number(1, 2000),
        "line_height": _number(0.8, 4),
        "letter_spacing": _number(-0.2, 1),
        "color": _ref("color"),
        "align": ALIGN,
        "direction": {"enum": ["auto", "ltr", "rtl"]},
    },
    description="Sizes in points on print formats and in pixels on screen formats; letter_spacing in em",
)
SIZED = ("elements", "width", "height", "bleed", "safe", "marks", "background", "scales")
"""What a format made from a finished PDF has from that file."""
PAGE: Json = _object(
    ["elements"],
    {
        "page": {"type": "integer", "minimum": 1, "maximum": 2000, "description": "the page of the finished PDF"},
        "label": LABEL,
        "background": _ref("color"),
        "elements": {"type": "array", "items": _ref("element"), "maxItems": 120},
    },
)
FORMAT: Json = _object(
    ["unit"],
    {
        "label": LABEL,
        "width": _number(1, 8000),
        "height": _number(1, 8000),
        "unit": {"enum": ["mm", "px"]},
        "bleed": _number(0, 20),
        "safe": {**_number(0, 200), "description": "how far type, logos and codes stay away from the trimmed edge"},
        "marks": {"type": "boolean", "description": "crop marks in the print PDF"},
        "background": _ref("color"),
        "elements": {"type": "array", "items": _ref("element"), "maxItems": 120},
        "pages": {"type": "array", "items": _ref("page"), "minItems": 1, "maxItems": 200},
        "finished": {"type": "string", "pattern": NAME, "description": "a finished PDF named under documents"},
        "outputs": {"type": "array", "items": {"enum": list(OUTPUTS)}, "minItems": 1, "uniqueItems": True},
        "scales": {"type": "array", "items": {"enum": [1, 2, 3]}, "minItems": 1, "uniqueItems": True},
    },
    description="mm makes a print format (PDF), px a screen format (JPEG, WebP, PNG)",
    oneOf=[
        {"required": ["width", "height", "elements"], "properties": {"pages": False, "finished": False}},
        {"required": ["width", "height", "pages"], "properties": {"elements": False, "finished": False}},
        {
            "required": ["finished", "pages"],
            "properties": {
                "unit": {"const": "mm"},
                **dict.fromkeys(SIZED, False),
            },
        },
    ],
)
EMAIL: Json = _object(
    ["mjml", "subject"],
    {
        "mjml": {"type": "string", "minLength": 1, "maxLength": 100_000},
        "subject": {**TEXT, "description": "tokens are allowed"},
        "preheader": TEXT,
        "logo_background": {"enum": ["light", "dark"]},
        "texts": {
            "type": "object",
            "description": "what a kit may say in its place: a name, and the text that stands when it says nothing",
            "propertyNames": {"pattern": NAME},
            "additionalProperties": TEXT,
            "maxProperties": 40,
        },
    },
)


def document_schema() -> Json:
    """Return the JSON schema (draft 2020-12) of a template document."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Template document",
        "type": "object",
        "required": ["schema", "kind", "locale", "brand"],
        "additionalProperties": False,
        "properties": {
            "schema": {"const": SCHEMA_VERSION},
            "kind": {"enum": ["flyer", "social", "email", "deck", "document"]},
            "locale": {"type": "string", "pattern": LOCALE, "description": "stands in where a text has no other"},
            "scripts": {
                "type": "array",
                "items": {"enum": ["latin", "greek", "cyrillic", "arabic", "hebrew", "devanagari", "thai"]},
                "minItems": 1,
                "uniqueItems": True,
            },
            "brand": _object(
                ["colors"],
                {
                    "colors": _map(NAME, BRAND_COLOR, 60),
                    "fonts": _map(NAME, FONT, 12),
                    "styles": _map(NAME, _ref("style"), 60),
                },
            ),
            "images": _map(NAME, _object([], {**FILE, "alt": LABEL}), 60),
            "documents": _map(NAME, _object([], FILE), 12),
            "variables": _map(NAME, _ref("variable"), 60),
            "formats": _map(FORMAT_NAME, _ref("format"), 12, minProperties=1),
            "email": _ref("email"),
        },
        "allOf": [
            {
                "if": {"properties": {"kind": {"const": "email"}}},
                "then": {"required": ["email"], "properties": {"formats": False}},
                "else": {"required": ["formats"], "properties": {"email": False}},
            }
        ],
        "$defs": {
            "box": BOX,
            "color": {"type": "string", "pattern": COLOR, "description": "#RRGGBB, or the name of a brand colour"},
            "style": STYLE,
            "variable": _by("type", VARIABLES),
            "element": _by("type", ELEMENTS),
            "page": PAGE,
            "format": FORMAT,
            "condition": CONDITION,
            "email": EMAIL,
        },
    }
