"""What an approval says on paper. Gather the facts inside the transaction, render outside of it."""

from mdf.claims import queries
from mdf.claims.errors import NoApproval
from mdf.claims.rules import REASONS
from mdf.statements.documents import render
from mdf.statements.facts import ApprovalFacts, Party
from tcma.accounts import service as accounts
from tcma.kernel.actor import Actor
from tcma.kernel.money import Money


def approval_facts(actor: Actor, claim_id: int) -> ApprovalFacts:
    """Gather what the approval in force says. Raises ClaimNotFound, NoApproval."""
    claim = queries.one(actor, claim_id)
    approval = claim.approval
    if approval is None or claim.net is None:
        raise NoApproval
    return ApprovalFacts(
        brand=brand_party(),
        partner=partner_party(actor, claim.partner_id),
        claim_id=claim.id,
        request_id=claim.request_id,
        approval_id=approval.id,
        title=claim.title,
        supplier=claim.supplier,
        invoice_number=claim.invoice_number,
        invoiced_on=claim.invoiced_on,
        cost=Money(claim.net.minor, claim.currency),
        accepted_cost=approval.accepted_cost,
        share_percent=approval.share_percent,
        approved=approval.amount,
        in_full=approval.in_full,
        reason=REASONS[approval.reason] if approval.reason else "",
        note=approval.note,
        approved_by=approval.approved_by_name,
        approved_on=approval.approved_at.date(),
        pay_by_on=claim.pay_by_on,
        money_hash=approval.money_hash,
    )


def render_statement(facts: ApprovalFacts) -> bytes:
    """Return the statement as PDF; the same facts give the same bytes."""
    return render(facts)


def brand_party() -> Party:
    """Return the brand as it stands on a statement."""
    brand = accounts.brand_profile()
    address = [part.strip() for part in brand.postal_address.split(",")]
    return Party(brand.legal_name, [part for part in address if part and part != brand.legal_name])


def partner_party(actor: Actor, partner_id: int) -> Party:
    """Return a partner as it stands on a statement."""
    partner = accounts.partner_profile(actor, partner_id)
    place = f"{partner.postal_code} {partner.city}".strip()
    return Party(partner.legal_name, [part for part in (partner.street, place, partner.country) if part])
