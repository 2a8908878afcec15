import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcma.kernel.cells import safe_cell


@pytest.mark.parametrize("text", ["=1+1", " =cmd", "\u00a0+1", "-1", "@SUM", "\tx", "\rx", "\nx", "  \n =x", "\uff1d1"])
def test_what_a_spreadsheet_would_run_is_quoted(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "1.50", "a=b", " plain", "'=x"])
def test_anything_else_stays_as_it_is(text):
    assert safe_cell(text) == text


@given(st.text())
def test_no_cell_begins_as_a_formula_and_none_is_lost(text):
    out = safe_cell(text)
    assert out.removeprefix("'") == text.removeprefix("'")
    assert not out.lstrip().startswith(("=", "+", "-", "@"))
