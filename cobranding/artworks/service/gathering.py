"""Gathers, inside the transaction, everything that a file or an e-mail is made of; nothing is drawn here."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from assets.library import service as library
from cobranding.artworks import queries
from cobranding.artworks.errors import NotAnArtwork, NotAnEmail, PictureNotYours
from cobranding.artworks.service.hosting import logo_url, picture_url
from cobranding.rendering.document.elements import LogoElement
from cobranding.rendering.document.model import Document
from cobranding.rendering.document.values import check_values
from cobranding.rendering.inputs import Brand, Inputs, Partner, PictureFile
from cobranding.rendering.mail.composing import MailInputs
from cobranding.templates import service as templates
from cobranding.templates.service import TemplateVersionView
from tcma.accounts import service as accounts
from tcma.kernel.actor import Actor
from tcma.kernel.errors import NotFound

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
    """Gather an artwork.

    Raises ArtworkNotFound, TemplateWithdrawn, DocumentInvalid when a picture of the template may no longer be used.
    """
    artwork = queries.one(actor, artwork_id)
    template = templates.usable_version(actor, artwork.template_version_id)
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

    Raises TemplateNotFound, TemplateNotPublished, TemplateWithdrawn, NotFound, NotAnArtwork, ValuesRefused.
    """
    template = templates.usable_version(actor, template_version_id)
    kept = check_values(templates.document_of(template), values)
    return _inputs(actor, template, partner_id, kept, link_url=link_url, locale=locale, title=title)


def preview_inputs(
    actor: Actor, version_id: int, *, partner_id: int | None = None, values: Mapping[str, Any] | None = None
) -> Inputs:
    """Gather a version as somebody would see it: a partner in its own brand, the brand in any partner's or a sample's.

    Raises TemplateNotFound, TemplateWithdrawn, NotFound, NotAnArtwork, ValuesRefused.
    """
    template = templates.version(actor, version_id)
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
    return Inputs(
        content_hash=template.content_hash,
        document=document,
        values=values,
        partner=partner,
        brand=_brand(),
        locale=_locale(locale or own_locale or document.locale),
        title=title or template.name,
        link_url=link_url,
        logos=_logos(actor, document, partner_id),
        images={name: _file(file) for name, file in templates.picture_files(actor, document).items()},
        given=_given(actor, document, values, partner_id),
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

    Raises TemplateNotFound, TemplateNotPublished, TemplateWithdrawn, NotFound, NotAnEmail, ValuesRefused.
    """
    template = templates.usable_version(actor, template_version_id)
    return _email(actor, template, partner_id, values=values, texts=texts, links=links or {}, locale=locale)


def preview_email_inputs(
    actor: Actor, version_id: int, *, partner_id: int | None = None, locale: str = ""
) -> MailInputs:
    """Gather a version's e-mail as somebody would see it, with the template's own texts.

    Raises TemplateNotFound, NotFound, NotAnEmail.
    """
    template = templates.version(actor, version_id)
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
    pictures = templates.picture_files(actor, document)
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
            name: picture_url(picture.asset_id or _named(actor, picture.asset_name), pictures[name].etag)
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
    """Return the logo for each background that the document puts it on."""
    elements = [element for fmt in document.formats.values() for element in fmt.elements]
    backgrounds = {element.background for element in elements if isinstance(element, LogoElement)}
    logos: dict[str, PictureFile] = {}
    for background in sorted(backgrounds):
        logo = library.partner_logo(actor, partner_id, background=background) if partner_id is not None else None
        if logo is not None:
            logos[background] = _file(logo.file)
    return logos


def _file(file: library.StoredFile) -> PictureFile:
    return PictureFile(file.etag, partial(library.read, file))


def _given(
    actor: Actor, document: Document, values: Mapping[str, Any], partner_id: int | None
) -> dict[int, PictureFile]:
    """Return the pictures that the values name; the partner's own or the brand's, whoever asks."""
    given = {}
    for name, value in values.items():
        variable = document.variables.get(name)
        if variable is None or variable.type != "image":
            continue
        asset = library.asset(actor, value)
        if asset.partner_id not in (None, partner_id):
            raise PictureNotYours(errors={name: [PictureNotYours.message]})
        given[asset.id] = _file(library.content_file(actor, asset.id))
    return given
