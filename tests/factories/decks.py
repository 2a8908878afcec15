"""A deck of three slides, for tests and for the pictures in the documentation."""

from typing import Any

from cobranding.rendering.inputs import Inputs
from tests.factories import cobranding as factory

WIDTH, HEIGHT = 338.67, 190.5
"""16:9, as PowerPoint makes it."""

Json = dict[str, Any]


def deck() -> Json:
    flyer = factory.flyer()
    styles: Json = {
        "title": {"font": "sans", "weight": 700, "size": 48, "smallest": 28, "line_height": 1.1, "color": "white"},
        "heading": {"font": "sans", "weight": 700, "size": 32, "smallest": 24, "color": "night"},
        "body": {"font": "sans", "size": 20, "smallest": 14, "line_height": 1.4, "color": "ink"},
        "label": {"font": "sans", "weight": 700, "size": 20, "smallest": 12, "color": "ink"},
        "small": {"font": "sans", "size": 14, "smallest": 9, "line_height": 1.4, "color": "grey"},
    }
    return {
        "schema": 1,
        "kind": "deck",
        "locale": "en",
        "brand": {**flyer["brand"], "styles": styles},
        "images": flyer["images"],
        "variables": {
            **flyer["variables"],
            "offer": {
                "type": "text",
                "label": "Your offer",
                "multiline": True,
                "max_length": 400,
                "default": "We plan the move with you.\nWe move your files overnight.\nYou call us, not a hotline.",
            },
        },
        "formats": {
            "slides": {
                "label": "16:9",
                "width": WIDTH,
                "height": HEIGHT,
                "unit": "mm",
                "background": "white",
                "pages": [
                    {"label": "Cover", "background": "night", "elements": cover()},
                    {"label": "Your offer", "elements": offer()},
                    {"label": "Who we are", "background": "mist", "elements": partner()},
                ],
            }
        },
    }


def cover() -> list[Json]:
    return [
        {"id": "photo", "type": "image", "image": "hero", "box": [0, 0, WIDTH, HEIGHT], "focus": [0.5, 0.7]},
        {
            "id": "shade",
            "type": "shape",
            "shape": "rectangle",
            "fill": "night",
            "opacity": 0.5,
            "box": [0, 0, WIDTH, HEIGHT],
        },
        {"id": "bar", "type": "shape", "shape": "rectangle", "fill": "accent", "radius": 1, "box": [24, 60, 30, 3]},
        {
            "id": "headline",
            "type": "text",
            "style": "title",
            "text": "{{headline}}",
            "box": [24, 70, 220, 60],
            "open": {"content": True},
        },
        {"id": "plate", "type": "shape", "shape": "rectangle", "fill": "white", "radius": 4, "box": [24, 146, 84, 30]},
        {"id": "logo", "type": "partner_logo", "style": "label", "align": "center", "box": [30, 150, 72, 22]},
    ]


def offer() -> list[Json]:
    return [
        {"id": "dot", "type": "shape", "shape": "ellipse", "fill": "accent", "box": [24, 27, 10, 10]},
        {"id": "heading", "type": "text", "style": "heading", "text": "What you get", "box": [40, 22, 260, 20]},
        {"id": "rule", "type": "line", "stroke": "accent", "stroke_width": 0.6, "box": [24, 48, 290, 0]},
        {
            "id": "words",
            "type": "text",
            "style": "body",
            "text": "{{offer}}",
            "valign": "middle",
            "box": [24, 58, 290, 90],
            "open": {"content": True},
        },
        {
            "id": "owner",
            "type": "text",
            "style": "small",
            "text": "Halden Cloud, with {{partner.trade_name}}",
            "box": [24, 172, 290, 10],
        },
    ]


def partner() -> list[Json]:
    return [
        {
            "id": "card",
            "type": "shape",
            "shape": "rectangle",
            "fill": "white",
            "stroke": "accent",
            "stroke_width": 0.5,
            "radius": 5,
            "box": [24, 30, 290, 130],
        },
        {"id": "partner_logo", "type": "partner_logo", "style": "label", "align": "start", "box": [40, 46, 100, 34]},
        {
            "id": "contact",
            "type": "contact_block",
            "style": "small",
            "name_style": "label",
            "box": [40, 92, 150, 56],
        },
        {
            "id": "code",
            "type": "qr",
            "label": "More about it",
            "link": "{{link}}",
            "color": "night",
            "background": "white",
            "box": [230, 60, 64, 64],
            "open": {"content": True},
        },
        {"id": "frame", "type": "shape", "shape": "rectangle", "stroke": "night", "box": [230, 60, 64, 64]},
    ]


def inputs(raw: Json | None = None, **changed: Any) -> Inputs:
    return factory.inputs(raw or deck(), **{"title": "Your cloud", **changed})
