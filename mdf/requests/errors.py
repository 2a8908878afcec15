"""Everything that can go wrong with a request."""

from tcma.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class RequestNotFound(NotFound):
    """No such request, or not yours to see."""

    code = "mdf_request_not_found"
    message = "There is no such request."


class RequestNotApproved(Conflict):
    """Claims are made against approved requests only."""

    code = "mdf_request_not_approved"
    message = "This request is not approved, so nothing can be claimed for it."


class RequestNotEditable(Conflict):
    """Only a draft, a rejected request or one with an open question is changed."""

    code = "mdf_request_not_editable"
    message = "This request cannot be changed any more."


class ApproverAskedForIt(Forbidden):
    """Separation of duties."""

    code = "approver_is_requester"
    message = "You took part in asking for this, so somebody else decides about it."


class RulesNotMet(Invalid):
    """Something in the request does not meet the program's rules; `errors` says what, by field."""

    code = "mdf_rules_not_met"
    message = "The request does not meet the program's rules yet."


class ApprovedAboveRequest(Invalid):
    """More than was asked for cannot be approved."""

    code = "approved_above_request"
    message = "At most the requested amount can be approved."


class RequestChangedSinceReview(Conflict):
    """What is being decided is not what was looked at."""

    code = "mdf_request_changed"
    message = "The request has changed since you looked at it. Read it again before you decide."


class MoneyStillCommitted(Conflict):
    """A request with open claims is not closed."""

    code = "mdf_request_in_use"
    message = "There are open claims for this request."
