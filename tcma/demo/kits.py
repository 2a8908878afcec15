"""The brand's two campaigns in a box."""

from collections.abc import Mapping
from typing import Any

from tcma.demo.templates.words import HEADLINE, INVITATION

Json = dict[str, Any]

TASTING = "Tasting week"
TASTING_SUMMARY = (
    "Invite your customers to taste the new Caldera Duo: one e-mail with your flyer, one picture to share."
)
TASTING_ADVICE = "Offices of 20 people or more that you have talked to within a year. Mornings work best."
NEW_MACHINE = "Meet the Caldera Duo"
NEW_MACHINE_SUMMARY = "Two e-mails within a week: the machine, then the offer to test it for fourteen days."
NEW_MACHINE_ADVICE = "Customers whose machine is four years old or older."

_SHARE = {
    "en": "This week at our place: three fresh roasts from the new Caldera Duo. Come by for a cup. {{link}}",
    "de": "Diese Woche bei uns: drei frische Röstungen aus der neuen Caldera Duo. Kommen Sie vorbei! {{link}}",
    "fr": "Cette semaine chez nous : trois torréfactions de la nouvelle Caldera Duo. Passez nous voir ! {{link}}",
    "es": "Esta semana con nosotros: tres tuestes frescos de la nueva Caldera Duo. ¡Le esperamos! {{link}}",
}
_SUBJECT = {
    "en": "{{contact.first_name}}, a fresh cup is waiting for you",
    "de": "{{contact.first_name}}, eine frische Tasse wartet auf Sie",
    "fr": "{{contact.first_name}}, une tasse toute fraîche vous attend",
    "es": "{{contact.first_name}}, le espera una taza recién hecha",
}
_PREHEADER = {
    "en": "Three roasts, fifteen minutes, at {{partner.trade_name}} in {{partner.city}}.",
    "de": "Drei Röstungen, fünfzehn Minuten, bei {{partner.trade_name}} in {{partner.city}}.",
    "fr": "Trois torréfactions, quinze minutes, chez {{partner.trade_name}} à {{partner.city}}.",
    "es": "Tres tuestes, quince minutos, en {{partner.trade_name}}, {{partner.city}}.",
}
_MACHINE_HEADLINE = {
    "en": "One machine. Two cups. No queue.",
    "de": "Eine Maschine. Zwei Tassen. Keine Schlange.",
    "fr": "Une machine. Deux tasses. Zéro attente.",
    "es": "Una máquina. Dos tazas. Sin colas.",
}
_MACHINE_BODY = {
    "en": "The Caldera Duo brews two different coffees at once, cleans itself every night and tells us before it "
    "needs service. We would love to show it to you at {{contact.company}}.",
    "de": "Die Caldera Duo brüht zwei verschiedene Kaffees gleichzeitig, reinigt sich jede Nacht und meldet sich, "
    "bevor sie Service braucht. Gern zeigen wir sie Ihnen bei {{contact.company}}.",
    "fr": "La Caldera Duo prépare deux cafés différents à la fois, se nettoie chaque nuit et nous prévient avant "
    "l'entretien. Nous serions ravis de vous la montrer chez {{contact.company}}.",
    "es": "La Caldera Duo prepara dos cafés distintos a la vez, se limpia cada noche y avisa antes de necesitar "
    "servicio. Nos encantaría enseñársela en {{contact.company}}.",
}
_TEST_BODY = {
    "en": "Test the Caldera Duo for fourteen days, beans included. If nobody at {{contact.company}} misses it "
    "afterwards, we collect it, and that was that.",
    "de": "Testen Sie die Caldera Duo vierzehn Tage lang, Bohnen inklusive. Wenn sie danach bei {{contact.company}} "
    "niemand vermisst, holen wir sie wieder ab.",
    "fr": "Testez la Caldera Duo pendant quatorze jours, café compris. Si elle ne manque à personne chez "
    "{{contact.company}}, nous la reprenons, tout simplement.",
    "es": "Pruebe la Caldera Duo catorce días, café incluido. Si después nadie la echa de menos en "
    "{{contact.company}}, la recogemos, y ya está.",
}
LOCALES = ("en", "de", "fr", "es")


def _texts(**slots: Mapping[str, str]) -> Json:
    return {locale: {slot: words[locale] for slot, words in slots.items()} for locale in LOCALES}


def tasting_week(*, email: int, flyer: int, social: int) -> Json:
    """Give the document of the tasting week; the numbers are template versions."""
    return {
        "default_locale": "en",
        "touches": [
            {
                "key": "invitation",
                "name": "Invitation by e-mail",
                "channel": "email",
                "template_version_id": email,
                "day_offset": 0,
                "local_time": "09:00",
                "texts": _texts(subject=_SUBJECT, preheader=_PREHEADER, headline=HEADLINE, body=INVITATION),
                "link_url": "https://www.brand.example/tasting",
                "attachment": {"template_version_id": flyer, "format": "a4", "mode": "link"},
            },
            {
                "key": "share",
                "name": "Picture to share",
                "channel": "share",
                "template_version_id": social,
                "format": "1200x630",
                "day_offset": 0,
                "local_time": "10:00",
                "texts": _texts(message=_SHARE),
                "link_url": "https://www.brand.example/tasting",
            },
        ],
    }


def new_machine(*, email: int, flyer: int) -> Json:
    """Give the document of the machine's introduction; the numbers are template versions."""
    kicker = dict.fromkeys(LOCALES, "CALDERA DUO")
    return {
        "default_locale": "en",
        "touches": [
            {
                "key": "machine",
                "name": "The machine",
                "channel": "email",
                "template_version_id": email,
                "day_offset": 0,
                "local_time": "08:30",
                "texts": _texts(
                    subject=_MACHINE_HEADLINE, kicker=kicker, headline=_MACHINE_HEADLINE, body=_MACHINE_BODY
                ),
                "link_url": "https://www.brand.example/duo",
            },
            {
                "key": "test",
                "name": "Fourteen days to test",
                "channel": "email",
                "template_version_id": email,
                "day_offset": 5,
                "local_time": "08:30",
                "texts": _texts(subject=KICKER_OF_TEST, kicker=kicker, headline=KICKER_OF_TEST, body=_TEST_BODY),
                "link_url": "https://www.brand.example/duo/test",
                "attachment": {"template_version_id": flyer, "format": "letter", "mode": "attach"},
            },
        ],
    }


KICKER_OF_TEST = {
    "en": "Fourteen days with the Duo, on us",
    "de": "Vierzehn Tage mit der Duo, geschenkt",
    "fr": "Quatorze jours avec la Duo, offerts",
    "es": "Catorce días con la Duo, por nuestra cuenta",
}
