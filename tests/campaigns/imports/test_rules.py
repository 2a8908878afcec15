"""Files as people have them: read in any of the usual writings, piece by piece, from wherever a job left off."""

import io
import zipfile
from datetime import UTC, date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.imports import rules
from campaigns.imports.errors import ColumnsInvalid, ListUnreadable
from campaigns.imports.rules import NotAWorkbook

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("start", "encoding", "separator"),
    [
        (b"email,name\na@x.example,A\n", "utf-8", ","),
        (b"\xef\xbb\xbfemail;name\n", "utf-8", ";"),
        ("email\tname\n".encode("utf-16"), "utf-16", "\t"),
        ("email|Größe\n".encode("cp1252"), "cp1252", "|"),
    ],
)
def test_how_a_file_is_written_is_found_out(start, encoding, separator):
    layout = rules.sniff(start)
    assert (layout.encoding, layout.separator, layout.header[0]) == (encoding, separator, "email")


@pytest.mark.parametrize("start", [b"", b"\n\n", b"a\x00b\x00\x01", b'"' + b"x" * 200_000])
def test_what_is_no_table_is_refused(start):
    with pytest.raises(ListUnreadable):
        rules.sniff(start)


def test_columns_are_guessed_from_their_names_and_a_second_of_a_kind_is_left_out():
    header = ["E-Mail", "Vorname", "Firma", "Größe", "email address", ""]
    assert rules.suggested_columns(header) == ["email", "first_name", "company", "attributes.größe", "", ""]


@pytest.mark.parametrize(
    "columns",
    [["", ""], ["first_name"], ["email", "email"], ["email", "shoe"], ["email", "attributes."], ["email"] * 4],
)
def test_columns_that_do_not_fit_together_are_refused(columns):
    with pytest.raises(ColumnsInvalid) as refusal:
        rules.check_columns(columns, width=3)
    assert refusal.value.errors["columns"]


COLUMNS = ["email", "first_name"]


def read(text: bytes, *, at_bytes: int = 0, at_row: int = 0, rows_each: int = 2):
    source = io.BytesIO(text)
    rules.skip(source, at_bytes)
    return list(
        rules.pieces(
            source,
            COLUMNS,
            separator=",",
            encoding="utf-8",
            at_bytes=at_bytes,
            at_row=at_row,
            today=TODAY,
            rows_each=rows_each,
        )
    )


def test_a_piece_says_what_is_wrong_with_which_row():
    text = b"email,name\na@x.example.com,A\nnonsense,B\n\n,C\nA@x.example.com,D\nb@x.example.com,E,F\n"
    (piece,) = read(text, rows_each=100)
    assert [(row.row, row.email) for row in piece.rows] == [(2, "a@x.example.com")]
    assert [problem.row for problem in piece.problems] == [3, 5, 6, 7]
    assert piece.problems[2].reason == "The same address is in row 2 already."
    assert piece.end_row == 7
    assert piece.end_bytes == len(text)


cell = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r", exclude_categories=["Cs", "Cc"]), max_size=20)


@settings(max_examples=60)
@given(st.lists(cell, max_size=40), st.integers(1, 7))
def test_whatever_is_in_a_list_it_can_be_left_after_any_piece_and_gone_on_with(names, rows_each):
    lines = [f'u{number}@x.example.com,"{name.replace(chr(34), chr(34) * 2)}"' for number, name in enumerate(names)]
    text = "\n".join(["email,name", *lines, ""]).encode()
    whole = read(text, rows_each=rows_each)
    for piece in whole:
        rest = read(text, at_bytes=piece.end_bytes, at_row=piece.end_row, rows_each=rows_each)
        after = [row for later in whole[whole.index(piece) + 1 :] for row in later.rows]
        assert [row for later in rest for row in later.rows] == after
    assert sum(len(piece.rows) for piece in whole) == len(names)


def workbook(rows, **sheets) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for name in sheets:
        book.create_sheet(name)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_is_read_as_it_shows_itself():
    rows = [
        ["email", "size", "since", "agreed", None, "share"],
        ["a@x.example.com", 40, datetime(2026, 3, 1, tzinfo=UTC).replace(tzinfo=None), True, None, 0.5],
        [None, None],
        ["größe@x.example.com", "0049", date(2025, 12, 31), False],
    ]
    found = list(rules.rows_of_workbook(io.BytesIO(workbook(rows, second=1))))
    assert found[1][:4] == ["a@x.example.com", "40", "2026-03-01", "yes"]
    assert found[1][5] == "0.5"
    assert not any(found[2])
    assert found[3][:4] == ["größe@x.example.com", "0049", "2025-12-31", "no"]


@pytest.mark.parametrize("kept_bytes", [0, 4, 500])
def test_a_damaged_workbook_is_said_to_be_one(kept_bytes):
    with pytest.raises(NotAWorkbook):
        list(rules.rows_of_workbook(io.BytesIO(workbook([["a"]])[:kept_bytes])))


def with_part(name: str, text: str) -> bytes:
    source, out = zipfile.ZipFile(io.BytesIO(workbook([["email"], ["a@x.example.com"]]))), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for item in source.namelist():
            archive.writestr(item, text if item == name else source.read(item))
    return out.getvalue()


def test_a_workbook_cannot_define_entities_of_its_own():
    bomb = '<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><s>&b;</s>'
    with pytest.raises(NotAWorkbook):
        list(rules.rows_of_workbook(io.BytesIO(with_part("xl/worksheets/sheet1.xml", bomb))))


def test_a_sheet_that_jumps_over_a_billion_rows_is_refused():
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{main}"><sheetData><row r="999999999"><c r="A999999999"/></row></sheetData></worksheet>'
    with pytest.raises(NotAWorkbook, match="empty rows"):
        list(rules.rows_of_workbook(io.BytesIO(with_part("xl/worksheets/sheet1.xml", sheet))))
