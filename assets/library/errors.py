"""What can go wrong with an asset."""

from tcma.kernel.errors import Conflict, Forbidden, Invalid, NotFound


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
