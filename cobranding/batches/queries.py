"""Reads of batches: the brand all, partners none."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from cobranding.batches.errors import BatchNotFound
from cobranding.batches.model import RenderBatch, RenderBatchItem
from cobranding.batches.rules import KEPT_FOR, OPEN_ITEMS, PATIENCE, BatchState, ItemState
from tcma.infra.db import lock, session
from tcma.infra.paging import Page, page
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch with how far it has come."""

    id: int
    template_version_id: int
    state: BatchState
    name: str
    files: list[str]
    locale: str
    values: dict[str, Any]
    values_by_locale: dict[str, Any]
    total: int
    rendered: int
    failed: int
    skipped: int
    zip_key: str
    zip_bytes: int
    created_at: datetime
    ended_at: datetime | None
    files_deleted_at: datetime | None

    @property
    def done(self) -> int:
        """Return how many partners are through, one way or the other."""
        return self.rendered + self.failed + self.skipped

    @property
    def files_until(self) -> datetime | None:
        """Return until when the zip is kept."""
        return self.ended_at + KEPT_FOR if self.ended_at and self.zip_key and not self.files_deleted_at else None


def visible_to(actor: Actor) -> Select[RenderBatch]:
    """Return the batches that an actor may see. Raises Forbidden."""
    authorize(actor, Permission.COBRANDING_BATCH_READ)
    return select(RenderBatch)


def one(actor: Actor, batch_id: int) -> BatchView:
    """Return one batch. Raises BatchNotFound."""
    return _views([row(actor, batch_id)])[0]


def row(actor: Actor, batch_id: int) -> RenderBatch:
    """Return the row of one batch. Raises BatchNotFound."""
    found = session.scalars(visible_to(actor).where(RenderBatch.id == batch_id)).one_or_none()
    if found is None:
        raise BatchNotFound
    return found


def one_for_update(actor: Actor, batch_id: int) -> RenderBatch:
    """Return one batch and keep others from changing it meanwhile. Raises BatchNotFound."""
    found = session.scalars(lock(visible_to(actor).where(RenderBatch.id == batch_id))).one_or_none()
    if found is None:
        raise BatchNotFound
    return found


def page_of(actor: Actor, *, limit: int = 50, after: int | None = None) -> Page[BatchView]:
    """Return one page of batches, newest first."""
    found = page(visible_to(actor), RenderBatch.id, limit=limit, after=after)
    return Page(_views(found.items), found.next)


def items(
    actor: Actor, batch_id: int, *, limit: int = 50, after: int | None = None, state: ItemState | None = None
) -> Page[RenderBatchItem]:
    """Return one page of the items of a batch. Raises BatchNotFound."""
    batch = row(actor, batch_id)
    rows = select(RenderBatchItem).where(RenderBatchItem.batch_id == batch.id)
    if state is not None:
        rows = rows.where(RenderBatchItem.state == state)
    return page(rows, RenderBatchItem.id, limit=limit, after=after)


def all_items(actor: Actor, batch_id: int) -> list[RenderBatchItem]:
    """Return every item of a batch, in the order of the zip. Raises BatchNotFound."""
    batch = row(actor, batch_id)
    rows = select(RenderBatchItem).where(RenderBatchItem.batch_id == batch.id)
    return list(session.scalars(rows.order_by(RenderBatchItem.folder, RenderBatchItem.id)))


def has_open_items(batch_id: int) -> bool:
    """Tell whether some partner of a batch is not through yet."""
    rows = select(RenderBatchItem.id).where(RenderBatchItem.batch_id == batch_id, RenderBatchItem.state.in_(OPEN_ITEMS))
    return session.scalar(rows.limit(1)) is not None


def asleep(actor: Actor, now: datetime) -> list[int]:
    """Return the batches that owe work and show no sign of it."""
    rows = visible_to(actor).where(
        RenderBatch.state.in_((BatchState.QUEUED, BatchState.RUNNING)), RenderBatch.updated_at < now - PATIENCE
    )
    return list(session.scalars(rows.with_only_columns(RenderBatch.id).order_by(RenderBatch.id)))


def outlived(actor: Actor, now: datetime) -> list[int]:
    """Return the batches whose files have been kept long enough."""
    rows = visible_to(actor).where(RenderBatch.ended_at < now - KEPT_FOR, RenderBatch.files_deleted_at.is_(None))
    return list(session.scalars(rows.with_only_columns(RenderBatch.id).order_by(RenderBatch.id)))


def _views(batches: Collection[RenderBatch]) -> list[BatchView]:
    counted = (
        select(RenderBatchItem.batch_id, RenderBatchItem.state, func.count())
        .where(RenderBatchItem.batch_id.in_([batch.id for batch in batches]))
        .group_by(RenderBatchItem.batch_id, RenderBatchItem.state)
    )
    counts = {(batch_id, state): number for batch_id, state, number in session.execute(counted)}
    copied = set(BatchView.__dataclass_fields__) - {"rendered", "failed", "skipped"}
    return [
        BatchView(
            **{name: getattr(batch, name) for name in copied},
            rendered=counts.get((batch.id, ItemState.RENDERED), 0),
            failed=counts.get((batch.id, ItemState.FAILED), 0),
            skipped=counts.get((batch.id, ItemState.SKIPPED), 0),
        )
        for batch in batches
    ]
