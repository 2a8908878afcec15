"""Pictures that e-mails show: kept here, addressed by signed links that everybody may open and nobody can make up."""

from dataclasses import dataclass
from functools import partial

from assets.library import service as library
from cobranding.rendering.document.elements import Background
from cobranding.rendering.inputs import PictureFile
from cobranding.rendering.pictures.mail import logo_for_mail, picture_for_mail
from cobranding.templates import service as templates
from tcma import settings
from tcma.infra import crypto
from tcma.kernel.actor import SYSTEM
from tcma.kernel.errors import NotFound

PURPOSE = "cobranding.picture"


@dataclass(frozen=True)
class HostedPicture:
    """What a signed link stands for, found; its bytes are read and scaled outside the transaction."""

    file: PictureFile
    ground: Background | None
    """What a logo stands on; None: it is a picture of the brand."""


def logo_url(partner_id: int | None, background: str, sha256: str) -> str:
    """Return the address of a partner's logo; the hash in it makes a new logo a new address."""
    return _address("logo", partner_id or 0, background, sha256[:12])


def picture_url(asset_id: int, template_version_id: int, sha256: str) -> str:
    """Return the address of a picture of the brand in mails of a template version; it ends with the version."""
    return _address("image", asset_id, template_version_id, sha256[:12])


def _address(kind: str, thing: int, of: str | int, mark: str) -> str:
    return f"{settings.current().base_url}/m/{crypto.sign(PURPOSE, kind, thing, of, mark)}"


def hosted_picture(token: str) -> HostedPicture:
    """Return what a signed link stands for now. Raises NotFound, TemplateGone."""
    try:
        kind, thing, of, _mark = crypto.verify(PURPOSE, token)
    except (crypto.BadSignature, ValueError) as error:
        raise NotFound from error
    if kind == "logo":
        logo = library.partner_logo(SYSTEM, int(thing) or None, background=str(of))
        if logo is None:
            raise NotFound
        return HostedPicture(_file(logo.file), "dark" if of == "dark" else "light")
    if of:  # addresses of earlier days name no version
        templates.present_version(SYSTEM, int(of))
    asset = library.asset(SYSTEM, int(thing))
    if asset.partner_id is not None or not asset.rights_run:
        raise NotFound
    file = library.content_file(SYSTEM, asset.id)
    return HostedPicture(_file(file), None)


def _file(file: library.StoredFile) -> PictureFile:
    return PictureFile(file.etag, partial(library.read, file))


def picture_file(found: HostedPicture) -> tuple[bytes, str]:
    """Return a hosted picture as mail programs like it, and its media type. Raises PictureUnusable."""
    return picture_for_mail(found.file) if found.ground is None else logo_for_mail(found.file, found.ground)
