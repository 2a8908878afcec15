"""Load the demo program: through the services, step by step, each step once."""

from datetime import datetime, time, timedelta
from hashlib import sha256
from pathlib import Path

from assets.uploads import service as uploads
from campaigns.audiences import service as audiences
from campaigns.kits import service as kits
from campaigns.launches import service as launches
from cobranding.rendering.inputs import PictureFile
from cobranding.templates import service as templates
from tcma.demo import kits as kit_documents
from tcma.demo import marks
from tcma.demo import templates as template_documents
from tcma.demo.cases import FLYER, play_all
from tcma.demo.cast import Cast, find_cast, set_up_people
from tcma.demo.contacts import contacts_csv
from tcma.demo.money import set_up_funds
from tcma.demo.people import MEMBERS
from tcma.demo.templates.brochure import NAME as BROCHURE_PAGES
from tcma.demo.templates.brochure import pages as brochure_pages
from tcma.infra.db import transaction
from tcma.kernel import clock

MATERIAL = Path(__file__).with_name("material")
SOCIAL, E_MAIL = "Tasting week picture", "Tasting invitation"
DECK, BROCHURE = "Better coffee, the talk", "Caldera Duo brochure"

BRAND_FILES = (
    ("logos/caldera.svg", "logo", "light", "Caldera logo", "Caldera Coffee Systems"),
    ("logos/caldera-on-dark.svg", "logo", "dark", "Caldera logo, for dark backgrounds", "Caldera Coffee Systems"),
    ("photos/espresso.jpg", "photo", "any", "Espresso on oak", "An espresso in a red cup on an oak table"),
    ("photos/espresso-wide.jpg", "photo", "any", "Espresso on oak, wide", "An espresso in a red cup on an oak table"),
)


def load(password: str) -> None:
    """Load everything that is not there yet; done twice, it changes nothing.

    Raises NotEmpty when the service belongs to a real brand.
    """
    if "people" not in marks.taken():
        set_up_people(password)
    cast = find_cast()
    taken = marks.taken()
    for step, act in (
        ("files", set_up_files),
        ("templates", set_up_templates),
        ("contacts", set_up_contacts),
        ("funds", set_up_funds),
    ):
        if step not in taken:
            act(cast)
    play_all(cast, marks.taken())
    if "launches" not in marks.taken():
        set_up_launches(cast)


def set_up_files(cast: Cast) -> None:
    """Upload the brand's pictures and everybody's logos, as they were sent."""
    of_brand = [(_read(path), path, kind, variant, name, alt) for path, kind, variant, name, alt in BRAND_FILES]
    checked = [
        (uploads.check(data, path, kind), variant, name, alt) for data, path, kind, variant, name, alt in of_brand
    ]
    logos = {
        member.key: [(uploads.check(_read(f"logos/{logo.file}"), logo.file, "logo"), logo) for logo in member.logos]
        for member in MEMBERS
    }
    with clock.frozen(clock.now() - timedelta(days=170)):
        for member in MEMBERS:
            owner = cast.owners[member.key]
            if f"logos: {member.key}" in marks.taken():
                continue
            with transaction(owner):
                for file, logo in logos[member.key]:
                    uploads.receive(owner, file, name=logo.name, variant=logo.variant, alt_text=member.name)
                marks.take(owner, f"logos: {member.key}")
        with transaction(cast.marketing):
            for file, variant, name, alt in checked:
                uploads.receive(cast.marketing, file, name=name, variant=variant, alt_text=alt)
            marks.take(cast.marketing, "files")


def set_up_templates(cast: Cast) -> None:
    """Publish four templates and a kit; leave the picture and the second kit as drafts for the story."""
    marketing = cast.marketing
    photo = _read("photos/espresso.jpg")
    pages = brochure_pages(PictureFile(sha256(photo).hexdigest(), lambda: photo))
    checked = uploads.check(pages.data, "caldera-duo-brochure.pdf", "document")
    with clock.frozen(clock.now() - timedelta(days=160)), transaction(marketing):
        flyer = templates.create(
            marketing,
            name=FLYER,
            summary="A4 and US Letter. Headline, day and invitation are yours; everything else is ours.",
            document=template_documents.flyer(),
        )
        templates.publish(marketing, flyer.id)
        email = templates.create(
            marketing,
            name=E_MAIL,
            summary="Your logo first, ours beside it, one button, your address at the end.",
            document=template_documents.email(),
        )
        templates.publish(marketing, email.id)
        social = templates.create(
            marketing,
            name=SOCIAL,
            summary="Wide and square, for LinkedIn and wherever else you are.",
            document=template_documents.social(),
        )
        deck = templates.create(
            marketing,
            name=DECK,
            summary="Three slides for a talk at a customer's. Title and plan are yours.",
            document=template_documents.deck(),
        )
        templates.publish(marketing, deck.id)
        uploads.receive(marketing, checked, name=BROCHURE_PAGES)
        finished = templates.create(
            marketing,
            name=BROCHURE,
            summary="A finished brochure, with your logo on the cover and your address on the back.",
            document=template_documents.brochure(),
        )
        templates.publish(marketing, finished.id)
        versions = {"email": email.id, "flyer": flyer.id, "social": social.id}
        machine = kits.create(
            marketing,
            name=kit_documents.NEW_MACHINE,
            summary=kit_documents.NEW_MACHINE_SUMMARY,
            audience_advice=kit_documents.NEW_MACHINE_ADVICE,
            document=kit_documents.new_machine(email=email.id, flyer=flyer.id),
        )
        published = kits.publish(marketing, _draft_of(machine))
        kits.create(
            marketing,
            name=kit_documents.TASTING,
            summary=kit_documents.TASTING_SUMMARY,
            audience_advice=kit_documents.TASTING_ADVICE,
            document=kit_documents.tasting_week(**versions),
        )
        marks.take(marketing, "templates", machine_version_id=published.id)


def set_up_contacts(cast: Cast) -> None:
    """Import each partner's contacts, with the source of their consent."""
    today = clock.today()
    with clock.frozen(clock.now() - timedelta(days=10)):
        for member in MEMBERS:
            owner = cast.owners[member.key]
            if f"contacts: {member.key}" in marks.taken():
                continue
            text = contacts_csv(member.key, member.language, today=today - timedelta(days=10))
            with transaction(owner):
                audiences.import_csv(
                    owner,
                    text,
                    consent_source=member.consent_source,
                    consent_text="Yes, send me invitations and news by e-mail.",
                    filename=f"contacts-{member.key}.csv",
                )
                # Somebody asked by telephone not to be written to any more.
                audiences.suppress(owner, text.splitlines()[3].split(",")[0])
                marks.take(owner, f"contacts: {member.key}")
    with transaction(cast.marketing):
        marks.take(cast.marketing, "contacts")


def set_up_launches(cast: Cast) -> None:
    """Let one partner plan a launch for next week, and another change its mind."""
    version_id = int(marks.taken()["templates"]["machine_version_id"])
    next_week = datetime.combine(clock.today() + timedelta(days=7), time(8, 30))
    planner, doubter = cast.owners["c"], cast.owners["d"]
    with transaction(planner):
        launches.launch(
            planner, kit_version_id=version_id, starts_at_local=next_week, name="Meet the Caldera Duo, Portland"
        )
        marks.take(planner, "launches")
    with transaction(doubter):
        changed = launches.launch(
            doubter, kit_version_id=version_id, starts_at_local=next_week, name="Conozca la Caldera Duo"
        )
        launches.cancel(doubter, changed.id)


def _draft_of(kit: kits.KitView) -> int:
    if kit.draft_version_id is None:
        raise AssertionError("a new kit has a draft")
    return kit.draft_version_id


def _read(path: str) -> bytes:
    return (MATERIAL / path).read_bytes()
