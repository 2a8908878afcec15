"""Pass what may stand before the first element of an SVG: white space, the XML line, comments, one document type.

One item after the other from left to right, never back again: the work grows with the length of the text alone.
"""

import re

_SPACE = re.compile(r"[ \t\r\n]*")
_DOCTYPE = re.compile(r"<!DOCTYPE[ \t\r\n]+(?:[A-Za-z_][\w.-]{0,30}:)?svg(?![\w.-])")


def end_of_prologue(text: str) -> int:
    """Give the place where the prologue ends: that of the first element, or of what should not stand there."""
    at = 0
    typed = False
    while True:
        at = _past_space(text, at)
        if text.startswith("<!--", at):
            end = _past(text, "-->", at + 4)
        elif text.startswith("<?", at):
            end = _past(text, "?>", at + 2)
        elif not typed and text.startswith("<!DOCTYPE", at):
            typed = True
            end = _past_document_type(text, at)
        else:
            return at
        if end < 0:
            return at
        at = end


def _past_document_type(text: str, at: int) -> int:
    named = _DOCTYPE.match(text, at)
    if named is None:
        return -1
    close = text.find(">", named.end())
    inner = text.find("[", named.end(), max(close, 0))
    if inner < 0:
        return close + 1 if close >= 0 else -1
    after = _past(text, "]", inner)
    if after < 0:
        return -1
    after = _past_space(text, after)
    return after + 1 if text.startswith(">", after) else -1


def _past(text: str, mark: str, at: int) -> int:
    found = text.find(mark, at)
    return found + len(mark) if found >= 0 else -1


def _past_space(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at
