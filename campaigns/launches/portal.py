"""The pages of launches: the desk where one click launches a kit, the list, and one launch with its controls."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from campaigns.kits import service as kits
from campaigns.kits.rules import TouchChannel, pick_locale
from campaigns.launches import queries, rules, service
from campaigns.launches.errors import LaunchNotFound
from campaigns.launches.model import Launch
from campaigns.launches.rules import LaunchState
from campaigns.launches.schemas import CancelLaunch, LaunchKit, LaunchQuery
from campaigns.launches.service import PreviewDraft
from tcma.accounts import service as accounts
from tcma.audit import service as audit
from tcma.infra import cache
from tcma.infra.db import reading
from tcma.kernel import clock
from tcma.kernel.actor import Actor
from tcma.kernel.errors import DomainError, Invalid
from tcma.kernel.permissions import Permission
from tcma.web.fields import Empty
from tcma.web.guards import current_actor
from tcma.web.pages import FormState, NavItem, form_values, portal_blueprint, readable, render, submit
from tcma.web.problems import flatten

bp = portal_blueprint(
    "launches",
    __name__,
    "/launches",
    nav=NavItem("Launches", "launches.index", Permission.CAMPAIGNS_LAUNCH_READ, section="Campaigns", position=20),
)

PREVIEW_LASTS_S = 3600
# A mail shown in a frame: nothing in it can run or reach out, and only our own pages may frame it.
MAIL_POLICY = (
    "default-src 'none'; img-src 'self' https: data:; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
)
DEFAULTS: Mapping[str, Any] = {
    "starts_at_local": None,
    "values": {},
    "leave_out": [],
    "name": "",
    "sender_name": "",
    "reply_to": "",
}


@bp.get("/")
def index() -> ResponseReturnValue:
    """List launches, newest first."""
    actor = current_actor()
    query = LaunchQuery(unknown="exclude").load({name: value for name, value in request.args.items() if value})
    with reading(actor):
        found = queries.page_of(actor, **query)
        names = {one.id: one.trade_name for one in accounts.partners(actor)} if actor.is_brand else {}
        kit_names = kits.names_of({one.kit_version_id for one in found.items})
        return render(
            "launches/index.html",
            page=found,
            query=query,
            states=list(LaunchState),
            partners=names,
            kit_names=kit_names,
        )


@bp.get("/new")
def new() -> ResponseReturnValue:
    """Show the desk: what leaves, when, and in whose name, ready for one click."""
    version_id = request.args.get("kit_version_id", 0, type=int)
    return _desk(version_id, FormState({"kit_version_id": version_id}), DEFAULTS)


@bp.post("/new")
def look_again() -> ResponseReturnValue:
    """Show the desk with the previews of what was entered; nothing is kept."""
    entered = form_values()
    version_id = _version_in(entered)
    try:
        data, _ = _gathered(version_id, entered)
    except ValidationError as error:
        return _desk(version_id, FormState(entered, _sentences(error)), DEFAULTS), 422
    except Invalid as error:
        return _desk(version_id, FormState(entered, error.errors or {"_": [error.detail]}), DEFAULTS), 422
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
        return _desk(version_id, FormState(entered, _sentences(error)), DEFAULTS), 422
    except Invalid as error:
        return _desk(version_id, FormState(entered, error.errors or {"_": [error.detail]}), DEFAULTS), 422
    return submit(
        LaunchKit(),
        lambda actor, data: service.launch(actor, **_typed(actor, data)),
        then=lambda launch: url_for("launches.show", launch_id=launch.id),
        again=lambda form: _desk(version_id, form, DEFAULTS),
        flash="Launched." if not entered.get("starts_at_local") else "Scheduled.",
    )


@bp.get("/previews/<int:version_id>/<string:mark>/<string:key>/mail/<string:locale>")
def draft_mail(version_id: int, mark: str, key: str, locale: str) -> Response:
    """Show the mail of a touch on the desk."""
    return _mail(_draft(version_id, mark), key, locale)


@bp.get("/previews/<int:version_id>/<string:mark>/<string:key>/file")
def draft_file(version_id: int, mark: str, key: str) -> Response:
    """Produce the picture or the attachment of a touch on the desk."""
    return _file(_draft(version_id, mark), key)


@bp.get("/<int:launch_id>")
def show(launch_id: int) -> ResponseReturnValue:
    """Show one launch: where it stands, what leaves when, and what it says."""
    return _page(launch_id)


@bp.get("/<int:launch_id>/touches/<string:key>/mail/<string:locale>")
def mail(launch_id: int, key: str, locale: str) -> Response:
    """Show the mail of a touch of a launch."""
    with reading(current_actor()):
        draft = service.preview_of(current_actor(), launch_id)
    return _mail(draft, key, locale)


@bp.get("/<int:launch_id>/touches/<string:key>/file")
def file(launch_id: int, key: str) -> Response:
    """Produce the picture or the attachment of a touch of a launch."""
    with reading(current_actor()):
        draft = service.preview_of(current_actor(), launch_id)
    return _file(draft, key)


@bp.post("/<int:launch_id>/pause")
def pause(launch_id: int) -> ResponseReturnValue:
    """Pause."""
    return _steer(launch_id, service.pause, "Paused. Nothing more leaves until you resume it.")


@bp.post("/<int:launch_id>/resume")
def resume(launch_id: int) -> ResponseReturnValue:
    """Resume."""
    return _steer(launch_id, service.resume, "It goes on.")


@bp.post("/<int:launch_id>/confirm")
def confirm(launch_id: int) -> ResponseReturnValue:
    """Let a late launch go out."""
    return _steer(launch_id, service.confirm, "It goes out now.")


@bp.post("/<int:launch_id>/cancel")
def cancel(launch_id: int) -> ResponseReturnValue:
    """Cancel."""
    return submit(
        CancelLaunch(),
        lambda actor, data: service.cancel(actor, launch_id, **data),
        then=lambda launch: url_for("launches.show", launch_id=launch.id),
        again=lambda form: _page(launch_id, form),
        flash="Cancelled. What has not left will not leave.",
    )


def _steer(launch_id: int, verb: Any, sentence: str) -> ResponseReturnValue:
    return submit(
        Empty(),
        lambda actor, data: verb(actor, launch_id),  # noqa: ARG005 - these verbs take nothing
        then=lambda launch: url_for("launches.show", launch_id=launch.id),
        again=lambda form: _page(launch_id, form),
        flash=sentence,
    )


def _page(launch_id: int, form: FormState | None = None) -> str:
    actor = current_actor()
    draft, trouble = None, ""
    with reading(actor):
        launch = queries.one(actor, launch_id)
        try:
            draft = service.preview_of(actor, launch_id)
        except DomainError as error:
            trouble = error.detail
    preview = draft.write() if draft else None
    with reading(actor):
        launch = queries.one(actor, launch_id)
        _, kit_name, number = kits.names_of([launch.kit_version_id])[launch.kit_version_id]
        partner = accounts.partner_profile(actor, launch.partner_id)
        return render(
            "launches/show.html",
            launch=launch,
            kit_name=kit_name,
            number=number,
            partner=partner,
            preview=preview,
            trouble=trouble,
            form=form or FormState(),
            overdue=_overdue(launch),
            history=_history(actor, launch),
            shown_locale=_shown_locale(partner.locale),
            may_steer=actor.can(Permission.CAMPAIGNS_LAUNCH_PAUSE),
        )


def _desk(version_id: int, form: FormState, data: Mapping[str, Any]) -> str:
    actor = current_actor()
    with reading(actor):
        kit = kits.version(actor, version_id)
        draft = service.preview(actor, **{**data, "kit_version_id": version_id})
        opened = {touch["key"]: list(service.opened_by(actor, touch).values()) for touch in kit.touches}
        partner = accounts.partner_profile(actor, actor.partner_id or 0)
    preview = draft.write()
    return render(
        "launches/new.html",
        kit=kit,
        preview=preview,
        opened=opened,
        partner=partner,
        form=form,
        mark=_keep(actor, data),
        now_local=rules.wall_time(clock.now(), partner.time_zone),
        shown_locale=_shown_locale(partner.locale),
    )


def _keep(actor: Actor, data: Mapping[str, Any]) -> str:
    """Keep what was entered for the frames of the desk, which cannot be given it in their address."""
    kept = json.dumps({name: data[name] for name in ("values", "leave_out", "name")}, sort_keys=True)
    mark = hashlib.sha256(kept.encode()).hexdigest()[:32]
    cache.keep(_kept_as(actor, mark), kept, lasts_s=PREVIEW_LASTS_S)
    return mark


def _draft(version_id: int, mark: str) -> PreviewDraft:
    actor = current_actor()
    kept = cache.kept(_kept_as(actor, mark))
    if kept is None:
        raise LaunchNotFound("This preview has expired. Reload the page that shows it.")
    with reading(actor):
        return service.preview(actor, kit_version_id=version_id, **json.loads(kept))


def _kept_as(actor: Actor, mark: str) -> str:
    return f"launches:preview:{actor.organization}:{mark}"


def _mail(draft: PreviewDraft, key: str, locale: str) -> Response:
    response = Response(draft.touch(key).write().mail(locale).html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _file(draft: PreviewDraft, key: str) -> Response:
    rendered = draft.touch(key).write_file(request.args.get("format", ""))
    response = Response(rendered.data, mimetype=rendered.media_type)
    how = "attachment" if request.args.get("download") else "inline"
    response.headers.set("Content-Disposition", how, filename=rendered.filename)
    return response


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


def _overdue(launch: Launch) -> int:
    waiting = [touch for touch in launch.touches if touch.state == "waiting"]
    return sum(touch.due_at <= clock.now() for touch in waiting)


def _history(actor: Actor, launch: Launch) -> list[dict[str, Any]]:
    words = {
        "launched": "Launched",
        "started": "Started",
        "paused": "Paused",
        "resumed": "Resumed",
        "missed": "Found more than an hour late",
        "confirmed": "Confirmed to go out late",
        "cancelled": "Cancelled",
        "stopped": "Stopped",
        "completed": "Completed",
    }
    return [
        {"at": entry.at, "title": words.get(entry.action.rpartition(".")[2], entry.action), "actor": entry.actor_name}
        for entry in audit.history(actor, launch)
    ]


def _shown_locale(own: str) -> Any:
    """Return which of a touch's mails is shown first: the one in the partner's language."""
    return lambda touch: pick_locale(
        own, [mail.locale for mail in touch.mails], touch.mails[0].locale if touch.mails else ""
    )


__all__ = ["TouchChannel", "bp"]
