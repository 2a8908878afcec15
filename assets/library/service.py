"""The verbs of the library, and what other rooms may ask of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from assets.library import queries, rules
from assets.library.errors import AssetArchived, NoThumbnail, OtherOwner, RightsNotRunning, WrongKind
from assets.library.model import Asset
from assets.library.rules import AssetKind, Variant
from tcma.audit import service as audit
from tcma.infra.db import check_revision, session
from tcma.infra.storage import storage
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


@dataclass(frozen=True)
class AssetView:
    """What other rooms may know of an asset."""

    id: int
    partner_id: int | None
    kind: AssetKind
    variant: Variant
    name: str
    alt_text: str
    sha256: str
    storage_key: str
    media_type: str
    size_bytes: int
    width_px: int | None
    height_px: int | None
    pages: int | None
    measures: dict[str, Any] | None
    rights_from_on: date | None
    rights_until_on: date | None
    archived_at: datetime | None

    @property
    def rights_run(self) -> bool:
        """Tell whether the rights to it run today."""
        return rules.rights_run(clock.today(), self.rights_from_on, self.rights_until_on)


@dataclass(frozen=True)
class StoredFile:
    """Where the bytes of something are, to be read outside the transaction with `read`."""

    key: str
    media_type: str
    filename: str
    etag: str


@dataclass(frozen=True)
class LogoFile:
    """A partner's logo ready to be placed: trimmed, PNG with alpha; `read` its file outside the transaction."""

    asset_id: int
    file: StoredFile
    width_px: int
    height_px: int
    variant: Variant
    luminance: float
    white_box: bool


@dataclass(frozen=True)
class NewFile:
    """A file that is already in storage."""

    key: str
    sha256: str
    media_type: str
    size_bytes: int
    width_px: int | None
    height_px: int | None

    def as_json(self) -> dict[str, Any]:
        """Give it as it stands in the asset's row."""
        return {
            "key": self.key,
            "sha256": self.sha256,
            "media_type": self.media_type,
            "width_px": self.width_px,
            "height_px": self.height_px,
        }


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
    notes: Iterable[str] = (),
    alt_text: str = "",
    rights_from_on: date | None = None,
    rights_until_on: date | None = None,
) -> Asset:
    """Keep a checked file as an asset of the actor's organization.

    Raises Forbidden, Invalid.
    """
    authorize(actor, Permission.ASSETS_ASSET_UPLOAD)
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
        measures=measures,
        notes=list(notes),
        rights_from_on=rights_from_on,
        rights_until_on=rights_until_on,
    )
    session.add(asset)
    session.flush()
    audit.record(actor, "assets.asset.added", asset, after={"kind": kind.value, "name": name, "sha256": file.sha256})
    return asset


def edit(
    actor: Actor,
    asset_id: int,
    *,
    name: str | None = None,
    variant: Variant | None = None,
    alt_text: str | None = None,
    expected_revision: int | None = None,
) -> Asset:
    """Change what is said about an asset; its bytes never change.

    Raises AssetNotFound, Forbidden, OtherOwner, Invalid, StaleEdit.
    """
    asset = queries.one_for_update(actor, asset_id)
    authorize(actor, Permission.ASSETS_ASSET_UPLOAD, asset)
    _own(actor, asset)
    check_revision(asset, expected_revision)
    before = {"name": asset.name, "variant": asset.variant.value, "alt_text": asset.alt_text}
    asset.name = asset.name if name is None else name
    asset.variant = rules.check_variant(asset.kind, asset.variant if variant is None else variant)
    asset.alt_text = asset.alt_text if alt_text is None else alt_text
    after = {"name": asset.name, "variant": asset.variant.value, "alt_text": asset.alt_text}
    audit.record(actor, "assets.asset.edited", asset, before=before, after=after)
    return asset


def archive(actor: Actor, asset_id: int) -> Asset:
    """Put an asset away: it stays where it was used, and is offered nowhere any more.

    Raises AssetNotFound, AssetArchived, Forbidden, OtherOwner.
    """
    asset = queries.one_for_update(actor, asset_id)
    authorize(actor, Permission.ASSETS_ASSET_ARCHIVE, asset)
    _own(actor, asset)
    if asset.archived_at is not None:
        raise AssetArchived
    asset.archived_at = clock.now()
    audit.record(actor, "assets.asset.archived", asset, after={"archived_at": asset.archived_at.isoformat()})
    return asset


def asset(actor: Actor, asset_id: int) -> AssetView:
    """Tell about one asset.

    Raises AssetNotFound.
    """
    return _view(queries.one(actor, asset_id))


def require_all(actor: Actor, asset_ids: Iterable[int], kind: AssetKind) -> list[AssetView]:
    """Tell about assets that are about to be used: all there, of one kind, not archived, with running rights.

    Raises AssetNotFound, WrongKind, AssetArchived, RightsNotRunning.
    """
    found = queries.several(actor, asset_ids)
    today = clock.today()
    for each in found:
        if each.kind is not AssetKind(kind):
            raise WrongKind(f"“{each.name}” is a {each.kind}, but a {AssetKind(kind)} is needed here.")
        if each.archived_at is not None:
            raise AssetArchived(f"“{each.name}” was archived. Choose another, or upload it again.")
        if not rules.rights_run(today, each.rights_from_on, each.rights_until_on):
            raise RightsNotRunning(f"The rights to “{each.name}” do not run today.")
    return [_view(each) for each in found]


def brand_asset_by_name(actor: Actor, name: str) -> AssetView:
    """Tell about the newest of the brand's assets with a name.

    Raises AssetNotFound.
    """
    return _view(queries.of_brand_by_name(actor, name))


def brand_asset_by_hash(actor: Actor, sha256: str, kind: AssetKind) -> AssetView | None:
    """Tell about the newest of the brand's assets of a kind with these very bytes, if there is one to be chosen."""
    found = queries.of_brand_by_hash(actor, sha256, kind)
    return _view(found) if found else None


def content_file(actor: Actor, asset_id: int) -> StoredFile:
    """Say where an asset's bytes are.

    Raises AssetNotFound.
    """
    found = queries.one(actor, asset_id)
    return StoredFile(found.storage_key, found.media_type, _filename(found, found.media_type), found.sha256)


def thumbnail_file(actor: Actor, asset_id: int) -> StoredFile:
    """Say where an asset's small picture is.

    Raises AssetNotFound, NoThumbnail.
    """
    found = queries.one(actor, asset_id)
    if found.thumbnail is None:
        raise NoThumbnail
    small = found.thumbnail
    return StoredFile(
        small["key"], small["media_type"], _filename(found, small["media_type"], "-small"), small["sha256"]
    )


def read(file: StoredFile) -> bytes:
    """Fetch bytes from storage; call it outside the transaction.

    Raises FileMissing, StorageUnavailable.
    """
    return storage().get(file.key)


def partner_logo(actor: Actor, partner_id: int | None, *, background: str = "light") -> LogoFile | None:
    """Give the logo of a partner (None: of the brand) that suits a background, or None where there is no logo."""
    chosen = rules.suits_best(queries.logos_of(actor, partner_id), Variant(background))
    if chosen is None or chosen.mark is None:
        return None
    mark = chosen.mark
    measures = chosen.measures or {}
    return LogoFile(
        asset_id=chosen.id,
        file=StoredFile(
            mark["key"], mark["media_type"], _filename(chosen, mark["media_type"], "-mark"), mark["sha256"]
        ),
        width_px=mark["width_px"],
        height_px=mark["height_px"],
        variant=chosen.variant,
        luminance=float(measures.get("luminance", 0.0)),
        white_box=bool(measures.get("white_box", False)),
    )


def has_logo(actor: Actor, partner_id: int | None) -> bool:
    """Tell whether a partner (None: the brand) has a logo that may be used today."""
    return bool(queries.logos_of(actor, partner_id))


_EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg", "application/pdf": "pdf"}


def _own(actor: Actor, found: Asset) -> None:
    """Let nobody change another organization's file: not a partner the brand's, not the brand a partner's.

    Raises OtherOwner.
    """
    if not actor.is_system and found.partner_id != actor.partner_id:
        raise OtherOwner


def _filename(found: Asset, media_type: str, suffix: str = "") -> str:
    stem = found.name.rsplit(".", 1)[0] if "." in found.name[-5:] else found.name
    return f"{stem}{suffix}.{_EXTENSIONS.get(media_type, 'bin')}"


def _view(found: Asset) -> AssetView:
    return AssetView(**{name: getattr(found, name) for name in AssetView.__dataclass_fields__})
