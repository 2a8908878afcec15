"""What can go wrong with deliveries when a person asks for something."""

from tcma.kernel.errors import Conflict, Forbidden, Unavailable


class AlreadyKnown(Conflict):
    """Report that only an unknown delivery can be settled by hand."""

    code = "delivery_already_known"
    message = "What became of this delivery is known: there is nothing to settle."


class NotSentToOneself(Unavailable):
    """Report that a test mail could not be handed over."""

    code = "test_not_sent"
    message = "No mail server can be reached now. Try again in a minute."


class TooManyTests(Unavailable):
    """Report that somebody has sent itself enough tests for an hour."""

    code = "too_many_tests"
    message = "You have sent yourself many tests within the hour. The preview shows the same mail."


class NothingToRetry(Conflict):
    """Report that nothing of a launch failed for a reason that may be over."""

    code = "nothing_to_retry"
    message = "Nothing of this launch failed in a way that a second try could mend."


class NotYetDue(Conflict):
    """Report that a touch is not up for sharing (any more)."""

    code = "touch_not_due"
    message = "This is not due for sharing now. Look at the launch to see where it stands."


class RecipientsArePartners(Forbidden):
    """Report that recipients are the partner's business; the brand reads counts."""

    code = "recipients_are_partners"
    message = "Recipients belong to the partner. The results of each launch show the counts."
