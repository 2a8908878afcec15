"""Put the parts of all partners into one zip, with a report: one part in memory at a time."""

import csv
import io
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from cobranding.batches import queries, rules
from cobranding.batches.errors import BatchFilesGone, BatchNotReady
from cobranding.batches.model import RenderBatchItem
from cobranding.batches.queries import BatchView
from cobranding.batches.rules import BatchState
from cobranding.batches.service.rendering import NEVER
from cobranding.rendering import engine
from cobranding.templates import service as templates
from tcma.accounts import service as accounts
from tcma.infra.db import session
from tcma.infra.storage import storage
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission
from tcma.kernel.states import move


@dataclass
class Packing:
    """What goes into the zip of a batch; `until` moves on as long as it is worked on."""

    batch_id: int
    until: datetime
    report: str
    part_keys: tuple[str, ...]

    @property
    def zip_key(self) -> str:
        """Return where the zip is kept."""
        return f"batches/{self.batch_id}/all.zip"


def begin_packing(actor: Actor, batch_id: int) -> Packing | None:
    """Take the packing of a batch, or return None when it is not time, or somebody else does it."""
    authorize(actor, Permission.COBRANDING_BATCH_CREATE)
    batch = queries.one_for_update(actor, batch_id)
    now = clock.now()
    is_taken = batch.packing_until is not None and batch.packing_until > now
    if batch.state is not BatchState.RUNNING or is_taken or queries.has_open_items(batch.id):
        return None
    batch.packing_until = now + rules.LEASE
    batch.updated_at = now
    items = queries.all_items(actor, batch.id)
    keys = tuple(item.part_key for item in items if item.part_key)
    return Packing(batch.id, batch.packing_until, _report(actor, items), keys)


def renew_packing(actor: Actor, packing: Packing) -> bool:
    """Hold on to the packing of a batch; False when it was cancelled, or taken by somebody else."""
    authorize(actor, Permission.COBRANDING_BATCH_CREATE)
    batch = queries.one_for_update(actor, packing.batch_id)
    if batch.state is not BatchState.RUNNING or batch.packing_until != packing.until:
        return False
    batch.updated_at = clock.now()
    batch.packing_until = packing.until = batch.updated_at + rules.LEASE
    return True


def pack(packing: Packing, is_held: Callable[[], bool]) -> int | None:
    """Write the zip and keep it; return its size, or None when it is not held any more.

    Call it outside the transaction; it asks after each part whether it is held.
    Raises FileMissing, StorageUnavailable.
    """
    with tempfile.TemporaryDirectory(prefix="tcma-batch-") as folder:
        path = Path(folder) / "all.zip"
        with ZipFile(path, "w", ZIP_STORED) as whole:
            whole.writestr(ZipInfo("report.csv", NEVER), packing.report)
            for key in packing.part_keys:
                if not is_held():
                    return None
                with ZipFile(io.BytesIO(storage().get(key))) as part:
                    for entry in part.infolist():
                        whole.writestr(ZipInfo(entry.filename, NEVER), part.read(entry))
        storage().put_file(packing.zip_key, path, "application/zip")
        return path.stat().st_size


def end_packing(actor: Actor, packing: Packing, *, size_bytes: int) -> bool:
    """Finish a batch whose zip is kept; False when it was taken by somebody else or cancelled meanwhile."""
    authorize(actor, Permission.COBRANDING_BATCH_CREATE)
    batch = queries.one_for_update(actor, packing.batch_id)
    if batch.state is not BatchState.RUNNING or batch.packing_until != packing.until:
        return False
    batch.state = move(rules.MOVES, batch.state, BatchState.FINISHED)
    batch.zip_key, batch.zip_bytes = packing.zip_key, size_bytes
    batch.ended_at, batch.packing_until = clock.now(), None
    session.flush()
    return True


def report(actor: Actor, batch_id: int) -> str:
    """Return what became of each partner, as CSV. Raises BatchNotFound, Forbidden."""
    return _report(actor, queries.all_items(actor, batch_id))


def _report(actor: Actor, items: list[RenderBatchItem]) -> str:
    names = {partner.id: partner.trade_name for partner in accounts.partners(actor)}
    written = io.StringIO()
    lines = csv.writer(written)
    lines.writerow(rules.REPORT_HEADINGS)
    lines.writerows(rules.report_row(item, names.get(item.partner_id, "")) for item in items)
    return written.getvalue()


def zip_file(actor: Actor, batch_id: int) -> tuple[BatchView, str]:
    """Return a batch whose zip is kept, and the name that the zip is saved under.

    Raises BatchNotFound, Forbidden, TemplateWithdrawn, BatchNotReady, BatchFilesGone.
    """
    batch = queries.one(actor, batch_id)
    templates.usable_version(actor, batch.template_version_id)
    if batch.state in (BatchState.QUEUED, BatchState.RUNNING):
        raise BatchNotReady
    if batch.files_until is None:
        raise BatchFilesGone
    return batch, f"{engine.slug(batch.name)}-{batch.id}.zip"
