"""What a list may be, what its columns mean, and how it is read piece by piece. Pure."""

from campaigns.imports.rules.columns import MEANINGS, check_columns, suggested_columns
from campaigns.imports.rules.pieces import Piece, pieces, skip
from campaigns.imports.rules.sniffing import Layout, sniff
from campaigns.imports.rules.states import (
    LARGEST_BYTES,
    LEASE,
    MOST_ROWS,
    MOVES,
    PATIENCE,
    PIECE_ROWS,
    SAMPLE_ROWS,
    TURN,
    ListState,
)
from campaigns.imports.rules.xlsx import NotAWorkbook, rows_of_workbook

__all__ = [
    "LARGEST_BYTES",
    "LEASE",
    "MEANINGS",
    "MOST_ROWS",
    "MOVES",
    "PATIENCE",
    "PIECE_ROWS",
    "SAMPLE_ROWS",
    "TURN",
    "Layout",
    "ListState",
    "NotAWorkbook",
    "Piece",
    "check_columns",
    "pieces",
    "rows_of_workbook",
    "skip",
    "sniff",
    "suggested_columns",
]
