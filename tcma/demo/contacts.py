"""Five hundred invented contacts a partner: names of the partner's language, addresses under example domains."""

import csv
import io
import unicodedata
from datetime import date, timedelta
from random import Random

NAMES: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "de": (
        ("Anna", "Birte", "Carsten", "Dörte", "Emil", "Frieda", "Gesa", "Hauke", "Imke", "Jürgen", "Karla", "Lennart"),
        (
            "Albers",
            "Brückner",
            "Claassen",
            "Dierks",
            "Eggers",
            "Fröhlich",
            "Groth",
            "Hinrichs",
            "Jansen",
            "Köhler",
            "Lührs",
            "Möller",
            "Nissen",
            "Oltmanns",
        ),
        (
            "Kontor Elbe",
            "Werkhof Altona",
            "Praxis am Fleet",
            "Hafenlogistik Nord",
            "Studio Reeperbahn",
            "Steuerbüro Alster",
        ),
    ),
    "fr": (
        (
            "Adèle",
            "Bastien",
            "Chloé",
            "Damien",
            "Élise",
            "Fabrice",
            "Gaëlle",
            "Hugo",
            "Inès",
            "Jérôme",
            "Léa",
            "Mathieu",
        ),
        (
            "Aubert",
            "Blanchard",
            "Chevalier",
            "Delorme",
            "Fournier",
            "Garnier",
            "Jacquet",
            "Lefèvre",
            "Marchand",
            "Noël",
            "Perrin",
            "Renaud",
            "Tissot",
            "Vasseur",
        ),
        (
            "Cabinet Bellecour",
            "Atelier Croix-Rousse",
            "Clinique du Parc",
            "Imprimerie Saône",
            "Hôtel des Lices",
            "Agence Confluence",
        ),
    ),
    "es": (
        ("Alba", "Bruno", "Carmen", "Diego", "Elena", "Fermín", "Gloria", "Héctor", "Inés", "Jaime", "Lola", "Martín"),
        (
            "Aguilar",
            "Benítez",
            "Cortés",
            "Domínguez",
            "Esteban",
            "Fuentes",
            "Gallego",
            "Ibáñez",
            "Lozano",
            "Molina",
            "Núñez",
            "Ortega",
            "Pardo",
            "Rubio",
        ),
        (
            "Despacho Atocha",
            "Clínica Retiro",
            "Talleres Lavapiés",
            "Estudio Chamberí",
            "Hostal Gran Vía",
            "Asesoría Salamanca",
        ),
    ),
    "en": (
        ("Alice", "Ben", "Chloe", "Daniel", "Eleanor", "Frank", "Grace", "Henry", "Isla", "Jack", "Kiran", "Laura"),
        (
            "Adams",
            "Bennett",
            "Carter",
            "Davies",
            "Ellis",
            "Fletcher",
            "Grant",
            "Hughes",
            "Iyer",
            "Joshi",
            "Kelly",
            "Lawson",
            "Mehta",
            "Nolan",
        ),
        (
            "Riverside Studio",
            "Northside Clinic",
            "Harbour Legal",
            "Summit Design",
            "Corner Bakery Co",
            "Brightline Labs",
        ),
    ),
}
COUNT = 500


def contacts_csv(key: str, language: str, *, today: date, count: int = COUNT) -> str:
    """Give a partner's contacts as CSV; the same partner gets the same people every time.

    A few rows are as real lists have them: a repeated address, a broken one, some without consent.
    """
    first_names, last_names, companies = NAMES[language]
    draw = Random(f"contacts of {key}")  # noqa: S311 - the same people every time is what is wanted
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(["email", "first_name", "last_name", "company", "locale", "consent", "consent_on", "city quarter"])
    for number in range(count):
        first, last, company = draw.choice(first_names), draw.choice(last_names), draw.choice(companies)
        address = f"{_plain(first)}.{_plain(last)}{number + 1}@{_plain(company)}.example"
        agreed = "no" if number % 100 == 99 else "yes"
        given = today - timedelta(days=20 + number % 400)
        row = [address, first, last, company, language, agreed, given.isoformat(), f"Q{number % 7 + 1}"]
        writer.writerow(row)
    writer.writerow(row)
    writer.writerow(["somebody(at)nowhere", "Sam", "Typo", companies[1], language, "yes", "", ""])
    return buffer.getvalue()


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "".join(character for character in bare if character.isalnum())
