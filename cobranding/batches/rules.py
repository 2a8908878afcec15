"""States of a batch and of its items, and what bounds the work."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from tcma.kernel.cells import safe_cell


class BatchState(StrEnum):
    """Say where a batch stands."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"


class ItemState(StrEnum):
    """Say where one partner of a batch stands."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    RENDERED = "rendered"
    FAILED = "failed"
    SKIPPED = "skipped"


MOVES: Mapping[BatchState, frozenset[BatchState]] = {
    BatchState.QUEUED: frozenset({BatchState.RUNNING, BatchState.CANCELLED}),
    BatchState.RUNNING: frozenset({BatchState.FINISHED, BatchState.CANCELLED}),
    BatchState.FINISHED: frozenset(),
    BatchState.CANCELLED: frozenset(),
}
OPEN_ITEMS = (ItemState.QUEUED, ItemState.CLAIMED)

CLAIM_ROWS = 25
PART_BYTES = 8 * 1024 * 1024
"""How much finished work a job holds before it puts it away."""
LANES = 4
"""How many chains of jobs work on one batch at most, so that one batch leaves workers for the others."""
LEASE = timedelta(minutes=3)
RENEW_AFTER = timedelta(seconds=30)
"""How often slow work says that it goes on: well within its lease, and within the patience of the sweep."""
PATIENCE = timedelta(seconds=60)
"""After this long without a sign of work, the sweep asks for it again."""
TURN = timedelta(seconds=10)
MOST_ATTEMPTS = 3
KEPT_FOR = timedelta(days=7)
MOST_FILES = 12

LOST = "The worker was lost while it made these files, several times."
UNEXPECTED = "Something unexpected is wrong with these files. The service's log says what."
CANCELLED = "The batch was cancelled."


@dataclass(frozen=True)
class FileWanted:
    """One kind of file that each partner gets."""

    format: str
    output: str

    @classmethod
    def read(cls, written: str) -> "FileWanted":
        """Return what `a4.pdf` stands for."""
        format_key, _, output = written.rpartition(".")
        return cls(format_key, output)


def part_key(batch_id: int, item_id: int) -> str:
    """Return where the files of one partner are kept until the zip is packed."""
    return f"batches/{batch_id}/{item_id}.zip"


def partners_chosen(
    partners: Collection[Any], *, partner_ids: Collection[int], tiers: Collection[str], regions: Collection[str]
) -> list[Any]:
    """Return the partners that match all that is given; nothing given means everybody."""
    return [
        partner
        for partner in partners
        if (not partner_ids or partner.id in partner_ids)
        and (not tiers or partner.tier in tiers)
        and (not regions or partner.region in regions)
    ]


def values_for(
    locale: str, values: Mapping[str, Any], values_by_locale: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the values of a locale: those for all, then those of its language, then its own."""
    language = locale.replace("_", "-").partition("-")[0]
    return {
        **values,
        **values_by_locale.get(language, {}),
        **values_by_locale.get(locale.replace("_", "-"), {}),
    }


REPORT_HEADINGS = ("partner_id", "partner", "folder", "state", "reason", "findings", "manifest_codes")


def report_row(item: Any, partner: str) -> list[str]:
    """Return an item as a line of the report, safe to open in a spreadsheet."""
    found = " ".join(f"[{each['severity']}] {each['message']}" for each in item.findings)
    cells = (str(item.partner_id), partner, item.folder, item.state.value, item.reason, found, " ".join(item.codes))
    return [safe_cell(cell) for cell in cells]
