"""Read a list piece by piece, from where it was left: memory holds one piece, however long the list is."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

from campaigns.audiences.rules import ContactRow, RowError, RowProblem, read_row

SKIPPED_AT_ONCE = 1024 * 1024
_TORN = "\x00"  # stands in no cell, since none is left in a line


@dataclass(slots=True)
class Piece:
    """Some rows of a list: usable ones, what is wrong with the others, and where the next piece begins."""

    rows: list[ContactRow] = field(default_factory=list)
    problems: list[RowError] = field(default_factory=list)
    end_bytes: int = 0
    end_row: int = 0
    is_last: bool = False


class _Lines:
    """Decode a file line by line, and know how many bytes were read."""

    def __init__(self, source: BinaryIO, encoding: str, at_bytes: int) -> None:
        self._source = source
        self._encoding = encoding
        self.read_bytes = at_bytes

    def __iter__(self) -> Iterator[str]:
        for raw in self._source:
            self.read_bytes += len(raw)
            yield raw.decode(self._encoding, "replace").replace("\x00", "")


def pieces(
    source: BinaryIO,
    columns: Sequence[str],
    *,
    separator: str,
    encoding: str,
    at_bytes: int,
    at_row: int,
    today: date,
    rows_each: int,
) -> Iterator[Piece]:
    """Yield the rows of a file that is open at `at_bytes`; `at_row` is the number of the last row before it.

    `encoding` is one of which a line end is one byte: UTF-8 or cp1252. A row without any text is passed over.
    """
    lines = _Lines(source, encoding, at_bytes)
    reader = csv.reader(iter(lines), delimiter=separator)
    number, piece, first_row_of = at_row, Piece(), dict[str, int]()
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error:
            cells = [_TORN]
        number += 1
        if number == 1 or not any(cells):
            continue
        _put(piece, first_row_of, number, [] if cells == [_TORN] else cells, columns=columns, today=today)
        if len(piece.rows) + len(piece.problems) >= rows_each:
            piece.end_bytes, piece.end_row = lines.read_bytes, number
            yield piece
            piece, first_row_of = Piece(), {}
    piece.end_bytes, piece.end_row, piece.is_last = lines.read_bytes, number, True
    yield piece


def skip(source: BinaryIO, count: int) -> None:
    """Pass over the first bytes of a stream that may not be able to seek."""
    while count > 0 and (passed := source.read(min(count, SKIPPED_AT_ONCE))):
        count -= len(passed)


def _put(
    piece: Piece,
    first_row_of: dict[str, int],
    number: int,
    cells: Sequence[str],
    *,
    columns: Sequence[str],
    today: date,
) -> None:
    try:
        row = read_row(number, cells, columns, today)
    except RowProblem as problem:
        piece.problems.append(RowError(number, problem.column, problem.reason))
        return
    earlier = first_row_of.setdefault(row.email_normalized, number)
    if earlier == number:
        piece.rows.append(row)
    else:
        piece.problems.append(RowError(number, "email", f"The same address is in row {earlier} already."))
