"""Tokens for scripts."""

from flask import url_for
from flask.typing import ResponseReturnValue

from tcma.accounts import queries, service
from tcma.accounts.portal.forms import load, refused
from tcma.accounts.schemas import IssueTokenForm
from tcma.infra.db import reading, transaction
from tcma.kernel.errors import DomainError
from tcma.kernel.permissions import Permission
from tcma.web.fields import Empty
from tcma.web.guards import current_actor
from tcma.web.pages import FormState, NavItem, portal_blueprint, render, submit
from tcma.web.problems import status_of

bp = portal_blueprint(
    "tokens",
    "tcma.accounts",
    "/tokens",
    nav=NavItem("API tokens", "tokens.index", Permission.ACCOUNTS_TOKEN_CREATE, "Organization", 80),
)


@bp.get("/", endpoint="index")
def list_tokens() -> str:
    """List one's own tokens."""
    return _tokens_page(None)


@bp.post("/")
def issue() -> ResponseReturnValue:
    """Make a token and show it, this once; nothing that could show it again is kept."""
    actor = current_actor()
    try:
        wanted = load(IssueTokenForm())
        with transaction(actor):
            secret, _ = service.issue_token(actor, lives=wanted.pop("lives"), **wanted)
    except DomainError as error:
        return _tokens_page(refused(error)), status_of(error)
    return _tokens_page(None, secret=secret)


@bp.post("/<int:token_id>/revoke")
def revoke(token_id: int) -> ResponseReturnValue:
    """End a token."""
    return submit(
        Empty(),
        lambda actor, _: service.revoke_token(actor, token_id),
        then=lambda _: url_for("tokens.index"),
        flash="The token works no more.",
    )


def _tokens_page(form: FormState | None, *, secret: str = "") -> str:
    actor = current_actor()
    with reading(actor):
        rows = queries.tokens(actor)
    scopes = [(permission.value, permission.value) for permission in sorted(actor.permissions)]
    return render("accounts/tokens.html", tokens=rows, scopes=scopes, form=form, secret=secret)
