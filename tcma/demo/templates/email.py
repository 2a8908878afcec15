"""The e-mail, whose body is `material/invitation.mjml`."""

from pathlib import Path

from tcma.demo.templates.words import (
    COLORS,
    FACTS,
    HEADLINE,
    IMAGES,
    INVITATION,
    KICKER,
    PARTNER_LABEL,
    VARIABLES,
    Json,
)

MJML = Path(__file__).parents[1] / "material" / "invitation.mjml"


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
