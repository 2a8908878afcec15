"""The JSON doors of sending domains and senders."""

from __future__ import annotations

from typing import Any

from flask import Response

from campaigns.senders import service
from campaigns.senders.schemas import (
    AddDomain,
    AddSender,
    ConfirmSender,
    DomainOut,
    LimitDomain,
    RotateKey,
    SenderOut,
)
from tcma.infra.db import reading
from tcma.web.api import api_blueprint, perform, show, show_page
from tcma.web.fields import Empty, ListQuery, page_of
from tcma.web.guards import current_actor

domains = api_blueprint("sending_domains", __name__, "/sending-domains")
senders = api_blueprint("senders", __name__, "/senders")


@domains.route("", methods=["GET"])
@domains.arguments(ListQuery, location="query")
@domains.response(200, page_of(DomainOut))
def list_domains(query: dict[str, Any]) -> Response:
    """List sending domains, the newest first."""
    return show_page(lambda actor: service.page_of_domains(actor, **query), DomainOut)


@domains.route("", methods=["POST"])
@domains.arguments(AddDomain)
@domains.response(201, DomainOut)
def add_domain(payload: dict[str, Any]) -> Response:
    """Add a domain, with a key."""
    return perform(lambda actor: service.add_domain(actor, **payload), DomainOut, status=201)


@domains.route("/<int:domain_id>", methods=["GET"])
@domains.response(200, DomainOut)
def one_domain(domain_id: int) -> Response:
    """Give one domain, with what the doctor found last."""
    return show(lambda actor: service.one_domain(actor, domain_id), DomainOut)


@domains.route("/<int:domain_id>/check", methods=["POST"])
@domains.arguments(Empty)
@domains.response(200, DomainOut)
def check_domain(_payload: dict[str, Any], domain_id: int) -> Response:
    """Look at the domain's records now."""
    with reading(current_actor()):
        examination = service.examination(current_actor(), domain_id)
    report = examination.look()
    return perform(lambda actor: service.note(actor, domain_id, report), DomainOut)


@domains.route("/<int:domain_id>/keys", methods=["POST"])
@domains.arguments(RotateKey)
@domains.response(200, DomainOut)
def rotate(payload: dict[str, Any], domain_id: int) -> Response:
    """Make a new key, which signs once its record is found."""
    return perform(lambda actor: service.rotate(actor, domain_id, **payload), DomainOut)


@domains.route("/<int:domain_id>/limit", methods=["PUT"])
@domains.arguments(LimitDomain)
@domains.response(200, DomainOut)
def limit(payload: dict[str, Any], domain_id: int) -> Response:
    """Say how many mails an hour may leave under the domain."""
    return perform(lambda actor: service.limit(actor, domain_id, **payload), DomainOut)


@domains.route("/<int:domain_id>/warm-up/end", methods=["POST"])
@domains.arguments(Empty)
@domains.response(200, DomainOut)
def end_warm_up(_payload: dict[str, Any], domain_id: int) -> Response:
    """Send the full volume at once."""
    return perform(lambda actor: service.end_warm_up(actor, domain_id), DomainOut)


@domains.route("/<int:domain_id>", methods=["DELETE"])
@domains.response(204)
def remove_domain(domain_id: int) -> Response:
    """Send nothing under the domain any more."""
    return perform(lambda actor: service.remove_domain(actor, domain_id), None)


@senders.route("", methods=["GET"])
@senders.arguments(ListQuery, location="query")
@senders.response(200, page_of(SenderOut))
def list_senders(query: dict[str, Any]) -> Response:
    """List senders, the newest first."""
    return show_page(lambda actor: service.page_of_senders(actor, **query), SenderOut)


@senders.route("", methods=["POST"])
@senders.arguments(AddSender)
@senders.response(201, SenderOut)
def add_sender(payload: dict[str, Any]) -> Response:
    """Add a sender; outside of a verified domain its address is sent a code."""
    return perform(lambda actor: service.add_sender(actor, **payload), SenderOut, status=201)


@senders.route("/<int:sender_id>", methods=["GET"])
@senders.response(200, SenderOut)
def one_sender(sender_id: int) -> Response:
    """Give one sender."""
    return show(lambda actor: service.one_sender(actor, sender_id), SenderOut)


@senders.route("/<int:sender_id>/confirm", methods=["POST"])
@senders.arguments(ConfirmSender)
@senders.response(200, SenderOut)
def confirm_sender(payload: dict[str, Any], sender_id: int) -> Response:
    """Confirm a sender by its code."""
    return perform(lambda actor: service.confirm_sender(actor, sender_id, **payload), SenderOut)


@senders.route("/<int:sender_id>/code", methods=["POST"])
@senders.arguments(Empty)
@senders.response(200, SenderOut)
def send_code_again(_payload: dict[str, Any], sender_id: int) -> Response:
    """Send a new code."""
    return perform(lambda actor: service.send_code_again(actor, sender_id), SenderOut)


@senders.route("/<int:sender_id>", methods=["DELETE"])
@senders.response(204)
def remove_sender(sender_id: int) -> Response:
    """Take a sender out of use."""
    return perform(lambda actor: service.remove_sender(actor, sender_id), None)
