"""Keep a file, change what is said about it, put it away."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from assets.library import queries, rules
from assets.library.errors import AssetArchived, OtherOwner
from assets.library.model import Asset
from assets.library.rules import AssetKind, RightsChannel, Variant
from assets.library.service.views import NewFile
from tcma.audit import service as audit
from tcma.infra.db import check_revision, session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission

SAID: Final = (
    "name",
    "variant",
    "alt_text",
    "tags",
    "rights_from_on",
    "rights_until_on",
    "rights_regions",
    "rights_channels",
)
"""What is said about an asset, and may be changed; its bytes never do."""


def add(
    actor: Actor,
    *,
    kind: AssetKind,
    name: str,
    variant: Variant,
    file: NewFile,
    thumbnail: NewFile | None,
    mark: NewFile | None,
    measures: dict[str, Any] | None,
    pages: int | None,
    vector: NewFile | None = None,
    notes: Iterable[str] = (),
    alt_text: str = "",
    tags: Iterable[str] = (),
    rights_from_on: date | None = None,
    rights_until_on: date | None = None,
    rights_regions: Iterable[str] = (),
    rights_channels: Iterable[str] = (),
    first_id: int | None = None,
    number: int = 1,
) -> Asset:
    """Keep a checked file as an asset of the actor's organization.

    Raises Forbidden, Invalid.
    """
    authorize(actor, rules.permission_to_add(kind))
    rules.check_variant(kind, variant)
    rules.check_window(rights_from_on, rights_until_on)
    asset = Asset(
        partner_id=actor.partner_id,
        kind=kind,
        variant=variant,
        name=name,
        alt_text=alt_text,
        sha256=file.sha256,
        storage_key=file.key,
        media_type=file.media_type,
        size_bytes=file.size_bytes,
        width_px=file.width_px,
        height_px=file.height_px,
        pages=pages,
        thumbnail=thumbnail.as_json() if thumbnail else None,
        mark=mark.as_json() if mark else None,
        vector=vector.as_json() if vector else None,
        measures=measures,
        notes=list(notes),
        tags=rules.normal_tags(tags),
        rights_from_on=rights_from_on,
        rights_until_on=rights_until_on,
        rights_regions=rules.normal_regions(rights_regions),
        rights_channels=_channels(rights_channels),
        first_id=first_id,
        number=number,
    )
    session.add(asset)
    session.flush()
    audit.record(actor, "assets.asset.added", asset, after={"kind": kind.value, "name": name, "sha256": file.sha256})
    return asset


def edit(actor: Actor, asset_id: int, *, expected_revision: int | None = None, **said: Any) -> Asset:
    """Change what is said about an asset: any of `SAID`, by its name; its bytes never change.

    Raises AssetNotFound, Forbidden, OtherOwner, Invalid, StaleEdit.
    """
    asset = queries.one_for_update(actor, asset_id)
    authorize(actor, Permission.ASSETS_ASSET_UPLOAD, asset)
    own(actor, asset)
    check_revision(asset, expected_revision)
    before = {name: getattr(asset, name) for name in SAID}
    after = _normal(asset.kind, before | said)
    for name in SAID:
        setattr(asset, name, after[name])
    audit.record(actor, "assets.asset.edited", asset, before=before, after=after)
    return asset


def _normal(kind: AssetKind, said: dict[str, Any]) -> dict[str, Any]:
    rules.check_window(said["rights_from_on"], said["rights_until_on"])
    return said | {
        "variant": rules.check_variant(kind, said["variant"]),
        "tags": rules.normal_tags(said["tags"]),
        "rights_regions": rules.normal_regions(said["rights_regions"]),
        "rights_channels": _channels(said["rights_channels"]),
    }


def _channels(channels: Iterable[str]) -> list[str]:
    """Give each channel once, in the order of the enum."""
    named = {RightsChannel(channel) for channel in channels}
    return [channel.value for channel in RightsChannel if channel in named]


def archive(actor: Actor, asset_id: int) -> Asset:
    """Put an asset away: it stays where it was used, and is offered nowhere any more.

    Raises AssetNotFound, AssetArchived, Forbidden, OtherOwner.
    """
    asset = queries.one_for_update(actor, asset_id)
    authorize(actor, Permission.ASSETS_ASSET_ARCHIVE, asset)
    own(actor, asset)
    if asset.archived_at is not None:
        raise AssetArchived
    asset.archived_at = clock.now()
    audit.record(actor, "assets.asset.archived", asset, after={"archived_at": asset.archived_at.isoformat()})
    return asset


def own(actor: Actor, found: Asset) -> None:
    """Let nobody change another organization's file: not a partner the brand's, not the brand a partner's.

    Raises OtherOwner.
    """
    if not actor.is_system and found.partner_id != actor.partner_id:
        raise OtherOwner
