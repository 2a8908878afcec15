"""Everything that can go wrong in the ledger."""

from tcma.kernel.errors import Conflict, Invalid, NotFound


class AccountNotFound(NotFound):
    """No such account, or not yours to see."""

    code = "ledger_account_not_found"
    message = "There is no such account."


class TransactionNotFound(NotFound):
    """No such transaction, or not yours to see."""

    code = "ledger_transaction_not_found"
    message = "There is no such ledger transaction."


class NotEnoughMoney(Conflict):
    """An account would go below zero."""

    code = "not_enough_money"
    message = "There is not enough money left for this."


class AlreadyPosted(Conflict):
    """The same business event was posted before."""

    code = "already_posted"
    message = "This has been posted before; nothing was posted again."


class NothingToPost(Invalid):
    """Every amount is zero."""

    code = "nothing_to_post"
    message = "There is no amount to post."


class CurrenciesMixed(Invalid):
    """One fund has one currency."""

    code = "currencies_mixed"
    message = "All amounts of one fund must be in the fund's currency."
