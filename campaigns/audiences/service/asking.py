"""What may be asked: counts, pages, the export, and what sending needs at fan-out and at hand-off."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Select

from campaigns.audiences import queries, rules
from campaigns.audiences.model import ContactImport
from campaigns.audiences.queries import AudienceCount, ContactView, Recipient, SuppressionView
from campaigns.audiences.service.suppressing import partner_of
from tcma.accounts import service as accounts
from tcma.infra.paging import Page
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


def next_contacts(partner_id: int, *, after: int, limit: int) -> Select[int, bool]:
    """Select the next contacts of a partner and whether each may be mailed (agreed, not suppressed), for a fan-out."""
    return queries.next_contacts(partner_id, after=after, limit=limit)


def has_more_than(partner_id: int, number: int) -> bool:
    """Tell whether a partner has more than so many contacts."""
    return queries.has_more_than(partner_id, number)


def contacts_for_sending(actor: Actor, contact_ids: Collection[int]) -> list[Recipient]:
    """Read contacts at hand-off; each says whether it may (still) be mailed, erased ones are absent.

    Raises Forbidden.
    """
    authorize(actor, Permission.CAMPAIGNS_CONTACT_READ)
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
    return queries.page_of_contacts(actor, **question)


def page_of_imports(actor: Actor, **question: Any) -> Page[ContactImport]:
    """Return one page of the partner's imports. Raises Forbidden."""
    return queries.page_of_imports(actor, **question)


def page_of_suppressions(actor: Actor, **question: Any) -> Page[SuppressionView]:
    """Return one page of the partner's suppressions. Raises Forbidden."""
    return queries.page_of_suppressions(actor, **question)


def export_csv(actor: Actor) -> Iterator[str]:
    """Yield the partner's contacts as CSV that no spreadsheet takes for a formula. Raises Forbidden, NoPartner."""
    partner_of(actor)
    authorize(actor, Permission.CAMPAIGNS_CONTACT_READ)
    header = ("email", "first_name", "last_name", "company", "locale", "standing", "added_on")
    yield from rules.write_csv(
        header,
        (
            (one.email, one.first_name, one.last_name, one.company, one.locale, one.standing, one.created_at.date())
            for one in queries.every_contact(actor)
        ),
    )
