"""What is told about an asset: to other rooms, and to whoever reads its bytes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from assets.library import rules
from assets.library.model import Asset
from assets.library.rules import AssetKind, Variant
from tcma.kernel import clock


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
    tags: tuple[str, ...]
    rights_from_on: date | None
    rights_until_on: date | None
    rights_regions: tuple[str, ...]
    rights_channels: tuple[str, ...]
    series_id: int
    number: int
    superseded_at: datetime | None
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
    """A partner's logo ready to be placed: trimmed, PNG with alpha; `read` its files outside the transaction.

    `vector` is the cleaned drawing that the logo came as, if it did; it is not trimmed. `ink_box` says what of its
    canvas (the viewBox of its root) the trimmed picture shows: left, top, right and bottom, each from 0 to 1.
    """

    asset_id: int
    file: StoredFile
    width_px: int
    height_px: int
    variant: Variant
    luminance: float
    white_box: bool
    colours: tuple[str, ...]
    vector: StoredFile | None
    ink_box: tuple[float, float, float, float]


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


_EXTENSIONS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/svg+xml": "svg",
    "application/pdf": "pdf",
    "font/ttf": "ttf",
    "font/otf": "otf",
}
_WHOLE = (0.0, 0.0, 1.0, 1.0)


def view_of(found: Asset) -> AssetView:
    """Tell about an asset."""
    told: dict[str, Any] = {name: getattr(found, name) for name in AssetView.__dataclass_fields__}
    lists = {name: tuple(told[name]) for name in ("tags", "rights_regions", "rights_channels")}
    return AssetView(**told | lists)


def content_of(found: Asset) -> StoredFile:
    """Say where the bytes of an asset are."""
    return StoredFile(found.storage_key, found.media_type, _filename(found, found.media_type), found.sha256)


def part_of(found: Asset, part: dict[str, Any], suffix: str) -> StoredFile:
    """Say where one of the files beside an asset is."""
    return StoredFile(part["key"], part["media_type"], _filename(found, part["media_type"], suffix), part["sha256"])


def logo_of(found: Asset, mark: dict[str, Any]) -> LogoFile:
    """Tell about a logo that has a mark."""
    measures = found.measures or {}
    left, top, right, bottom = measures.get("ink_box") or _WHOLE
    return LogoFile(
        asset_id=found.id,
        file=part_of(found, mark, "-mark"),
        width_px=mark["width_px"],
        height_px=mark["height_px"],
        variant=found.variant,
        luminance=float(measures.get("luminance", 0.0)),
        white_box=bool(measures.get("white_box", False)),
        colours=tuple(measures.get("colours", ())),
        vector=part_of(found, found.vector, "-vector") if found.vector else None,
        ink_box=(left, top, right, bottom),
    )


def _filename(found: Asset, media_type: str, suffix: str = "") -> str:
    stem = found.name.rsplit(".", 1)[0] if "." in found.name[-5:] else found.name
    return f"{stem}{suffix}.{_EXTENSIONS.get(media_type, 'bin')}"
