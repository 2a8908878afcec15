"""Everything that can go wrong with a payment."""

from tcma.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class BatchNotFound(NotFound):
    """No such batch, or not yours to see."""

    code = "payment_batch_not_found"
    message = "There is no such payment batch."


class PaymentNotFound(NotFound):
    """No such payment, or not yours to see."""

    code = "payment_not_found"
    message = "There is no such payment."


class NothingToPay(Invalid):
    """A batch without claims."""

    code = "nothing_to_pay"
    message = "Choose at least one approved claim."


class CurrencyMixed(Invalid):
    """A batch has one currency."""

    code = "batch_currency_mixed"
    message = "One batch pays one currency. Make a batch for each currency."


class AlreadyInBatch(Conflict):
    """A claim is in one live batch at most."""

    code = "already_in_batch"
    message = "One of these claims is in another payment batch already."


class AlreadySettled(Conflict):
    """A payment is settled once."""

    code = "already_settled"
    message = "This payment is settled already. Nothing was paid again."


class NotPaidYet(NotFound):
    """There is no statement of what was not paid."""

    code = "not_paid_yet"
    message = "This payment is not settled yet, so there is no statement."


class NotExported(Conflict):
    """Only what went to the bank can be settled."""

    code = "not_exported"
    message = "The batch has not been exported to the bank yet, so the bank cannot have paid it."


class SecondPersonNeeded(Forbidden):
    """Who releases a batch neither prepared it nor approved its claims."""

    code = "second_person_needed"
    message = "Whoever prepared this batch or approved one of its claims cannot release it. Ask a colleague."


class PaidInFuture(Invalid):
    """The bank has not paid yet."""

    code = "paid_in_future"
    message = "The day of payment lies in the future."
