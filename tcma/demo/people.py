"""Who is in the demo program: the brand, six partners in six cities, and the people who sign in."""

from dataclasses import dataclass
from typing import Any

from tcma.accounts.rules import Tier
from tcma.kernel.permissions import Role

BRAND: dict[str, str] = {
    "name": "Caldera",
    "legal_name": "Caldera Coffee Systems AG",
    "postal_address": "Caldera Coffee Systems AG, Limmatquai 40, 8001 Zürich, Switzerland",
    "email": "hello@brand.example",
    "web": "https://www.brand.example",
    "locale": "en",
    "time_zone": "Europe/Zurich",
}


@dataclass(frozen=True)
class Person:
    """Somebody with a sign-in."""

    email: str
    name: str
    role: Role


TEAM = (
    Person("marketing@brand.example", "Mira Sommer", Role.MARKETING),
    Person("channel@brand.example", "Jonas Keller", Role.CHANNEL_MANAGER),
    Person("finance@brand.example", "Fabienne Roth", Role.FINANCE),
    Person("treasury@brand.example", "Tobias Graf", Role.FINANCE),
    Person("admin@brand.example", "Anouk Meier", Role.ADMIN),
)


@dataclass(frozen=True)
class Logo:
    """A logo as the partner sent it: file, and the background that it is made for."""

    file: str
    variant: str
    name: str


@dataclass(frozen=True)
class Member:
    """A partner: its profile, tier, people and logos."""

    key: str
    tier: Tier
    profile: dict[str, Any]
    people: tuple[Person, ...]
    logos: tuple[Logo, ...]
    consent_source: str
    language: str

    @property
    def name(self) -> str:
        """Give the name that people know."""
        return str(self.profile["trade_name"])


def _profile(key: str, **fields: Any) -> dict[str, Any]:
    return {"web": f"https://www.partner-{key}.example", "specialties": [], "social": {}} | fields


MEMBERS = (
    Member(
        key="a",
        tier=Tier.PLATINUM,
        language="de",
        consent_source="Stand auf der Bürowelt Hamburg, unterschriebene Karte",
        profile=_profile(
            "a",
            legal_name="Nordwind Bürotechnik GmbH",
            trade_name="Nordwind Bürotechnik",
            contact_person="Katrin Petersen",
            email="kaffee@partner-a.example",
            phone="+49 40 5550 142",
            street="Speicherstraße 18",
            postal_code="20457",
            city="Hamburg",
            country="DE",
            locale="de",
            time_zone="Europe/Berlin",
            region="DACH",
            specialties=["offices", "hotels"],
            social={"linkedin": "nordwind-buerotechnik"},
        ),
        people=(
            Person("owner@partner-a.example", "Katrin Petersen", Role.OWNER),
            Person("marketing@partner-a.example", "Lasse Brandt", Role.MARKETER),
        ),
        logos=(
            Logo("nordwind-wide.png", "light", "Nordwind logo, very wide"),
            Logo("nordwind-white.png", "dark", "Nordwind logo, white"),
        ),
    ),
    Member(
        key="b",
        tier=Tier.GOLD,
        language="fr",
        consent_source="Inscription à l'infolettre, site de la boutique",
        profile=_profile(
            "b",
            legal_name="Maison Lambert SARL",
            trade_name="Maison Lambert",
            contact_person="Camille Lambert",
            email="bonjour@partner-b.example",
            phone="+33 4 5550 0187",
            street="12 rue des Tanneurs",
            postal_code="69002",
            city="Lyon",
            country="FR",
            locale="fr",
            time_zone="Europe/Paris",
            region="Southern Europe",
            specialties=["restaurants"],
        ),
        people=(Person("owner@partner-b.example", "Camille Lambert", Role.OWNER),),
        logos=(Logo("maison-lambert.jpg", "light", "Maison Lambert, JPEG in a white box"),),
    ),
    Member(
        key="c",
        tier=Tier.GOLD,
        language="en",
        consent_source="Web form, tasting newsletter",
        profile=_profile(
            "c",
            legal_name="Harbor & Pine Office Supply LLC",
            trade_name="Harbor & Pine",
            contact_person="Dana Whitfield",
            email="hello@partner-c.example",
            phone="+1 503 555 0114",
            street="88 NW Front Avenue",
            postal_code="97209",
            city="Portland, OR",
            country="US",
            locale="en-US",
            time_zone="America/Los_Angeles",
            region="North America",
            specialties=["offices", "co-working"],
            social={"linkedin": "harbor-and-pine"},
        ),
        people=(Person("owner@partner-c.example", "Dana Whitfield", Role.OWNER),),
        logos=(
            Logo("harbor-pine.svg", "light", "Harbor & Pine, SVG with a gradient"),
            Logo("harbor-pine-white.png", "dark", "Harbor & Pine, white"),
        ),
    ),
    Member(
        key="d",
        tier=Tier.SILVER,
        language="es",
        consent_source="Hoja firmada en la tienda",
        profile=_profile(
            "d",
            legal_name="Soluciones Prado SL",
            trade_name="Soluciones Prado",
            contact_person="Lucía Ferrer",
            email="hola@partner-d.example",
            phone="+34 91 555 0161",
            street="Calle del Prado 9",
            postal_code="28014",
            city="Madrid",
            country="ES",
            locale="es",
            time_zone="Europe/Madrid",
            region="Southern Europe",
        ),
        people=(Person("owner@partner-d.example", "Lucía Ferrer", Role.OWNER),),
        logos=(Logo("prado-cmyk.jpg", "light", "Prado, CMYK JPEG from the printer"),),
    ),
    Member(
        key="e",
        tier=Tier.SILVER,
        language="en",
        consent_source="Showroom visitors' book",
        profile=_profile(
            "e",
            legal_name="Lumen Workspaces Pty Ltd",
            trade_name="Lumen Workspaces",
            contact_person="Ruby Hargreaves",
            email="team@partner-e.example",
            phone="+61 2 5550 0199",
            street="5 Harbour Street",
            postal_code="2000",
            city="Sydney NSW",
            country="AU",
            locale="en-AU",
            time_zone="Australia/Sydney",
            region="Asia Pacific",
            specialties=["co-working"],
        ),
        people=(Person("owner@partner-e.example", "Ruby Hargreaves", Role.OWNER),),
        logos=(Logo("lumen-tall.svg", "light", "Lumen, very tall SVG with mask and gradients"),),
    ),
    Member(
        key="f",
        tier=Tier.REGISTERED,
        language="en",
        consent_source="Phone call, noted in the CRM",
        profile=_profile(
            "f",
            legal_name="Deccan Office Mart Private Limited",
            trade_name="Deccan Office Mart",
            contact_person="Ananya Rao",
            email="sales@partner-f.example",
            phone="+91 80 5550 0123",
            street="27 Residency Road",
            postal_code="560025",
            city="Bengaluru",
            country="IN",
            locale="en-IN",
            time_zone="Asia/Kolkata",
            region="Asia Pacific",
        ),
        people=(Person("owner@partner-f.example", "Ananya Rao", Role.OWNER),),
        logos=(Logo("deccan-white.png", "dark", "Deccan, white for dark backgrounds only"),),
    ),
)
