"""Where assets are used, and who fetched them: a log that only grows, with one entry for the same thing."""

from sqlalchemy.dialects.postgresql import insert

from assets.library import queries
from assets.library.errors import FontKeptInside
from assets.library.model import AssetUse
from assets.library.rules import AssetKind, UseKind
from assets.library.service.views import StoredFile, content_of
from tcma.infra.db import session
from tcma.infra.paging import Page
from tcma.kernel import clock
from tcma.kernel.actor import Actor

LONGEST_LABEL = 200


def record_use(
    actor: Actor, asset_id: int, kind: UseKind | str, ref: str, *, label: str = "", partner_id: int | None = None
) -> None:
    """Note that an asset is used: `ref` names the place (`template_version:5`), `label` says it for people.

    The same place is noted once, whoever comes again. `partner_id` is whose place it is (None: the actor's own). What
    the actor may never see is not noted.
    """
    found = queries.used(actor, [asset_id])
    for each in found:
        noted = insert(AssetUse).values(
            partner_id=partner_id or actor.partner_id,
            asset_id=each.id,
            kind=UseKind(kind),
            ref=ref[:LONGEST_LABEL],
            label=label[:LONGEST_LABEL],
            used_by=actor.user_id,
            created_at=clock.now(),
        )
        session.execute(noted.on_conflict_do_nothing(constraint="uq_asset_uses_asset_id_kind_ref"))


def handed_out_file(actor: Actor, asset_id: int) -> StoredFile:
    """Say where the bytes are of an asset that somebody fetches, and note it: once a day and person.

    Raises AssetNotFound, FontKeptInside.
    """
    file = shown_file(actor, asset_id)
    record_use(actor, asset_id, UseKind.DOWNLOAD, f"user:{actor.user_id}:{clock.today()}", label=actor.name)
    return file


def shown_file(actor: Actor, asset_id: int) -> StoredFile:
    """Say where the bytes are of an asset that a page shows to somebody; partners get no typefaces of the brand.

    Raises AssetNotFound, FontKeptInside.
    """
    found = queries.one(actor, asset_id)
    if found.kind is AssetKind.FONT and actor.is_partner:
        raise FontKeptInside
    return content_of(found)


def uses(actor: Actor, asset_id: int, *, limit: int = 50, after: int | None = None) -> Page[AssetUse]:
    """Give where an asset is used and who fetched it, the latest first; a partner is told of its own uses.

    Raises AssetNotFound.
    """
    return queries.uses_of(actor, queries.one(actor, asset_id).id, limit=limit, after=after)
