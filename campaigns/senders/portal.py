"""The pages of sending domains and senders."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from campaigns.senders import service
from campaigns.senders.errors import TooManyChecks
from campaigns.senders.rules.states import DomainState
from campaigns.senders.schemas import AddDomain, AddSender, ConfirmSender, LimitDomain, RotateKey
from tcma.infra.db import reading, transaction
from tcma.kernel.actor import authorize
from tcma.kernel.permissions import Permission
from tcma.web.fields import Empty
from tcma.web.guards import current_actor
from tcma.web.pages import FormState, NavItem, portal_blueprint, query_id, render, say, submit

domains = portal_blueprint(
    "sending_domains",
    __name__,
    "/sending-domains",
    nav=NavItem(
        "Sending domains", "sending_domains.index", Permission.CAMPAIGNS_DOMAIN_EDIT, section="Campaigns", position=70
    ),
)
senders = portal_blueprint(
    "senders",
    __name__,
    "/senders",
    nav=NavItem("Senders", "senders.index", Permission.CAMPAIGNS_SENDER_EDIT, section="Campaigns", position=60),
)


@domains.get("/")
def index() -> str:
    """Show the domains."""
    return _domains(FormState())


@domains.post("/")
def add() -> ResponseReturnValue:
    """Add a domain."""
    return submit(
        AddDomain(),
        lambda actor, data: service.add_domain(actor, **data),
        then=lambda domain: url_for("sending_domains.show", domain_id=domain.id),
        again=_domains,
        flash="Added. Two records in the DNS make it yours to send under.",
    )


@domains.get("/<int:domain_id>")
def show(domain_id: int) -> str:
    """Show a domain: what to paste, what was found, its keys, today's volume."""
    return _domain(domain_id, FormState())


@domains.post("/<int:domain_id>/check")
def check(domain_id: int) -> ResponseReturnValue:
    """Look at the records now."""
    actor = current_actor()
    with reading(actor):
        examination = service.examination(actor, domain_id)
    try:
        report = examination.look()
    except TooManyChecks as refusal:
        say(refusal.detail, "warning")
    else:
        with transaction(actor):
            domain = service.note(actor, domain_id, report)
        if domain.state is DomainState.VERIFIED:
            say("All that is needed is there.")
        else:
            say("Not everything is there yet.", "warning")
    return redirect(url_for("sending_domains.show", domain_id=domain_id), code=303)


@domains.post("/<int:domain_id>/keys")
def rotate(domain_id: int) -> ResponseReturnValue:
    """Make a new key."""
    return submit(
        RotateKey(),
        lambda actor, data: service.rotate(actor, domain_id, **data),
        then=lambda _domain: url_for("sending_domains.show", domain_id=domain_id),
        flash="A new key was made. Paste its record; the present key signs until it is found.",
    )


@domains.post("/<int:domain_id>/limit")
def limit(domain_id: int) -> ResponseReturnValue:
    """Say how many mails an hour may leave."""
    return submit(
        LimitDomain(),
        lambda actor, data: service.limit(actor, domain_id, **data),
        then=lambda _domain: url_for("sending_domains.show", domain_id=domain_id),
        again=lambda form: _domain(domain_id, form),
        flash="Saved.",
    )


@domains.post("/<int:domain_id>/warm-up/end")
def end_warm_up(domain_id: int) -> ResponseReturnValue:
    """Send the full volume at once."""
    return submit(
        Empty(),
        lambda actor, _data: service.end_warm_up(actor, domain_id),
        then=lambda _domain: url_for("sending_domains.show", domain_id=domain_id),
        flash="The warm-up has ended: the full volume leaves from now on.",
    )


@domains.post("/<int:domain_id>/remove")
def remove(domain_id: int) -> ResponseReturnValue:
    """Remove a domain."""
    return submit(
        Empty(),
        lambda actor, _data: service.remove_domain(actor, domain_id),
        then=lambda _domain: url_for("sending_domains.index"),
        flash="Removed. Nothing leaves under this domain any more; its records may go in a week.",
    )


@senders.get("/", endpoint="index")
def sender_index() -> str:
    """Show the senders."""
    return _senders(FormState())


@senders.post("/")
def add_sender() -> ResponseReturnValue:
    """Add a sender."""
    return submit(
        AddSender(),
        lambda actor, data: service.add_sender(actor, **data),
        then=lambda _sender: url_for("senders.index"),
        again=_senders,
        flash="Saved.",
    )


@senders.post("/<int:sender_id>/confirm")
def confirm(sender_id: int) -> ResponseReturnValue:
    """Confirm a sender by its code."""
    return submit(
        ConfirmSender(),
        lambda actor, data: service.confirm_sender(actor, sender_id, **data),
        then=lambda _sender: url_for("senders.index"),
        again=_senders,
        flash="Confirmed.",
    )


@senders.post("/<int:sender_id>/code")
def send_code_again(sender_id: int) -> ResponseReturnValue:
    """Send a new code."""
    return submit(
        Empty(),
        lambda actor, _data: service.send_code_again(actor, sender_id),
        then=lambda _sender: url_for("senders.index"),
        again=_senders,
        flash="A new code is on its way.",
    )


@senders.post("/<int:sender_id>/remove")
def remove_sender(sender_id: int) -> ResponseReturnValue:
    """Take a sender out of use."""
    return submit(
        Empty(),
        lambda actor, _data: service.remove_sender(actor, sender_id),
        then=lambda _sender: url_for("senders.index"),
        flash="Removed.",
    )


def _domains(form: FormState) -> str:
    actor = current_actor()
    with reading(actor):
        authorize(actor, Permission.CAMPAIGNS_DOMAIN_EDIT)
        page = service.page_of_domains(actor, after=query_id("after"))
        return render("sending_domains/domains.html", page=page, form=form)


def _domain(domain_id: int, form: FormState) -> str:
    actor = current_actor()
    with reading(actor):
        domain = service.one_domain(actor, domain_id)
        authorize(actor, Permission.CAMPAIGNS_DOMAIN_EDIT, domain)
        editable = not actor.is_partner or domain.partner_id == actor.partner_id
    return render(
        "sending_domains/domain.html",
        domain=domain,
        form=form,
        editable=editable,
        may_limit=actor.can(Permission.CAMPAIGNS_DOMAIN_LIMIT),
        volume=service.volume(domain),
    )


def _senders(form: FormState) -> str:
    actor = current_actor()
    with reading(actor):
        page = service.page_of_senders(actor, after=query_id("after"))
        return render("senders/senders.html", page=page, form=form)
