"""The verbs of tracking: note what happened, do what a recipient asked for, count people."""

from campaigns.tracking.service.adoption import Adoption, adoption
from campaigns.tracking.service.disclosing import Disclosure, disclose
from campaigns.tracking.service.exporting import counts_csv, recipients_csv
from campaigns.tracking.service.following import Seen, follow, note_open, scope_of
from campaigns.tracking.service.leaving import WayOut, stop_all_partners, unsubscribe, unsubscribe_from_all, way_out
from campaigns.tracking.service.results import Goal, Results, TouchResults, reacted, results
from campaigns.tracking.service.series import Each, Moment, series

__all__ = [
    "Adoption",
    "Disclosure",
    "Each",
    "Goal",
    "Moment",
    "Results",
    "Seen",
    "TouchResults",
    "WayOut",
    "adoption",
    "counts_csv",
    "disclose",
    "follow",
    "note_open",
    "reacted",
    "recipients_csv",
    "results",
    "scope_of",
    "series",
    "stop_all_partners",
    "unsubscribe",
    "unsubscribe_from_all",
    "way_out",
]
