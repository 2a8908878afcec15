"""Gathers, inside the transaction, everything that a file or an e-mail is made of; nothing is drawn here."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from assets.library import service as library
from assets.library.errors import RightsNotRunning
from assets.library.rules import RightsChannel
from cobranding.artworks import queries
from cobranding.artworks.errors import NotAnArtwork, NotAnEmail, PictureNotYours
from cobranding.artworks.model import Artwork
from cobranding.artworks.service.hosting import logo_url, picture_url
from cobranding.artworks.service.trust import check_artwork, check_words
from cobranding.manifests import service as manifests
from cobranding.rendering.document.elements import LogoElement
from cobranding.rendering.document.model import Document
from cobranding.rendering.document.values import check_values, unchanged_values
from cobranding.rendering.errors import ValuesMissing
from cobranding.rendering.inputs import Brand, InputFile, Inputs, Partner, PictureFile
from cobranding.rendering.mail.composing import MailInputs
from cobranding.templates import service as templates
from cobranding.templates.rules import CHANNELS
from cobranding.templates.service import TemplateVersionView
from tcma.accounts import service as accounts
from tcma.kernel.actor import Actor
from tcma.kernel.errors import NotFound

PICTURED = ("image", "logo")
"""The types of variables that hold the id of a picture."""

SAMPLE = Partner(
    legal_name="Sample Partner Ltd",
    trade_name="Sample Partner",
    contact_person="Alex Example",
    email="hello@partner.example",
    phone="+44 20 7946 0000",
    web="https://partner.example",
    street="1 Example Street",
    postal_code="EC1A 1AA",
    city="London",
    country="GB",
)
"""Whose mark a template carries while the brand looks at it without naming a partner."""


def inputs_for(actor: Actor, artwork_id: int, *, link_url: str = "") -> Inputs:
    """Gather an artwork for its finished files.

    Raises ArtworkNotFound, TemplateGone, NotApproved, DocumentInvalid when a picture of the template may no longer be
    used.
    """
    artwork = queries.one(actor, artwork_id)
    template = templates.present_version(actor, artwork.template_version_id)
    check_artwork(actor, artwork, template)
    return _of_artwork(actor, artwork, template, link_url)


def look_inputs(actor: Actor, artwork_id: int) -> Inputs:
    """Gather an artwork to look at, approved or not: for the editor, the reviewer and the preflight.

    Raises ArtworkNotFound, TemplateGone, DocumentInvalid.
    """
    artwork = queries.one(actor, artwork_id)
    return _of_artwork(actor, artwork, templates.present_version(actor, artwork.template_version_id), "")


def _of_artwork(actor: Actor, artwork: Artwork, template: TemplateVersionView, link_url: str) -> Inputs:
    return _inputs(
        actor,
        template,
        artwork.partner_id,
        artwork.values,
        link_url=link_url,
        locale=artwork.locale,
        title=artwork.name,
    )


def render_inputs(
    actor: Actor,
    partner_id: int,
    template_version_id: int,
    values: Mapping[str, Any],
    *,
    link_url: str = "",
    locale: str = "",
    title: str = "",
) -> Inputs:
    """Gather a partner's values for a published version, without an artwork: what a campaign attaches or shares.

    Raises TemplateNotFound, TemplateNotPublished, TemplateWithdrawn, NotFound, NotAnArtwork, ValuesRefused,
    ValuesMissing, WordsNotApproved.
    """
    template = templates.usable_version(actor, template_version_id)
    kept = _own_words(templates.document_of(template), values)
    check_words(actor, template, partner_id, kept, locale=locale)
    return _inputs(actor, template, partner_id, kept, link_url=link_url, locale=locale, title=title)


def brand_inputs(
    actor: Actor, partner_id: int, template_version_id: int, values: Mapping[str, Any], *, locale: str = ""
) -> Inputs:
    """Gather what the brand itself makes for a partner: its own words need nobody's approval.

    Raises TemplateNotFound, TemplateNotPublished, TemplateWithdrawn, NotFound, NotAnArtwork, ValuesRefused.
    """
    template = templates.usable_version(actor, template_version_id)
    kept = check_values(templates.document_of(template), values)
    return _inputs(actor, template, partner_id, kept, locale=locale)


def preview_inputs(
    actor: Actor, version_id: int, *, partner_id: int | None = None, values: Mapping[str, Any] | None = None
) -> Inputs:
    """Gather a version as somebody would see it: a partner in its own brand, the brand in any partner's or a sample's.

    Raises TemplateNotFound, TemplateGone, NotFound, NotAnArtwork, ValuesRefused.
    """
    template = templates.present_version(actor, version_id)
    kept = check_values(templates.document_of(template), values or {})
    return _inputs(actor, template, partner_id or actor.partner_id, kept)


def _inputs(
    actor: Actor,
    template: TemplateVersionView,
    partner_id: int | None,
    values: Mapping[str, Any],
    *,
    link_url: str = "",
    locale: str = "",
    title: str = "",
) -> Inputs:
    document = templates.document_of(template)
    if not document.formats:
        raise NotAnArtwork
    partner, own_locale = _partner(actor, partner_id)
    files = templates.files_of(actor, document, partner_id=partner_id)
    given, refused = _given(actor, document, values, partner_id)
    return Inputs(
        content_hash=template.content_hash,
        document=document,
        values=values,
        partner=partner,
        brand=_brand(),
        locale=_locale(locale or own_locale or document.locale),
        title=title or template.name,
        link_url=link_url,
        verify_url=manifests.verify_page(),
        logos=_logos(actor, document, partner_id),
        images={name: _picture(file) for name, file in files.images.items()},
        given=given,
        fonts={name: _file(file) for name, file in files.fonts.items()},
        documents={name: _file(file) for name, file in files.documents.items()},
        refused={**files.refused, **refused},
    )


def email_inputs(
    actor: Actor,
    partner_id: int,
    template_version_id: int,
    values: Mapping[str, Any],
    texts: Mapping[str, str],
    *,
    links: Mapping[str, str] | None = None,
    locale: str = "",
) -> MailInputs:
    """Gather a partner's e-mail: the texts of one touch in one locale, `links` by name (`main`, `flyer`).

    Raises TemplateNotFound, TemplateNotPublished, TemplateWithdrawn, NotFound, NotAnEmail, ValuesRefused,
    ValuesMissing, WordsNotApproved.
    """
    template = templates.usable_version(actor, template_version_id)
    kept = _own_words(templates.document_of(template), values)
    check_words(actor, template, partner_id, kept, locale=locale)
    return _email(actor, template, partner_id, values=values, texts=texts, links=links or {}, locale=locale)


def _own_words(document: Document, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return checked values in which nothing still says what only shows what to write."""
    kept = check_values(document, values)
    if unchanged := unchanged_values(document, kept):
        labels = ", ".join(f"“{variable.label}”" for variable in unchanged)
        raise ValuesMissing(
            f"Say it in your own words: {labels}.",
            errors={variable.name: ["still says what the template says"] for variable in unchanged},
        )
    return kept


def preview_email_inputs(
    actor: Actor, version_id: int, *, partner_id: int | None = None, locale: str = ""
) -> MailInputs:
    """Gather a version's e-mail as somebody would see it, with the template's own texts.

    Raises TemplateNotFound, TemplateGone, NotFound, NotAnEmail.
    """
    template = templates.present_version(actor, version_id)
    links = {"main": "https://example.com/", "flyer": "https://example.com/flyer"}
    owner = partner_id or actor.partner_id
    return _email(actor, template, owner, values={}, texts={}, links=links, locale=locale)


def _email(
    actor: Actor,
    template: TemplateVersionView,
    partner_id: int | None,
    *,
    values: Mapping[str, Any],
    texts: Mapping[str, str],
    links: Mapping[str, str],
    locale: str,
) -> MailInputs:
    document = templates.document_of(template)
    if document.email is None:
        raise NotAnEmail
    partner, own_locale = _partner(actor, partner_id)
    background = document.email.logo_background
    logo = library.partner_logo(actor, partner_id, background=background)
    dark = library.partner_logo(actor, partner_id, background="dark")
    pictures = templates.picture_files(actor, document, partner_id=partner_id, channel=RightsChannel.EMAIL)
    return MailInputs(
        content_hash=template.content_hash,
        document=document,
        values=check_values(document, values),
        texts=texts,
        partner=partner,
        brand=_brand(),
        locale=_locale(locale or own_locale or document.locale),
        links=links,
        logo_url=logo_url(partner_id, background, logo.file.etag) if logo else "",
        dark_logo_url=logo_url(partner_id, "dark", dark.file.etag) if dark else "",
        image_urls={
            name: picture_url(picture.asset_id or _named(actor, picture.asset_name), template.id, pictures[name].etag)
            for name, picture in document.images.items()
        },
    )


def _named(actor: Actor, name: str | None) -> int:
    return library.brand_asset_by_name(actor, name or "").id


def _locale(locale: str) -> str:
    return locale.replace("_", "-")


def _partner(actor: Actor, partner_id: int | None) -> tuple[Partner, str]:
    if partner_id is None:
        return SAMPLE, ""
    profile = accounts.partner_profile(actor, partner_id)
    told = {name: str(getattr(profile, name) or "") for name in Partner.__dataclass_fields__}
    return Partner(**told), profile.locale


def _brand() -> Brand:
    try:
        profile = accounts.brand_profile()
    except NotFound:
        return Brand()
    return Brand(profile.name, profile.legal_name, profile.postal_address, profile.web, profile.email)


def _logos(actor: Actor, document: Document, partner_id: int | None) -> dict[str, PictureFile]:
    """Return the logo for each background that the document puts it on; both where what lies behind decides."""
    elements = [element for fmt in document.formats.values() for element in fmt.elements]
    asked = {element.background for element in elements if isinstance(element, LogoElement)}
    logos: dict[str, PictureFile] = {}
    for background in ("dark", "light"):
        if partner_id is None or not {background, "auto"} & asked:
            continue
        logo = library.partner_logo(actor, partner_id, background=background)
        if logo is not None:
            logos[background] = _logo(logo)
    return logos


def _logo(logo: library.LogoFile) -> PictureFile:
    vector = _file(logo.vector) if logo.vector else None
    return replace(_picture(logo.file), vector=vector, white_box=logo.white_box)


def _picture(file: library.StoredFile) -> PictureFile:
    return PictureFile(file.etag, partial(library.read, file))


def _file(file: library.StoredFile) -> InputFile:
    return InputFile(file.etag, partial(library.read, file))


def _given(
    actor: Actor, document: Document, values: Mapping[str, Any], partner_id: int | None
) -> tuple[dict[int, PictureFile], dict[str, str]]:
    """Return the pictures and logos that the values name, the partner's own or the brand's, and why one is refused."""
    given: dict[int, PictureFile] = {}
    refused: dict[str, str] = {}
    for name, value in values.items():
        variable = document.variables.get(name)
        if variable is None or variable.type not in PICTURED:
            continue
        try:
            file = library.usable_file(actor, value, partner_id=partner_id, channel=CHANNELS[document.kind])
            asset = library.asset(actor, value)
        except RightsNotRunning as problem:
            refused[f"values.{name}"] = problem.detail
            continue
        except NotFound:
            refused[f"values.{name}"] = f"What was chosen for “{variable.label}” may not be used any more."
            continue
        if asset.partner_id not in (None, partner_id):
            raise PictureNotYours(errors={name: [PictureNotYours.message]})
        logo = library.logo_file(actor, value) if variable.type == "logo" else None
        given[value] = replace(_logo(logo) if logo else _picture(file), alt=asset.alt_text)
    return given, refused
