"""Who may sign in, and what each of them may do."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from tcma.accounts import queries, service
from tcma.accounts.schemas import InviteUser
from tcma.infra.db import reading
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import BRAND_ROLES, PARTNER_ROLES, Permission, Role
from tcma.web.fields import Empty
from tcma.web.guards import current_actor
from tcma.web.pages import FormState, NavItem, portal_blueprint, query_id, render, submit

bp = portal_blueprint(
    "people",
    "tcma.accounts",
    "/people",
    nav=NavItem("People", "people.index", Permission.ACCOUNTS_USER_READ, "Organization", 70),
)


@bp.get("/", endpoint="index")
def list_people() -> str:
    """List who may sign in."""
    return _people_page(None)


@bp.post("/")
def invite() -> ResponseReturnValue:
    """Invite somebody; a partner's owner into the own organization only."""

    def send(actor: Actor, data: dict[str, Any]) -> Any:
        return service.invite(actor, **(data | {"partner_id": actor.partner_id} if actor.is_partner else data))

    return submit(
        InviteUser(),
        send,
        then=lambda _: url_for("people.index"),
        again=_people_page,
        flash="The invitation is on its way.",
    )


@bp.post("/<int:user_id>/suspend")
def suspend(user_id: int) -> ResponseReturnValue:
    """Take a person's access away."""
    return _person_verb(service.suspend_user, user_id, "Access taken away.")


@bp.post("/<int:user_id>/restore")
def restore(user_id: int) -> ResponseReturnValue:
    """Give a person access again."""
    return _person_verb(service.restore_user, user_id, "Access given again.")


def _person_verb(verb: Any, user_id: int, sentence: str) -> ResponseReturnValue:
    there = url_for("people.index")
    return submit(Empty(), lambda actor, _: verb(actor, user_id), then=lambda _: there, flash=sentence)


def _people_page(form: FormState | None) -> str:
    actor = current_actor()
    with reading(actor):
        authorize(actor, Permission.ACCOUNTS_USER_READ)
        page = queries.user_page(actor, limit=50, after=query_id("after"))
        organizations = {partner.id: partner.trade_name for partner in queries.partners(actor)}
    allowed = PARTNER_ROLES if actor.is_partner else PARTNER_ROLES | BRAND_ROLES
    roles = [(role.value, role.value.replace("_", " ").capitalize()) for role in Role if role in allowed]
    return render("accounts/people.html", page=page, organizations=organizations, roles=roles, form=form)
