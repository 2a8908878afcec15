"""The people, files and documents of the main job, for the journeys through the API and through the browser."""

import io
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pypdfium2
from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from tests.running import Person, Running

TODAY = date.today  # the service runs on the real clock
LOGO_COLOUR = (200, 30, 60)
HEADLINE = "Your cloud, up and running by Friday"
CONTACTS = [
    ("ann@customer-one.example", "Ann", "Aalto", "Customer One"),
    ("bob@customer-two.example", "Bob", "Bright", "Customer Two"),
    ("cem@customer-three.example", "Cem", "Çelik", "Customer Three"),
]
REFUSED = ("dora+refused@customer-four.example", "Dora", "Dean", "Customer Four")


@dataclass
class Cast:
    """Everybody who plays a part, signed in to the API."""

    admin: Person
    marketing: Person
    channel: Person
    finance: Person
    treasurer: Person
    owner: Person
    partner_id: int
    fund_id: int = 0
    allocation_id: int = 0


def people(service: Running, *, suffix: str = "") -> Cast:
    """Set up the brand, its people, and a partner with an owner."""
    service.add_person("admin@brand.example", "Ada Admin", "admin")
    admin = service.person("admin@brand.example")
    admin.put(
        "/brand/",
        {
            "name": "Halden Cloud",
            "legal_name": "Halden Cloud AG",
            "postal_address": "Halden Cloud AG, Bahnhofstr. 1, 8001 Zürich, CH",
            "email": "hello@brand.example",
            "web": "https://brand.example",
        },
    )
    partner = admin.post(
        "/partners/",
        {
            "legal_name": "Nordwind Systemhaus GmbH",
            "trade_name": "Nordwind Systemhaus",
            "contact_person": "Olga Owner",
            "email": "hello@partner-a.example",
            "phone": "+49 40 123456",
            "web": "https://partner-a.example",
            "street": "Hafenstr. 7",
            "postal_code": "20457",
            "city": "Hamburg",
            "country": "DE",
            "time_zone": "Europe/Berlin",
            "tier": "gold",
        },
    )
    return Cast(
        admin=admin,
        marketing=service.invite(admin, "marketing@brand.example", "Mara Marketing", "marketing"),
        channel=service.invite(admin, "channel@brand.example", "Chris Channel", "channel_manager"),
        finance=service.invite(admin, "finance@brand.example", "Fay Finance", "finance"),
        treasurer=service.invite(admin, "treasurer@brand.example", "Theo Treasurer", "finance"),
        owner=service.invite(admin, "owner@partner-a.example", "Olga Owner", "owner", partner["id"]),
        partner_id=partner["id"],
    )


def money(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


def program_document() -> dict[str, Any]:
    """Two activity types; half and three quarters are paid, and a campaign can start tomorrow."""
    invoice = [{"key": "invoice", "name": "Invoice"}]
    return {
        "request_lead_days": 0,
        "activity_types": [
            {
                "key": "email_campaign",
                "name": "E-mail campaign",
                "share_percent": "50",
                "caps": {"EUR": "5000.00"},
                "minimums": {"EUR": "50.00"},
                "cost_kinds": [{"key": "media", "name": "Media"}, {"key": "production", "name": "Production"}],
                "proof_of_cost": invoice,
                "proof_of_performance": [{"key": "report", "name": "Report of results"}],
                "figures": [{"key": "leads", "name": "Leads"}],
            },
            {
                "key": "event",
                "name": "Event",
                "share_percent": "75",
                "caps": {"EUR": "8000.00"},
                "cost_kinds": [{"key": "room", "name": "Room"}],
                "proof_of_cost": invoice,
                "proof_of_performance": [{"key": "photos", "name": "Photos"}],
                "figures": [],
            },
        ],
    }


def money_for_partners(cast: Cast) -> None:
    """Put a program in force, and give the partner 4,000 of a fund of 20,000."""
    program = cast.finance.post("/mdf/programs/", {"name": "Growth 2026", "document": program_document()})
    cast.finance.post(f"/mdf/programs/{program['id']}/publish", {})
    fund = cast.finance.post(
        "/mdf/funds/",
        {
            "program_id": program["id"],
            "name": "EMEA 2026",
            "currency": "EUR",
            "period_start_on": str(TODAY() - timedelta(days=30)),
            "period_end_on": str(TODAY() + timedelta(days=335)),
            "budget": money("20000.00"),
        },
    )
    share = {"fund_id": fund["id"], "partner_id": cast.partner_id, "amount": money("4000.00")}
    cast.fund_id = fund["id"]
    cast.allocation_id = cast.finance.post("/mdf/allocations/", share)["id"]


def logo() -> bytes:
    """A mark in one colour on nothing, with a wide edge."""
    drawn = Image.new("RGBA", (900, 300), (255, 255, 255, 0))
    pen = ImageDraw.Draw(drawn)
    pen.ellipse((100, 60, 280, 240), fill=(*LOGO_COLOUR, 255))
    pen.rounded_rectangle((320, 90, 800, 210), 30, fill=(*LOGO_COLOUR, 255))
    return _png(drawn)


def photo() -> bytes:
    """A quiet picture, dark enough for white type."""
    image = Image.linear_gradient("L").resize((1600, 1100))
    sky = Image.merge("RGB", [image.point([level * share // 8 for level in range(256)]) for share in (1, 2, 4)])
    written = io.BytesIO()
    sky.save(written, "JPEG", quality=90)
    return written.getvalue()


def report() -> bytes:
    """A picture of results, as somebody photographs them."""
    drawn = Image.new("RGB", (800, 600), (250, 250, 245))
    pen = ImageDraw.Draw(drawn)
    for column, height in enumerate((120, 260, 380, 300)):
        pen.rectangle((100 + 160 * column, 500 - height, 200 + 160 * column, 500), fill=(20, 90, 140))
    return _png(drawn)


def invoice(number: str, net: str) -> bytes:
    """An invoice as a PDF."""
    written = io.BytesIO()
    page = Canvas(written, pagesize=A4, invariant=True)
    for line, text in enumerate(
        ("Print & Post KG", f"Invoice {number}", "To: Nordwind Systemhaus GmbH", f"Net EUR {net}")
    ):
        page.drawString(72, 760 - 24 * line, text)
    page.save()
    return written.getvalue()


def contacts_csv() -> str:
    rows = ["email,first name,last name,company", *(",".join(row) for row in [*CONTACTS, REFUSED])]
    return "\n".join([*rows, "not an address,Eve,Error,Nowhere"]) + "\n"


def _png(image: Image.Image) -> bytes:
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


MJML = """<mjml><mj-body><mj-section>
<mj-column><mj-image if="partner_logo" src="{{partner_logo}}" alt="{{partner.trade_name}}" width="180px" /></mj-column>
<mj-column><mj-text>{{brand.name}}</mj-text></mj-column>
</mj-section><mj-section><mj-column>
<mj-text>{{text.headline}}</mj-text><mj-text>{{text.body}}</mj-text>
<mj-button href="{{link.main}}">{{text.button}}</mj-button>
<mj-text if="link.flyer"><a href="{{link.flyer}}">The flyer</a></mj-text>
<mj-text>{{partner.legal_name}}, {{partner.street}}, {{partner.postal_code}} {{partner.city}}, {{partner.country}}
<a href="{{unsubscribe_url}}">Unsubscribe</a></mj-text>
</mj-column></mj-section></mj-body></mjml>"""


def email_document() -> dict[str, Any]:
    return {
        "schema": 1,
        "kind": "email",
        "locale": "en",
        "brand": {"colors": {"ink": "#111111"}},
        "email": {
            "mjml": MJML,
            "logo_background": "light",
            "subject": "News from {{partner.trade_name}}",
            "texts": {"headline": "News", "body": "News", "button": "Read more"},
        },
    }


def kit_document(*, email: int, flyer: int) -> dict[str, Any]:
    """A mail with a flyer behind a link, and a picture to share by hand."""
    return {
        "default_locale": "en",
        "touches": [
            {
                "key": "invitation",
                "name": "Invitation",
                "channel": "email",
                "template_version_id": email,
                "local_time": "00:00",
                "texts": {
                    "en": {
                        "subject": "{{contact.first_name}}, your cloud by Friday",
                        "preheader": "Planned, moved and looked after by {{partner.trade_name}}",
                        "headline": "Your cloud by Friday",
                        "body": "Dear {{contact.first_name}}, a word for {{contact.company}}.",
                        "button": "Read more",
                    }
                },
                "link_url": "https://brand.example/offer",
                "attachment": {"template_version_id": flyer, "format": "a4", "mode": "link"},
            },
            {
                "key": "post",
                "name": "Post",
                "channel": "share",
                "template_version_id": flyer,
                "format": "square",
                "local_time": "00:01",
                "texts": {"en": {"message": "Ask {{partner.trade_name}} in {{partner.city}}: {{link}}"}},
                "link_url": "https://brand.example/offer",
            },
        ],
    }


def text_of(pdf: bytes) -> str:
    """Read a PDF with another library than the one that wrote it."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def share_of_colour(picture: bytes, colour: tuple[int, int, int]) -> float:
    """Return which share of a picture's pixels has a colour, give or take what JPEG changes."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    near = sum(
        count
        for count, pixel in image.getcolors(maxcolors=image.width * image.height) or []
        if all(abs(have - want) <= 24 for have, want in zip(pixel, colour, strict=True))
    )
    return near / (image.width * image.height)
