"""The pages of the ledger: the postings that a number is made of, and one transaction."""

from flask import request
from flask.typing import ResponseReturnValue

from mdf.ledger import queries
from mdf.ledger.schemas import PostingsQuery
from tcma.infra.db import reading
from tcma.kernel.permissions import Permission
from tcma.web.guards import current_actor
from tcma.web.pages import NavItem, portal_blueprint, render

bp = portal_blueprint(
    "ledger",
    __name__,
    "/mdf/ledger",
    nav=NavItem("Ledger", "ledger.index", Permission.MDF_LEDGER_READ, section="Money", position=60),
)


@bp.get("/")
def index() -> ResponseReturnValue:
    """Show the postings that a number is made of, and their sum."""
    actor = current_actor()
    query = PostingsQuery(unknown="exclude").load({name: value for name, value in request.args.items() if value})
    wanted = {name: value for name, value in query.items() if name not in {"limit", "after"}}
    with reading(actor):
        return render(
            "ledger/index.html",
            postings=queries.postings_page(actor, **query),
            totals=queries.totals(actor, **wanted),
            wanted=wanted,
        )


@bp.get("/transactions/<int:transaction_id>")
def show(transaction_id: int) -> ResponseReturnValue:
    """Show one business event with its entries and its place in the chain."""
    actor = current_actor()
    with reading(actor):
        return render("ledger/show.html", event=queries.transaction(actor, transaction_id))
