"""Check what somebody sent, then receive it."""

import hashlib
from dataclasses import dataclass
from typing import Any

from assets.imaging.accept import Accepted, Rewritten, accept
from assets.library import service as library
from assets.library.errors import WrongKind
from assets.library.model import Asset
from assets.library.rules import AssetKind, Variant, permission_to_add
from assets.library.service import NewFile
from assets.uploads import queries, rules
from assets.uploads.model import Upload
from tcma.infra.db import session
from tcma.infra.storage import content_key, storage
from tcma.kernel.actor import Actor, authorize


@dataclass(frozen=True)
class CheckedFile:
    """A file that was accepted and is in storage, but belongs to nobody yet."""

    kind: AssetKind
    filename: str
    source_media_type: str
    source_sha256: str
    source_size_bytes: int
    accepted: Accepted
    file: NewFile
    thumbnail: NewFile | None
    mark: NewFile | None
    vector: NewFile | None

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what the sender should know about our copy."""
        return self.accepted.notes


def check(data: bytes, filename: str, purpose: str) -> CheckedFile:
    """Check a file, write it anew and put our copy into storage; needs no transaction and must not stand in one.

    `purpose` is the kind of asset. What is stored under the hash of its content harms nobody if no row ever names it.
    Raises the errors of `assets.imaging.errors`, StorageUnavailable.
    """
    kind = AssetKind(purpose)
    name = rules.safe_name(filename)
    accepted = accept(data, name, rules.LIMITS[kind])
    return CheckedFile(
        kind=kind,
        filename=name,
        source_media_type=accepted.source_type.value,
        source_sha256=hashlib.sha256(data).hexdigest(),
        source_size_bytes=len(data),
        accepted=accepted,
        file=_put("files", accepted.file),
        thumbnail=_put("thumbnails", accepted.thumbnail) if accepted.thumbnail else None,
        mark=_put("marks", accepted.mark) if accepted.mark else None,
        vector=_put("vectors", accepted.vector) if accepted.vector else None,
    )


def may_send(actor: Actor, kind: AssetKind | str) -> None:
    """Let go on whoever may send a file of a kind, before it is read.

    Raises Forbidden.
    """
    authorize(actor, permission_to_add(AssetKind(kind)))


def receive(
    actor: Actor, checked: CheckedFile, *, name: str = "", variant: Variant | str = Variant.ANY, **said: Any
) -> Asset:
    """Keep a checked file as an asset of the actor's organization, as the kind it was checked for, and its origin.

    `said` is what else `assets.library.service.add` takes: alt_text, tags, and what concerns the rights.
    Raises Forbidden, Invalid.
    """
    may_send(actor, checked.kind)
    given = rules.safe_name(name) if name.strip() else rules.title_of(checked.accepted.title or checked.filename)
    return _keep(actor, checked, name=given, variant=Variant(variant), **said)


def receive_version(actor: Actor, asset_id: int, checked: CheckedFile) -> Asset:
    """Keep a checked file as the next version of an asset; what is said about it is carried over.

    Raises AssetNotFound, Forbidden, OtherOwner, AssetArchived, NotNewest, WrongKind.
    """
    may_send(actor, checked.kind)

    def keep(before: Asset) -> Asset:
        if checked.kind is not before.kind:
            raise WrongKind
        said = {name: getattr(before, name) for name in library.SAID}
        return _keep(actor, checked, first_id=before.series_id, number=before.number + 1, **said)

    return library.add_version(actor, asset_id, keep=keep)


def _keep(actor: Actor, checked: CheckedFile, **said: Any) -> Asset:
    accepted = checked.accepted
    asset = library.add(
        actor,
        kind=checked.kind,
        file=checked.file,
        thumbnail=checked.thumbnail,
        mark=checked.mark,
        vector=checked.vector,
        measures=accepted.measures_json(),
        pages=accepted.pages,
        notes=checked.notes,
        **said,
    )
    upload = Upload(
        partner_id=actor.partner_id,
        asset_id=asset.id,
        received_by=actor.user_id,
        filename=checked.filename,
        media_type=checked.source_media_type,
        size_bytes=checked.source_size_bytes,
        sha256=checked.source_sha256,
    )
    session.add(upload)
    session.flush()
    return asset


def origin(actor: Actor, asset_id: int) -> Upload | None:
    """Tell how an asset came in: its own name, type, size and hash."""
    return queries.of_asset(actor, asset_id)


def _put(prefix: str, rewritten: Rewritten) -> NewFile:
    key = content_key(prefix, rewritten.data)
    storage().put(key, rewritten.data, rewritten.media_type)
    return NewFile(
        key=key,
        sha256=hashlib.sha256(rewritten.data).hexdigest(),
        media_type=rewritten.media_type,
        size_bytes=len(rewritten.data),
        width_px=rewritten.width_px,
        height_px=rewritten.height_px,
    )
