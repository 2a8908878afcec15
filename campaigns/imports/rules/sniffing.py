"""How a text file is written: its letters, and what stands between its cells."""

from __future__ import annotations

import codecs
import csv
from dataclasses import dataclass
from typing import Final

from campaigns.imports.errors import ListUnreadable

SNIFFED_BYTES: Final = 64 * 1024
SEPARATORS: Final = ",;\t|"


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is written, and the names in its first row."""

    encoding: str
    separator: str
    header: tuple[str, ...]


def sniff(start: bytes) -> Layout:
    """Read how a file is written from its first bytes. Raises ListUnreadable."""
    if start[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        encoding = "utf-16"
    else:
        encoding = "utf-8" if _is_utf8(start) else "cp1252"
    text = codecs.getincrementaldecoder(encoding)("replace").decode(start).removeprefix("\ufeff")
    if "\x00" in text:
        raise ListUnreadable("This is neither a text file nor a workbook. Save the sheet as CSV or XLSX.")
    first_line = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=first_line.count)
    try:
        header = next(csv.reader(text.splitlines(keepends=True), delimiter=separator), [])
    except csv.Error as error:
        raise ListUnreadable("The first row is far too long, or no row of a table at all.") from error
    if not any(name.strip() for name in header):
        raise ListUnreadable("The file is empty, or its first row names no columns.")
    return Layout(encoding, separator, tuple(name.strip()[:80] for name in header))


def _is_utf8(start: bytes) -> bool:
    # Cut at a line end, so that no letter is torn in two.
    whole = start if len(start) < SNIFFED_BYTES else start[: start.rfind(b"\n") + 1] or start
    try:
        whole.decode()
    except UnicodeDecodeError:
        return False
    return True
