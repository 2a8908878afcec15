"""Accounts through the API. A person signs in at the network in a browser; everything else is here."""

from __future__ import annotations

from typing import Any

from flask import Response, json

from campaigns.networks import service
from campaigns.networks.schemas import AccountQuery, ConnectAccount, ConnectOut, OfferOut, SocialAccountOut
from tcma.infra.db import reading, transaction
from tcma.web.api import api_blueprint, show, show_page
from tcma.web.fields import page_of
from tcma.web.guards import current_actor

bp = api_blueprint("social_accounts", __name__, "/social-accounts")


@bp.route("/", methods=["GET"])
@bp.arguments(AccountQuery, location="query")
@bp.response(200, page_of(SocialAccountOut))
def index(query: dict[str, Any]) -> Response:
    """List the partner's accounts, newest first."""
    return show_page(lambda actor: service.accounts(actor, **query), SocialAccountOut)


@bp.route("/networks", methods=["GET"])
@bp.response(200, OfferOut(many=True))
def networks() -> Response:
    """List the networks, what each asks for, and whether it is set up here."""
    actor = current_actor()
    with reading(actor):
        body = json.dumps(OfferOut(many=True).dump(service.offers(actor)))
    return Response(body, mimetype="application/json")


@bp.route("/", methods=["POST"])
@bp.arguments(ConnectAccount)
@bp.response(200, ConnectOut)
def connect(payload: dict[str, Any]) -> Response:
    """Begin to connect an account: answers where to sign in, or with the account where a password for apps is used."""
    actor = current_actor()
    network = payload["network"]
    with reading(actor):
        plan = service.plan_connect(actor, network=network, server=payload["server"])
    found: dict[str, Any] = {"sign_in_url": None, "account": None}
    if service.driver_of(network).signs_in_there:
        opened = plan.open()
        with transaction(actor):
            found["sign_in_url"] = service.begin_connect(actor, opened)
    else:
        grant = plan.grant(payload)
        with transaction(actor):
            found["account"] = service.account_view(service.connect(actor, plan, grant)[0])
    return Response(json.dumps(ConnectOut().dump(found)), mimetype="application/json")


@bp.route("/<int:social_account_id>", methods=["GET"])
@bp.response(200, SocialAccountOut)
def one(social_account_id: int) -> Response:
    """Show one account."""
    return show(lambda actor: service.account(actor, social_account_id), SocialAccountOut)


@bp.route("/<int:social_account_id>/disconnect", methods=["POST"])
@bp.response(200, SocialAccountOut)
def disconnect(social_account_id: int) -> Response:
    """Disconnect an account: its tokens are revoked at the network and forgotten here."""
    actor = current_actor()
    with transaction(actor):
        row, access = service.disconnect(actor, social_account_id)
        body = json.dumps(SocialAccountOut().dump(service.account_view(row)))
    service.revoke(row.network, access)
    return Response(body, mimetype="application/json")
