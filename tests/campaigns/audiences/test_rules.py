"""Reading lists of contacts as people's programs write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.audiences import rules
from campaigns.audiences.errors import AddressInvalid, FileUnreadable
from tcma.kernel.cells import safe_cell

TODAY = date(2026, 11, 21)


def read(text: str) -> rules.ContactFile:
    return rules.read_contacts(text, today=TODAY)


def test_columns_are_found_by_what_programs_call_them():
    file = read("E-Mail;Vorname;Nachname;Firma;Kundennummer\nanna@example.com;Anna;Öz;Öz AG;17\n")
    (row,) = file.rows
    assert (row.email, row.first_name, row.last_name, row.company) == ("anna@example.com", "Anna", "Öz", "Öz AG")
    assert row.attributes == {"kundennummer": "17"}
    assert file.errors == []


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_each_usual_separator_is_recognized(separator):
    text = separator.join(["email", "company"]) + "\n" + separator.join(["a@example.com", '"Doe, Roe & Co"'])
    assert read(text).rows[0].company == "Doe, Roe & Co"


def test_every_bad_row_is_listed_with_its_row_number_column_and_reason():
    file = read(
        "email,consent,consent_date,locale\n"
        "good@example.com,yes,2026-01-02,de\n"
        ",,,\n"
        "no-at-sign,,,\n"
        "GOOD@example.com,,,\n"
        "x@example.com,perhaps,,\n"
        "y@example.com,,tomorrow,\n"
        "z@example.com,,2030-01-01,\n"
        "w@example.com,,,<script>\n"
        ",yes,,\n"
        "v@example.com,,,,,surplus\n"
    )
    assert [row.email for row in file.rows] == ["good@example.com"]
    assert [(error.row, error.field) for error in file.errors] == [
        (4, "email"),
        (5, "email"),
        (6, "consent"),
        (7, "consent_on"),
        (8, "consent_on"),
        (9, "locale"),
        (10, "email"),
        (11, ""),
    ]
    assert "row 2" in file.errors[1].reason
    assert all(error.reason for error in file.errors)


def test_a_no_is_imported_without_consent():
    file = read("email,consent\na@example.com,no\nb@example.com,\n")
    assert [row.agreed for row in file.rows] == [False, True]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "email"),
        ("name,company\nAnna,Öz\n", "email"),
        ("email\n", "no rows"),
        ("email,mail\na@example.com,b@example.com\n", "mean the same"),
        ("email," + ",".join(f"c{n}" for n in range(21)) + "\n", "more than 20"),
    ],
)
def test_a_file_that_is_no_list_of_contacts_is_refused_as_a_whole(text, words):
    with pytest.raises(FileUnreadable, match=words) as refused:
        read(text)
    assert "file" in refused.value.errors


def test_a_file_with_too_many_rows_is_refused():
    with pytest.raises(FileUnreadable, match="more than"):
        read("email\n" + "x\n" * (rules.MAX_ROWS + 1))


def test_a_file_that_is_too_large_is_refused_before_it_is_read():
    with pytest.raises(FileUnreadable, match="larger than"):
        rules.decode(b"x" * (rules.MAX_FILE_BYTES + 1))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_each_usual_encoding_is_read(encoding):
    assert read(rules.decode("email,company\na@example.com,Öz\n".encode(encoding))).rows[0].company == "Öz"


def test_a_picture_is_no_list_of_contacts():
    with pytest.raises(FileUnreadable, match="not a text file"):
        rules.decode(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")


@given(st.text(max_size=300))
def test_whatever_text_comes_is_read_or_refused_and_nothing_is_lost(text):
    try:
        file = read("email,first_name\n" + text)
    except FileUnreadable:
        return
    numbers = [row.row for row in file.rows] + [error.row for error in file.errors]
    assert len(set(numbers)) == len(numbers)


@given(st.lists(st.text(st.characters(blacklist_categories=["Cs"]), max_size=30), min_size=1, max_size=5))
def test_no_exported_cell_begins_as_a_formula(cells):
    written = "".join(rules.write_csv(["a"] * len(cells), [cells]))
    assert all(not safe_cell(cell).lstrip().startswith(("=", "+", "-", "@")) for cell in cells)
    assert written.startswith("\ufeff")


def test_two_spellings_of_one_address_are_one():
    assert rules.read_address(" Anna.Oez@Müller.example ").normalized == "anna.oez@xn--mller-kva.example"
    assert rules.read_address("anna.oez@xn--mller-kva.EXAMPLE").normalized == "anna.oez@xn--mller-kva.example"


@pytest.mark.parametrize(
    "text", ["", "x", "a@b", "a b@example.com", "ü@example.com", "a@example.com\nBcc: b@example.com", "a@localhost"]
)
def test_what_no_server_would_take_is_no_address(text):
    with pytest.raises(AddressInvalid):
        rules.read_address(text)


@pytest.mark.parametrize("name", ["a", "email", "x" * 9000])
def test_a_header_is_measured_before_its_columns_are_compared(name):
    columns = ["email", *[name] * (1 if len(name) > 100 else 5000)]
    with pytest.raises(FileUnreadable, match="more than 100 columns, or is far too long"):
        read(",".join(columns) + "\na@example.com\n")


def test_columns_without_a_name_do_not_count():
    assert len(read("email" + "," * 2000 + "\na@example.com\n").rows) == 1


def test_two_columns_that_mean_the_same_are_named():
    with pytest.raises(FileUnreadable, match=r"the same: attributes\.a, first_name\."):
        read("email,a,vorname,a,first name\na@example.com\n")
