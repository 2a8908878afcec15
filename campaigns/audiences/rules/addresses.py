"""E-mail addresses: which are usable, and when two are the same."""

from __future__ import annotations

from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from campaigns.audiences.errors import AddressInvalid


@dataclass(frozen=True, slots=True)
class Address:
    """An address as it is mailed, and the form in which two spellings of it are equal."""

    email: str
    normalized: str


def read_address(text: str) -> Address:
    """Read an address without asking any server about it.

    The domain is kept in its ASCII form, so that every mail server takes it. Equal means: equal when written in small
    letters. Dots and plus signs before the @ are left alone: they mean different mailboxes at most providers.
    Raises AddressInvalid.
    """
    try:
        checked = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as problem:
        raise AddressInvalid(str(problem), errors={"email": [str(problem)]}) from problem
    email = checked.ascii_email or checked.normalized
    return Address(email=email, normalized=email.lower())
