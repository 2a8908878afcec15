"""The verbs on batches: start and cancel; claim, render and settle; pack; look after what was lost."""

from cobranding.batches.service.packing import (
    Packing,
    begin_packing,
    end_packing,
    pack,
    renew_packing,
    report,
    zip_file,
)
from cobranding.batches.service.rendering import Failed, Gathered, Made, gather, part_of, produce
from cobranding.batches.service.starting import cancel, create
from cobranding.batches.service.sweeping import Outlived, files_outlived, forget_files, look_after
from cobranding.batches.service.turns import Claim, ClaimedItem, Settled, claim, give_back, issue_all, renew, settle

__all__ = [
    "Claim",
    "ClaimedItem",
    "Failed",
    "Gathered",
    "Made",
    "Outlived",
    "Packing",
    "Settled",
    "begin_packing",
    "cancel",
    "claim",
    "create",
    "end_packing",
    "files_outlived",
    "forget_files",
    "gather",
    "give_back",
    "issue_all",
    "look_after",
    "pack",
    "part_of",
    "produce",
    "renew",
    "renew_packing",
    "report",
    "settle",
    "zip_file",
]
