"""The brand's three templates: a flyer, a picture for social networks, an e-mail. What is not opened is locked."""

from pathlib import Path
from typing import Any

Json = dict[str, Any]

ESPRESSO, CREAM, PAPER, EMBER, GOLD, INK, SOFT = "espresso", "cream", "paper", "ember", "gold", "ink", "soft"
COLORS = {
    ESPRESSO: "#2B1810",
    CREAM: "#F6EEE3",
    PAPER: "#FFFFFF",
    EMBER: "#B4431F",
    GOLD: "#E9B77C",
    INK: "#2B1810",
    SOFT: "#6F5A4E",
}
FONTS = {"brand": {"family": "inter"}}

HEADLINE = {
    "en": "Coffee your office will talk about",
    "de": "Kaffee, über den das Büro spricht",
    "fr": "Le café dont parle tout le bureau",
    "es": "El café del que habla la oficina",
}
KICKER = {
    "en": "TASTING WEEK",
    "de": "VERKOSTUNGSWOCHE",
    "fr": "SEMAINE DE DÉGUSTATION",
    "es": "SEMANA DE CATA",
}
INVITATION = {
    "en": "Taste three fresh roasts from the new Caldera Duo, meet our barista, and see how the right machine pays for "
    "itself within a year. No appointment needed: come by, bring a colleague, stay for a second cup.",
    "de": "Verkosten Sie drei frische Röstungen aus der neuen Caldera Duo, lernen Sie unseren Barista kennen und sehen "
    "Sie, wie sich die richtige Maschine in einem Jahr bezahlt macht. Kommen Sie einfach vorbei, gern zu zweit.",
    "fr": "Goûtez trois torréfactions fraîches de la nouvelle Caldera Duo, rencontrez notre barista et découvrez "
    "comment la bonne machine se rembourse en un an. Sans rendez-vous : venez à deux, restez pour une seconde tasse.",
    "es": "Pruebe tres tuestes frescos de la nueva Caldera Duo, conozca a nuestro barista y vea cómo la máquina "
    "adecuada se paga sola en un año. Sin cita previa: venga con un colega y quédese a la segunda taza.",
}
WHEN = {
    "en": "Tuesday to Friday, 9 am to 5 pm",
    "de": "Dienstag bis Freitag, 9 bis 17 Uhr",
    "fr": "Du mardi au vendredi, de 9 h à 17 h",
    "es": "De martes a viernes, de 9 a 17 h",
}
FACTS = (
    (
        "3",
        {
            "en": "fresh roasts to taste",
            "de": "frische Röstungen zum Probieren",
            "fr": "torréfactions à goûter",
            "es": "tuestes para probar",
        },
    ),
    ("15", {"en": "minutes are enough", "de": "Minuten genügen", "fr": "minutes suffisent", "es": "minutos bastan"}),
    (
        "0",
        {
            "en": "obligation, just good coffee",
            "de": "Verpflichtung, nur guter Kaffee",
            "fr": "engagement, juste du bon café",
            "es": "compromiso, solo buen café",
        },
    ),
)
PARTNER_LABEL = {
    "en": "YOUR CALDERA PARTNER",
    "de": "IHR CALDERA-PARTNER",
    "fr": "VOTRE PARTENAIRE CALDERA",
    "es": "SU SOCIO CALDERA",
}
BOOK = {"en": "Scan and book", "de": "Scannen, Platz sichern", "fr": "Scannez et réservez", "es": "Escanee y reserve"}
DEFAULT_LINK = "https://brand.example/tasting"

VARIABLES: Json = {
    "headline": {
        "type": "text",
        "label": {"en": "Headline", "de": "Überschrift", "fr": "Titre", "es": "Titular"},
        "help": {"en": "Up to 60 characters; it grows and shrinks to fit."},
        "default": HEADLINE,
        "max_length": 60,
        "required": True,
    },
    "when": {
        "type": "text",
        "label": {"en": "Day and time", "de": "Tag und Uhrzeit", "fr": "Jour et heure", "es": "Día y hora"},
        "default": WHEN,
        "max_length": 60,
        "required": True,
    },
    "link": {
        "type": "link",
        "label": {
            "en": "Where the code leads",
            "de": "Ziel des Codes",
            "fr": "Destination du code",
            "es": "Destino del código",
        },
        "help": {"en": "A campaign puts its own tracked link here."},
        "default": DEFAULT_LINK,
    },
}
IMAGES: Json = {
    "espresso": {"asset_name": "Espresso on oak", "alt": {"en": "An espresso in a red cup on an oak table"}},
    "espresso_wide": {"asset_name": "Espresso on oak, wide", "alt": {"en": "An espresso in a red cup on an oak table"}},
    "brand_logo": {"asset_name": "Caldera logo", "alt": "Caldera Coffee Systems"},
    "brand_logo_dark": {"asset_name": "Caldera logo, for dark backgrounds", "alt": "Caldera Coffee Systems"},
}


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


MJML = Path(__file__).with_name("material") / "invitation.mjml"


def email() -> Json:
    """Give the e-mail: the partner's logo first, the brand's beside it, one button."""
    return {
        "schema": 1,
        "kind": "email",
        "locale": "en",
        "brand": {"colors": COLORS},
        "images": {name: IMAGES[name] for name in ("espresso_wide", "brand_logo")},
        "variables": {"when": VARIABLES["when"]},
        "email": {
            "mjml": MJML.read_text(encoding="utf-8"),
            "logo_background": "light",
            "subject": {
                "en": "{{partner.trade_name}} invites you: taste the new Caldera Duo",
                "de": "{{partner.trade_name}} lädt ein: die neue Caldera Duo verkosten",
                "fr": "{{partner.trade_name}} vous invite : goûtez la nouvelle Caldera Duo",
                "es": "{{partner.trade_name}} le invita: pruebe la nueva Caldera Duo",
            },
            "preheader": {
                "en": "Three fresh roasts, fifteen minutes, no obligation.",
                "de": "Drei frische Röstungen, fünfzehn Minuten, keine Verpflichtung.",
                "fr": "Trois torréfactions, quinze minutes, sans engagement.",
                "es": "Tres tuestes, quince minutos, sin compromiso.",
            },
            "texts": EMAIL_TEXTS,
        },
    }


EMAIL_TEXTS: Json = {
    "kicker": KICKER,
    "headline": HEADLINE,
    "greeting": {
        "en": "Hello {{contact.first_name}},",
        "de": "Guten Tag {{contact.first_name}} {{contact.last_name}},",
        "fr": "Bonjour {{contact.first_name}},",
        "es": "Hola, {{contact.first_name}}:",
    },
    "body": INVITATION,
    "button": {"en": "Save my cup", "de": "Meine Tasse sichern", "fr": "Réserver ma tasse", "es": "Reservar mi taza"},
    "flyer": {
        "en": "Download the flyer (PDF)",
        "de": "Flyer herunterladen (PDF)",
        "fr": "Télécharger le dépliant (PDF)",
        "es": "Descargar el folleto (PDF)",
    },
    "closing": {"en": "See you soon,", "de": "Bis bald,", "fr": "À très bientôt,", "es": "Hasta pronto,"},
    "fact_one": FACTS[0][1],
    "fact_two": FACTS[1][1],
    "fact_three": FACTS[2][1],
    "partner_label": PARTNER_LABEL,
    "photo_alt": {
        "en": "An espresso in a red cup on an oak table",
        "de": "Ein Espresso in einer roten Tasse auf einem Eichentisch",
        "fr": "Un espresso dans une tasse rouge sur une table en chêne",
        "es": "Un espresso en una taza roja sobre una mesa de roble",
    },
    "view_online": {
        "en": "View in your browser",
        "de": "Im Browser ansehen",
        "fr": "Voir dans le navigateur",
        "es": "Ver en el navegador",
    },
    "why": {
        "en": "You receive this message because you agreed to hear from us.",
        "de": "Sie erhalten diese Nachricht, weil Sie ihr zugestimmt haben.",
        "fr": "Vous recevez ce message car vous avez accepté nos nouvelles.",
        "es": "Recibe este mensaje porque aceptó recibir noticias nuestras.",
    },
    "unsubscribe": {"en": "Unsubscribe", "de": "Abmelden", "fr": "Se désabonner", "es": "Darse de baja"},
}
