"""The short code that a finished file carries inside, out of sight: written by the engine, read when somebody asks.

PDFs carry it in their information, JPEG in a comment, PNG in a text chunk: all of them in plain bytes, so that reading
it decodes no picture of a stranger. A PDF whose information was packed away by whoever saved it again is opened in a
process of its own, like every file of a stranger.
"""

import re

from assets.imaging import document

MARK = "TCMACode"
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that is mistaken for another. Source: https://www.crockford.com/base32.html"""
CODE_LENGTH = 12

_CARRIED = re.compile(MARK.encode() + rb"[ :(\0]{1,3}([%b]{%d})" % (LETTERS.encode(), CODE_LENGTH))
_MISTAKEN = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


def code_of(digest: bytes) -> str:
    """Return the code of a keyed hash: its first 60 bits."""
    number = int.from_bytes(digest[:8], "big") >> 4
    return "".join(LETTERS[number >> 5 * place & 31] for place in reversed(range(CODE_LENGTH)))


def normal(written: str) -> str:
    """Return a code as it is kept: people write it in small letters, with spaces, and an O for a zero."""
    code = written.strip().upper().translate(_MISTAKEN)
    return code if len(code) == CODE_LENGTH and set(code) <= set(LETTERS) else ""


def code_in(data: bytes) -> str:
    """Return the code that a file carries, or an empty text."""
    found = _CARRIED.search(data)
    if found:
        return found[1].decode()
    return normal(document.information(data, MARK)) if data[:1024].find(b"%PDF-") >= 0 else ""
