"""Starting and cancelling a batch: every partner has a row before any job is asked for."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import insert, update

from cobranding.artworks.errors import NotAnArtwork
from cobranding.batches import queries, rules
from cobranding.batches.errors import NoPartners
from cobranding.batches.model import RenderBatch, RenderBatchItem
from cobranding.batches.queries import BatchView
from cobranding.batches.rules import BatchState, FileWanted, ItemState
from cobranding.rendering import engine
from cobranding.rendering.document.model import Document
from cobranding.rendering.document.values import check_values
from cobranding.rendering.errors import UnknownFormat
from cobranding.templates import service as templates
from tcma.accounts import service as accounts
from tcma.audit import service as audit
from tcma.infra.db import enqueue, session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission
from tcma.kernel.states import move


def create(
    actor: Actor,
    *,
    template_version_id: int,
    files: Collection[str],
    name: str = "",
    locale: str = "",
    values: Mapping[str, Any] | None = None,
    values_by_locale: Mapping[str, Mapping[str, Any]] | None = None,
    partner_ids: Collection[int] = (),
    tiers: Collection[str] = (),
    regions: Collection[str] = (),
) -> BatchView:
    """Render a template version for many partners, each kind of file such as `a4.pdf` once.

    `partner_ids`, `tiers` and `regions` narrow each other; without any of them it is for everybody. `values_by_locale`
    go before `values` for partners of that locale.
    Raises TemplateNotFound, TemplateNotPublished, TemplateWithdrawn, Forbidden, NotAnArtwork, UnknownFormat,
    ValuesRefused, NoPartners.
    """
    template = templates.usable_version(actor, template_version_id)
    authorize(actor, Permission.COBRANDING_BATCH_CREATE)
    document = templates.document_of(template)
    _check_files(document, files)
    kept = check_values(document, values or {})
    by_locale = {key: check_values(document, said) for key, said in (values_by_locale or {}).items()}
    chosen = rules.partners_chosen(accounts.partners(actor), partner_ids=partner_ids, tiers=tiers, regions=regions)
    if not chosen:
        raise NoPartners
    batch = RenderBatch(
        template_version_id=template.id,
        created_by_id=actor.user_id,
        name=name.strip() or template.name,
        files=list(dict.fromkeys(files)),
        values=kept,
        values_by_locale=by_locale,
        locale=locale,
        total=len(chosen),
    )
    session.add(batch)
    session.flush()
    session.execute(
        insert(RenderBatchItem),
        [
            {
                "batch_id": batch.id,
                "partner_id": partner.id,
                "folder": f"{engine.slug(partner.trade_name)}-{partner.id}",
            }
            for partner in chosen
        ],
    )
    ask_for_work(batch.id)
    audit.record(actor, "cobranding.batch.created", batch, after={"files": batch.files}, partners=batch.total)
    return queries.one(actor, batch.id)


def _check_files(document: Document, files: Collection[str]) -> None:
    if not document.formats:
        raise NotAnArtwork
    for written in files:
        wanted = FileWanted.read(written)
        fmt = engine.format_of(document, wanted.format)
        if wanted.output not in engine.outputs_of(fmt):
            raise UnknownFormat(f"{fmt.label} comes as {', '.join(engine.outputs_of(fmt))}, not as {wanted.output}.")


def ask_for_work(batch_id: int) -> None:
    """Ask for the jobs of a batch; each goes on until nothing is left to claim."""
    for lane in range(1, rules.LANES + 1):
        enqueue("cobranding.batches.render", batch_id=batch_id, lane=lane)


def cancel(actor: Actor, batch_id: int) -> BatchView:
    """Make nothing further; what is being made right now comes to nothing.

    Raises BatchNotFound, Forbidden, IllegalMove.
    """
    batch = queries.one_for_update(actor, batch_id)
    authorize(actor, Permission.COBRANDING_BATCH_CREATE)
    batch.state = move(rules.MOVES, batch.state, BatchState.CANCELLED)
    batch.ended_at = clock.now()
    session.flush()
    session.execute(
        update(RenderBatchItem)
        .where(RenderBatchItem.batch_id == batch.id, RenderBatchItem.state.in_(rules.OPEN_ITEMS))
        .values(
            state=ItemState.SKIPPED, reason=rules.CANCELLED, claimed_by="", lease_until=None, settled_at=clock.now()
        )
        .execution_options(synchronize_session=False)
    )
    audit.record(actor, "cobranding.batch.cancelled", batch)
    return queries.one(actor, batch.id)
