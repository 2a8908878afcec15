"""What can go wrong with an asset."""

from tcma.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable


class AssetNotFound(NotFound):
    """No such asset, or not one that this actor may see."""

    code = "asset_not_found"
    message = "There is no such file, or it is not yours to see."


class AssetArchived(Conflict):
    """The asset was put away and cannot be used any more."""

    code = "asset_archived"
    message = "This file was archived. Choose another, or upload it again."


class RightsNotRunning(Conflict):
    """Today is outside the asset's rights window."""

    code = "asset_rights_not_running"
    message = "The rights to this file do not run today."


class WrongKind(Invalid):
    """The asset is of another kind than is needed here."""

    code = "asset_wrong_kind"
    message = "This file is of another kind than is needed here."


class NoThumbnail(NotFound):
    """The asset has no small picture."""

    code = "asset_has_no_thumbnail"
    message = "There is no small picture of this file."


class OtherOwner(Forbidden):
    """The asset may be seen, but belongs to another organization."""

    code = "asset_other_owner"
    message = "You may see and use this file, but only its owner may change it."


class NotNewest(Conflict):
    """There is a newer version of the asset already."""

    code = "asset_not_newest"
    message = "There is a newer version of this file already. Add yours after that one."


class FontKeptInside(Forbidden):
    """A typeface is used by the service, and not handed out to partners."""

    code = "font_kept_inside"
    message = "The brand's typefaces are used in designs; their files are not handed out."


class NotShareable(Conflict):
    """The asset is not one that a link may open to everybody."""

    code = "asset_not_shareable"
    message = "This file cannot be shared by a link."


class ShareNotFound(NotFound):
    """No such link, or one that expired or was taken back, or the asset behind it may not be used any more."""

    code = "share_not_found"
    message = "This link has expired or was taken back. Ask whoever sent it to you for a new one."


class ShareBusy(Unavailable):
    """A link is opened more often than people do."""

    code = "share_busy"
    message = "This link is opened very often right now. Try again in an hour."


class TooManyShares(Conflict):
    """An asset has as many links as anybody can keep an eye on."""

    code = "asset_too_many_shares"
    message = "This file has 20 links already. Take one back first."
