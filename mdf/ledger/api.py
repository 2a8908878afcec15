"""The API door of the ledger: read only. Finance sees all of it, a partner its own accounts."""

from typing import Any

from flask import Response

from mdf.ledger import queries
from mdf.ledger.schemas import (
    AccountOut,
    AccountsQuery,
    PostingOut,
    PostingsQuery,
    TransactionOut,
    TransactionsQuery,
)
from tcma.web.api import api_blueprint, show, show_page
from tcma.web.fields import page_of

bp = api_blueprint("ledger", __name__, "/mdf/ledger")


@bp.route("/accounts", methods=["GET"])
@bp.arguments(AccountsQuery, location="query")
@bp.response(200, page_of(AccountOut))
def list_accounts(query: dict[str, Any]) -> Response:
    """List accounts with their balances, newest first."""
    return show_page(lambda actor: queries.accounts_page(actor, **query), AccountOut)


@bp.route("/accounts/<int:account_id>", methods=["GET"])
@bp.response(200, AccountOut)
def show_account(account_id: int) -> Response:
    """Show an account and its balance."""
    return show(lambda actor: queries.account(actor, account_id), AccountOut)


@bp.route("/postings", methods=["GET"])
@bp.arguments(PostingsQuery, location="query")
@bp.response(200, page_of(PostingOut))
def list_postings(query: dict[str, Any]) -> Response:
    """List entries, newest first."""
    return show_page(lambda actor: queries.postings_page(actor, **query), PostingOut)


@bp.route("/transactions", methods=["GET"])
@bp.arguments(TransactionsQuery, location="query")
@bp.response(200, page_of(TransactionOut))
def list_transactions(query: dict[str, Any]) -> Response:
    """List transactions with their entries, newest first."""
    return show_page(lambda actor: queries.transactions_page(actor, **query), TransactionOut)


@bp.route("/transactions/<int:transaction_id>", methods=["GET"])
@bp.response(200, TransactionOut)
def show_transaction(transaction_id: int) -> Response:
    """Show a transaction with its entries and its place in the chain."""
    return show(lambda actor: queries.transaction(actor, transaction_id), TransactionOut)
