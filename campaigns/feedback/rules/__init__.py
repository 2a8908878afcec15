"""How what comes back is read, and when complaints pause or stop a sender. Pure."""

from campaigns.feedback.rules.reading import LARGEST_BYTES, Kind, Report, read
from campaigns.feedback.rules.sns import (
    LARGEST_NOTICE_BYTES,
    NoNotice,
    Notice,
    NoticeType,
    check,
    read_event,
    read_notice,
)
from campaigns.feedback.rules.thresholds import PAUSE_RATE, STOP_RATE, WINDOW, Standing, standing

__all__ = [
    "LARGEST_BYTES",
    "LARGEST_NOTICE_BYTES",
    "PAUSE_RATE",
    "STOP_RATE",
    "WINDOW",
    "Kind",
    "NoNotice",
    "Notice",
    "NoticeType",
    "Report",
    "Standing",
    "check",
    "read",
    "read_event",
    "read_notice",
    "standing",
]
