"""Names of domains, and names and addresses of senders: which can be used at all, and by whom."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import idna
from email_validator import EmailNotValidError, validate_email
from publicsuffixlist import PublicSuffixList

from campaigns.senders.errors import DomainInvalid, SenderInvalid

LONGEST_NAME = 78
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def organizational(domain: str) -> str:
    """Return the domain that somebody registered (RFC 7489 3.2), or the name itself when it has no such part."""
    return str(_suffixes().privatesuffix(domain) or domain)


def read_domain(text: str, *, of_the_service: str, by_partner: bool) -> str:
    """Return a domain's name in ASCII and small letters. A partner is refused whatever belongs to the service.

    Raises DomainInvalid.
    """
    given = text.strip().rstrip(".").lower()
    try:
        name = idna.encode(given, uts46=True).decode() if not given.isascii() else given
    except idna.IDNAError:
        raise _refused(DomainInvalid.message) from None
    labels = name.split(".")
    if len(name) > 200 or len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        raise _refused(DomainInvalid.message)
    if labels[-1].isdecimal():
        raise _refused("This is an address of a machine, and no domain.")
    if _suffixes().publicsuffix(name) == name:
        raise _refused("Under this name anybody can register domains. Give the one that is yours.")
    if by_partner and organizational(name) == organizational(of_the_service):
        raise _refused("This domain is the portal's own. Mail leaves under it already, without your doing anything.")
    return name


def read_name(text: str) -> str:
    """Return a sender's name as it may stand in a From line. Raises SenderInvalid.

    Nothing that could be taken for an address, or for another line of the mail, stands in it.
    """
    if any(unicodedata.category(letter) in {"Cc", "Cf", "Zl", "Zp", "Cs"} for letter in text):
        raise _unusable("name", "The name contains a line break or an invisible character.")
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME:
        raise _unusable("name", f"Give a name of at most {LONGEST_NAME} characters.")
    if set(name) & set("@<>＠"):
        raise _unusable("name", "A name contains no @, < or >: recipients would take it for an address.")
    return name


def read_sender_address(text: str) -> str:
    """Return a sender's address, its domain in ASCII and all of it in small letters. Raises SenderInvalid."""
    try:
        checked = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError as problem:
        raise _unusable("address", str(problem)) from None
    return (checked.ascii_email or checked.normalized).lower()


def _refused(sentence: str) -> DomainInvalid:
    return DomainInvalid(sentence, errors={"name": [sentence]})


def _unusable(field: str, sentence: str) -> SenderInvalid:
    return SenderInvalid(sentence, errors={field: [sentence]})
