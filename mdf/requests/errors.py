"""Everything that can go wrong with a request."""

from tcma.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class RequestNotFound(NotFound):
    """No such request, or not yours to see."""

    code = "mdf_request_not_found"
    message = "There is no such request."


class LaunchNotFound(NotFound):
    """The launch belongs to somebody else."""

    code = "mdf_launch_not_found"
    message = "There is no such launch of this partner."


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


class UnknownActivity(Invalid):
    """The program does not know this activity type."""

    code = "mdf_unknown_activity"
    message = "The program has no such activity type."


class BadDates(Invalid):
    """An activity ends before it starts."""

    code = "mdf_bad_dates"
    message = "The activity ends before it starts."


class BadLine(Invalid):
    """A cost line cannot be read as money of the fund."""

    code = "mdf_bad_line"
    message = "One of the cost lines needs to be corrected."


class BadApprovedAmount(Invalid):
    """More than was asked for, or nothing, or another currency cannot be approved."""

    code = "mdf_bad_approved_amount"
    message = "Approve an amount above zero and up to what was asked for."


class ApprovalVoid(Conflict):
    """What was approved is not what is there."""

    code = "mdf_approval_void"
    message = "This request is not what was approved any more, so nothing is paid for it until it is reviewed again."


class NothingAsked(Conflict):
    """An answer needs a question."""

    code = "mdf_nothing_asked"
    message = "There is no open question about this request."


class NotOverYet(Conflict):
    """Only what is over expires."""

    code = "mdf_request_not_over"
    message = "The activity is not over yet."
