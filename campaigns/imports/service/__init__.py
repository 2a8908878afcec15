"""The verbs on lists: receive, start, take over piece by piece, cancel."""

from campaigns.imports.model import ContactList
from campaigns.imports.queries import one, page_of, problems_of
from campaigns.imports.service.exporting import problems_csv
from campaigns.imports.service.receiving import Received, receive, samples, text_of_workbook
from campaigns.imports.service.running import Shift, begin, end_turn, fail, keep_text, stalled, take_over
from campaigns.imports.service.starting import cancel, start

__all__ = [
    "ContactList",
    "Received",
    "Shift",
    "begin",
    "cancel",
    "end_turn",
    "fail",
    "keep_text",
    "one",
    "page_of",
    "problems_csv",
    "problems_of",
    "receive",
    "samples",
    "stalled",
    "start",
    "take_over",
    "text_of_workbook",
]
