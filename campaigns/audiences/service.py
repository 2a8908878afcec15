"""The verbs on contacts and suppressions, and what sending may ask."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Select, func, literal_column, update
from sqlalchemy.dialects.postgresql import insert

from campaigns.audiences import queries, rules
from campaigns.audiences.errors import FileUnreadable, NoPartner, SuppressionBinding
from campaigns.audiences.model import Consent, Contact, ContactImport, Suppression
from campaigns.audiences.queries import AudienceCount, ContactView, Recipient, SuppressionView
from campaigns.audiences.rules import ConsentChannel, ConsentScope, ContactRow, SuppressionReason, SuppressionScope
from tcma.accounts import service as accounts
from tcma.audit import service as audit
from tcma.infra.crypto import keyed_hash
from tcma.infra.db import session
from tcma.infra.paging import Page
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission

__all__ = [
    "AudienceCount",
    "ContactView",
    "Recipient",
    "SuppressionReason",
    "SuppressionScope",
    "contacts_for_sending",
    "count",
    "import_csv",
    "mailable",
    "suppress",
    "unsubscribe",
]

BATCH_ROWS = 1000


def import_csv(
    actor: Actor,
    text: str,
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
    partner_id = _partner_of(actor)
    authorize(actor, Permission.CAMPAIGNS_CONTACT_IMPORT)
    if not consent_source.strip():
        sentence = "Say where the consent of these people comes from."
        raise FileUnreadable(sentence, errors={"consent_source": [sentence]})
    file = rules.read_contacts(text, today=clock.today())
    report = ContactImport(
        partner_id=partner_id,
        filename=filename[:200],
        file_sha256=hashlib.sha256(text.encode()).hexdigest(),
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
        _take_over(report, file.rows[start : start + BATCH_ROWS], ConsentScope(consent_scope))
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
    partner_id = _partner_of(actor)
    authorize(actor, Permission.CAMPAIGNS_CONTACT_EDIT)
    address = rules.read_address(email)
    row = ContactRow(0, address.email, address.normalized, first_name, last_name, company, locale)
    ((contact_id, _),) = _upsert(partner_id, [row]).values()
    evidence = {"added_by_user": actor.user_id}
    _give_consent(partner_id, {contact_id: (row, evidence)}, consent_source, consent_text, ConsentScope.PARTNER)
    contact = queries.contact(actor, contact_id)
    audit.record(actor, "campaigns.contact.added", contact)
    return queries.view(actor, contact_id)


def edit(actor: Actor, contact_id: int, **changes: str) -> ContactView:
    """Change names, company or locale of a contact. Raises ContactNotFound, Forbidden."""
    contact = queries.contact_for_update(actor, contact_id)
    authorize(actor, Permission.CAMPAIGNS_CONTACT_EDIT, contact)
    for name in {"first_name", "last_name", "company", "locale"} & changes.keys():
        setattr(contact, name, changes[name])
    session.flush()
    audit.record(actor, "campaigns.contact.edited", contact, fields=sorted(changes))
    return queries.view(actor, contact_id)


def erase(actor: Actor, contact_id: int) -> None:
    """Forget a contact and what it agreed to; a keyed hash stays behind, so that no import brings it back to life.

    Raises ContactNotFound, Forbidden.
    """
    contact = queries.contact_for_update(actor, contact_id)
    authorize(actor, Permission.CAMPAIGNS_CONTACT_EDIT, contact)
    _suppress_hash(contact.partner_id, contact.address_hash, SuppressionReason.ERASED, SuppressionScope.PARTNER)
    audit.record(actor, "campaigns.contact.erased", contact)
    session.delete(contact)
    session.flush()


def suppress(
    actor: Actor,
    email: str,
    *,
    reason: SuppressionReason | str = SuppressionReason.MANUAL,
    scope: SuppressionScope | str = SuppressionScope.PARTNER,
) -> SuppressionView:
    """Stop all mail to an address, for this partner, this brand, or everywhere; done twice, it changes nothing.

    Raises AddressInvalid, Forbidden, NoPartner.
    """
    authorize(actor, Permission.CAMPAIGNS_SUPPRESSION_EDIT)
    scope = SuppressionScope(scope)
    owner = _partner_of(actor) if scope is SuppressionScope.PARTNER else None
    address_hash = hash_of(rules.read_address(email).normalized)
    suppression = _suppress_hash(owner, address_hash, SuppressionReason(reason), scope)
    audit.record(actor, "campaigns.suppression.added", suppression, reason=str(reason), scope=str(scope))
    return queries.view_of_suppression(actor, suppression)


def lift(actor: Actor, suppression_id: int) -> None:
    """Remove a suppression that the partner made by hand. Raises SuppressionNotFound, Forbidden, SuppressionBinding."""
    suppression = queries.suppression_for_update(actor, suppression_id)
    authorize(actor, Permission.CAMPAIGNS_SUPPRESSION_EDIT, suppression)
    if suppression.reason not in rules.LIFTABLE:
        raise SuppressionBinding
    audit.record(actor, "campaigns.suppression.lifted", suppression)
    session.delete(suppression)
    session.flush()


def unsubscribe(
    actor: Actor, contact_id: int, *, scope: SuppressionScope | str = SuppressionScope.PARTNER
) -> Suppression:
    """Do what a recipient asked for: withdraw the consent and never write again. Done twice, it changes nothing.

    Raises ContactNotFound, Forbidden.
    """
    contact = queries.contact_for_update(actor, contact_id)
    authorize(actor, Permission.CAMPAIGNS_SUPPRESSION_EDIT, contact)
    session.execute(
        update(Consent)
        .where(Consent.contact_id == contact.id, Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=clock.now())
    )
    scope = SuppressionScope(scope)
    owner = contact.partner_id if scope is SuppressionScope.PARTNER else None
    suppression = _suppress_hash(owner, contact.address_hash, SuppressionReason.UNSUBSCRIBED, scope)
    audit.record(actor, "campaigns.contact.unsubscribed", contact, scope=scope.value)
    return suppression


def mailable(partner_id: int) -> Select[int]:
    """Select the ids of a partner's contacts that agreed to e-mail and are not suppressed: fan-out inserts from it."""
    return queries.mailable(partner_id)


def contacts_for_sending(actor: Actor, contact_ids: Collection[int]) -> list[Recipient]:
    """Read contacts at hand-off; each says whether it may (still) be mailed, erased ones are absent."""
    return queries.recipients(actor, contact_ids)


def count(actor: Actor, partner_id: int) -> AudienceCount:
    """Count a partner's contacts. Raises NotFound, Forbidden."""
    profile = accounts.partner_profile(actor, partner_id)
    authorize(actor, Permission.CAMPAIGNS_AUDIENCE_READ)
    return queries.count(profile.id, profile.trade_name)


def page_of_counts(actor: Actor, *, limit: int = 50, after: int | None = None) -> Page[AudienceCount]:
    """Count the contacts of each partner that the actor may see. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_AUDIENCE_READ)
    later = sorted(
        (one for one in accounts.partners(actor) if after is None or one.id < after), key=lambda one: -one.id
    )
    items = [queries.count(one.id, one.trade_name) for one in later[:limit]]
    return Page(items, items[-1].partner_id if len(later) > limit else None)


def page_of_contacts(actor: Actor, **question: Any) -> Page[ContactView]:
    """Return one page of the partner's contacts. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_CONTACT_READ)
    return queries.page_of_contacts(actor, **question)


def page_of_imports(actor: Actor, **question: Any) -> Page[ContactImport]:
    """Return one page of the partner's imports. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_CONTACT_READ)
    return queries.page_of_imports(actor, **question)


def page_of_suppressions(actor: Actor, **question: Any) -> Page[SuppressionView]:
    """Return one page of the partner's suppressions. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_SUPPRESSION_READ)
    return queries.page_of_suppressions(actor, **question)


def export_csv(actor: Actor) -> Iterator[str]:
    """Yield the partner's contacts as CSV that no spreadsheet takes for a formula. Raises Forbidden, NoPartner."""
    _partner_of(actor)
    authorize(actor, Permission.CAMPAIGNS_CONTACT_READ)
    header = ("email", "first_name", "last_name", "company", "locale", "standing", "added_on")
    yield from rules.write_csv(
        header,
        (
            (one.email, one.first_name, one.last_name, one.company, one.locale, one.standing, one.created_at.date())
            for one in queries.every_contact(actor)
        ),
    )


def hash_of(normalized: str) -> bytes:
    """Return the keyed hash by which an address is suppressed."""
    return keyed_hash("suppression", normalized)


def _partner_of(actor: Actor) -> int:
    if actor.partner_id is None:
        raise NoPartner
    return actor.partner_id


def _take_over(report: ContactImport, rows: Sequence[ContactRow], scope: ConsentScope) -> None:
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
    """Write contacts, in the order of their addresses so that two imports cannot deadlock; return (id, is it new)."""
    now = clock.now()
    values = [
        {
            "partner_id": partner_id,
            "email": row.email,
            "email_normalized": row.email_normalized,
            "address_hash": hash_of(row.email_normalized),
            "first_name": row.first_name,
            "last_name": row.last_name,
            "company": row.company,
            "locale": row.locale,
            "attributes": row.attributes,
            "created_at": now,
            "updated_at": now,
        }
        for row in sorted(rows, key=lambda row: row.email_normalized)
    ]
    statement = insert(Contact).values(values)
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
    done = session.execute(
        statement.returning(Contact.id, Contact.email_normalized, literal_column("xmax = 0").label("is_new"))
    )
    return {row.email_normalized: (row.id, row.is_new) for row in done}


def _give_consent(
    partner_id: int,
    agreed: Mapping[int, tuple[ContactRow, Mapping[str, Any]]],
    source: str,
    text_shown: str,
    scope: ConsentScope,
) -> None:
    if not agreed:
        return
    values = [
        {
            "partner_id": partner_id,
            "contact_id": contact_id,
            "channel": ConsentChannel.EMAIL,
            "scope": scope,
            "source": row.consent_source or source,
            "text_shown": text_shown,
            "given_at": _instant(row.consent_on),
            "evidence": evidence,
        }
        for contact_id, (row, evidence) in sorted(agreed.items())
    ]
    session.execute(
        insert(Consent)
        .values(values)
        .on_conflict_do_nothing(
            index_elements=["contact_id", "channel", "scope"], index_where=literal_column("withdrawn_at IS NULL")
        )
    )


def _suppress_hash(
    partner_id: int | None, address_hash: bytes, reason: SuppressionReason, scope: SuppressionScope
) -> Suppression:
    found = queries.suppression(partner_id, address_hash, scope)
    if found is not None:
        return found
    session.execute(
        insert(Suppression)
        .values(partner_id=partner_id, address_hash=address_hash, reason=reason, scope=scope, created_at=clock.now())
        .on_conflict_do_nothing()
    )
    # Whoever was faster wrote the same, so there is one now.
    return queries.suppression_there(partner_id, address_hash, scope)


def _instant(day: date | None) -> datetime:
    return clock.now() if day is None else datetime.combine(day, time.min, UTC)
