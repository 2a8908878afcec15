"""What a value for a variable has to be, type by type; each answer is a sentence, empty when there is nothing wrong."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from urllib.parse import urlsplit

import regex

from cobranding.rendering.document import markdown
from cobranding.rendering.document.model import Variable

PATTERN_SECONDS = 0.1
LONGEST_FIELDS = {
    "contact_person": 120,
    "email": 254,
    "phone": 40,
    "web": 300,
    "street": 160,
    "postal_code": 20,
    "city": 80,
    "country": 2,
}
"""The fields of a contact, and how many characters each may have; an address in mail has no more (RFC 5321)."""
FORMS: Mapping[str, tuple[str, str]] = {
    "email": (r"[^@\s<>()\[\],;:\"]+@[^@\s<>()\[\],;:\"]+\.[^@\s.<>()\[\],;:\"]{2,}", "must be an e-mail address"),
    "phone": (r"\+?[0-9][0-9 ()/.\-]{2,}", "must be a telephone number"),
    "web": (r"(https?://)?[^\s@/<>\"'{}\\`]+\.[^\s@<>\"'{}\\`]{2,}", "must be the address of a web site"),
    "country": (r"[A-Z]{2}", "must be a code of two letters, as DE"),
}
UNPRINTABLE = ("Cc", "Cs", "Co", "Cn")


def problem_with(variable: Variable, value: object) -> str:
    """Return what is wrong with a value for a variable, or an empty text."""
    return JUDGES[variable.type](variable, value)


def _text_problem(variable: Variable, value: object) -> str:
    if not isinstance(value, str):
        return "must be a text"
    if len(value) > variable.max_length:
        return f"has {len(value)} characters, {variable.max_length} are possible"
    if "\n" in value and not variable.multiline:
        return "must be on one line"
    return _characters_problem(value) or _pattern_problem(variable, value)


def _characters_problem(value: str) -> str:
    if "{{" in value or "}}" in value:
        return "must not contain {{ or }}"
    for character in value:
        if character != "\n" and unicodedata.category(character) in UNPRINTABLE:
            return f"contains a character that cannot be printed (U+{ord(character):04X})"
    return ""


def _pattern_problem(variable: Variable, value: str) -> str:
    if variable.pattern is None or not value:
        return ""
    try:
        matched = regex.fullmatch(variable.pattern, value, timeout=PATTERN_SECONDS)
    except TimeoutError:
        return "takes too long to hold against the pattern of the template"
    return "" if matched else "does not have the form that is asked for"


def _rich_text_problem(variable: Variable, value: object) -> str:
    """Judge rich text; what counts is what a reader sees, and the marks may take as much again and a bit."""
    if not isinstance(value, str):
        return "must be a text"
    if len(value) > 3 * variable.max_length + 600:
        return f"has {len(value)} characters with its marks, {variable.max_length} are possible without them"
    problem = _characters_problem(value) or next(markdown.problems(value), "")
    if problem:
        return problem
    length = len(markdown.words_of(value))
    return f"has {length} characters, {variable.max_length} are possible" if length > variable.max_length else ""


def _choice_problem(variable: Variable, value: object) -> str:
    if not isinstance(value, str) or value not in variable.choices:
        return f"must be one of {', '.join(variable.choices)}"
    return ""


def _number_problem(variable: Variable, value: object) -> str:
    if not isinstance(value, int) or isinstance(value, bool):
        return "must be a whole number"
    if variable.minimum is not None and value < variable.minimum:
        return f"must be at least {variable.minimum}"
    if variable.maximum is not None and value > variable.maximum:
        return f"must be at most {variable.maximum}"
    return "" if abs(value) < 10**15 else "is too large"


def _date_problem(_variable: Variable, value: object) -> str:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        try:
            date.fromisoformat(value)
        except ValueError:
            return "is not a day of the calendar"
        return ""
    return "must be a date like 2026-05-31"


def _link_problem(variable: Variable, value: object) -> str:
    if not isinstance(value, str):
        return "must be an address"
    if len(value) > variable.max_length:
        return f"has {len(value)} characters, {variable.max_length} are possible"
    if not value.isascii() or not value.isprintable() or any(mark in value for mark in " <>\"'{}\\`"):
        return "contains characters that an address cannot have"
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
        parts.port  # noqa: B018  reading it checks it
    except ValueError:
        return "is not an address"
    if parts.scheme not in ("https", "http") or ("." not in host and host != "localhost") or parts.username is not None:
        return "must be an address that starts with https://"
    return _pattern_problem(variable, value)


def _image_problem(_variable: Variable, value: object) -> str:
    return "" if _is_id(value) else "must be the id of a picture"


def _logo_problem(_variable: Variable, value: object) -> str:
    return "" if _is_id(value) else "must be the id of a logo"


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63


def _contact_problem(variable: Variable, value: object) -> str:
    if not isinstance(value, Mapping):
        return "must be an object of fields and texts"
    for name, text in value.items():
        if not isinstance(name, str) or name not in variable.fields:
            return f"has a field that is not open; {', '.join(variable.fields)} are"
        problem = _field_problem(name, text)
        if problem:
            return f"{name} {problem}"
    return ""


def _field_problem(name: str, text: object) -> str:
    if not isinstance(text, str):
        return "must be a text"
    if len(text) > LONGEST_FIELDS[name]:
        return f"has {len(text)} characters, {LONGEST_FIELDS[name]} are possible"
    if "\n" in text:
        return "must be on one line"
    form, sentence = FORMS.get(name, ("", ""))
    return _characters_problem(text) or (sentence if form and text and not re.fullmatch(form, text) else "")


JUDGES: Mapping[str, Callable[[Variable, object], str]] = {
    "text": _text_problem,
    "rich_text": _rich_text_problem,
    "choice": _choice_problem,
    "number": _number_problem,
    "date": _date_problem,
    "link": _link_problem,
    "image": _image_problem,
    "logo": _logo_problem,
    "contact": _contact_problem,
}
