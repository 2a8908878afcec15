"""Take over contacts: a file of them, or one by hand; each with where its consent comes from."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from campaigns.audiences import queries, rules
from campaigns.audiences.errors import FileUnreadable
from campaigns.audiences.model import ContactImport
from campaigns.audiences.queries import ContactView
from campaigns.audiences.rules import ConsentScope, ContactFile, ContactRow, RowError
from campaigns.audiences.service.suppressing import partner_of
from campaigns.audiences.service.writing import Agreement, Prepared, prepared, write_contacts
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
        _take_over_rows(report, prepared(file.rows[start : start + BATCH_ROWS]), ConsentScope(consent_scope))
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


def begin_list(
    actor: Actor, *, filename: str, file_sha256: str, consent_source: str, consent_text: str
) -> ContactImport:
    """Begin the report of a list that is taken over piece by piece. Raises Forbidden, NoPartner, FileUnreadable."""
    partner_id = partner_of(actor)
    authorize(actor, Permission.CAMPAIGNS_CONTACT_IMPORT)
    if not consent_source.strip():
        sentence = "Say where the consent of these people comes from."
        raise FileUnreadable(sentence, errors={"consent_source": [sentence]})
    report = ContactImport(
        partner_id=partner_id,
        filename=filename[:200],
        file_sha256=file_sha256,
        consent_source=consent_source.strip(),
        consent_text=consent_text.strip(),
        created=0,
        updated=0,
        skipped=0,
        without_consent=0,
        suppressed=0,
        errors=[],
        imported_by=actor.user_id,
        imported_at=clock.now(),
    )
    session.add(report)
    session.flush()
    audit.record(actor, "campaigns.contact.import_begun", report, consent_source=report.consent_source)
    return report


def take_over_piece(
    actor: Actor, import_id: int, given: Prepared, *, left_out: int, scope: ConsentScope
) -> list[RowError]:
    """Take some rows of a list over, and return those whose address stood in an earlier piece of the same list.

    The caller holds the list: pieces of one report are taken over one after the other.
    Raises ImportNotFound, Forbidden.
    """
    report = queries.one_import(actor, import_id)
    authorize(actor, Permission.CAMPAIGNS_CONTACT_IMPORT, report)
    taken = _take_over_rows(report, given, scope, leave_alone_at=report.imported_at)
    repeated = [
        RowError(row.row, "email", "The same address is in an earlier row already.")
        for row in given.rows
        if row.email_normalized not in taken
    ]
    report.skipped += left_out + len(repeated)
    report.without_consent += sum(not row.agreed for row in given.rows if row.email_normalized in taken)
    session.flush()
    return repeated


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
    agreement = Agreement(consent_source, consent_text, ConsentScope.PARTNER, {"added_by_user": actor.user_id})
    (written,) = write_contacts(partner_id, prepared([row]), agreement).values()
    contact_id = written.id
    contact = queries.contact(actor, contact_id)
    audit.record(actor, "campaigns.contact.added", contact)
    return queries.view(actor, contact_id)


def _take_over_rows(
    report: ContactImport, given: Prepared, scope: ConsentScope, *, leave_alone_at: datetime | None = None
) -> Collection[str]:
    """Write contacts and what they agreed to, count them in the report, and return the addresses that were taken."""
    agreement = Agreement(report.consent_source, report.consent_text, scope, {"import_id": report.id})
    written = write_contacts(report.partner_id, given, agreement, at=report.imported_at, leave_alone_at=leave_alone_at)
    created = sum(one.is_new for one in written.values())
    report.created += created
    report.updated += len(written) - created
    report.suppressed += queries.count_suppressed([one.id for one in written.values()])
    return written.keys()
