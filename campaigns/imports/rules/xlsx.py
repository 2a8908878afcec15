"""The first sheet of a workbook, row by row, in bounded memory: its texts lie on disk, and each row is let go.

Source: ECMA-376, part 1, 18.3 (sheets), 18.4 (shared strings), 18.8 (styles).
"""

from __future__ import annotations

import re
import tempfile
import zipfile
from array import array
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import IO, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATIONS: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
PACKAGE: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}"
# A sheet of a million rows unpacks to about 400 MB; what unpacks to more than this is no list of people.
LARGEST_PART_BYTES: Final = 2 * 1024 * 1024 * 1024
WIDEST: Final = 200
LONGEST_CELL: Final = 32_767
# Day 0 of the calendar that Excel counts in, with its leap day of 1900 that never was.
DAY_ZERO: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a date without a zone, as sheets keep them
DATE_FORMATS: Final = frozenset({*range(14, 23), *range(45, 48)})
_QUOTED: Final = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_COLUMN: Final = re.compile(r"([A-Z]{1,3})\d+")


class NotAWorkbook(ValueError):
    """Say why a file cannot be read as a workbook."""


def rows_of_workbook(source: IO[bytes]) -> Iterator[list[str]]:
    """Yield the rows of the first sheet as texts, an empty list for each row that is left out. Raises NotAWorkbook."""
    try:
        with zipfile.ZipFile(source) as archive, tempfile.TemporaryFile() as kept:
            texts = _Texts(archive, kept)
            dates = _date_styles(archive)
            yield from _rows(_part(archive, _first_sheet(archive)), texts, dates)
    except (zipfile.BadZipFile, ParseError, DefusedXmlException, KeyError, OSError) as error:
        raise NotAWorkbook("This workbook is damaged, protected by a password, or no XLSX file.") from error


class _Texts:
    """The shared texts of a workbook, on disk: memory holds where each one begins."""

    def __init__(self, archive: zipfile.ZipFile, kept: IO[bytes]) -> None:
        self._kept = kept
        self._begins = array("Q", [0])
        if "xl/sharedStrings.xml" not in archive.namelist():
            return
        at = 0
        for text in _elements(_part(archive, "xl/sharedStrings.xml"), f"{MAIN}si"):
            at += kept.write(_text_of(text).encode())
            self._begins.append(at)
        kept.flush()

    def __getitem__(self, number: int) -> str:
        if not 0 <= number < len(self._begins) - 1:
            return ""
        begin, end = self._begins[number], self._begins[number + 1]
        self._kept.seek(begin)
        return self._kept.read(end - begin).decode()


def _rows(sheet: IO[bytes], texts: _Texts, dates: frozenset[int]) -> Iterator[list[str]]:
    expected = 1
    for row in _elements(sheet, f"{MAIN}row"):
        number = int(row.get("r") or expected)
        if number > expected + 100_000:
            raise NotAWorkbook("The sheet has too many empty rows in between.")
        while expected < number:
            yield []
            expected += 1
        yield _cells(row, texts, dates)
        expected += 1


def _cells(row: Element, texts: _Texts, dates: frozenset[int]) -> list[str]:
    cells: list[str] = []
    for cell in row.iter(f"{MAIN}c"):
        found = _COLUMN.fullmatch(cell.get("r", ""))
        column = _number(found[1]) if found else len(cells)
        if column >= WIDEST:
            break
        cells.extend([""] * (column + 1 - len(cells)))
        cells[column] = _value(cell, texts, dates)[:LONGEST_CELL]
    return cells


def _value(cell: Element, texts: _Texts, dates: frozenset[int]) -> str:
    kind, value = cell.get("t", "n"), cell.findtext(f"{MAIN}v", "")
    if kind == "s":
        return texts[int(value)] if value.isdecimal() else ""
    if kind == "inlineStr":
        inline = cell.find(f"{MAIN}is")
        return _text_of(inline) if inline is not None else ""
    if kind == "b":
        return "yes" if value == "1" else "no"
    if kind == "e":
        return ""
    if kind == "n" and value:
        return _as_written(value, is_date=int(cell.get("s", "0")) in dates)
    return value


def _as_written(value: str, *, is_date: bool) -> str:
    try:
        number = float(value)
    except ValueError:
        return value
    if is_date and 0 < number < 2_958_466:
        return (DAY_ZERO + timedelta(days=number)).date().isoformat()
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else value


def _date_styles(archive: zipfile.ZipFile) -> frozenset[int]:
    """Return which styles of cells show a number as a date."""
    if "xl/styles.xml" not in archive.namelist():
        return frozenset()
    formats: set[int] = set(DATE_FORMATS)
    styles: list[int] = []
    for element in _elements(_part(archive, "xl/styles.xml"), f"{MAIN}numFmts", f"{MAIN}cellXfs"):
        for one in element:
            if one.tag == f"{MAIN}numFmt" and re.search("[dmy]", _QUOTED.sub("", one.get("formatCode", "").lower())):
                formats.add(int(one.get("numFmtId", "0")))
            elif one.tag == f"{MAIN}xf":
                styles.append(int(one.get("numFmtId", "0")))
    return frozenset(number for number, style in enumerate(styles) if style in formats)


def _first_sheet(archive: zipfile.ZipFile) -> str:
    relation = next(
        (one.get(f"{RELATIONS}id", "") for one in _elements(_part(archive, "xl/workbook.xml"), f"{MAIN}sheet")), ""
    )
    for one in _elements(_part(archive, "xl/_rels/workbook.xml.rels"), f"{PACKAGE}Relationship"):
        if one.get("Id") == relation:
            target = one.get("Target", "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise NotAWorkbook("This workbook has no sheet.")


def _part(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    info = archive.getinfo(name)
    if info.file_size > LARGEST_PART_BYTES:
        raise NotAWorkbook("This workbook is far too large.")
    return archive.open(info)


def _elements(part: IO[bytes], *tags: str) -> Iterator[Element]:
    """Yield the elements of some names as each is complete, and let go of all that came before."""
    above: list[Element] = []
    with part:
        for event, element in iterparse(part, events=("start", "end"), forbid_dtd=True):
            if event == "start":
                above.append(element)
                continue
            above.pop()
            if element.tag in tags:
                yield element
                # Its parent lets go of it, and of the blanks between.
                (above[-1] if above else element).clear()


def _text_of(element: Element) -> str:
    """Return the text of a string, without the readings that stand above some of it."""
    parts = [element.findtext(f"{MAIN}t", "")]
    parts += [run.findtext(f"{MAIN}t", "") for run in element.iterfind(f"{MAIN}r")]
    return "".join(parts)


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
