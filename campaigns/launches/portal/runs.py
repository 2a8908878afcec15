"""The list of launches, and one launch with its controls, its mails and its files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.kits import service as kits
from campaigns.launches import queries, rules, service
from campaigns.launches.model import Launch
from campaigns.launches.portal.views import bp, file_of, mail_of, shown_locale
from campaigns.launches.rules import LaunchState
from campaigns.launches.schemas import CancelLaunch, LaunchQuery, RejectLaunch
from tcma.accounts import service as accounts
from tcma.audit import service as audit
from tcma.infra.db import reading
from tcma.kernel import clock
from tcma.kernel.actor import Actor
from tcma.kernel.errors import DomainError
from tcma.kernel.permissions import Permission
from tcma.web.fields import Empty
from tcma.web.guards import current_actor
from tcma.web.pages import FormState, render, submit


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


@bp.get("/<int:launch_id>")
def show(launch_id: int) -> ResponseReturnValue:
    """Show one launch: where it stands, what leaves when, and what it says."""
    return _page(launch_id)


@bp.get("/<int:launch_id>/touches/<string:key>/mail/<string:locale>")
def mail(launch_id: int, key: str, locale: str) -> Response:
    """Show the mail of a touch of a launch."""
    with reading(current_actor()):
        draft = service.preview_of(current_actor(), launch_id)
    return mail_of(draft, key, locale)


@bp.get("/<int:launch_id>/touches/<string:key>/file")
def file(launch_id: int, key: str) -> Response:
    """Produce the picture or the attachment of a touch of a launch."""
    with reading(current_actor()):
        draft = service.preview_of(current_actor(), launch_id)
    return file_of(draft, key)


@bp.post("/<int:launch_id>/approve")
def approve(launch_id: int) -> ResponseReturnValue:
    """Approve."""
    return _steer(launch_id, service.approve, "Approved. It leaves as it was planned.")


@bp.post("/<int:launch_id>/reject")
def reject(launch_id: int) -> ResponseReturnValue:
    """Do not approve."""
    return submit(
        RejectLaunch(),
        lambda actor, data: service.reject(actor, launch_id, **data),
        then=lambda launch: url_for("launches.show", launch_id=launch.id),
        again=lambda form: _page(launch_id, form),
        flash="The partner was told what has to change.",
    )


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
            quiet_until=_quiet_until(actor, launch),
            overdue=rules.overdue(((touch.state, touch.due_at) for touch in launch.touches), now=clock.now()),
            history=_history(actor, launch),
            shown_locale=shown_locale(partner.locale),
            may_steer=actor.can(Permission.CAMPAIGNS_LAUNCH_PAUSE),
        )


def _quiet_until(actor: Actor, launch: Launch) -> datetime | None:
    """Return until which wall time nothing leaves although the launch runs, or None."""
    now = rules.wall_time(clock.now(), launch.time_zone)
    hours = kits.version(actor, launch.kit_version_id).hours
    return None if launch.state is not LaunchState.RUNNING or hours.allows(now) else hours.next_allowed(now)


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
        "approved": "Approved by the brand",
        "rejected": "Not approved by the brand",
        "retried": "Failed mails tried again",
    }
    return [
        {"at": entry.at, "title": words.get(entry.action.rpartition(".")[2], entry.action), "actor": entry.actor_name}
        for entry in audit.history(actor, launch)
    ]
