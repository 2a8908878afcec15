"""Take over contacts: a file of them, or one by hand; each with where its consent comes from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Cast,
    ColumnElement,
    DateTime,
    LargeBinary,
    Text,
    cast,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert

from campaigns.audiences import queries, rules
from campaigns.audiences.errors import FileUnreadable
from campaigns.audiences.model import Consent, Contact, ContactImport
from campaigns.audiences.queries import ContactView
from campaigns.audiences.rules import ConsentChannel, ConsentScope, ContactFile, ContactRow
from campaigns.audiences.service.suppressing import hash_of, partner_of
from tcma.audit import service as audit
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission

BATCH_ROWS = 5000


@dataclass(frozen=True, slots=True)
class ReadList:
    """A list of contacts that was read and checked, and is not yet taken over."""

    file: ContactFile
    sha256: str


def read_list(text: str) -> ReadList:
    """Read and check a list of contacts. Reaches no database: call it outside of the transaction.

    Raises FileUnreadable.
    """
    return ReadList(rules.read_contacts(text, today=clock.today()), hashlib.sha256(text.encode()).hexdigest())


def import_csv(
    actor: Actor, text: str, *, consent_source: str, consent_text: str = "", filename: str = ""
) -> ContactImport:
    """Read a short list of contacts and take it over, for scripts. Raises Forbidden, NoPartner, FileUnreadable."""
    return take_over(
        actor, read_list(text), consent_source=consent_source, consent_text=consent_text, filename=filename
    )


def take_over(
    actor: Actor,
    read: ReadList,
    *,
    consent_source: str,
    consent_text: str = "",
    consent_scope: str = ConsentScope.PARTNER,
    filename: str = "",
) -> ContactImport:
    """Take over a list of contacts and return the report: created, updated, skipped with a reason for each row.

    Nobody is subscribed by it who asked not to be written to: suppressed addresses stay suppressed.
    Raises Forbidden, NoPartner, FileUnreadable.
    """
    partner_id = partner_of(actor)
    authorize(actor, Permission.CAMPAIGNS_CONTACT_IMPORT)
    if not consent_source.strip():
        sentence = "Say where the consent of these people comes from."
        raise FileUnreadable(sentence, errors={"consent_source": [sentence]})
    file = read.file
    report = ContactImport(
        partner_id=partner_id,
        filename=filename[:200],
        file_sha256=read.sha256,
        consent_source=consent_source.strip(),
        consent_text=consent_text.strip(),
        created=0,
        updated=0,
        skipped=len(file.errors),
        without_consent=sum(not row.agreed for row in file.rows),
        suppressed=0,
        errors=[{"row": error.row, "field": error.field, "reason": error.reason} for error in file.errors],
        imported_by=actor.user_id,
        imported_at=clock.now(),
    )
    session.add(report)
    session.flush()
    for start in range(0, len(file.rows), BATCH_ROWS):
        _take_over_rows(report, file.rows[start : start + BATCH_ROWS], ConsentScope(consent_scope))
    audit.record(
        actor,
        "campaigns.contact.imported",
        report,
        created=report.created,
        updated=report.updated,
        skipped=report.skipped,
        consent_source=report.consent_source,
    )
    return report


def add(
    actor: Actor,
    *,
    email: str,
    consent_source: str,
    consent_text: str = "",
    first_name: str = "",
    last_name: str = "",
    company: str = "",
    locale: str = "",
) -> ContactView:
    """Add one contact by hand, or bring an existing one up to date. Raises Forbidden, NoPartner, AddressInvalid."""
    partner_id = partner_of(actor)
    authorize(actor, Permission.CAMPAIGNS_CONTACT_EDIT)
    address = rules.read_address(email)
    row = ContactRow(0, address.email, address.normalized, first_name, last_name, company, locale)
    ((contact_id, _),) = _upsert(partner_id, [row]).values()
    evidence = {"added_by_user": actor.user_id}
    _give_consent(partner_id, {contact_id: (row, evidence)}, consent_source, consent_text, ConsentScope.PARTNER)
    contact = queries.contact(actor, contact_id)
    audit.record(actor, "campaigns.contact.added", contact)
    return queries.view(actor, contact_id)


def _take_over_rows(report: ContactImport, rows: Sequence[ContactRow], scope: ConsentScope) -> None:
    ids = _upsert(report.partner_id, rows)
    created = sum(new for _, new in ids.values())
    report.created += created
    report.updated += len(ids) - created
    agreed = {
        ids[row.email_normalized][0]: (row, {"import_id": report.id, "row": row.row}) for row in rows if row.agreed
    }
    _give_consent(report.partner_id, agreed, report.consent_source, report.consent_text, scope)
    report.suppressed += queries.count_suppressed([contact_id for contact_id, _ in ids.values()])


def _upsert(partner_id: int, rows: Sequence[ContactRow]) -> dict[str, tuple[int, bool]]:
    """Write contacts, in the order of their addresses so that two imports cannot deadlock; return (id, is it new).

    One statement whatever the number of rows: they travel as one array a column.
    """
    now = clock.now()
    rows = sorted(rows, key=lambda row: row.email_normalized)
    columns = {
        "email": _array([row.email for row in rows]),
        "email_normalized": _array([row.email_normalized for row in rows]),
        "address_hash": cast([hash_of(row.email_normalized) for row in rows], ARRAY(LargeBinary)),
        "first_name": _array([row.first_name for row in rows]),
        "last_name": _array([row.last_name for row in rows]),
        "company": _array([row.company for row in rows]),
        "locale": _array([row.locale for row in rows]),
        "attributes": _array([json.dumps(row.attributes) for row in rows]),
    }
    given = func.unnest(*columns.values()).table_valued(*columns).render_derived(name="given")
    taken = {name: given.c[name] for name in columns} | {
        "attributes": cast(given.c.attributes, JSONB),
        "partner_id": literal(partner_id),
        "created_at": literal(now),
        "updated_at": literal(now),
    }
    statement = insert(Contact).from_select(list(taken), select(*taken.values()))
    new = statement.excluded
    # An empty cell says nothing about what we know already.
    kept = {
        name: func.coalesce(func.nullif(new[name], ""), getattr(Contact, name))
        for name in ("first_name", "last_name", "company", "locale")
    }
    statement = statement.on_conflict_do_update(
        constraint="uq_contacts_partner_id_email_normalized",
        set_={**kept, "attributes": Contact.attributes.concat(new.attributes), "updated_at": new.updated_at},
    )
    # xmax is zero for a row that this statement inserted, and not for one that it updated.
    is_new: ColumnElement[bool] = literal_column("xmax = 0", Boolean)
    done = session.execute(statement.returning(Contact.email_normalized, Contact.id, is_new))
    return {row[0]: (row[1], row[2]) for row in done}


def _give_consent(
    partner_id: int,
    agreed: Mapping[int, tuple[ContactRow, Mapping[str, Any]]],
    source: str,
    text_shown: str,
    scope: ConsentScope,
) -> None:
    """Keep what people agreed to; who has a live consent already keeps that one."""
    ids = sorted(agreed)
    columns = {
        "contact_id": cast(ids, ARRAY(BigInteger)),
        "source": _array([agreed[one][0].consent_source or source for one in ids]),
        "given_at": cast([_instant(agreed[one][0].consent_on) for one in ids], ARRAY(DateTime(timezone=True))),
        "evidence": _array([json.dumps(agreed[one][1]) for one in ids]),
    }
    given = func.unnest(*columns.values()).table_valued(*columns).render_derived(name="given")
    taken = {name: given.c[name] for name in columns} | {
        "evidence": cast(given.c.evidence, JSONB),
        "partner_id": literal(partner_id),
        "channel": literal(ConsentChannel.EMAIL.value),
        "scope": literal(scope.value),
        "text_shown": literal(text_shown),
    }
    session.execute(
        insert(Consent)
        .from_select(list(taken), select(*taken.values()))
        .on_conflict_do_nothing(
            index_elements=["contact_id", "channel", "scope"], index_where=literal_column("withdrawn_at IS NULL")
        )
    )


def _array(words: Sequence[str]) -> Cast[Sequence[str]]:
    return cast(words, ARRAY(Text))


def _instant(day: date | None) -> datetime:
    return clock.now() if day is None else datetime.combine(day, time.min, UTC)
