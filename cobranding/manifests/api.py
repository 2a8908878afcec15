"""The JSON doors of manifests, their keys, and the question whether a file is genuine."""

from typing import Any

from flask import Response, json, request

from cobranding.manifests import queries, service
from cobranding.manifests.schemas import (
    EnvelopeOut,
    KeyOut,
    ManifestOut,
    RevokeKey,
    RotateKey,
    VerdictOut,
    VerifyFile,
)
from tcma.infra.db import reading
from tcma.kernel.actor import SYSTEM
from tcma.web.api import api_blueprint, perform, show, show_page
from tcma.web.fields import ListQuery, page_of
from tcma.web.guards import public, public_upload

bp = api_blueprint("manifests", __name__, "/manifests")
verify = api_blueprint("verify", __name__, "/verify")


@bp.route("", methods=["GET"])
@bp.arguments(ListQuery, location="query")
@bp.response(200, page_of(ManifestOut))
def index(query: dict[str, Any]) -> Response:
    """List manifests, the newest first."""
    return show_page(lambda actor: queries.page_of(actor, **query), ManifestOut)


@bp.route("/<string:code>", methods=["GET"])
@bp.response(200, EnvelopeOut)
def one(code: str) -> Response:
    """Give the manifest with a code, with its signature."""
    return show(lambda actor: service.envelope_of(queries.one_by_code(actor, code)), EnvelopeOut)


@bp.route("/keys", methods=["GET"])
@bp.arguments(ListQuery, location="query")
@bp.response(200, page_of(KeyOut))
@public
def keys(query: dict[str, Any]) -> Response:
    """List the public keys, so that anybody can check a manifest without us."""
    with reading(SYSTEM):
        found = queries.keys_page(**query)
    body = {"items": KeyOut(many=True).dump(found.items), "next": found.next}
    return Response(json.dumps(body), mimetype="application/json")


@bp.route("/keys", methods=["POST"])
@bp.arguments(RotateKey)
@bp.response(201, KeyOut)
def rotate(_payload: dict[str, Any]) -> Response:
    """Let a new key sign from now on."""
    return perform(service.rotate, KeyOut, status=201)


@bp.route("/keys/<int:key_id>/revoke", methods=["POST"])
@bp.arguments(RevokeKey)
@bp.response(200, KeyOut)
def revoke(payload: dict[str, Any], key_id: int) -> Response:
    """Trust nothing that a key signed since a time."""
    return perform(lambda actor: service.revoke(actor, key_id, **payload), KeyOut)


@verify.route("", methods=["POST"])
@verify.arguments(VerifyFile, location="multipart")
@verify.response(200, VerdictOut)
@public_upload
def verify_file(form: dict[str, Any]) -> Response:
    """Say whether a file is genuine, by making it again."""
    return _answer(service.asked_with_file(form["file"].stream.read(), address=request.remote_addr or ""))


@verify.route("/<string:code>", methods=["GET"])
@verify.response(200, VerdictOut)
@public
def verify_code(code: str) -> Response:
    """Say what the file with a code is; whether a file in hand is that one, only the file itself can tell."""
    return _answer(service.asked_with_code(code, address=request.remote_addr or ""))


def _answer(asked: service.Asked) -> Response:
    with reading(SYSTEM):
        trail = service.look_up(SYSTEM, asked)
    return Response(json.dumps(VerdictOut().dump(service.judge(asked, trail))), mimetype="application/json")
