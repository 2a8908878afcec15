"""The verbs of a partner that prepares a claim: open, edit, attach, detach."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TypedDict, Unpack

from assets.library import service as library
from assets.library.rules import AssetKind
from assets.library.service import AssetView
from assets.uploads import service as uploads
from mdf.claims import rules
from mdf.claims.errors import ClaimNotEditable, ProofNotFound, RequestNotClaimable
from mdf.claims.model import Claim, ClaimProof
from mdf.claims.rules import ClaimState, Needed
from mdf.claims.service import evidence, look, void
from mdf.programs.rules import check_reach
from mdf.requests import service as requests
from mdf.requests.service import RequestState, ReservationView
from tcma.audit import service as audit
from tcma.infra.db import check_revision, session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.errors import Invalid
from tcma.kernel.money import Money
from tcma.kernel.permissions import Permission


class ClaimFields(TypedDict, total=False):
    """What can be edited; what is left out stays as it is."""

    supplier: str
    supplier_tax_id: str
    invoice_number: str
    invoiced_on: date | None
    net: Money | None
    tax: Money | None
    asked: Money | None
    figures: dict[str, Decimal]
    note: str


def open_claim(actor: Actor, request_id: int) -> Claim:
    """Begin a claim for an approved request, with everything filled in that the service knows.

    Raises RequestNotFound, RequestNotApproved, Forbidden, RequestNotClaimable.
    """
    reservation = requests.for_claim(actor, request_id)
    authorize(actor, Permission.MDF_CLAIM_EDIT, reservation)
    if reservation.state is not RequestState.APPROVED:
        raise RequestNotClaimable
    claim = Claim(
        partner_id=reservation.partner_id,
        request_id=reservation.id,
        state=ClaimState.DRAFT,
        title=reservation.title,
        currency=reservation.currency,
        figures={},
        evidence=evidence.of_launch(actor, reservation.launch_id),
        worked_on_by=[],
    )
    session.add(claim)
    session.flush()
    look.sign(actor, claim)
    look.tell(actor, claim, "opened")
    audit.record(actor, "mdf.claim.opened", claim, after=_facts(claim))
    return claim


def claimable(actor: Actor) -> list[ReservationView]:
    """List the approved requests that still hold money to claim, as far as the actor may see them."""
    approved = requests.waiting(actor, [RequestState.APPROVED], limit=50)
    found = [requests.for_claim(actor, request.id) for request in approved]
    return [each for each in found if each.committed and each.claim_until_on >= clock.today()]


def edit(actor: Actor, claim_id: int, *, expected_revision: int | None = None, **changes: Unpack[ClaimFields]) -> Claim:
    """Change what a claim says. A change of anything that an approval is about voids it: all but the note.

    Raises ClaimNotFound, Forbidden, ClaimNotEditable, StaleEdit, ClaimIncomplete, DuplicateInvoice, DateTooFar,
    Invalid.
    """
    claim, reservation = _hold_editable(actor, claim_id)
    check_revision(claim, expected_revision)
    before, hashed = _facts(claim), claim.money_hash
    check_reach(clock.today(), {"invoiced_on": changes.get("invoiced_on")})
    _check_figures(changes.get("figures", {}), look.needed_figures(reservation))
    _apply(claim, changes)
    look.sign(actor, claim)
    void.void_if_changed(actor, claim, reservation, hashed)
    after = _facts(claim)
    changed = [name for name in after if after[name] != before[name]]
    if changed:
        look.tell(actor, claim, "edited", ", ".join(name.replace("_", " ") for name in changed))
        audit.record(
            actor,
            "mdf.claim.edited",
            claim,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )
    _keep_complete(claim, reservation)
    return claim


def attach(actor: Actor, claim_id: int, *, proof: str, asset_id: int) -> Claim:
    """Attach a file as one of the proofs on the list. Attaching the same file again changes nothing.

    Raises ClaimNotFound, Forbidden, ClaimNotEditable, AssetNotFound, WrongKind, Invalid, DuplicateFile.
    """
    claim, reservation = _hold_editable(actor, claim_id)
    listed = [needed.key for needed in look.needed_proofs(reservation)]
    if proof not in listed:
        sentence = f"“{proof}” is not on the list of this request. It asks for: {', '.join(listed)}."
        raise Invalid(sentence, errors={"proof": [sentence]})
    asset: AssetView = library.require_all(actor, [asset_id], AssetKind.PROOF)[0]
    if any(each.proof == proof and each.asset_id == asset.id for each in claim.proofs):
        return claim
    hashed = claim.money_hash
    origin = uploads.origin(actor, asset.id)
    claim.proofs.append(
        ClaimProof(
            partner_id=claim.partner_id,
            proof=proof,
            asset_id=asset.id,
            sha256=asset.sha256,
            source_sha256=origin.sha256 if origin else "",
            name=asset.name,
            media_type=asset.media_type,
            attached_at=clock.now(),
        )
    )
    void.void_if_changed(actor, claim, reservation, hashed)
    _attachment_changed(actor, claim, "attached", proof, asset.name)
    _keep_complete(claim, reservation)
    return claim


def detach(actor: Actor, claim_id: int, *, proof_id: int) -> Claim:
    """Take a file off a claim.

    Raises ClaimNotFound, ProofNotFound, Forbidden, ClaimNotEditable, ClaimIncomplete.
    """
    claim, reservation = _hold_editable(actor, claim_id)
    found = next((each for each in claim.proofs if each.id == proof_id), None)
    if found is None:
        raise ProofNotFound
    hashed = claim.money_hash
    claim.proofs.remove(found)
    void.void_if_changed(actor, claim, reservation, hashed)
    _attachment_changed(actor, claim, "detached", found.proof, found.name)
    _keep_complete(claim, reservation)
    return claim


def _hold_editable(actor: Actor, claim_id: int) -> tuple[Claim, ReservationView]:
    claim, reservation = look.hold(actor, claim_id)
    authorize(actor, Permission.MDF_CLAIM_EDIT, claim)
    if claim.state not in rules.EDITABLE:
        raise ClaimNotEditable
    return claim, reservation


def _apply(claim: Claim, changes: ClaimFields) -> None:
    claim.supplier = changes.get("supplier", claim.supplier).strip()
    claim.supplier_tax_id = changes.get("supplier_tax_id", claim.supplier_tax_id).strip()
    claim.invoice_number = changes.get("invoice_number", claim.invoice_number).strip()
    claim.note = changes.get("note", claim.note).strip()
    if "invoiced_on" in changes:
        claim.invoiced_on = changes["invoiced_on"]
    if "figures" in changes:
        claim.figures = {key: str(value) for key, value in changes["figures"].items()}
    if net := changes.get("net"):
        claim.currency = net.currency
    if "net" in changes:
        claim.net_minor = _minor(claim, "net", changes["net"])
    if "tax" in changes:
        claim.tax_minor = _minor(claim, "tax", changes["tax"])
    if "asked" in changes:
        claim.asked_minor = _minor(claim, "asked", changes["asked"])


def _check_figures(given: Mapping[str, Decimal], needed: Sequence[Needed]) -> None:
    """Take only figures that are on the list. Raises Invalid."""
    unknown = sorted(set(given) - {each.key for each in needed})
    if unknown:
        listed = ", ".join(each.key for each in needed) or "none"
        raise Invalid(
            errors={f"figures.{key}": [f"This is not on the list. It asks for: {listed}."] for key in unknown}
        )


def _minor(claim: Claim, field: str, amount: Money | None) -> int | None:
    """Return the amount as a claim keeps it: all amounts of an invoice are in one currency. Raises Invalid."""
    if amount is not None and amount.currency != claim.currency:
        sentence = f"Write this amount in {claim.currency} too, as the net amount is."
        raise Invalid(sentence, errors={field: [sentence]})
    return None if amount is None else amount.minor


def _keep_complete(claim: Claim, reservation: ReservationView) -> None:
    """Keep a claim that was submitted complete, whatever is edited, and nobody else's invoice out of it."""
    if claim.state is not ClaimState.DRAFT:
        look.check_complete(claim, reservation)


def _attachment_changed(actor: Actor, claim: Claim, verb: str, proof: str, name: str) -> None:
    look.sign(actor, claim)
    session.flush()
    look.tell(actor, claim, verb, f"{proof}: {name}")
    audit.record(actor, f"mdf.claim.{verb}", claim, proof=proof, file=name)


def _facts(claim: Claim) -> dict[str, object]:
    return {
        "supplier": claim.supplier,
        "supplier_tax_id": claim.supplier_tax_id,
        "invoice_number": claim.invoice_number,
        "invoiced_on": claim.invoiced_on,
        "net": claim.net,
        "tax": claim.tax,
        "asked": claim.asked,
        "figures": claim.figures,
        "note": claim.note,
    }
