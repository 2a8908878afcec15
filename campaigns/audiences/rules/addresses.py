"""E-mail addresses: which are usable, and when two are the same."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from email_validator import EmailNotValidError, validate_email

from campaigns.audiences.errors import AddressInvalid


@dataclass(frozen=True, slots=True)
class Address:
    """An address as it is mailed, and the form in which two spellings of it are equal."""

    email: str
    normalized: str


# Nearly every address there is; all others, and each domain once, are looked at by the library.
_PLAIN: Final = re.compile(
    r"([A-Za-z0-9_](?:[A-Za-z0-9._+-]{0,62}[A-Za-z0-9_])?)@([A-Za-z0-9](?:[A-Za-z0-9.-]{1,200}))"
)


@lru_cache(maxsize=65_536)
def _is_usable(domain: str) -> bool:
    try:
        checked = validate_email(f"a@{domain}", check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return False
    return checked.ascii_domain == domain


def read_address(text: str) -> Address:
    """Read an address without asking any server about it.

    The domain is kept in its ASCII form, so that every mail server takes it. Equal means: equal when written in small
    letters. Dots and plus signs before the @ are left alone: they mean different mailboxes at most providers.
    Raises AddressInvalid.
    """
    plain = _PLAIN.fullmatch(text.strip())
    if plain is not None and ".." not in plain[1] and _is_usable(plain[2].lower()):
        return Address(email=f"{plain[1]}@{plain[2].lower()}", normalized=f"{plain[1]}@{plain[2]}".lower())
    try:
        checked = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as problem:
        raise AddressInvalid(str(problem), errors={"email": [str(problem)]}) from problem
    email = checked.ascii_email or checked.normalized
    return Address(email=email, normalized=email.lower())
