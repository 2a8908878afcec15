"""Claim items under a lease, and write down what became of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import bindparam, select, update

from cobranding.batches import queries, rules
from cobranding.batches.model import RenderBatchItem
from cobranding.batches.rules import BatchState, FileWanted, ItemState
from cobranding.batches.service.rendering import Made
from cobranding.manifests import service as manifests
from cobranding.templates import service as templates
from cobranding.templates.service import TemplateVersionView
from tcma.infra.db import enqueue, session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission
from tcma.kernel.states import move


@dataclass(frozen=True)
class ClaimedItem:
    """One partner that a job has taken."""

    id: int
    partner_id: int
    folder: str


@dataclass(frozen=True)
class Claim:
    """What a job has taken, and what is to be made of it."""

    batch_id: int
    mark: str
    version: TemplateVersionView
    files: tuple[FileWanted, ...]
    locale: str
    values: Mapping[str, Any]
    values_by_locale: Mapping[str, Mapping[str, Any]]
    items: tuple[ClaimedItem, ...]


@dataclass(frozen=True)
class Settled:
    """What became of an item."""

    item_id: int
    state: ItemState
    reason: str = ""
    findings: Sequence[Mapping[str, Any]] = ()
    codes: Sequence[str] = ()
    part_key: str = ""


_SETTLE = (
    update(RenderBatchItem)
    .where(
        RenderBatchItem.id == bindparam("item_id"),
        RenderBatchItem.claimed_by == bindparam("mark"),
        RenderBatchItem.state == ItemState.CLAIMED,
    )
    .values(
        state=bindparam("outcome"),
        reason=bindparam("why"),
        findings=bindparam("found"),
        codes=bindparam("known_by"),
        part_key=bindparam("kept_at"),
        lease_until=None,
        settled_at=bindparam("now"),
    )
)


def claim(actor: Actor, batch_id: int) -> Claim | None:
    """Take some partners of a batch, or return None when there are none to take."""
    authorize(actor, Permission.COBRANDING_BATCH_CREATE)
    batch = queries.one_for_update(actor, batch_id)
    if batch.state not in (BatchState.QUEUED, BatchState.RUNNING):
        return None
    now = clock.now()
    free = (
        select(RenderBatchItem.id)
        .where(RenderBatchItem.batch_id == batch.id, RenderBatchItem.state == ItemState.QUEUED)
        .order_by(RenderBatchItem.id)
        .limit(rules.CLAIM_ROWS)
        .with_for_update(skip_locked=True)
    )
    mark = uuid4().hex
    taken = session.execute(
        update(RenderBatchItem)
        .where(RenderBatchItem.id.in_(free.scalar_subquery()))
        .values(
            state=ItemState.CLAIMED,
            claimed_by=mark,
            lease_until=now + rules.LEASE,
            attempts=RenderBatchItem.attempts + 1,
        )
        .returning(RenderBatchItem.id, RenderBatchItem.partner_id, RenderBatchItem.folder)
        .execution_options(synchronize_session=False)
    ).all()
    if not taken:
        return None
    if batch.state is BatchState.QUEUED:
        batch.state = move(rules.MOVES, batch.state, BatchState.RUNNING)
    batch.updated_at = now
    return Claim(
        batch_id=batch.id,
        mark=mark,
        version=templates.version(actor, batch.template_version_id),
        files=tuple(FileWanted.read(written) for written in batch.files),
        locale=batch.locale,
        values=batch.values,
        values_by_locale=batch.values_by_locale,
        items=tuple(sorted((ClaimedItem(*each) for each in taken), key=lambda item: item.id)),
    )


def renew(actor: Actor, taken: Claim) -> bool:
    """Hold on to what is still being made; False when a cancelled batch or a lost lease has taken all of it away."""
    authorize(actor, Permission.COBRANDING_BATCH_CREATE)
    batch = queries.one_for_update(actor, taken.batch_id)
    now = clock.now()
    held = session.execute(
        update(RenderBatchItem)
        .where(RenderBatchItem.claimed_by == taken.mark, RenderBatchItem.state == ItemState.CLAIMED)
        .values(lease_until=now + rules.LEASE)
        .returning(RenderBatchItem.id)
        .execution_options(synchronize_session=False)
    ).all()
    if held:
        batch.updated_at = now
    return bool(held)


def issue_all(actor: Actor, made: Sequence[Made]) -> list[list[dict[str, Any]]]:
    """Issue the manifest of each file, and return them as the partners' files are ordered."""
    issued = iter(manifests.issue_all(actor, [pair for each in made for pair in each.files]))
    return [[manifests.envelope_of(next(issued)) for _ in each.files] for each in made]


def settle(actor: Actor, taken: Claim, outcomes: Sequence[Settled]) -> None:
    """Write down what became of claimed items; when they were the last, ask for the zip.

    What a lost lease or a cancelled batch has taken away stays as it is.
    """
    authorize(actor, Permission.COBRANDING_BATCH_CREATE)
    now = clock.now()
    if outcomes:
        told = [
            {
                "item_id": outcome.item_id,
                "mark": taken.mark,
                "outcome": outcome.state,
                "why": outcome.reason,
                "found": list(outcome.findings),
                "known_by": list(outcome.codes),
                "kept_at": outcome.part_key,
                "now": now,
            }
            for outcome in outcomes
        ]
        session.connection().execute(_SETTLE, told)
    if not queries.has_open_items(taken.batch_id):
        enqueue("cobranding.batches.pack", batch_id=taken.batch_id)


def give_back(actor: Actor, taken: Claim) -> None:
    """Return what was not made because something did not answer; it was nobody's attempt."""
    authorize(actor, Permission.COBRANDING_BATCH_CREATE)
    session.execute(
        update(RenderBatchItem)
        .where(RenderBatchItem.claimed_by == taken.mark, RenderBatchItem.state == ItemState.CLAIMED)
        .values(state=ItemState.QUEUED, claimed_by="", lease_until=None, attempts=RenderBatchItem.attempts - 1)
        .execution_options(synchronize_session=False)
    )
