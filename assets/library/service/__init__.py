"""The verbs of the library, and what other rooms may ask of it.

Where bytes are is said inside the transaction (`content_file`, `partner_logo`), and they are fetched outside (`read`).
"""

from assets.library.service.keeping import SAID, add, archive, edit
from assets.library.service.reading import (
    asset,
    brand_asset_by_hash,
    brand_asset_by_name,
    content_file,
    file_by_hash,
    has_logo,
    logo_file,
    partner_logo,
    pictures_to_choose,
    read,
    require_all,
    thumbnail_file,
)
from assets.library.service.replacing import Replaced, on_replace, replace_everywhere
from assets.library.service.rights import require_rights, rights_problems
from assets.library.service.series import add_version, kind_to_follow, versions
from assets.library.service.sharing import open_share, revoke_share, share, share_of, share_url, shares
from assets.library.service.usable import usable_file
from assets.library.service.uses import handed_out_file, record_use, shown_file, uses
from assets.library.service.views import AssetView, LogoFile, NewFile, StoredFile

__all__ = [
    "SAID",
    "AssetView",
    "LogoFile",
    "NewFile",
    "Replaced",
    "StoredFile",
    "add",
    "add_version",
    "archive",
    "asset",
    "brand_asset_by_hash",
    "brand_asset_by_name",
    "content_file",
    "edit",
    "file_by_hash",
    "handed_out_file",
    "has_logo",
    "kind_to_follow",
    "logo_file",
    "on_replace",
    "open_share",
    "partner_logo",
    "pictures_to_choose",
    "read",
    "record_use",
    "replace_everywhere",
    "require_all",
    "require_rights",
    "revoke_share",
    "rights_problems",
    "share",
    "share_of",
    "share_url",
    "shares",
    "shown_file",
    "thumbnail_file",
    "usable_file",
    "uses",
    "versions",
]
