"""The verbs of tracking: note what happened, do what a recipient asked for, count people."""

from campaigns.tracking.service.following import Seen, follow, note_open, scope_of
from campaigns.tracking.service.leaving import WayOut, unsubscribe, way_out
from campaigns.tracking.service.results import Results, TouchResults, reacted, results

__all__ = [
    "Results",
    "Seen",
    "TouchResults",
    "WayOut",
    "follow",
    "note_open",
    "reacted",
    "results",
    "scope_of",
    "unsubscribe",
    "way_out",
]
