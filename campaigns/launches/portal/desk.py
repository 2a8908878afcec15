"""The desk where one click launches a kit: what leaves, when, and in whose name, with a preview of everything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from campaigns.kits import service as kits
from campaigns.launches import rules, service
from campaigns.launches.portal.views import bp, file_of, mail_of, shown_locale
from campaigns.launches.schemas import LaunchKit
from campaigns.launches.service import PreviewDraft
from campaigns.senders import service as senders
from tcma.accounts import service as accounts
from tcma.infra.db import reading, transaction
from tcma.kernel import clock
from tcma.kernel.actor import Actor
from tcma.kernel.errors import Invalid
from tcma.web.guards import current_actor
from tcma.web.pages import FormState, form_values, query_id, readable, render, submit
from tcma.web.problems import flatten

DEFAULTS: Mapping[str, Any] = {
    "starts_at_local": None,
    "values": {},
    "leave_out": [],
    "name": "",
    "sender_id": None,
    "sender_name": "",
    "reply_to": "",
    "partner_id": None,
}


@bp.get("/new")
def new() -> ResponseReturnValue:
    """Show the desk: what leaves, when, and in whose name, ready for one click."""
    version_id = query_id("kit_version_id") or 0
    with transaction(current_actor()):
        kits.note_seen(current_actor(), kits.version(current_actor(), version_id).kit_id)
    entered = DEFAULTS
    if mark := request.args.get("mark", ""):
        entered = service.entered_before(current_actor(), mark)
    elif current_actor().is_brand:
        entered = {**DEFAULTS, "partner_id": query_id("partner_id")}
    return _desk(version_id, FormState(_in_fields(entered)), entered)


@bp.post("/new")
def look_again() -> ResponseReturnValue:
    """Show the desk with the previews of what was entered; nothing is kept."""
    entered = form_values()
    version_id = _version_in(entered)
    try:
        data, _ = _gathered(version_id, entered)
    except ValidationError as error:
        return _desk(version_id, FormState(entered, _sentences(error)), _bare(entered)), 422
    except Invalid as error:
        return _desk(version_id, FormState(entered, error.errors or {"_": [error.detail]}), _bare(entered)), 422
    return _desk(version_id, FormState(entered), data)


@bp.post("/")
def launch() -> ResponseReturnValue:
    """Launch."""
    entered = form_values()
    version_id = _version_in(entered)
    try:
        _, draft = _gathered(version_id, entered)
        # Outside of the transaction: everything is produced once, so that nothing fails when its hour has come.
        draft.rehearse()
    except ValidationError as error:
        return _desk(version_id, FormState(entered, _sentences(error)), _bare(entered)), 422
    except Invalid as error:
        return _desk(version_id, FormState(entered, error.errors or {"_": [error.detail]}), _bare(entered)), 422
    return submit(
        LaunchKit(),
        lambda actor, data: service.launch(actor, **_typed(actor, data)),
        then=lambda launch: url_for("launches.show", launch_id=launch.id),
        again=lambda form: _desk(version_id, form, _bare(entered)),
        flash="Launched." if not entered.get("starts_at_local") else "Scheduled.",
    )


@bp.get("/previews/<int:version_id>/<string:mark>/<string:key>/mail/<string:locale>")
def draft_mail(version_id: int, mark: str, key: str, locale: str) -> Response:
    """Show the mail of a touch on the desk."""
    return mail_of(_draft(version_id, mark), key, locale)


@bp.get("/previews/<int:version_id>/<string:mark>/<string:key>/file")
def draft_file(version_id: int, mark: str, key: str) -> Response:
    """Produce the picture or the attachment of a touch on the desk."""
    return file_of(_draft(version_id, mark), key)


def _desk(version_id: int, form: FormState, data: Mapping[str, Any]) -> str:
    actor = current_actor()
    with reading(actor):
        kit = kits.version(actor, version_id)
        draft = service.preview(actor, **{**data, "kit_version_id": version_id})
        opened = {touch["key"]: list(service.opened_by(actor, touch).values()) for touch in kit.touches}
        partner = accounts.partner_profile(actor, service.launches_for(actor, data["partner_id"]))
        chosen_senders = senders.confirmed_senders(actor, partner.id)
    preview = draft.write()
    return render(
        "launches/new.html",
        kit=kit,
        preview=preview,
        opened=opened,
        partner=partner,
        chosen_senders=chosen_senders,
        form=form,
        mark=service.keep(actor, data),
        now_local=rules.wall_time(clock.now(), partner.time_zone),
        shown_locale=shown_locale(partner.locale),
    )


def _in_fields(entered: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was entered as the fields of the form name it."""
    values = {
        f"values.{touch}.{name}": value for touch, given in entered["values"].items() for name, value in given.items()
    }
    starts = entered["starts_at_local"]
    kept = {name: entered[name] for name in ("leave_out", "name", "sender_id", "sender_name", "reply_to", "partner_id")}
    return {**values, **kept, "starts_at_local": starts.isoformat(timespec="minutes") if starts else ""}


def _draft(version_id: int, mark: str) -> PreviewDraft:
    actor = current_actor()
    with reading(actor):
        return service.kept_draft(actor, version_id, mark)


def _bare(entered: Mapping[str, Any]) -> dict[str, Any]:
    """Return the defaults, for the partner that was named."""
    given = str(entered.get("partner_id", ""))
    return {**DEFAULTS, "partner_id": int(given) if given.isdecimal() and len(given) < 19 else None}


def _version_in(entered: Mapping[str, Any]) -> int:
    given = str(entered.get("kit_version_id", ""))
    return int(given) if given.isdecimal() and len(given) < 19 else 0


def _gathered(version_id: int, entered: Mapping[str, Any]) -> tuple[dict[str, Any], PreviewDraft]:
    """Read what was entered and gather what it would send. Raises ValidationError and what `service.preview` raises."""
    actor = current_actor()
    data: dict[str, Any] = LaunchKit().load(readable(LaunchKit(), {**entered, "kit_version_id": str(version_id)}))
    with reading(actor):
        return _typed(actor, data), service.preview(actor, **data)


def _typed(actor: Actor, data: dict[str, Any]) -> dict[str, Any]:
    """Read a form's words in the types of the templates: a number is a number."""
    values: dict[str, Any] = data["values"]
    if not values:
        return data
    for touch in kits.version(actor, data["kit_version_id"]).touches:
        given = values.get(touch["key"], {})
        for name, variable in service.opened_by(actor, touch).items():
            word = given.get(name)
            if variable.type in {"number", "image"} and isinstance(word, str) and word.lstrip("-").isdecimal():
                given[name] = int(word)
    return data


def _sentences(error: ValidationError) -> dict[str, list[str]]:
    return flatten(error.messages)
