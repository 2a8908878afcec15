import subprocess
import sys

import pytest

from assets.imaging.prologue import end_of_prologue
from assets.imaging.sniff import is_svg

SVG = b'<svg xmlns="http://www.w3.org/2000/svg">'
KILLED_AFTER_S = 60  # a few milliseconds are needed; without an end it would be years


def runs_to_its_end(program):
    subprocess.run([sys.executable, "-c", program], check=True, timeout=KILLED_AFTER_S)


@pytest.mark.parametrize(
    "before",
    [
        b"",
        b"\xef\xbb\xbf",
        b" \r\n\t",
        b'<?xml version="1.0"?>\n<!-- hi -->',
        b"<!---->" * 2_000,
        b"<!-- a > b -- c -->",
        b"<!DOCTYPE svg>",
        b'<?xml version="1.0"?><!DOCTYPE svg [ <!ELEMENT a ANY> ] ><?xml-stylesheet href="x"?>',
        b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">',
    ],
)
def test_what_may_stand_before_a_drawing_is_passed(before):
    assert is_svg(before + SVG)
    assert not is_svg(before + b"<html>")


@pytest.mark.parametrize(
    "before",
    [b"<!-- never closed ", b"<!-->", b"<?xml ", b"<!DOCTYPE svg [", b"<!DOCTYPE svg ", b"<!DOCTYPE html>", b"x"],
)
def test_what_is_left_open_or_does_not_belong_there_is_not_passed(before):
    assert not is_svg(before + SVG)


def test_a_comment_ends_at_its_first_end():
    assert not is_svg(b"<!-- a --> and words <!-- b -->" + SVG)


def test_there_is_one_document_type_at_most():
    assert end_of_prologue("<!DOCTYPE svg><!DOCTYPE svg><svg>") == len("<!DOCTYPE svg>")


def test_a_drawing_in_utf_16_is_recognized():
    assert is_svg("<?xml version='1.0'?><!-- é --><svg>".encode("utf-16"))


@pytest.mark.parametrize(
    "data",
    [
        "b'<!---->' * 40 + b'x'",
        "b'<!---->' * 9_000 + b'x'",
        "b'<?x?>' * 12_000 + b'x'",
        "b'<!DOCTYPE svg[' * 4_000",
        "b'<!DOCTYPE svg[]>' * 4_000",
        "b'<!--' * 16_000",
        "b' ' * 65_000 + b'x'",
    ],
)
def test_a_prologue_made_to_be_read_again_and_again_is_read_once(data):
    runs_to_its_end(f"from assets.imaging.sniff import is_svg; assert not is_svg({data})")
