"""What an approval is about: a hash over everything that decides about money."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class MoneyFacts:
    """Everything that an approval is about. Amounts in minor units; attachments as (proof key, SHA-256 of the file)."""

    request_id: int
    payee_partner_id: int
    currency: str
    net_minor: int | None
    tax_minor: int | None
    asked_minor: int | None
    supplier: str
    supplier_tax_id: str
    invoice_number: str
    invoiced_on: date | None
    attachments: frozenset[tuple[str, str]]
    figures: Mapping[str, Any]
    evidence: Sequence[Any]


def money_hash(facts: MoneyFacts) -> str:
    """Return the SHA-256 of the facts as canonical JSON, in hexadecimal."""
    content = {
        "request": facts.request_id,
        "payee": facts.payee_partner_id,
        "currency": facts.currency,
        "net": facts.net_minor,
        "tax": facts.tax_minor,
        "asked": facts.asked_minor,
        "supplier": facts.supplier,
        "supplier_tax_id": facts.supplier_tax_id,
        "invoice_number": facts.invoice_number,
        "invoiced_on": facts.invoiced_on.isoformat() if facts.invoiced_on else None,
        "attachments": _sorted(facts.attachments),
        "figures": dict(facts.figures),
        "evidence": list(facts.evidence),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _sorted(pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    return [list(pair) for pair in sorted(pairs)]
