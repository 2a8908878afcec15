"""What makes two claims the same: the invoice of a supplier, and the bytes of a file."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

# fmt: off
_LEGAL_FORMS = frozenset({
    "ab", "ag", "as", "bv", "co", "company", "corp", "gmbh", "inc", "kg", "limited", "llc", "ltd", "nv", "oy", "plc",
    "sa", "sarl", "sas", "sl", "spa", "srl", "ug",
})
# fmt: on


class FingerprintKind(StrEnum):
    """What a fingerprint was taken of."""

    INVOICE = "invoice"
    FILE = "file"


@dataclass(frozen=True, slots=True, order=True)
class Fingerprint:
    """What no two live claims may share. Only a hash: nobody can read another partner's supplier from it."""

    kind: FingerprintKind
    digest: str


def normalize_invoice_number(text: str) -> str:
    """Return an invoice number without what people write differently: case, width, separators and leading zeros.

    Two numbers side by side keep a hyphen between them, for 1/12 is not 11/2.
    """
    plain = unicodedata.normalize("NFKC", text).upper()
    runs = re.findall(r"[^\W\d_]+|\d+|[^\w]+|_+", plain)
    written = ""
    split = False
    for run in runs:
        if not run[0].isalnum():
            split = True
            continue
        part = str(int(run)) if run.isdecimal() else run
        written += f"-{part}" if split and written[-1:].isdecimal() and part[:1].isdecimal() else part
        split = False
    return written


def bare_invoice_number(text: str) -> str:
    """Return an invoice number with its letters and digits only, for the comparison that also asks the amount."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).upper() if sign.isalnum())


def normalize_tax_id(text: str) -> str:
    """Return a tax id without case, spaces and punctuation."""
    return bare_invoice_number(text)


def normalize_supplier(text: str) -> str:
    """Return a supplier's name without case, accents, punctuation and legal form."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    words = re.findall(r"\w+", "".join(sign for sign in plain if not unicodedata.combining(sign)))
    kept = [word for word in words if word not in _LEGAL_FORMS]
    return " ".join(kept or words)


def _fingerprint(kind: FingerprintKind, *parts: str) -> Fingerprint:
    return Fingerprint(kind, hashlib.sha256("\x1f".join(parts).encode()).hexdigest())


def invoice_fingerprints(
    *, supplier: str, tax_id: str, invoice_number: str, net_minor: int, currency: str
) -> frozenset[Fingerprint]:
    """Take the fingerprints of an invoice: by tax id and by name, so that leaving one out hides nothing.

    The number without any separator counts too when the amount is also the same. Empty without a supplier or number.
    """
    number, bare = normalize_invoice_number(invoice_number), bare_invoice_number(invoice_number)
    amount = f"{net_minor} {currency}"
    names = {("name", normalize_supplier(supplier)), ("tax_id", normalize_tax_id(tax_id))}
    return frozenset(
        mark
        for how, name in names
        if name and number
        for mark in (
            _fingerprint(FingerprintKind.INVOICE, how, name, number),
            _fingerprint(FingerprintKind.INVOICE, how, name, bare, amount),
        )
    )


def file_fingerprints(sha256s: Iterable[str]) -> frozenset[Fingerprint]:
    """Take the fingerprints of files: the hash of their bytes."""
    return frozenset(Fingerprint(FingerprintKind.FILE, sha256) for sha256 in sha256s)
