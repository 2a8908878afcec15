"""What the demo brand says everywhere: colours, pictures, the words of the tasting week, what it leaves open."""

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
