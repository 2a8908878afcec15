"""Builds the typed document out of JSON that the schema has passed and whose names are all known."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from cobranding.rendering.document.model import (
    POINTS_PER_MM,
    Box,
    Color,
    ContactElement,
    Document,
    Element,
    EmailBody,
    Format,
    ImageElement,
    LineElement,
    LogoElement,
    Open,
    Picture,
    QrElement,
    ShapeElement,
    Style,
    TextElement,
    Texts,
    Variable,
    said,
)

Raw = Mapping[str, Any]

CONTACT_LINES = (
    "{{partner.trade_name}}",
    "{{partner.street}}",
    "{{partner.postal_code}} {{partner.city}}",
    "{{partner.phone}}",
    "{{partner.email}}",
    "{{partner.web}}",
)
"""A contact block that names no lines of its own."""

INK: Color = (17, 24, 39)


def texts(raw: object) -> Texts:
    """Return a text per locale from either form that a document may use."""
    if isinstance(raw, Mapping):
        return {str(key): str(value) for key, value in raw.items()}
    return {} if raw is None else {"": str(raw)}


def build(raw: Raw) -> Document:
    """Build a document."""
    locale = str(raw["locale"])
    colors = {name: _hex(value) for name, value in raw["brand"]["colors"].items()}
    builder = _Builder(locale, colors)
    fonts = {"sans": "inter"} | {name: str(font["family"]) for name, font in raw["brand"].get("fonts", {}).items()}
    email = raw.get("email")
    formats = {name: builder.format(name, fmt) for name, fmt in raw.get("formats", {}).items()}
    variables = {name: builder.variable(name, variable) for name, variable in raw.get("variables", {}).items()}
    return Document(
        kind=raw["kind"],
        locale=locale,
        scripts=tuple(raw.get("scripts", ["latin"])),
        colors=colors,
        styles={name: builder.style(style, fonts) for name, style in raw["brand"].get("styles", {}).items()},
        images={name: _picture(name, picture) for name, picture in raw.get("images", {}).items()},
        variables={name: variables[name] for name in sorted(variables, key=lambda name: (_first_use(raw, name), name))},
        formats={name: formats[name] for name in sorted(formats, key=lambda name: (not formats[name].is_print, name))},
        email=_email(email) if email is not None else None,
    )


def _first_use(raw: Raw, name: str) -> int:
    """Return how far down a variable is first shown: PostgreSQL keeps the order of lists, not of names."""
    shown = [element for _, fmt in sorted(raw.get("formats", {}).items()) for element in fmt["elements"]]
    places = [
        str(element.get("text", "")) + str(element.get("link", "")) + str(element.get("lines", "")) for element in shown
    ]
    places.append(str(raw.get("email", {}).get("mjml", "")))
    for at, element in enumerate(shown):
        if element.get("variable") == name:
            return at * 100_000
    for at, text in enumerate(places):
        found = re.search(r"\{\{\s*" + name + r"\s*\}\}", text)
        if found:
            return at * 100_000 + found.start()
    return len(places) * 100_000


def _hex(value: str) -> Color:
    return int(value[1:3], 16), int(value[3:5], 16), int(value[5:7], 16)


def _picture(name: str, raw: Raw) -> Picture:
    return Picture(name, raw.get("asset_id"), raw.get("asset_name"), raw.get("sha256"), texts(raw.get("alt")))


def _email(raw: Raw) -> EmailBody:
    return EmailBody(
        mjml=raw["mjml"],
        subject=texts(raw["subject"]),
        preheader=texts(raw.get("preheader")),
        texts={name: texts(text) for name, text in raw.get("texts", {}).items()},
        logo_background=raw.get("logo_background", "light"),
    )


class _Builder:
    """Builds parts, knowing the document's locale and colours."""

    def __init__(self, locale: str, colors: Mapping[str, Color]) -> None:
        self.locale = locale
        self.colors = colors

    def color(self, value: str | None) -> Color | None:
        if value is None:
            return None
        return _hex(value) if value.startswith("#") else self.colors[value]

    def label(self, raw: object, otherwise: str) -> str:
        return said(texts(raw), self.locale, self.locale) or otherwise.replace("_", " ").capitalize()

    def style(self, raw: Raw, fonts: Mapping[str, str]) -> Style:
        return Style(
            family=fonts[raw["font"]],
            weight=raw.get("weight", 400),
            italic=raw.get("italic", False),
            size=float(raw["size"]),
            smallest=float(raw.get("smallest", raw["size"])),
            line_height=raw.get("line_height", 1.25),
            letter_spacing=raw.get("letter_spacing", 0),
            color=self.color(raw.get("color")) or INK,
            align=raw.get("align", "left"),
        )

    def variable(self, name: str, raw: Raw) -> Variable:
        return Variable(
            name=name,
            type=raw["type"],
            label=self.label(raw.get("label"), name),
            help=said(texts(raw.get("help")), self.locale, self.locale),
            editable=raw.get("editable", True),
            required=raw.get("required", False),
            default=texts(raw.get("default")),
            max_length=raw.get("max_length", 1000 if raw["type"] == "link" else 200),
            pattern=raw.get("pattern"),
            multiline=raw.get("multiline", False),
            choices={choice["value"]: texts(choice["text"]) for choice in raw.get("choices", [])},
            minimum=raw.get("minimum"),
            maximum=raw.get("maximum"),
        )

    def format(self, name: str, raw: Raw) -> Format:
        scale = POINTS_PER_MM if raw["unit"] == "mm" else 1.0
        return Format(
            name=name,
            label=self.label(raw.get("label"), name),
            unit=raw["unit"],
            width=raw["width"] * scale,
            height=raw["height"] * scale,
            bleed=raw.get("bleed", 0) * scale,
            background=self.color(raw.get("background")),
            elements=tuple(self.element(element, scale) for element in raw["elements"]),
        )

    def element(self, raw: Raw, scale: float) -> Element:
        opened = raw.get("open", {})
        common: dict[str, Any] = {
            "id": raw["id"],
            "label": self.label(raw.get("label"), raw["id"]),
            "box": _box(raw["box"], scale),
            "open": Open(
                content=opened.get("content", False),
                within=_box(opened["position"]["within"], scale) if "position" in opened else None,
                styles=tuple(opened.get("style", {}).get("choices", ())),
            ),
        }
        shapes: dict[str, Callable[[Raw, dict[str, Any], float], Element]] = {
            "text": self._text,
            "partner_logo": self._logo,
            "contact_block": self._contact,
            "image": self._image,
            "shape": self._shape,
            "line": self._line,
            "qr": self._qr,
        }
        return shapes[raw["type"]](raw, common, scale)

    def _styled(self, raw: Raw, common: dict[str, Any]) -> dict[str, Any]:
        return {
            **common,
            "style": raw["style"],
            "align": raw.get("align"),
            "valign": raw.get("valign", "top"),
            "size": raw.get("size"),
            "smallest": raw.get("smallest"),
            "color": self.color(raw.get("color")),
        }

    def _text(self, raw: Raw, common: dict[str, Any], _scale: float) -> Element:
        return TextElement(**self._styled(raw, common), text=texts(raw["text"]), max_lines=raw.get("max_lines", 200))

    def _logo(self, raw: Raw, common: dict[str, Any], _scale: float) -> Element:
        valign = {"valign": raw.get("valign", "middle")}
        return LogoElement(**{**self._styled(raw, common), **valign}, background=raw.get("background", "light"))

    def _contact(self, raw: Raw, common: dict[str, Any], _scale: float) -> Element:
        lines = tuple(raw.get("lines", CONTACT_LINES))
        return ContactElement(**self._styled(raw, common), lines=lines, name_style=raw.get("name_style"))

    def _image(self, raw: Raw, common: dict[str, Any], _scale: float) -> Element:
        x, y = raw.get("focus", (0.5, 0.5))
        return ImageElement(
            **common, image=raw.get("image"), variable=raw.get("variable"), fit=raw.get("fit", "cover"), focus=(x, y)
        )

    def _shape(self, raw: Raw, common: dict[str, Any], scale: float) -> Element:
        return ShapeElement(
            **common,
            shape=raw["shape"],
            fill=self.color(raw.get("fill")),
            stroke=self.color(raw.get("stroke")),
            stroke_width=raw.get("stroke_width", 0.25) * scale,
            radius=raw.get("radius", 0) * scale,
            opacity=raw.get("opacity", 1.0),
        )

    def _line(self, raw: Raw, common: dict[str, Any], scale: float) -> Element:
        width = raw.get("stroke_width", 0.25) * scale
        return LineElement(
            **common, stroke=self.color(raw["stroke"]) or INK, stroke_width=width, opacity=raw.get("opacity", 1.0)
        )

    def _qr(self, raw: Raw, common: dict[str, Any], _scale: float) -> Element:
        color = self.color(raw.get("color")) or (0, 0, 0)
        return QrElement(**common, link=raw["link"], color=color, background=self.color(raw.get("background")))


def _box(raw: list[float], scale: float) -> Box:
    return Box(raw[0] * scale, raw[1] * scale, raw[2] * scale, raw[3] * scale)
