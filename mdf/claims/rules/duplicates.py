"""What makes two claims the same: the invoice of a supplier, and the bytes of a file."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

# fmt: off
_LEGAL_FORMS = frozenset({
    "ab", "ag", "aps", "as", "bv", "co", "company", "corp", "ek", "gbr", "gmbh", "inc", "kg", "kgaa", "limited", "llc",
    "ltd", "mbh", "nv", "ohg", "oy", "plc", "sa", "sarl", "sas", "se", "sl", "spa", "srl", "ug",
})
# fmt: on
# Categories of signs that nobody sees: format and control characters, and marks on the letter before them.
_UNSEEN = frozenset({"Cf", "Cc", "Mn", "Me"})
# Letters that are drawn as nothing.
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")
# Capital letters of other scripts that look like a Latin one.
_LOOK_ALIKES = str.maketrans(
    "\u0410\u0412\u0415\u0405\u0406\u0408\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u04c0\u04ae\u0500\u051a\u051c"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03f9\u037f",
    "ABESIJKMHOPCTYXIYDQWABEZHIKMNOPTYXCJ",
)
# In a number, these are read as digits.
_AS_DIGITS = str.maketrans("OIL", "011")


class FingerprintKind(StrEnum):
    """What a fingerprint was taken of."""

    INVOICE = "invoice"
    FILE = "file"


@dataclass(frozen=True, slots=True, order=True)
class Fingerprint:
    """What no two live claims may share. Only a hash: nobody can read another partner's supplier from it."""

    kind: FingerprintKind
    digest: str


def _as_seen(text: str) -> str:
    """Return what a reader sees of a text, in Latin capitals: no accents, nothing invisible, no look-alike letters."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text))
    seen = (
        sign for sign in plain if sign.isspace() or (unicodedata.category(sign) not in _UNSEEN and sign not in _FILLERS)
    )
    return "".join(seen).upper().translate(_LOOK_ALIKES)


def normalize_invoice_number(text: str) -> str:
    """Return an invoice number without what people write differently: case, width, separators and leading zeros.

    Letters that look like a digit are that digit. Two numbers side by side keep a hyphen between them, for 1/12 is
    not 11/2.
    """
    runs = re.findall(r"[^\W\d_]+|\d+|[^\w]+|_+", _as_seen(text).translate(_AS_DIGITS))
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
    return "".join(sign for sign in _as_seen(text).translate(_AS_DIGITS) if sign.isalnum())


def normalize_tax_id(text: str) -> str:
    """Return a tax id without case, spaces and punctuation."""
    return bare_invoice_number(text)


def _words(text: str) -> list[str]:
    """Split a name into words; single letters beside each other are one word, so that G.m.b.H. is a legal form."""
    joined = re.sub(r"(?<=\b\w)[.\s]+(?=\w\b)", "", _as_seen(text).casefold())
    return re.findall(r"[^\W_]+", joined)


def normalize_supplier(text: str) -> str:
    """Return a supplier's name without case, accents, spaces, punctuation and legal form."""
    words = _words(text)
    return "".join([word for word in words if word not in _LEGAL_FORMS] or words)


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
    names = {
        ("name", normalize_supplier(supplier)),
        ("name", "".join(_words(supplier))),  # where the legal form is written onto the name
        ("tax_id", normalize_tax_id(tax_id)),
    }
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
