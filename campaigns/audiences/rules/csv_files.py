"""Lists of contacts as CSV: read what people's programs write, and write what spreadsheets open safely."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from campaigns.audiences.errors import AddressInvalid, FileUnreadable
from campaigns.audiences.rules.addresses import read_address
from tcma.kernel.cells import safe_cell

MAX_FILE_BYTES = 10 * 1024 * 1024
MAX_ROWS = 50_000
MAX_FIELD_CHARS = 200
MAX_CUSTOM_FIELDS = 20
MAX_COLUMNS = 100  # with a name: spreadsheets save empty columns too
MAX_HEADER_CHARS = 8192

# What the columns of the usual programs are called, in small letters with spaces for dashes and underscores.
COLUMN_NAMES = {
    "email": ("email", "e mail", "mail", "email address", "e mail address", "e mail adresse", "courriel", "correo"),
    "first_name": ("first name", "firstname", "given name", "vorname", "prenom", "prénom", "nombre"),
    "last_name": ("last name", "lastname", "surname", "family name", "nachname", "nom", "apellido"),
    "company": ("company", "organization", "organisation", "account", "firma", "unternehmen", "société", "empresa"),
    "locale": ("locale", "language", "sprache", "langue", "idioma"),
    "consent": ("consent", "opt in", "optin", "einwilligung"),
    "consent_source": ("consent source", "opt in source"),
    "consent_on": ("consent on", "consent date", "opt in date", "consent given on"),
}
YES = frozenset({"yes", "y", "true", "1", "x", "ja", "oui", "si", "sí"})
NO = frozenset({"no", "n", "false", "0", "nein", "non"})

_OWN = "attributes."
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_COLUMN_OF = {spelling: column for column, spellings in COLUMN_NAMES.items() for spelling in spellings}


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One usable row. `row` counts as a spreadsheet does: the header is row 1."""

    row: int
    email: str
    email_normalized: str
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    locale: str = ""
    agreed: bool = True
    consent_source: str = ""
    consent_on: date | None = None
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowError:
    """Why a row was not taken over. It does not repeat the row's content."""

    row: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class ContactFile:
    """What a file contained: usable rows and, for each other row, what is wrong with it."""

    rows: Sequence[ContactRow]
    errors: Sequence[RowError]


class RowProblem(Exception):
    """Say what is wrong with a row, and in which column."""

    def __init__(self, column: str, reason: str) -> None:
        self.column = column
        self.reason = reason
        super().__init__(reason)


def decode(data: bytes) -> str:
    """Read bytes as text: UTF-8, UTF-16 with its mark, else what Excel writes on Windows. Raises FileUnreadable."""
    if len(data) > MAX_FILE_BYTES:
        raise _unreadable(f"The file is larger than {MAX_FILE_BYTES // 1024 // 1024} MB. Split it.")
    encoding = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise _unreadable("This is not a text file. Save the sheet as CSV (UTF-8) and try again.")
    return text


def read_contacts(text: str, *, today: date) -> ContactFile:
    """Read a list of contacts with a header row; separator comma, semicolon, tab or bar.

    A row that cannot be used is listed with the column and the reason; a repeated address counts as such.
    Raises FileUnreadable when there is no header with an e-mail column, nothing below it, or too much.
    """
    records = _records(text)
    _, header = next(records, (1, []))
    columns = _columns(header)
    rows: list[ContactRow] = []
    errors: list[RowError] = []
    first_row_of: dict[str, int] = {}
    for number, cells in records:
        if len(rows) + len(errors) >= MAX_ROWS:
            raise _unreadable(f"The file has more than {MAX_ROWS} rows. Split it.")
        try:
            row = read_row(number, cells, columns, today)
        except RowProblem as problem:
            errors.append(RowError(number, problem.column, problem.reason))
            continue
        earlier = first_row_of.setdefault(row.email_normalized, number)
        if earlier == number:
            rows.append(row)
        else:
            errors.append(RowError(number, "email", f"The same address is in row {earlier} already."))
    if not rows and not errors:
        raise _unreadable("There are no rows below the header.")
    return ContactFile(rows, errors)


def write_csv(header: Sequence[str] | None, rows: Iterable[Sequence[object]]) -> str:
    """Write CSV that no spreadsheet takes for a formula, with the mark that makes Excel read UTF-8.

    Without a header it is the continuation of a file.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    if header is not None:
        out.write("\ufeff")
        writer.writerow(header)
    writer.writerows([safe_cell(str(cell)) for cell in row] for row in rows)
    return out.getvalue()


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record that is not blank, with its number; an unreadable one has no cells at all."""
    first_line = text.lstrip("\ufeff").split("\n", 1)[0]
    separator = max(",;\t|", key=first_line.count)
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=separator)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield number, []
            continue
        if any(cell.strip() for cell in cells):
            yield number, cells


def meaning_of(name: str) -> str:
    """Return what a column of this name seems to mean: one of ours, a field of one's own, or nothing."""
    spelled = " ".join(name.lower().replace("_", " ").replace("-", " ").split())
    return _COLUMN_OF.get(spelled, f"attributes.{spelled[:40]}" if spelled else "")


def _columns(header: Sequence[str]) -> list[str]:
    if sum(bool(name.strip()) for name in header) > MAX_COLUMNS or sum(map(len, header)) > MAX_HEADER_CHARS:
        raise _unreadable(f"The first row names more than {MAX_COLUMNS} columns, or is far too long.")
    columns = [meaning_of(name) for name in header]
    if "email" not in columns:
        raise _unreadable("The first row must name the columns, and one of them must be `email`.")
    if sum(column.startswith("attributes.") for column in columns) > MAX_CUSTOM_FIELDS:
        raise _unreadable(f"There are more than {MAX_CUSTOM_FIELDS} columns of your own. Remove what is not needed.")
    doubled = sorted(column for column, times in Counter(columns).items() if column and times > 1)
    if doubled:
        raise _unreadable(f"Two columns mean the same: {', '.join(doubled)}.")
    return columns


def read_row(number: int, cells: Sequence[str], columns: Sequence[str], today: date) -> ContactRow:
    """Read one row; `columns` says what each cell means ("" for nothing). Raises RowProblem."""
    if not cells:
        raise RowProblem("", "The row could not be read: a field is far too long.")
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        raise RowProblem("", f"The row has {len(cells)} fields, the header names {len(columns)}.")
    given = {column: cell.strip() for column, cell in zip(columns, cells, strict=False) if column}
    for column, cell in given.items():
        if len(cell) > MAX_FIELD_CHARS:
            raise RowProblem(column, f"This has {len(cell)} characters, at most {MAX_FIELD_CHARS} fit.")
        if _CONTROL.search(cell):
            raise RowProblem(column, "This contains control characters.")
    if not given.get("email"):
        raise RowProblem("email", "The address is missing.")
    try:
        address = read_address(given["email"])
    except AddressInvalid as problem:
        raise RowProblem("email", problem.detail) from problem
    return ContactRow(
        row=number,
        email=address.email,
        email_normalized=address.normalized,
        first_name=given.get("first_name", ""),
        last_name=given.get("last_name", ""),
        company=given.get("company", ""),
        locale=_locale(given.get("locale", "")),
        agreed=_agreed(given.get("consent", "")),
        consent_source=given.get("consent_source", ""),
        consent_on=_day(given.get("consent_on", ""), today),
        attributes={column[len(_OWN) :]: cell for column, cell in given.items() if cell and column.startswith(_OWN)},
    )


def _agreed(cell: str) -> bool:
    # An empty cell means what the person said of the whole file.
    if not cell or cell.lower() in YES:
        return True
    if cell.lower() in NO:
        return False
    raise RowProblem("consent", "Write yes or no.")


def _locale(cell: str) -> str:
    tag = cell.replace("_", "-")
    if not cell or (2 <= len(tag) <= 11 and all(part.isalpha() for part in tag.split("-")) and tag.isascii()):
        return tag
    raise RowProblem("locale", "Write a language such as en, de or pt-BR.")


def _day(cell: str, today: date) -> date | None:
    if not cell:
        return None
    try:
        day = date.fromisoformat(cell)
    except ValueError as problem:
        raise RowProblem("consent_on", "Write the date as 2026-03-31.") from problem
    if day > today:
        raise RowProblem("consent_on", "This date is in the future.")
    return day


def _unreadable(sentence: str) -> FileUnreadable:
    return FileUnreadable(sentence, errors={"file": [sentence]})
