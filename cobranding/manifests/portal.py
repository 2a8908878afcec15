"""The page where everybody can have a file looked at, and the page of the keys that sign."""

from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from cobranding.manifests import queries, service
from cobranding.manifests.rules import Verdict
from cobranding.manifests.schemas import RevokeKey, RotateKey
from tcma.infra.db import reading
from tcma.kernel.actor import SYSTEM, authorize
from tcma.kernel.errors import DomainError
from tcma.kernel.permissions import Permission
from tcma.web.guards import current_actor, public, public_upload
from tcma.web.pages import FormState, NavItem, portal_blueprint, query_id, render, submit
from tcma.web.problems import status_of

verify = portal_blueprint("verify", __name__, "/verify")
keys = portal_blueprint(
    "keys",
    __name__,
    "/signing-keys",
    nav=NavItem("Signing keys", "keys.index", Permission.COBRANDING_KEY_ROTATE, section="Organization", position=85),
)


@verify.get("/")
@public
def ask() -> ResponseReturnValue:
    """Ask for a file or a code."""
    if code := request.args.get("code", "").strip():
        return redirect(url_for("verify.by_code", code=code[:40]), code=303)
    return _page(None)


@verify.post("/")
@public_upload
def by_file() -> ResponseReturnValue:
    """Say what a file is."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _page(None, {"file": ["Choose a file."]}), 422
    data = sent.stream.read()
    return _answer(lambda: service.asked_with_file(data, address=request.remote_addr or ""))


@verify.get("/<string:code>")
@public
def by_code(code: str) -> ResponseReturnValue:
    """Say what the file with a code is."""
    return _answer(lambda: service.asked_with_code(code, address=request.remote_addr or ""), code=code)


def _answer(ask_with: Any, code: str = "") -> ResponseReturnValue:
    try:
        asked = ask_with()
        with reading(SYSTEM):
            trail = service.look_up(SYSTEM, asked)
        verdict = service.judge(asked, trail)
    except DomainError as error:
        return _page(None, {"_": [error.detail]}), status_of(error)
    return _page(verdict, code=code)


def _page(verdict: Verdict | None, errors: dict[str, list[str]] | None = None, code: str = "") -> str:
    return render("verify/ask.html", verdict=verdict, code=code, form=FormState({"code": code}, errors or {}))


@keys.get("/")
def index() -> ResponseReturnValue:
    """Show the keys."""
    actor = current_actor()
    authorize(actor, Permission.COBRANDING_KEY_ROTATE)
    with reading(actor):
        return render("keys/index.html", keys=queries.keys_page(after=query_id("after")))


@keys.post("/")
def rotate() -> ResponseReturnValue:
    """Let a new key sign."""
    return submit(
        RotateKey(),
        lambda actor, _data: service.rotate(actor),
        then=lambda _key: url_for("keys.index"),
        flash="A new key signs from now on. What the one before signed stays genuine.",
    )


@keys.post("/<int:key_id>/revoke")
def revoke(key_id: int) -> ResponseReturnValue:
    """Trust nothing that a key signed since now."""
    return submit(
        RevokeKey(),
        lambda actor, data: service.revoke(actor, key_id, **data),
        then=lambda _key: url_for("keys.index"),
        flash="Revoked. Nothing that this key signs from now on is genuine.",
    )
