"""What the pages of the library share: their address, their words, whose files they are."""

from assets.library.model import Asset
from assets.library.rules import AssetKind, RightsChannel, RightsState, UseKind, Variant
from tcma.accounts import service as accounts
from tcma.kernel.actor import Actor
from tcma.kernel.permissions import Permission
from tcma.web.pages import NavItem, portal_blueprint

bp = portal_blueprint(
    "library",
    "assets.library",
    "/files",
    nav=NavItem("Files", "library.index", Permission.ASSETS_ASSET_READ, section="Brand", position=40),
)

KINDS = [
    (AssetKind.LOGO, "Logos"),
    (AssetKind.PHOTO, "Photos"),
    (AssetKind.DOCUMENT, "Documents"),
    (AssetKind.PROOF, "Proofs"),
    (AssetKind.FONT, "Typefaces"),
]
VARIANTS = [(Variant.ANY, "Any background"), (Variant.LIGHT, "Light backgrounds"), (Variant.DARK, "Dark backgrounds")]
CHANNELS = [
    (RightsChannel.PRINT, "Print"),
    (RightsChannel.SCREEN, "Screen"),
    (RightsChannel.EMAIL, "E-mail"),
    (RightsChannel.SOCIAL, "Social media"),
]
RIGHTS = [(RightsState.RUNNING, "Run today"), (RightsState.TO_COME, "Begin later"), (RightsState.ENDED, "Have ended")]

USE_WORDS = {
    UseKind.TEMPLATE_DRAFT: "In the draft of the template",
    UseKind.TEMPLATE: "In the template",
    UseKind.ARTWORK: "In the artwork",
    UseKind.DOWNLOAD: "Fetched by",
}


def owners(actor: Actor, found: list[Asset]) -> dict[int | None, str]:
    """Name who the files belong to."""
    names: dict[int | None, str] = {None: accounts.brand_profile().name}
    for partner_id in {asset.partner_id for asset in found if asset.partner_id is not None}:
        names[partner_id] = accounts.partner_profile(actor, partner_id).trade_name
    return names
