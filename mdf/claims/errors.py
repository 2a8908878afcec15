"""Everything that can go wrong with a claim."""

from tcma.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class ClaimNotFound(NotFound):
    """No such claim, or not yours to see."""

    code = "claim_not_found"
    message = "There is no such claim, or it is not yours to see."


class ProofNotFound(NotFound):
    """No such proof on this claim."""

    code = "proof_not_found"
    message = "There is no such proof on this claim."


class NoApproval(NotFound):
    """Nothing of this claim is approved."""

    code = "no_approval"
    message = "Nothing of this claim is approved, so there is no statement."


class RequestNotClaimable(Conflict):
    """The request holds no money to claim."""

    code = "request_not_claimable"
    message = "Claims are opened from approved requests. This request is not approved (any more)."


class ClaimNotEditable(Conflict):
    """The claim is past the point where it can be edited."""

    code = "claim_not_editable"
    message = "This claim is in a payment run or finished, so it cannot be edited any more."


class ClaimIncomplete(Invalid):
    """Something that the claim needs is missing or does not pass."""

    code = "claim_incomplete"
    message = "The claim cannot be submitted yet. See what each field still needs."


class ClaimAboveReservation(Invalid):
    """More is asked than the reservation still holds."""

    code = "claim_above_reservation"
    message = "This is more than the request has reserved."


class ClaimAboveShare(Invalid):
    """More is asked than the program's share of the cost."""

    code = "claim_above_share"
    message = "This is more than the program's share of the cost."


class ClaimAboveAsked(Invalid):
    """More would be approved than the partner asks for."""

    code = "claim_above_asked"
    message = "This is more than the partner asks for."


class NothingDue(Invalid):
    """An approval over no money."""

    code = "nothing_due"
    message = "Approve an amount above zero, or reject the claim with a reason."


class DuplicateInvoice(Conflict):
    """The invoice is in another claim already. Never says whose."""

    code = "duplicate_invoice"
    message = "An invoice of this supplier with this number has been claimed already. Each invoice is paid once."


class DuplicateFile(Conflict):
    """The same file is in another claim already. Never says whose."""

    code = "duplicate_file"
    message = "This very file is attached to another claim already. Attach the proof that belongs to this claim."


class ClaimChanged(Conflict):
    """The claim is not what the reviewer looked at."""

    code = "claim_changed"
    message = "The claim was changed after you opened it. Look at it again before you decide."


class ApprovalVoid(Conflict):
    """The claim no longer is what was approved."""

    code = "approval_void"
    message = "This claim is no longer what was approved. It needs a new approval before it is paid."


class OwnClaim(Forbidden):
    """Nobody decides about a claim they worked on."""

    code = "own_claim"
    message = "You worked on this claim yourself, so another person has to decide about it."


class SameReviewer(Forbidden):
    """A dispute goes to a second reviewer."""

    code = "same_reviewer"
    message = "You rejected this claim before, so its dispute is decided by another reviewer."
