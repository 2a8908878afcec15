"""How what comes back is read, and when complaints pause or stop a sender. Pure."""

from campaigns.feedback.rules.reading import LARGEST_BYTES, Kind, Report, read
from campaigns.feedback.rules.thresholds import PAUSE_RATE, STOP_RATE, WINDOW, Standing, standing

__all__ = ["LARGEST_BYTES", "PAUSE_RATE", "STOP_RATE", "WINDOW", "Kind", "Report", "Standing", "read", "standing"]
