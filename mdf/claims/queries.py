"""The SELECTs of claims."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from sqlalchemy import BigInteger, Select, Text, bindparam, delete, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import selectinload

from mdf.claims.errors import ClaimNotFound
from mdf.claims.model import Claim, ClaimEvent, ClaimFingerprint
from mdf.claims.rules import ANSWERING, IN_REVIEW, LIVE, REIMBURSED, ClaimState, Fingerprint, FingerprintKind
from tcma.infra.db import owned_by, session
from tcma.infra.paging import Page, page
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission

_TAKEN = text("SELECT kind, digest FROM mdf_taken_fingerprints(:claim_id, :digests)").bindparams(
    bindparam("claim_id", type_=BigInteger), bindparam("digests", type_=ARRAY(Text))
)
_OVERSPENT = text(
    "SELECT r.id FROM mdf_requests r JOIN mdf_claims c ON c.request_id = r.id"
    " GROUP BY r.id, r.approved_minor HAVING coalesce(sum(c.approved_minor), 0) > coalesce(r.approved_minor, 0)"
    " ORDER BY r.id"
)
# A claim in one of these does not keep its request open.
_OVER = (ClaimState.PAID, ClaimState.REVERSED, ClaimState.WITHDRAWN, ClaimState.EXPIRED)


def visible_to(actor: Actor) -> Select[Claim]:
    """Return the claims that an actor may see: drafts are the partner's own business. Raises Forbidden."""
    authorize(actor, Permission.MDF_CLAIM_READ)
    rows = owned_by(actor, Claim)
    return rows.where(Claim.state != ClaimState.DRAFT) if actor.is_brand else rows


def one(actor: Actor, claim_id: int) -> Claim:
    """Return a claim with its proofs, approvals and history. Raises ClaimNotFound."""
    found = session.scalar(
        visible_to(actor)
        .where(Claim.id == claim_id)
        .options(selectinload(Claim.proofs), selectinload(Claim.approvals), selectinload(Claim.events))
    )
    if found is None:
        raise ClaimNotFound
    return found


def one_for_update(actor: Actor, claim_id: int) -> Claim:
    """Return a claim as it stands in the database now, locked until the commit. Raises ClaimNotFound."""
    found = session.scalar(
        visible_to(actor)
        .where(Claim.id == claim_id)
        .with_for_update(of=Claim)
        .options(selectinload(Claim.proofs), selectinload(Claim.approvals))
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise ClaimNotFound
    return found


def several_for_update(actor: Actor, claim_ids: Iterable[int]) -> list[Claim]:
    """Return claims, locked in the order of their ids. Raises ClaimNotFound when one is missing."""
    wanted = sorted(set(claim_ids))
    rows = visible_to(actor).where(Claim.id.in_(wanted)).order_by(Claim.id)
    found = list(session.scalars(rows.with_for_update().execution_options(populate_existing=True)))
    if len(found) != len(wanted):
        raise ClaimNotFound
    return found


def requests_of(actor: Actor, claim_ids: Iterable[int]) -> list[int]:
    """Return the requests of some claims in the order of their ids, so that they can be locked first."""
    wanted = Claim.id.in_(sorted(set(claim_ids)))
    rows = visible_to(actor).with_only_columns(Claim.request_id).where(wanted).distinct()
    return list(session.scalars(rows.order_by(Claim.request_id)))


def request_of(actor: Actor, claim_id: int) -> int:
    """Return the request of a claim, so that it can be locked first. Raises ClaimNotFound."""
    found = session.scalar(visible_to(actor).with_only_columns(Claim.request_id).where(Claim.id == claim_id))
    if found is None:
        raise ClaimNotFound
    return found


def page_of(
    actor: Actor,
    *,
    state: ClaimState | None = None,
    partner_id: int | None = None,
    request_id: int | None = None,
    limit: int = 50,
    after: int | None = None,
) -> Page[Claim]:
    """List claims, newest first."""
    wanted = {"state": state, "partner_id": partner_id, "request_id": request_id}
    rows = visible_to(actor).options(selectinload(Claim.proofs), selectinload(Claim.approvals))
    rows = rows.filter_by(**{name: value for name, value in wanted.items() if value is not None})
    return page(rows, Claim.id, limit=limit, after=after)


def queue(actor: Actor, *, limit: int = 100) -> list[Claim]:
    """List what finance has to decide about, the longest waiting first."""
    rows = visible_to(actor).where(Claim.state.in_(list(IN_REVIEW))).order_by(Claim.submitted_at, Claim.id)
    return list(session.scalars(rows.limit(limit)))


def payable(actor: Actor, *, currency: str | None = None, limit: int = 500) -> list[Claim]:
    """List approved claims that are in no payment run yet, those that are due first."""
    rows = visible_to(actor).where(Claim.state == ClaimState.APPROVED).order_by(Claim.pay_by_on, Claim.id)
    if currency is not None:
        rows = rows.where(Claim.currency == currency)
    return list(session.scalars(rows.limit(limit)))


def counts(actor: Actor) -> dict[ClaimState, int]:
    """Count claims by state."""
    rows = visible_to(actor).with_only_columns(Claim.state, func.count()).group_by(Claim.state)
    return dict(session.execute(rows).all())


def others_of_partner(actor: Actor, claim: Claim, *, limit: int = 5) -> list[Claim]:
    """List the partner's other claims, newest first: what a reviewer looks back at."""
    rows = visible_to(actor).where(Claim.partner_id == claim.partner_id, Claim.id != claim.id)
    return list(session.scalars(rows.order_by(Claim.id.desc()).limit(limit)))


def reimbursed(request_id: int, *, except_claim_id: int) -> tuple[int, int]:
    """Sum (approved, accepted cost) in minor units over the other claims of a request whose approval is in force."""
    row = session.execute(
        select(
            func.coalesce(func.sum(Claim.approved_minor), 0), func.coalesce(func.sum(Claim.accepted_cost_minor), 0)
        ).where(Claim.request_id == request_id, Claim.id != except_claim_id, Claim.state.in_(list(REIMBURSED)))
    ).one()
    return int(row[0] or 0), int(row[1] or 0)


def taken(claim_id: int, fingerprints: Iterable[Fingerprint]) -> set[Fingerprint]:
    """Return the fingerprints that another claim of any partner has, without telling whose."""
    digests = [fingerprint.digest for fingerprint in fingerprints]
    if not digests:
        return set()
    rows = session.execute(_TAKEN, {"claim_id": claim_id, "digests": digests}).all()
    return {Fingerprint(FingerprintKind(kind), digest) for kind, digest in rows}


def of_same_amount(claim: Claim) -> list[tuple[int, str]]:
    """List the partner's other live claims over this net amount with their invoice numbers, oldest first."""
    rows = select(Claim.id, Claim.invoice_number).where(
        Claim.partner_id == claim.partner_id,
        Claim.id != claim.id,
        Claim.state.in_(list(LIVE)),
        Claim.net_minor == claim.net_minor,
        Claim.currency == claim.currency,
    )
    return [(row[0], row[1]) for row in session.execute(rows.order_by(Claim.id))]


def is_disputed(claim: Claim) -> bool:
    """Tell whether the partner disputed a rejection that nobody has decided about since, whatever was asked."""
    rows = select(ClaimEvent.kind).where(
        ClaimEvent.claim_id == claim.id, ClaimEvent.kind.in_(["rejected", "disputed", "approved"])
    )
    return session.scalar(rows.order_by(ClaimEvent.id.desc()).limit(1)) == "disputed"


def keep_fingerprints(claim: Claim, fingerprints: Iterable[Fingerprint]) -> set[Fingerprint]:
    """Take these fingerprints for a claim and give up its others; return those that somebody else has.

    The primary key decides, across all partners and for two at the same moment.
    """
    wanted = sorted(fingerprints)
    give_up_fingerprints(claim.id)
    if not wanted:
        return set()
    rows = [
        {"kind": each.kind, "digest": each.digest, "partner_id": claim.partner_id, "claim_id": claim.id}
        for each in wanted
    ]
    kept = session.execute(
        insert(ClaimFingerprint)
        .values(rows)
        .on_conflict_do_nothing()
        .returning(ClaimFingerprint.kind, ClaimFingerprint.digest)
    ).all()
    return set(wanted) - {Fingerprint(kind, digest) for kind, digest in kept}


def give_up_fingerprints(claim_id: int) -> None:
    """Leave a claim's invoice and files to others."""
    session.execute(delete(ClaimFingerprint).where(ClaimFingerprint.claim_id == claim_id))


def open_for(request_id: int) -> int:
    """Count the claims of a request that may still need its money."""
    rows = select(func.count()).select_from(Claim)
    return session.scalar(rows.where(Claim.request_id == request_id, Claim.state.not_in(_OVER))) or 0


def in_states(actor: Actor, request_ids: Sequence[int], states: Iterable[ClaimState]) -> list[int]:
    """Name the claims of some requests in some states, oldest first."""
    rows = visible_to(actor).with_only_columns(Claim.id).where(Claim.request_id.in_(request_ids))
    return list(session.scalars(rows.where(Claim.state.in_(list(states))).order_by(Claim.id)))


def unanswered(actor: Actor, *, on: date) -> list[int]:
    """Name the claims whose question or rejection was not answered in time, oldest first."""
    rows = visible_to(actor).with_only_columns(Claim.id)
    rows = rows.where(Claim.state.in_(list(ANSWERING)), Claim.answer_by_on < on)
    return list(session.scalars(rows.order_by(Claim.id)))


def in_chunks(actor: Actor, size: int = 1000) -> Iterator[list[Claim]]:
    """Go through all claims that the actor may see, in the order of their ids, and forget each chunk after it."""
    last = 0
    while True:
        rows = visible_to(actor).where(Claim.id > last).order_by(Claim.id).limit(size)
        found = list(session.scalars(rows.options(selectinload(Claim.proofs), selectinload(Claim.approvals))))
        if not found:
            return
        yield found
        last = found[-1].id
        session.expunge_all()


def overspent() -> list[int]:
    """Name the requests whose claims are approved for more than was reserved."""
    return list(session.scalars(_OVERSPENT))
