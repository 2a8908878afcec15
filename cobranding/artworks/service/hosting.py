"""Pictures that e-mails show: kept here, addressed by signed links that everybody may open and nobody can make up."""

from dataclasses import dataclass
from functools import partial

from assets.library import service as library
from cobranding.rendering.document.elements import Background
from cobranding.rendering.inputs import PictureFile
from cobranding.rendering.pictures.mail import logo_for_mail, picture_for_mail
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


def picture_url(asset_id: int, sha256: str) -> str:
    """Return the address of a picture of the brand."""
    return _address("image", asset_id, "", sha256[:12])


def _address(kind: str, thing: int, background: str, mark: str) -> str:
    return f"{settings.current().base_url}/m/{crypto.sign(PURPOSE, kind, thing, background, mark)}"


def hosted_picture(token: str) -> HostedPicture:
    """Return what a signed link stands for now. Raises NotFound."""
    try:
        kind, thing, background, _mark = crypto.verify(PURPOSE, token)
    except (crypto.BadSignature, ValueError) as error:
        raise NotFound from error
    if kind == "logo":
        logo = library.partner_logo(SYSTEM, int(thing) or None, background=str(background))
        if logo is None:
            raise NotFound
        return HostedPicture(_file(logo.file), "dark" if background == "dark" else "light")
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
