"""What every verb of a claim looks at first: the claim, its reservation, and the rules held against both."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mdf.claims import queries, rules
from mdf.claims.errors import (
    ClaimAboveReservation,
    ClaimChanged,
    ClaimIncomplete,
    DuplicateFile,
    DuplicateInvoice,
    OwnClaim,
    SameReviewer,
)
from mdf.claims.model import Claim, ClaimEvent
from mdf.claims.rules import Facts, Fingerprint, FingerprintKind, Needed, RuleResult, Standing
from mdf.requests import service as requests
from mdf.requests.service import RequestState, ReservationView
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor
from tcma.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Assessment:
    """A claim held against the rules: the same for the partner who fills it in and for finance who decides.

    `expected` is what an approval in full pays, to the cent; `needed` the proofs and `figures` the numbers on the list.
    """

    claim: Claim
    reservation: ReservationView
    standing: Standing
    results: Sequence[RuleResult]
    expected: Money
    needed: Sequence[Needed]
    figures: Sequence[Needed]

    @property
    def passed(self) -> bool:
        """Tell whether everything passes; a warning stops nobody."""
        return all(result.passed for result in self.results if result.code != rules.SIMILAR_INVOICE)

    @property
    def warned(self) -> bool:
        """Tell whether a person has to look at a similar claim and say why this one is paid too."""
        return any(result.code == rules.SIMILAR_INVOICE for result in self.results)


def assess(actor: Actor, claim_id: int) -> Assessment:
    """Hold a claim against the rules. Raises ClaimNotFound."""
    claim = queries.one(actor, claim_id)
    return assess_against(claim, requests.for_claim(actor, claim.request_id))


def hold(actor: Actor, claim_id: int) -> tuple[Claim, ReservationView]:
    """Lock a claim's request and then the claim until the commit: everybody locks in this order.

    Raises ClaimNotFound.
    """
    reservation = requests.lock_for_claim(actor, queries.request_of(actor, claim_id))
    return queries.one_for_update(actor, claim_id), reservation


def hold_several(actor: Actor, claim_ids: Iterable[int]) -> list[Claim]:
    """Lock the requests of some claims and then the claims, each in the order of their ids. Raises ClaimNotFound."""
    wanted = sorted(set(claim_ids))
    for request_id in queries.requests_of(actor, wanted):
        requests.lock_for_claim(actor, request_id)
    return queries.several_for_update(actor, wanted)


def assess_against(claim: Claim, reservation: ReservationView) -> Assessment:
    """Hold a claim against the rules and its reservation."""
    facts = facts_of(claim, reservation)
    found = queries.taken(claim.id, fingerprints_of(claim))
    files = {each.digest for each in found if each.kind is FingerprintKind.FILE}
    results = rules.check(facts) + rules.check_duplicates(
        invoice_taken=any(each.kind is FingerprintKind.INVOICE for each in found),
        proofs_taken=[each.proof for each in claim.proofs if {each.sha256, each.source_sha256} & files],
    )
    results += rules.check_similar(_similar(claim))
    return Assessment(
        claim,
        reservation,
        facts.standing,
        results,
        rules.expected_payout(facts),
        facts.proofs_needed,
        facts.figures_needed,
    )


def facts_of(claim: Claim, reservation: ReservationView) -> Facts:
    """Gather everything that the rules look at."""
    figures = needed_figures(reservation)
    return Facts(
        today=clock.today(),
        claimed_on=claim.submitted_at.date() if claim.submitted_at else clock.today(),
        request_open=reservation.state is RequestState.APPROVED,
        activity_starts_on=reservation.starts_on,
        claim_until_on=reservation.claim_until_on,
        standing=standing_of(claim, reservation),
        supplier=claim.supplier,
        supplier_tax_id=claim.supplier_tax_id,
        invoice_number=claim.invoice_number,
        invoiced_on=claim.invoiced_on,
        currency=claim.currency,
        net=claim.net,
        tax=claim.tax,
        asked=claim.asked,
        proofs_needed=needed_proofs(reservation),
        proofs_attached=_proofs_there(claim, reservation),
        figures_needed=figures,
        figures_given=frozenset(each.key for each in figures if str(claim.figures.get(each.key, "")).strip()),
    )


def standing_of(claim: Claim, reservation: ReservationView) -> Standing:
    """Sum how far the request was claimed by its other claims; exact while the request is locked."""
    approved, accepted = queries.reimbursed(reservation.id, except_claim_id=claim.id)
    currency = reservation.currency
    return Standing(
        reservation.approved, Money(accepted, currency), Money(approved, currency), reservation.share_percent
    )


def needed_proofs(reservation: ReservationView) -> list[Needed]:
    """List the proofs that were fixed at approval; of the cost there is always an invoice."""
    cost = _needed(reservation, "proof_of_cost") or [Needed(rules.INVOICE_PROOF, "Invoice")]
    return cost + _needed(reservation, "proof_of_performance")


def _proofs_there(claim: Claim, reservation: ReservationView) -> frozenset[str]:
    """Name the proofs that are there; what the service itself ran proves its performance by itself."""
    attached = {proof.proof for proof in claim.proofs}
    if any(entry.get("has_run") for entry in claim.evidence):
        attached.update(needed.key for needed in _needed(reservation, "proof_of_performance"))
    return frozenset(attached)


def needed_figures(reservation: ReservationView) -> list[Needed]:
    """List the figures to report that were fixed at approval."""
    return _needed(reservation, "figures")


def _needed(reservation: ReservationView, what: str) -> list[Needed]:
    return [Needed(item["key"], item["name"]) for item in reservation.proof_list.get(what, [])]


def fingerprints_of(claim: Claim) -> frozenset[Fingerprint]:
    """Take the fingerprints of a claim's invoice and files, as they were sent and as they are kept."""
    hashes = {sha256 for proof in claim.proofs for sha256 in (proof.sha256, proof.source_sha256) if sha256}
    invoice = rules.invoice_fingerprints(
        supplier=claim.supplier,
        tax_id=claim.supplier_tax_id,
        invoice_number=claim.invoice_number,
        net_minor=claim.net_minor or 0,
        currency=claim.currency,
    )
    return invoice | rules.file_fingerprints(hashes)


def _similar(claim: Claim) -> list[int]:
    """Name the partner's other claims with this invoice number and amount, whatever supplier they name."""
    bare = rules.bare_invoice_number(claim.invoice_number)
    if not bare:
        return []
    return [other for other, number in queries.of_same_amount(claim) if rules.bare_invoice_number(number) == bare]


def check_second_pair_of_eyes(actor: Actor, claim: Claim, reservation: ReservationView) -> None:
    """Let only a person decide who had no hand in the claim or its request, and a second one about a dispute.

    A question and its answer do not end a dispute: only a decision does, which is then somebody else's.

    Raises OwnClaim, SameReviewer.
    """
    if actor.user_id is None or actor.user_id in {*claim.worked_on_by, *reservation.requested_by}:
        raise OwnClaim
    if actor.user_id == claim.rejected_by and queries.is_disputed(claim):
        raise SameReviewer


def check_seen(claim: Claim, seen: str | None) -> None:
    """Refuse to decide about something else than what the reviewer looked at. Raises ClaimChanged."""
    if seen is not None and seen != claim.money_hash:
        raise ClaimChanged


def sign(actor: Actor, claim: Claim) -> None:
    """Remember who had a hand in a claim: they never decide about it."""
    if actor.user_id is not None and actor.user_id not in claim.worked_on_by:
        claim.worked_on_by = [*claim.worked_on_by, actor.user_id]


def tell(actor: Actor, claim: Claim, kind: str, note: str = "") -> None:
    """Write into the case's own history, which both sides read."""
    session.flush()
    session.add(
        ClaimEvent(
            partner_id=claim.partner_id,
            claim_id=claim.id,
            kind=kind,
            state=claim.state,
            by_user_id=actor.user_id,
            by_name=actor.name,
            note=note,
            at=clock.now(),
        )
    )


def check_complete(claim: Claim, reservation: ReservationView) -> None:
    """Let a claim pass that needs nothing more, and take its invoice and files so that nobody else claims them.

    Raises ClaimIncomplete, ClaimAboveReservation, DuplicateInvoice, DuplicateFile.
    """
    session.flush()
    results = rules.check(facts_of(claim, reservation))
    missing = rules.failed(results)
    if set(missing) == {"asked"}:
        raise ClaimAboveReservation(errors=missing)
    if missing:
        raise ClaimIncomplete(errors=missing)
    taken = queries.keep_fingerprints(claim, fingerprints_of(claim))
    if any(each.kind is FingerprintKind.INVOICE for each in taken):
        raise DuplicateInvoice(errors={"invoice_number": [DuplicateInvoice.message]})
    if taken:
        files = {each.digest for each in taken}
        fields = {f"proof.{each.proof}" for each in claim.proofs if {each.sha256, each.source_sha256} & files}
        raise DuplicateFile(errors={field: [DuplicateFile.message] for field in sorted(fields)})
