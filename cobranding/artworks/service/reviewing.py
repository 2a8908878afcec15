"""Submitting an artwork, and the brand's decision about it, which is taken only about what was looked at."""

from collections.abc import Sequence
from typing import Final

from cobranding.artworks import queries, rules
from cobranding.artworks.errors import ArtworkChanged, ArtworkIncomplete, NeedsNoApproval
from cobranding.artworks.model import Artwork, ArtworkReview
from cobranding.artworks.rules import ArtworkState, Decision, RejectionCode
from cobranding.artworks.service.trust import may_be_used
from cobranding.rendering.document.values import missing_values, unchanged_values
from cobranding.templates import service as templates
from cobranding.templates.service import TemplateVersionView
from tcma.accounts import service as accounts
from tcma.audit import service as audit
from tcma.infra.db import check_revision, session
from tcma.infra.paging import Page
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission, Role
from tcma.kernel.states import move
from tcma.notifications import service as notifications

_HEADINGS: Final = {Decision.APPROVED: "Approved", Decision.REJECTED: "Please correct"}


def submit(actor: Actor, artwork_id: int, *, expected_revision: int | None = None) -> Artwork:
    """Ask the brand to look at a complete artwork.

    Raises ArtworkNotFound, Forbidden, StaleEdit, TemplateWithdrawn, NeedsNoApproval, ArtworkIncomplete, IllegalMove.
    """
    artwork = queries.one_for_update(actor, artwork_id)
    authorize(actor, Permission.COBRANDING_ARTWORK_EDIT, artwork)
    check_revision(artwork, expected_revision)
    template = templates.usable_version(actor, artwork.template_version_id)
    state = move(rules.MOVES, artwork.state, ArtworkState.IN_REVIEW)
    if may_be_used(actor, artwork, template):
        raise NeedsNoApproval
    _check_complete(artwork, template)
    artwork.state = state
    artwork.submitted_at = clock.now()
    session.flush()
    audit.record(actor, "cobranding.artwork.submitted", artwork, after={"values_hash": artwork.values_hash})
    partner = accounts.partner_profile(actor, artwork.partner_id)
    notifications.tell_role(
        actor,
        Role.MARKETING,
        kind="cobranding.artwork.submitted",
        title=f"To approve: {artwork.name}",
        body=f"{partner.trade_name} made it of {template.name}.",
        link=f"/artworks/{artwork.id}/review",
    )
    return artwork


def approve(actor: Actor, artwork_id: int, *, seen: str) -> Artwork:
    """Let an artwork be used as it was looked at; `seen` is the hash of that.

    Raises ArtworkNotFound, Forbidden, ArtworkChanged, TemplateWithdrawn, IllegalMove.
    """
    artwork = queries.one_for_update(actor, artwork_id)
    authorize(actor, Permission.COBRANDING_ARTWORK_APPROVE, artwork)
    template = templates.usable_version(actor, artwork.template_version_id)
    return _decide(actor, artwork, template, Decision.APPROVED, seen=seen)


def reject(actor: Actor, artwork_id: int, *, code: RejectionCode, reason: str, seen: str) -> Artwork:
    """Send an artwork back with a reason; the partner corrects it and submits it again.

    Raises ArtworkNotFound, Forbidden, ArtworkChanged, IllegalMove.
    """
    artwork = queries.one_for_update(actor, artwork_id)
    authorize(actor, Permission.COBRANDING_ARTWORK_APPROVE, artwork)
    template = templates.version(actor, artwork.template_version_id)
    return _decide(actor, artwork, template, Decision.REJECTED, seen=seen, code=code, reason=reason.strip())


def queue(actor: Actor, *, limit: int = 50, after: int | None = None) -> Page[Artwork]:
    """Return what waits for a decision, the longest waiting first. Raises Forbidden."""
    authorize(actor, Permission.COBRANDING_ARTWORK_APPROVE)
    return queries.queue(actor, limit=limit, after=after)


def count_waiting(actor: Actor) -> int:
    """Count what waits for a decision. Raises Forbidden."""
    authorize(actor, Permission.COBRANDING_ARTWORK_APPROVE)
    return queries.count_waiting(actor)


def reviews(actor: Actor, artwork_id: int) -> Sequence[ArtworkReview]:
    """Return what was decided about an artwork, oldest first. Raises ArtworkNotFound."""
    return queries.reviews(actor, artwork_id)


def _check_complete(artwork: Artwork, template: TemplateVersionView) -> None:
    document = templates.document_of(template)
    errors = {
        **{each.name: ["still says what the template says"] for each in unchanged_values(document, artwork.values)},
        **{
            each.name: ["is still needed"]
            for each in missing_values(document, artwork.values, artwork.locale or document.locale)
        },
    }
    if errors:
        raise ArtworkIncomplete(errors=errors)


def _decide(
    actor: Actor,
    artwork: Artwork,
    template: TemplateVersionView,
    decision: Decision,
    *,
    seen: str,
    code: RejectionCode = RejectionCode.NONE,
    reason: str = "",
) -> Artwork:
    state = move(rules.MOVES, artwork.state, ArtworkState(decision.value))
    if seen != artwork.values_hash:
        raise ArtworkChanged
    artwork.state = state
    artwork.approved_hash = artwork.values_hash if decision is Decision.APPROVED else ""
    session.add(
        ArtworkReview(
            partner_id=artwork.partner_id,
            artwork_id=artwork.id,
            template_id=template.template_id,
            values_hash=artwork.values_hash,
            decision=decision,
            code=code,
            reason=reason,
            decided_by=actor.user_id,
        )
    )
    session.flush()
    audit.record(
        actor,
        f"cobranding.artwork.{decision}",
        artwork,
        after={"state": state, "values_hash": artwork.values_hash},
        code=code,
        reason=reason,
    )
    notifications.tell_partner(
        actor,
        artwork.partner_id,
        kind=f"cobranding.artwork.{decision}",
        title=f"{_HEADINGS[decision]}: {artwork.name}",
        body=f"{rules.REASONS[code]}: {reason}" if code in rules.REASONS else reason,
        link=f"/artworks/{artwork.id}",
    )
    return artwork
