"""Find what was lost, and delete what has been kept long enough."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, select, update

from cobranding.batches import queries, rules
from cobranding.batches.model import RenderBatchItem
from cobranding.batches.rules import ItemState
from cobranding.batches.service.starting import ask_for_work
from tcma.infra.db import enqueue, session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


@dataclass(frozen=True)
class Outlived:
    """A batch whose files are to be deleted."""

    batch_id: int
    keys: tuple[str, ...]


def look_after(actor: Actor) -> int:
    """Take back what lost workers hold, and ask again for what is owed; return how many items were taken back."""
    authorize(actor, Permission.COBRANDING_BATCH_CREATE)
    now = clock.now()
    taken = _take_back(now)
    for batch_id in queries.asleep(actor, now):
        if queries.has_open_items(batch_id):
            ask_for_work(batch_id)
        else:
            enqueue("cobranding.batches.pack", batch_id=batch_id)
    return taken


def _take_back(now: datetime) -> int:
    lost = (
        select(RenderBatchItem.id)
        .where(RenderBatchItem.state == ItemState.CLAIMED, RenderBatchItem.lease_until < now)
        .limit(1000)
        .with_for_update(skip_locked=True)
    )
    is_last = RenderBatchItem.attempts >= rules.MOST_ATTEMPTS
    taken = session.execute(
        update(RenderBatchItem)
        .where(RenderBatchItem.id.in_(lost.scalar_subquery()))
        .values(
            state=case((is_last, ItemState.FAILED.value), else_=ItemState.QUEUED.value),
            reason=case((is_last, rules.LOST), else_=""),
            claimed_by="",
            lease_until=None,
        )
        .returning(RenderBatchItem.id)
        .execution_options(synchronize_session=False)
    )
    return len(taken.all())


def files_outlived(actor: Actor) -> list[Outlived]:
    """Return what is to be deleted from storage, outside the transaction."""
    outlived = []
    for batch_id in queries.outlived(actor, clock.now()):
        # Also of partners that came to nothing: a worker that was lost may have kept their files without saying so.
        keys = [rules.part_key(batch_id, item.id) for item in queries.all_items(actor, batch_id)]
        zip_key = queries.row(actor, batch_id).zip_key
        outlived.append(Outlived(batch_id, (*keys, *([zip_key] if zip_key else []))))
    return outlived


def forget_files(actor: Actor, batch_id: int) -> None:
    """Write down that the files of a batch are deleted. Raises BatchNotFound, Forbidden."""
    authorize(actor, Permission.COBRANDING_BATCH_CREATE)
    queries.one_for_update(actor, batch_id).files_deleted_at = clock.now()
