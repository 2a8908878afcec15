"""The API doors of organizations and people."""

from datetime import timedelta
from typing import Any

from flask import Response, json, request

from tcma.accounts import queries, service, signin
from tcma.accounts.schemas import (
    BrandOut,
    CreatePartner,
    EditBrand,
    EditPartner,
    InviteUser,
    IssuedTokenOut,
    IssueToken,
    PartnerOut,
    RetierPartner,
    SignIn,
    TokenOut,
    UserOut,
)
from tcma.infra.db import transaction
from tcma.infra.paging import Page
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission
from tcma.web.api import api_blueprint, expected_revision, perform, show, show_page
from tcma.web.fields import ListQuery, page_of
from tcma.web.guards import current_actor, public

brand = api_blueprint("brand", __name__, "/brand")
partners = api_blueprint("partners", __name__, "/partners")
users = api_blueprint("users", __name__, "/users")
tokens = api_blueprint("tokens", __name__, "/tokens")


@brand.route("/", methods=["GET"])
@brand.response(200, BrandOut)
def show_brand() -> Response:
    """Show the brand of this deployment."""
    return show(lambda _: service.brand_profile(), BrandOut)


@brand.route("/", methods=["PUT"])
@brand.arguments(EditBrand)
@brand.response(200, BrandOut)
def set_up_brand(payload: dict[str, Any]) -> Response:
    """Set up the brand, or change its profile."""
    return perform(lambda actor: service.set_up_brand(actor, **payload), BrandOut)


@partners.route("/", methods=["GET"])
@partners.arguments(ListQuery, location="query")
@partners.response(200, page_of(PartnerOut))
def list_partners(query: dict[str, Any]) -> Response:
    """List partners; a partner sees itself."""
    return show_page(lambda actor: queries.partner_page(actor, **query), PartnerOut)


@partners.route("/", methods=["POST"])
@partners.arguments(CreatePartner)
@partners.response(201, PartnerOut)
def create_partner(payload: dict[str, Any]) -> Response:
    """Take a partner into the program."""
    return perform(lambda actor: service.create_partner(actor, **payload), PartnerOut, status=201)


@partners.route("/<int:partner_id>", methods=["GET"])
@partners.response(200, PartnerOut)
def show_partner(partner_id: int) -> Response:
    """Show a partner's profile."""
    return show(lambda actor: queries.partner(actor, partner_id), PartnerOut)


@partners.route("/<int:partner_id>", methods=["PATCH"])
@partners.arguments(EditPartner)
@partners.response(200, PartnerOut)
def edit_partner(payload: dict[str, Any], partner_id: int) -> Response:
    """Change a partner's profile; If-Match refuses a stale edit."""
    expected = expected_revision()
    return perform(
        lambda actor: service.edit_partner(actor, partner_id, expected_revision=expected, **payload), PartnerOut
    )


@partners.route("/<int:partner_id>/tier", methods=["POST"])
@partners.arguments(RetierPartner)
@partners.response(200, PartnerOut)
def retier_partner(payload: dict[str, Any], partner_id: int) -> Response:
    """Put a partner into another tier."""
    return perform(lambda actor: service.retier_partner(actor, partner_id, **payload), PartnerOut)


@users.route("/", methods=["GET"])
@users.arguments(ListQuery, location="query")
@users.response(200, page_of(UserOut))
def list_users(query: dict[str, Any]) -> Response:
    """List people; a partner sees its own."""

    def read(actor: Actor) -> Page[Any]:
        authorize(actor, Permission.ACCOUNTS_USER_READ)
        return queries.user_page(actor, **query)

    return show_page(read, UserOut)


@users.route("/me", methods=["GET"])
@users.response(200, UserOut)
def show_me() -> Response:
    """Show whoever asks."""
    return show(lambda actor: queries.user(actor, actor.user_id or 0), UserOut)


@users.route("/", methods=["POST"])
@users.arguments(InviteUser)
@users.response(201, UserOut)
def invite_user(payload: dict[str, Any]) -> Response:
    """Add a person and send an invitation by mail."""
    return perform(lambda actor: service.invite(actor, **payload), UserOut, status=201)


@users.route("/<int:user_id>", methods=["GET"])
@users.response(200, UserOut)
def show_user(user_id: int) -> Response:
    """Show a person."""

    def read(actor: Actor) -> Any:
        found = queries.user(actor, user_id)
        if user_id != actor.user_id:
            authorize(actor, Permission.ACCOUNTS_USER_READ, found)
        return found

    return show(read, UserOut)


@users.route("/<int:user_id>/suspend", methods=["POST"])
@users.response(200, UserOut)
def suspend_user(user_id: int) -> Response:
    """Take a person's access away at once."""
    return perform(lambda actor: service.suspend_user(actor, user_id), UserOut)


@users.route("/<int:user_id>/restore", methods=["POST"])
@users.response(200, UserOut)
def restore_user(user_id: int) -> Response:
    """Give a suspended person access again."""
    return perform(lambda actor: service.restore_user(actor, user_id), UserOut)


@tokens.route("/", methods=["POST"])
@tokens.arguments(SignIn)
@tokens.response(201, IssuedTokenOut)
@public
def sign_in(payload: dict[str, Any]) -> Response:
    """Exchange an address and a password for a token that lives twelve hours."""
    secret, row = signin.sign_in_token(**payload, network=request.remote_addr or "")
    return _issued(secret, row)


@tokens.route("/scoped", methods=["POST"])
@tokens.arguments(IssueToken)
@tokens.response(201, IssuedTokenOut)
def issue_token(payload: dict[str, Any]) -> Response:
    """Make a token for a script; it is shown once, so a repeated request makes another one."""
    actor = current_actor()
    lives = timedelta(days=payload.pop("lives_days"))
    with transaction(actor):
        secret, row = service.issue_token(actor, lives=lives, **payload)
    return _issued(secret, row)


def _issued(secret: str, row: Any) -> Response:
    body = IssuedTokenOut().dump({"token": secret, "expires_at": row.expires_at})
    return Response(json.dumps(body), status=201, mimetype="application/json", headers={"Cache-Control": "no-store"})


@tokens.route("/", methods=["GET"])
@tokens.arguments(ListQuery, location="query")
@tokens.response(200, page_of(TokenOut))
def list_tokens(query: dict[str, Any]) -> Response:
    """List whoever asks their own tokens."""
    _ = query
    return show_page(lambda actor: Page(queries.tokens(actor), None), TokenOut)


@tokens.route("/<int:token_id>", methods=["DELETE"])
@tokens.response(200, TokenOut)
def revoke_token(token_id: int) -> Response:
    """End a token."""
    return perform(lambda actor: service.revoke_token(actor, token_id), TokenOut)
