"""Write contacts and what they agreed to: one statement, whatever the number of rows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import text

from campaigns.audiences.rules import ConsentChannel, ConsentScope, ContactRow
from campaigns.audiences.service.suppressing import hash_of
from tcma.infra.db import session
from tcma.kernel import clock

# Rows travel as one JSON text, which both sides read in C. They are written in the order of their addresses, so that
# two imports cannot deadlock. An empty cell says nothing about what is known already; who has a live consent keeps
# that one. xmax is zero for a row that this statement inserted, and not for one that it updated.
_WRITE = text(
    """
    WITH given AS MATERIALIZED (
        SELECT * FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS one(
            number bigint, email text, normalized text, hash text, first_name text, last_name text, company text,
            locale text, attributes jsonb, agreed boolean, source text, given_at timestamptz
        )
    ), written AS (
        INSERT INTO contacts (
            partner_id, email, email_normalized, address_hash, first_name, last_name, company, locale, attributes,
            created_at, updated_at
        )
        SELECT :partner_id, email, normalized, decode(hash, 'hex'), first_name, last_name, company, locale, attributes,
            :at, :at
        FROM given ORDER BY normalized
        ON CONFLICT ON CONSTRAINT uq_contacts_partner_id_email_normalized DO UPDATE SET
            first_name = coalesce(nullif(excluded.first_name, ''), contacts.first_name),
            last_name = coalesce(nullif(excluded.last_name, ''), contacts.last_name),
            company = coalesce(nullif(excluded.company, ''), contacts.company),
            locale = coalesce(nullif(excluded.locale, ''), contacts.locale),
            attributes = contacts.attributes || excluded.attributes,
            updated_at = excluded.updated_at
        WHERE contacts.updated_at IS DISTINCT FROM CAST(:leave_alone_at AS timestamptz)
        RETURNING id, email_normalized, xmax = 0 AS is_new
    ), agreed AS (
        INSERT INTO consents (
            partner_id, contact_id, channel, scope, source, text_shown, given_at, evidence
        )
        SELECT :partner_id, written.id, :channel, :scope, coalesce(nullif(given.source, ''), :source), :text_shown,
            coalesce(given.given_at, :at),
            CAST(:evidence AS jsonb) || jsonb_strip_nulls(jsonb_build_object('row', given.number))
        FROM given JOIN written ON written.email_normalized = given.normalized
        WHERE given.agreed
        ON CONFLICT (contact_id, channel, scope) WHERE withdrawn_at IS NULL DO NOTHING
    )
    SELECT id, email_normalized, is_new FROM written
    """
)


@dataclass(frozen=True, slots=True)
class Agreement:
    """What people agreed to; `evidence` says how it is known, and a row's own number comes on top."""

    source: str
    text_shown: str
    scope: ConsentScope
    evidence: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Written:
    """One contact that was written; `is_new` tells it from one that was brought up to date."""

    id: int
    email_normalized: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """Rows, each of an address of its own, as the statement takes them."""

    rows: Sequence[ContactRow]
    text: str


def prepared(rows: Sequence[ContactRow]) -> Prepared:
    """Make rows ready to be written. Reaches no database: it can be done while another piece is being written."""
    return Prepared(rows, json.dumps([_as_json(row) for row in rows]))


def write_contacts(
    partner_id: int,
    given: Prepared,
    agreement: Agreement,
    *,
    at: datetime | None = None,
    leave_alone_at: datetime | None = None,
) -> dict[str, Written]:
    """Write contacts and return them by address.

    One that was written at `leave_alone_at` is left alone and not returned: an earlier piece of the same list did.
    """
    if not given.rows:
        return {}
    found = session.execute(
        _WRITE,
        {
            "rows": given.text,
            "partner_id": partner_id,
            "at": at or clock.now(),
            "leave_alone_at": leave_alone_at,
            "channel": ConsentChannel.EMAIL.value,
            "scope": agreement.scope.value,
            "source": agreement.source,
            "text_shown": agreement.text_shown,
            "evidence": json.dumps(agreement.evidence),
        },
    )
    return {row.email_normalized: Written(*row) for row in found}


def _as_json(row: ContactRow) -> dict[str, Any]:
    return {
        "number": row.row or None,
        "email": row.email,
        "normalized": row.email_normalized,
        "hash": hash_of(row.email_normalized).hex(),
        "first_name": row.first_name,
        "last_name": row.last_name,
        "company": row.company,
        "locale": row.locale,
        "attributes": row.attributes,
        "agreed": row.agreed,
        "source": row.consent_source,
        "given_at": _instant(row.consent_on),
    }


def _instant(day: date | None) -> str | None:
    return None if day is None else datetime.combine(day, time.min, UTC).isoformat()
