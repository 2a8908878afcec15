"""The JSON schema of a template document, version 1: what each part of it looks like on its own."""

from typing import Any

SCHEMA_VERSION = 1
"""Raised when a document of the old shape would be read differently."""

LOCALE = "^[a-z]{2}(-[A-Z]{2})?$"
NAME = "^[a-z][a-z0-9_]{0,39}$"
FORMAT_NAME = "^[a-z0-9][a-z0-9_x-]{0,39}$"
COLOR = "^(#[0-9A-Fa-f]{6}|[a-z][a-z0-9_]{0,39})$"

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
COMMON: Json = {
    "id": {"type": "string", "pattern": NAME},
    "type": {"type": "string"},
    "label": LABEL,
    "box": _ref("box"),
    "open": OPEN,
}
STYLED: Json = {
    "style": {"type": "string", "pattern": NAME},
    "size": _number(1, 2000),
    "smallest": _number(1, 2000),
    "align": {"enum": ["left", "center", "right"]},
    "valign": {"enum": ["top", "middle", "bottom"]},
    "color": _ref("color"),
}


def _element(required: list[str], properties: Json) -> Json:
    return _object(["id", "type", "box", *required], {**COMMON, **properties})


ELEMENTS: dict[str, Json] = {
    "text": _element(
        ["text", "style"], {"text": TEXT, **STYLED, "max_lines": {"type": "integer", "minimum": 1, "maximum": 200}}
    ),
    "image": _element(
        [],
        {
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
            "background": {"enum": ["light", "dark"], "description": "what the logo stands on: it picks the variant"},
        },
    ),
    "contact_block": _element(
        ["style"],
        {
            **STYLED,
            "name_style": {"type": "string", "pattern": NAME},
            "lines": {"type": "array", "items": WORDS, "minItems": 1, "maxItems": 20},
        },
    ),
}

_VARIABLE: Json = {
    "type": {"type": "string"},
    "label": LABEL,
    "help": LABEL,
    "editable": {"type": "boolean"},
    "required": {"type": "boolean"},
}
VARIABLES: dict[str, Json] = {
    "text": _object(
        ["type"],
        {
            **_VARIABLE,
            "default": TEXT,
            "max_length": {"type": "integer", "minimum": 1, "maximum": 5000},
            "pattern": {"type": "string", "maxLength": 300},
            "multiline": {"type": "boolean"},
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
        {**_VARIABLE, "default": {"type": "string", "pattern": NAME, "description": "a picture named under images"}},
    ),
}

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
        "align": {"enum": ["left", "center", "right"]},
    },
    description="Sizes in points on print formats and in pixels on screen formats; letter_spacing in em",
)
FORMAT: Json = _object(
    ["width", "height", "unit", "elements"],
    {
        "label": LABEL,
        "width": _number(1, 8000),
        "height": _number(1, 8000),
        "unit": {"enum": ["mm", "px"]},
        "bleed": _number(0, 20),
        "background": _ref("color"),
        "elements": {"type": "array", "items": _ref("element"), "maxItems": 120},
    },
    description="mm makes a print format (PDF), px a screen format (JPEG, PNG)",
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
            "kind": {"enum": ["flyer", "social", "email"]},
            "locale": {"type": "string", "pattern": LOCALE, "description": "stands in where a text has no other"},
            "scripts": {
                "type": "array",
                "items": {"enum": ["latin", "greek", "cyrillic"]},
                "minItems": 1,
                "uniqueItems": True,
            },
            "brand": _object(
                ["colors"],
                {
                    "colors": _map(NAME, {"type": "string", "pattern": "^#[0-9A-Fa-f]{6}$"}, 60),
                    "fonts": _map(NAME, _object(["family"], {"family": {"enum": ["inter", "noto-sans"]}}), 6),
                    "styles": _map(NAME, _ref("style"), 60),
                },
            ),
            "images": _map(
                NAME,
                _object(
                    [],
                    {
                        "asset_id": {"type": "integer", "minimum": 1},
                        "asset_name": {"type": "string", "maxLength": 200},
                        "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                        "alt": LABEL,
                    },
                ),
                60,
            ),
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
            "format": FORMAT,
            "email": EMAIL,
        },
    }
