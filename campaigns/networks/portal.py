"""The partner's page of accounts, and the way to a network and back."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from campaigns.networks import service
from campaigns.networks.errors import NetworkRefused
from campaigns.networks.schemas import ChoosePages, ConnectAccount, FinishConnect
from tcma.infra.db import reading, transaction
from tcma.kernel.actor import Scope
from tcma.kernel.errors import Conflict, DomainError, Gone, Invalid, Unavailable
from tcma.kernel.permissions import Permission
from tcma.web.guards import current_actor
from tcma.web.pages import FormState, NavItem, form_values, portal_blueprint, readable, render, say, submit
from tcma.web.problems import flatten, status_of

bp = portal_blueprint(
    "social_accounts",
    __name__,
    "/social-accounts",
    nav=NavItem(
        "Social accounts",
        "social_accounts.index",
        Permission.CAMPAIGNS_ACCOUNT_READ,
        section="Campaigns",
        position=60,
        scope=Scope.PARTNER,
    ),
)


@bp.get("/")
def index() -> ResponseReturnValue:
    """Show the accounts, and the networks that can be connected."""
    return _page(FormState())


@bp.post("/connect")
def connect() -> ResponseReturnValue:
    """Begin to connect: show where to sign in, or connect at once with a password for apps."""
    values = form_values()
    shown = {name: value for name, value in values.items() if name != "password"}
    try:
        return _connect(ConnectAccount().load(readable(ConnectAccount(), values)))
    except ValidationError as error:
        return _page(FormState(shown, flatten(error.messages))), 422
    except (Invalid, Conflict, Unavailable) as error:
        return _page(FormState(shown, dict(error.errors) or {"_": [error.detail]})), status_of(error)


def _connect(payload: dict[str, Any]) -> ResponseReturnValue:
    actor = current_actor()
    network = payload["network"]
    with reading(actor):
        plan = service.plan_connect(actor, network=network, server=payload["server"])
    if service.driver_of(network).signs_in_there:
        opened = plan.open()
        with transaction(actor):
            url = service.begin_connect(actor, opened)
        # A page with a link: forms of ours lead nowhere else, which the browser is told to hold us to.
        return render("social_accounts/leave.html", network=network, url=url)
    grant = plan.grant(payload)
    with transaction(actor):
        (row,) = service.connect(actor, plan, grant)
    say(f"{row.handle} is connected.")
    return redirect(url_for("social_accounts.index"), code=303)


@bp.get("/callback")
def callback() -> ResponseReturnValue:
    """Take a person back from a network; the handshake's state proves that they left from here."""
    actor = current_actor()
    try:
        answer = FinishConnect().load(request.args.to_dict())
        with transaction(actor):
            taken = service.take_handshake(actor, state=answer["state"])
        grant = taken.plan.grant(answer)
        with transaction(actor):
            row = service.finish_connect(actor, taken, grant)
    except ValidationError:
        say("This is no answer of a network. Begin again.", "danger")
    except (Invalid, Conflict, Gone, Unavailable) as error:
        say(_sentence(error), "danger")
    else:
        if row is None:
            return redirect(url_for("social_accounts.choose", handshake_id=taken.handshake_id), code=303)
        say(f"{row.handle} is connected.")
    return redirect(url_for("social_accounts.index"), code=303)


@bp.get("/choose/<int:handshake_id>")
def choose(handshake_id: int) -> ResponseReturnValue:
    """Show the pages or organizations that a person may post for."""
    return _choice(handshake_id, FormState())


@bp.post("/choose/<int:handshake_id>")
def chosen(handshake_id: int) -> ResponseReturnValue:
    """Connect those that were chosen."""
    return submit(
        ChoosePages(),
        lambda actor, data: service.choose(actor, handshake_id, **data),
        then=lambda rows: url_for("social_accounts.index"),  # noqa: ARG005 - the same place for any number of them
        again=lambda form: _choice(handshake_id, form),
        flash="Connected.",
    )


@bp.post("/<int:social_account_id>/disconnect")
def disconnect(social_account_id: int) -> ResponseReturnValue:
    """Disconnect an account."""
    actor = current_actor()
    with transaction(actor):
        row, access = service.disconnect(actor, social_account_id)
    service.revoke(row.network, access)
    say(f"{row.handle} is disconnected. Nothing is posted there any more.")
    return redirect(url_for("social_accounts.index"), code=303)


def _page(form: FormState) -> str:
    actor = current_actor()
    with reading(actor):
        return render(
            "social_accounts/index.html",
            accounts=service.accounts(actor, limit=200).items,
            offers=service.offers(actor),
            form=form,
        )


def _choice(handshake_id: int, form: FormState) -> str:
    actor = current_actor()
    with reading(actor):
        found = service.choices(actor, handshake_id)
        return render("social_accounts/choose.html", candidates=found, handshake_id=handshake_id, form=form)


def _sentence(error: DomainError) -> str:
    return f"The network says: {error.detail}" if isinstance(error, NetworkRefused) else error.detail
