"""Templates, artworks and the pictures in them, for tests and benchmarks."""

import hashlib
import io
from typing import Any

from PIL import Image, ImageDraw

from cobranding.rendering import engine
from cobranding.rendering.inputs import Brand, Inputs, Partner, PictureFile
from cobranding.rendering.mail.composing import MailInputs

NORDWIND = Partner(
    legal_name="Nordwind Systemhaus GmbH",
    trade_name="Nordwind Systemhaus",
    contact_person="Jördis Kröger",
    email="hallo@nordwind.example",
    phone="+49 40 123456",
    web="https://nordwind.example",
    street="Große Elbstraße 14",
    postal_code="22767",
    city="Hamburg",
    country="DE",
    region="EMEA",
    tier="gold",
)
HALDEN = Brand(
    "Halden Cloud", "Halden Cloud AG", "Bahnhofstrasse 1, 8001 Zürich", "https://halden.example", "hi@halden.example"
)


def picture(data: bytes) -> PictureFile:
    return PictureFile(hashlib.sha256(data).hexdigest(), lambda: data)


def photo(width: int = 1600, height: int = 1100) -> bytes:
    """A quiet gradient with hills, so that nothing in it looks like type."""
    image = Image.linear_gradient("L").resize((width, height))
    sky = Image.merge(
        "RGB",
        [
            image.point([int(low + (high - low) * level / 255) for level in range(256)])
            for low, high in ((14, 96), (40, 165), (92, 250))
        ],
    )
    pen = ImageDraw.Draw(sky)
    for step, color in enumerate(((30, 70, 130), (22, 54, 104), (12, 32, 70))):
        base = height * (0.62 + 0.12 * step)
        points = [(x, base + 60 * ((x * (step + 3) // 97) % 7 - 3) / 3) for x in range(0, width + 200, 200)]
        pen.polygon([(0, height), *points, (width, height)], fill=color)
    written = io.BytesIO()
    sky.save(written, "JPEG", quality=88)
    return written.getvalue()


def logo(color: tuple[int, int, int] = (220, 38, 38), width: int = 900, height: int = 300) -> bytes:
    """A mark and a bar on nothing, with a wide transparent edge to be trimmed."""
    image = Image.new("RGBA", (width, height), (255, 255, 255, 0))
    pen = ImageDraw.Draw(image)
    pen.ellipse((100, 60, 280, 240), fill=(*color, 255))
    pen.ellipse((150, 110, 230, 190), fill=(255, 255, 255, 255))
    pen.rounded_rectangle((320, 90, 800, 150), 30, fill=(*color, 255))
    pen.rounded_rectangle((320, 170, 640, 220), 25, fill=(*color, 180))
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


def flyer() -> dict[str, Any]:
    """A flyer for A4, US Letter and two screens."""
    styles = {
        "headline": {"font": "sans", "weight": 700, "size": 34, "smallest": 20, "line_height": 1.12, "color": "white"},
        "lead": {"font": "sans", "weight": 400, "size": 13, "smallest": 9, "line_height": 1.45, "color": "ink"},
        "kicker": {"font": "sans", "weight": 700, "size": 10, "color": "accent", "letter_spacing": 0.12},
        "label": {"font": "sans", "weight": 700, "size": 12, "smallest": 8, "color": "ink"},
        "small": {"font": "sans", "weight": 400, "size": 9, "smallest": 6.5, "line_height": 1.4, "color": "grey"},
    }
    return {
        "schema": 1,
        "kind": "flyer",
        "locale": "en",
        "scripts": ["latin"],
        "brand": {
            "colors": {
                "ink": "#111827",
                "grey": "#4B5563",
                "white": "#FFFFFF",
                "night": "#0B1F4B",
                "accent": "#F59E0B",
                "mist": "#F3F4F6",
            },
            "fonts": {"sans": {"family": "inter"}},
            "styles": styles,
        },
        "images": {"hero": {"asset_name": "hero", "alt": "Hills under a blue sky"}},
        "variables": {
            "headline": {
                "type": "text",
                "label": "Headline",
                "required": True,
                "max_length": 70,
                "default": {"en": "Your cloud, up and running in a week", "de": "Ihre Cloud, startklar in einer Woche"},
            },
            "link": {"type": "link", "label": "Where the code leads", "default": "https://halden.example/start"},
        },
        "formats": {
            "a4": {
                "label": "A4",
                "width": 210,
                "height": 297,
                "unit": "mm",
                "bleed": 3,
                "background": "white",
                "elements": page(210, 297),
            },
            "letter": {
                "label": "US Letter",
                "width": 215.9,
                "height": 279.4,
                "unit": "mm",
                "elements": page(215.9, 279.4, bleed=0),
            },
            "link_card": {"label": "Link card", "width": 1200, "height": 630, "unit": "px", "elements": card()},
            "square": {"label": "Square post", "width": 1080, "height": 1080, "unit": "px", "elements": square()},
        },
    }


LEAD = {
    "en": "Halden Cloud moves your files, mail and backups to a data centre near you: planned, moved and looked after "
    "by people you can call. One price a month, no surprises.",
    "de": "Halden Cloud bringt Dateien, Mail und Backups in ein Rechenzentrum in Ihrer Nähe: geplant, umgezogen und "
    "betreut von Menschen, die Sie anrufen können. Ein Preis im Monat, keine Überraschungen.",
}


def page(width: float, height: float, bleed: float = 3) -> list[dict[str, Any]]:
    foot = height - 62
    wide = width + 2 * bleed
    return [
        {
            "id": "photo",
            "type": "image",
            "image": "hero",
            "box": [-bleed, -bleed, wide, 150 + bleed],
            "focus": [0.5, 0.6],
        },
        {
            "id": "shade",
            "type": "shape",
            "shape": "rectangle",
            "fill": "night",
            "opacity": 0.45,
            "box": [-bleed, 82, wide, 68],
        },
        {"id": "bar", "type": "shape", "shape": "rectangle", "fill": "accent", "box": [18, 92, 22, 1.6]},
        {
            "id": "headline",
            "type": "text",
            "style": "headline",
            "text": "{{headline}}",
            "valign": "top",
            "box": [18, 98, width - 36, 44],
            "open": {"content": True},
        },
        {
            "id": "kicker",
            "type": "text",
            "style": "kicker",
            "text": {"en": "HALDEN CLOUD", "de": "HALDEN CLOUD"},
            "box": [18, 163, 100, 7],
        },
        {"id": "lead", "type": "text", "style": "lead", "text": LEAD, "box": [18, 172, width - 36, 46]},
        {"id": "foot", "type": "shape", "shape": "rectangle", "fill": "mist", "box": [-bleed, foot, wide, 62 + bleed]},
        {
            "id": "logo",
            "type": "partner_logo",
            "style": "label",
            "size": 18,
            "background": "light",
            "box": [18, foot + 10, 62, 22],
        },
        {
            "id": "contact",
            "type": "contact_block",
            "style": "small",
            "name_style": "label",
            "box": [88, foot + 10, 70, 44],
        },
        {
            "id": "code",
            "type": "qr",
            "link": "{{link}}",
            "color": "night",
            "background": "white",
            "box": [width - 18 - 34, foot + 10, 34, 34],
            "open": {"content": True},
        },
        {
            "id": "legal",
            "type": "text",
            "style": "small",
            "size": 7,
            "smallest": 6,
            "text": "Halden Cloud and its marks belong to Halden Cloud AG.",
            "box": [18, height - 14, 66, 8],
        },
    ]


def card() -> list[dict[str, Any]]:
    return [
        {"id": "photo", "type": "image", "image": "hero", "box": [0, 0, 1200, 630]},
        {
            "id": "shade",
            "type": "shape",
            "shape": "rectangle",
            "fill": "night",
            "opacity": 0.5,
            "box": [0, 0, 1200, 630],
        },
        {"id": "bar", "type": "shape", "shape": "rectangle", "fill": "accent", "radius": 5, "box": [72, 92, 96, 10]},
        {
            "id": "headline",
            "type": "text",
            "style": "headline",
            "size": 76,
            "smallest": 40,
            "text": "{{headline}}",
            "box": [72, 130, 900, 270],
            "open": {"content": True},
        },
        {
            "id": "plate",
            "type": "shape",
            "shape": "rectangle",
            "fill": "white",
            "radius": 18,
            "box": [72, 460, 330, 118],
        },
        {
            "id": "logo",
            "type": "partner_logo",
            "style": "label",
            "size": 34,
            "smallest": 16,
            "align": "center",
            "box": [96, 478, 282, 82],
        },
        {
            "id": "web",
            "type": "text",
            "style": "label",
            "size": 28,
            "smallest": 16,
            "color": "white",
            "align": "right",
            "valign": "middle",
            "text": "{{partner.web}}",
            "box": [560, 480, 568, 78],
        },
    ]


def square() -> list[dict[str, Any]]:
    return [
        {"id": "photo", "type": "image", "image": "hero", "box": [0, 0, 1080, 700]},
        {"id": "panel", "type": "shape", "shape": "rectangle", "fill": "night", "box": [0, 560, 1080, 520]},
        {"id": "bar", "type": "shape", "shape": "rectangle", "fill": "accent", "radius": 5, "box": [72, 620, 96, 10]},
        {
            "id": "headline",
            "type": "text",
            "style": "headline",
            "size": 72,
            "smallest": 40,
            "text": "{{headline}}",
            "box": [72, 650, 936, 200],
            "open": {"content": True},
        },
        {
            "id": "plate",
            "type": "shape",
            "shape": "rectangle",
            "fill": "white",
            "radius": 18,
            "box": [72, 880, 380, 136],
        },
        {
            "id": "logo",
            "type": "partner_logo",
            "style": "label",
            "size": 40,
            "smallest": 18,
            "align": "center",
            "box": [100, 900, 324, 96],
        },
        {
            "id": "code",
            "type": "qr",
            "link": "{{link}}",
            "color": "night",
            "background": "white",
            "box": [852, 880, 156, 156],
            "open": {"content": True},
        },
    ]


def inputs(raw: dict[str, Any] | None = None, **changed: Any) -> Inputs:
    raw = raw or flyer()
    content_hash = engine.hash_of(raw)
    mark = picture(logo())
    given: dict[str, Any] = {
        "values": {},
        "partner": NORDWIND,
        "brand": HALDEN,
        "locale": "en",
        "title": "Autumn flyer",
        "logos": {"light": mark, "dark": mark},
        "images": {"hero": picture(photo())},
    }
    return Inputs(content_hash, engine.document_of(content_hash, raw), **{**given, **changed})


def email() -> dict[str, Any]:
    """An e-mail with a co-branded header, two texts of the touch, a button and a flyer that may be missing."""
    return {
        "schema": 1,
        "kind": "email",
        "locale": "en",
        "brand": {"colors": {"ink": "#111827"}},
        "variables": {
            "offer": {
                "type": "text",
                "label": "Your offer",
                "max_length": 120,
                "default": {"en": "Talk to us.", "de": "Sprechen Sie mit uns."},
            },
        },
        "email": {
            "subject": {
                "en": "{{partner.trade_name}}: your cloud in a week",
                "de": "{{partner.trade_name}}: Ihre Cloud in einer Woche",
            },
            "preheader": {"en": "Planned, moved and looked after."},
            "texts": {
                "headline": {
                    "en": "Your cloud, up and running in a week",
                    "de": "Ihre Cloud, startklar in einer Woche",
                },
                "body": {
                    "en": "Hello {{contact.first_name}},\n\nwe move your files for you.",
                    "de": "Guten Tag {{contact.first_name}},\n\nwir ziehen Ihre Daten um.",
                },
                "button": {"en": "See how", "de": "So geht es"},
            },
            "mjml": MAIL,
        },
    }


MAIL = """<mjml>
  <mj-head>
    <mj-title>{{subject}}</mj-title>
    <mj-preview>{{preheader}}</mj-preview>
    <mj-attributes>
      <mj-all font-family="Helvetica, Arial, sans-serif" color="#111827" />
      <mj-text font-size="16px" line-height="1.5" />
    </mj-attributes>
  </mj-head>
  <mj-body background-color="#F3F4F6">
    <mj-section background-color="#FFFFFF" padding="24px 0 8px">
      <mj-column>
        <mj-image if="partner_logo" src="{{partner_logo}}" alt="{{partner.trade_name}}" width="180px" align="left" />
        <mj-text if="no_logo" font-size="20px" font-weight="700">{{partner.trade_name}}</mj-text>
      </mj-column>
    </mj-section>
    <mj-section background-color="#FFFFFF">
      <mj-column>
        <mj-text font-size="26px" font-weight="700">{{text.headline}}</mj-text>
        <mj-text>{{text.body}}</mj-text>
        <mj-text>{{offer}}</mj-text>
        <mj-button href="{{link.main}}" background-color="#0B1F4B" color="#FFFFFF">{{text.button}}</mj-button>
        <mj-text if="link.flyer"><a href="{{link.flyer}}">Our flyer</a></mj-text>
      </mj-column>
    </mj-section>
    <mj-section>
      <mj-column>
        <mj-text font-size="12px" color="#4B5563">{{partner.legal_name}}, {{partner.street}},
        {{partner.postal_code}} {{partner.city}}<br />
        <a href="{{view_url}}">Read it in the browser</a> · <a href="{{unsubscribe_url}}">Unsubscribe</a></mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>"""


def mail_inputs(raw: dict[str, Any] | None = None, **changed: Any) -> MailInputs:
    raw = raw or email()
    content_hash = engine.hash_of(raw)
    given: dict[str, Any] = {
        "values": {},
        "texts": {},
        "partner": NORDWIND,
        "brand": HALDEN,
        "locale": "en",
        "links": {"main": "https://halden.example/start?a=1&b=2"},
        "logo_url": "https://portal.example/m/abc",
    }
    return MailInputs(content_hash, engine.document_of(content_hash, raw), **{**given, **changed})
