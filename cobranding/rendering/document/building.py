"""Builds the typed document out of JSON that the schema has passed and whose names are all known."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cobranding.rendering.document.elements import (
    BLACK,
    Anchor,
    Box,
    Color,
    Condition,
    ContactElement,
    Element,
    ImageElement,
    LineElement,
    LogoElement,
    Open,
    PdfPageElement,
    QrElement,
    RichTextElement,
    ShapeElement,
    TextElement,
    Texts,
)
from cobranding.rendering.document.model import (
    POINTS_PER_MM,
    Document,
    EmailBody,
    FontSource,
    Format,
    Page,
    Picture,
    Style,
    Variable,
    said,
)
from cobranding.rendering.document.schema import CONTACT_FIELDS_OPEN

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

INK = Color(17, 24, 39)
DECK = ("pptx", "screen_pdf", "pdf", "jpg", "webp", "png")
"""What a format of a deck comes in when it does not say."""
SANS = "sans"
"""The font that a document has without naming it."""


def texts(raw: object) -> Texts:
    """Return a text per locale from either form that a document may use."""
    if isinstance(raw, Mapping):
        return {str(key): str(value) for key, value in raw.items()}
    return {} if raw is None else {"": str(raw)}


def build(raw: Raw) -> Document:
    """Build a document."""
    locale = str(raw["locale"])
    brand = raw["brand"]
    colors = {name: _brand_color(value) for name, value in brand["colors"].items()}
    fonts = _fonts({SANS: {"family": "inter"}, **brand.get("fonts", {})})
    builder = _Builder(locale, colors, fonts)
    email = raw.get("email")
    otherwise = {"outputs": DECK} if raw["kind"] == "deck" else {}
    formats = {name: builder.format(name, {**otherwise, **fmt}) for name, fmt in raw.get("formats", {}).items()}
    variables = {name: builder.variable(name, variable) for name, variable in raw.get("variables", {}).items()}
    return Document(
        kind=raw["kind"],
        locale=locale,
        scripts=tuple(raw.get("scripts", ["latin"])),
        colors=colors,
        fonts=fonts,
        styles={name: builder.style(style) for name, style in brand.get("styles", {}).items()},
        images={name: _picture(name, picture) for name, picture in raw.get("images", {}).items()},
        documents={name: _picture(name, file) for name, file in raw.get("documents", {}).items()},
        variables={name: variables[name] for name in sorted(variables, key=lambda name: (_first_use(raw, name), name))},
        formats={name: formats[name] for name in sorted(formats, key=lambda name: (not formats[name].is_print, name))},
        email=_email(email) if email is not None else None,
    )


def pages_of(fmt: Raw) -> list[Raw]:
    """Return the pages of a format, which may name its elements alone when it has one page."""
    return list(fmt.get("pages", [fmt]))


def flat(elements: list[Raw]) -> Iterator[Raw]:
    """Yield elements with those inside groups, as the document has them."""
    for element in elements:
        yield element
        if element["type"] == "group":
            yield from flat(element["elements"])


def _first_use(raw: Raw, name: str) -> int:
    """Return how far down a variable is first shown: PostgreSQL keeps the order of lists, not of names."""
    formats = [fmt for _, fmt in sorted(raw.get("formats", {}).items())]
    shown = [element for fmt in formats for page in pages_of(fmt) for element in flat(page["elements"])]
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


def _hex(value: str, cmyk: tuple[float, float, float, float] | None = None) -> Color:
    return Color(int(value[1:3], 16), int(value[3:5], 16), int(value[5:7], 16), cmyk)


def _brand_color(raw: str | Raw) -> Color:
    if isinstance(raw, str):
        return _hex(raw)
    cyan, magenta, yellow, black = (percent / 100 for percent in raw["cmyk"])
    return _hex(raw["rgb"], (cyan, magenta, yellow, black))


def _fonts(raw: Mapping[str, Raw]) -> dict[str, FontSource]:
    alone = {
        name: FontSource(name, font.get("family"), font.get("asset_id"), font.get("asset_name"), font.get("sha256"))
        for name, font in raw.items()
    }
    return {
        name: replace(font, fallback=tuple(alone[other] for other in raw[name].get("fallback", [])))
        for name, font in alone.items()
    }


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


def conditions(raw: Raw | list[Raw] | None) -> tuple[Condition, ...]:
    """Return what has to hold for an element to be drawn."""
    if raw is None:
        return ()
    listed = raw if isinstance(raw, list) else [raw]
    return tuple(
        Condition(
            of="variable" if "variable" in each else "partner",
            name=each.get("variable") or each["partner"],
            one_of=tuple(each.get("is") or each["is_not"]),
            negated="is_not" in each,
        )
        for each in listed
    )


@dataclass(frozen=True)
class _Place:
    """What an element takes over from the group that it stands in."""

    scale: float
    left: float = 0
    top: float = 0
    group: str = ""
    conditions: tuple[Condition, ...] = ()


class _Builder:
    """Builds parts, knowing the document's locale, colours and fonts."""

    def __init__(self, locale: str, colors: Mapping[str, Color], fonts: Mapping[str, FontSource]) -> None:
        self.locale = locale
        self.colors = colors
        self.fonts = fonts

    def color(self, value: str | None) -> Color | None:
        if value is None:
            return None
        return _hex(value) if value.startswith("#") else self.colors[value]

    def label(self, raw: object, otherwise: str) -> str:
        return said(texts(raw), self.locale, self.locale) or otherwise.replace("_", " ").capitalize()

    def style(self, raw: Raw) -> Style:
        return Style(
            font=self.fonts[raw["font"]],
            weight=raw.get("weight", 400),
            italic=raw.get("italic", False),
            size=float(raw["size"]),
            smallest=float(raw.get("smallest", raw["size"])),
            line_height=raw.get("line_height", 1.25),
            letter_spacing=raw.get("letter_spacing", 0),
            color=self.color(raw.get("color")) or INK,
            align=raw.get("align", "start"),
            direction=raw.get("direction", "auto"),
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
            must_change=raw.get("must_change", False),
            max_length=raw.get("max_length", 1000 if raw["type"] in ("link", "rich_text") else 200),
            pattern=raw.get("pattern"),
            multiline=raw.get("multiline", raw["type"] == "rich_text"),
            choices={choice["value"]: texts(choice["text"]) for choice in raw.get("choices", [])},
            minimum=raw.get("minimum"),
            maximum=raw.get("maximum"),
            largest=raw.get("largest"),
            smallest=raw.get("smallest"),
            categories=tuple(raw.get("categories", ())),
            fields=tuple(raw.get("fields", CONTACT_FIELDS_OPEN if raw["type"] == "contact" else ())),
        )

    def format(self, name: str, raw: Raw) -> Format:
        scale = POINTS_PER_MM if raw["unit"] == "mm" else 1.0
        pages = tuple(
            Page(
                number=page.get("page", at) if "finished" in raw else at,
                label=said(texts(page.get("label")), self.locale, self.locale) if "pages" in raw else "",
                background=self.color(page.get("background", raw.get("background"))),
                elements=tuple(self.elements(page["elements"], _Place(scale))),
            )
            for at, page in enumerate(pages_of(raw), start=1)
        )
        return Format(
            name=name,
            label=self.label(raw.get("label"), name),
            unit=raw["unit"],
            width=raw.get("width", 0) * scale,
            height=raw.get("height", 0) * scale,
            bleed=raw.get("bleed", 0) * scale,
            pages=pages,
            safe=raw.get("safe", 0) * scale,
            marks=raw.get("marks", False),
            finished=raw.get("finished"),
            outputs=tuple(raw.get("outputs", ())),
            scales=tuple(raw.get("scales", (1,))),
        )

    def elements(self, raw: list[Raw], place: _Place) -> Iterator[Element]:
        """Yield elements from the back to the front, groups dissolved into what is in them."""
        for element in raw:
            if element["type"] == "group":
                left, top = element["box"][0] * place.scale, element["box"][1] * place.scale
                inside = _Place(
                    scale=place.scale,
                    left=place.left + left,
                    top=place.top + top,
                    group=element["id"],
                    conditions=place.conditions + conditions(element.get("when")),
                )
                yield from self.elements(element["elements"], inside)
            else:
                yield self.element(element, place)

    def element(self, raw: Raw, place: _Place) -> Element:
        opened, anchor = raw.get("open", {}), raw.get("anchor")
        box = _box(raw["box"], place.scale)
        common: dict[str, Any] = {
            "id": raw["id"],
            "label": self.label(raw.get("label"), raw["id"]),
            "box": box._replace(x=box.x + place.left, y=box.y + place.top),
            "open": Open(
                content=opened.get("content", False),
                within=_box(opened["position"]["within"], place.scale) if "position" in opened else None,
                styles=tuple(opened.get("style", {}).get("choices", ())),
            ),
            "conditions": place.conditions + conditions(raw.get("when")),
            "anchor": Anchor(anchor["to"], anchor["edge"], anchor.get("gap", 0) * place.scale) if anchor else None,
            "link": raw.get("link", "") if raw["type"] != "qr" else "",
            "group": place.group,
            "required": raw.get("required", False),
        }
        shapes: dict[str, Callable[[Raw, dict[str, Any], float], Element]] = {
            "text": self._text,
            "rich_text": self._rich_text,
            "partner_logo": self._logo,
            "contact_block": self._contact,
            "image": self._image,
            "pdf_page": self._pdf_page,
            "shape": self._shape,
            "line": self._line,
            "qr": self._qr,
        }
        return shapes[raw["type"]](raw, common, place.scale)

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

    def _rich_text(self, raw: Raw, common: dict[str, Any], _scale: float) -> Element:
        return RichTextElement(
            **self._styled(raw, common),
            text=texts(raw["text"]),
            max_lines=raw.get("max_lines", 200),
            strong_style=raw.get("strong_style"),
            emphasis_style=raw.get("emphasis_style"),
            link_style=raw.get("link_style"),
            bullet=raw.get("bullet", "•"),
        )

    def _logo(self, raw: Raw, common: dict[str, Any], scale: float) -> Element:
        return LogoElement(
            **{**self._styled(raw, common), "valign": raw.get("valign", "middle")},
            background=raw.get("background", "light"),
            clear_space=raw.get("clear_space", 0) * scale,
            min_width=raw.get("min_width", 0) * scale,
            min_height=raw.get("min_height", 0) * scale,
            min_contrast=raw.get("min_contrast", LogoElement.min_contrast),
            variable=raw.get("variable"),
        )

    def _contact(self, raw: Raw, common: dict[str, Any], _scale: float) -> Element:
        return ContactElement(
            **self._styled(raw, common),
            lines=tuple(raw.get("lines", CONTACT_LINES)),
            name_style=raw.get("name_style"),
            variable=raw.get("variable"),
        )

    def _image(self, raw: Raw, common: dict[str, Any], _scale: float) -> Element:
        x, y = raw.get("focus", (0.5, 0.5))
        return ImageElement(
            **common, image=raw.get("image"), variable=raw.get("variable"), fit=raw.get("fit", "cover"), focus=(x, y)
        )

    def _pdf_page(self, raw: Raw, common: dict[str, Any], _scale: float) -> Element:
        return PdfPageElement(**common, document=raw["document"], page=raw.get("page", 1))

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
        color = self.color(raw.get("color")) or BLACK
        return QrElement(**common, target=raw["link"], color=color, background=self.color(raw.get("background")))


def _box(raw: list[float], scale: float) -> Box:
    return Box(raw[0] * scale, raw[1] * scale, raw[2] * scale, raw[3] * scale)
