"""The JSON door of kits."""

from __future__ import annotations

from typing import Any

from flask import Response

from campaigns.kits import queries, service
from campaigns.kits.errors import KitNotFound
from campaigns.kits.schemas import CreateKit, EditKit, KitOut, KitVersionOut, SaveDraft, WithdrawKit
from tcma.kernel.actor import Actor
from tcma.web.api import api_blueprint, expected_revision, perform, show, show_page
from tcma.web.fields import Empty, ListQuery, page_of

bp = api_blueprint("kits", __name__, "/kits")


@bp.route("", methods=["GET"])
@bp.arguments(ListQuery, location="query")
@bp.response(200, page_of(KitOut))
def index(query: dict[str, Any]) -> Response:
    """List kits, newest first; partners see those that were published."""
    return show_page(lambda actor: queries.page_of_kits(actor, **query), KitOut)


@bp.route("", methods=["POST"])
@bp.arguments(CreateKit)
@bp.response(201, KitOut)
def create(payload: dict[str, Any]) -> Response:
    """Start a kit with its first draft."""
    return perform(lambda actor: service.create(actor, **payload), KitOut, status=201)


@bp.route("/<int:kit_id>", methods=["GET"])
@bp.response(200, KitOut)
def one(kit_id: int) -> Response:
    """Show a kit."""
    return show(lambda actor: queries.one(actor, kit_id), KitOut)


@bp.route("/<int:kit_id>", methods=["PATCH"])
@bp.arguments(EditKit)
@bp.response(200, KitOut)
def edit(payload: dict[str, Any], kit_id: int) -> Response:
    """Change a kit's name, summary or advice."""
    revision = expected_revision()
    return perform(lambda actor: service.edit(actor, kit_id, expected_revision=revision, **payload), KitOut)


@bp.route("/<int:kit_id>/versions", methods=["GET"])
@bp.arguments(ListQuery, location="query")
@bp.response(200, page_of(KitVersionOut))
def versions(query: dict[str, Any], kit_id: int) -> Response:
    """List the versions of a kit, newest first."""
    return show_page(lambda actor: queries.versions(actor, kit_id, **query), KitVersionOut)


@bp.route("/<int:kit_id>/versions", methods=["POST"])
@bp.arguments(Empty)
@bp.response(201, KitVersionOut)
def start_version(payload: dict[str, Any], kit_id: int) -> Response:
    """Start the next version as a copy of the newest."""
    _ = payload
    return perform(lambda actor: service.start_version(actor, kit_id), KitVersionOut, status=201)


@bp.route("/<int:kit_id>/versions/<int:version_id>", methods=["GET"])
@bp.response(200, KitVersionOut)
def version(kit_id: int, version_id: int) -> Response:
    """Show a version with its touches."""
    return show(lambda actor: queries.version_of_kit(actor, kit_id, version_id), KitVersionOut)


@bp.route("/<int:kit_id>/versions/<int:version_id>", methods=["PUT"])
@bp.arguments(SaveDraft)
@bp.response(200, KitVersionOut)
def save_draft(payload: dict[str, Any], kit_id: int, version_id: int) -> Response:
    """Replace the content of a draft; send If-Match so that no other edit is overwritten."""
    revision = expected_revision()

    def save(actor: Actor) -> Any:
        _of_kit(actor, kit_id, version_id)
        return service.save_draft(actor, version_id, expected_revision=revision, **payload)

    return perform(save, KitVersionOut)


@bp.route("/<int:kit_id>/versions/<int:version_id>/publish", methods=["POST"])
@bp.arguments(Empty)
@bp.response(200, KitVersionOut)
def publish(payload: dict[str, Any], kit_id: int, version_id: int) -> Response:
    """Offer a draft to the partners; the version before is retired."""
    _ = payload

    def act(actor: Actor) -> Any:
        _of_kit(actor, kit_id, version_id)
        return service.publish(actor, version_id)

    return perform(act, KitVersionOut)


@bp.route("/<int:kit_id>/versions/<int:version_id>/retire", methods=["POST"])
@bp.arguments(Empty)
@bp.response(200, KitVersionOut)
def retire(payload: dict[str, Any], kit_id: int, version_id: int) -> Response:
    """Stop offering a version; what runs goes on."""
    _ = payload

    def act(actor: Actor) -> Any:
        _of_kit(actor, kit_id, version_id)
        return service.retire(actor, version_id)

    return perform(act, KitVersionOut)


@bp.route("/<int:kit_id>/versions/<int:version_id>/withdraw", methods=["POST"])
@bp.arguments(WithdrawKit)
@bp.response(200, KitVersionOut)
def withdraw(payload: dict[str, Any], kit_id: int, version_id: int) -> Response:
    """Recall a version: every launch that still runs on it is stopped."""

    def act(actor: Actor) -> Any:
        _of_kit(actor, kit_id, version_id)
        return service.withdraw(actor, version_id, **payload)

    return perform(act, KitVersionOut)


def _of_kit(actor: Actor, kit_id: int, version_id: int) -> None:
    if queries.version(actor, version_id).kit_id != kit_id:
        raise KitNotFound
