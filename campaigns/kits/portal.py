"""The pages of kits: the gallery, one kit, and the desk where a draft is put together touch by touch."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from campaigns.kits import queries, rules, service
from campaigns.kits.rules import TouchChannel
from campaigns.kits.schemas import CreateKit, EditKitForm, PutTouchForm, RemoveTouch, SaveTiming, WithdrawKit
from campaigns.kits.service import KitVersionView
from cobranding.templates import service as templates
from tcma.accounts import service as accounts
from tcma.infra.db import reading, transaction
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission
from tcma.web.fields import Empty, ListQuery
from tcma.web.guards import current_actor
from tcma.web.pages import FormState, NavItem, portal_blueprint, render, submit

bp = portal_blueprint(
    "kits",
    __name__,
    "/kits",
    nav=NavItem("Kits", "kits.index", Permission.CAMPAIGNS_KIT_READ, section="Campaigns", position=10),
)

PLACES = {
    TouchChannel.EMAIL: ("subject", "preheader", "headline", "body", "button"),
    TouchChannel.SHARE: ("message",),
    **{channel: ("message", "alt") for channel in TouchChannel if channel.network},
}


@bp.get("/")
def index() -> ResponseReturnValue:
    """Show the gallery."""
    actor = current_actor()
    query = ListQuery(unknown="exclude").load({name: value for name, value in request.args.items() if value})
    with reading(actor):
        return render("kits/index.html", page=queries.page_of_kits(actor, **query))


@bp.get("/new")
def new() -> ResponseReturnValue:
    """Show the form for a new kit."""
    return render("kits/new.html", form=FormState())


@bp.post("/")
def create() -> ResponseReturnValue:
    """Start a kit."""
    return submit(
        CreateKit(),
        lambda actor, data: service.create(actor, **data),
        then=lambda kit: url_for("kits.edit", version_id=kit.draft_version_id),
        again=lambda form: render("kits/new.html", form=form),
        flash="The kit was started. Add its first touch.",
    )


@bp.get("/<int:kit_id>")
def show(kit_id: int) -> ResponseReturnValue:
    """Show one kit: what leaves when, and for whom it is."""
    with transaction(current_actor()):
        service.note_seen(current_actor(), kit_id)
    return _page(kit_id)


@bp.post("/<int:kit_id>")
def save_words(kit_id: int) -> ResponseReturnValue:
    """Change a kit's name, summary or advice."""
    return submit(
        EditKitForm(),
        lambda actor, data: service.edit(actor, kit_id, **data),
        then=lambda kit: url_for("kits.show", kit_id=kit.id),
        again=lambda form: _page(kit_id, form),
        flash="Saved.",
    )


@bp.post("/<int:kit_id>/versions")
def start_version(kit_id: int) -> ResponseReturnValue:
    """Start the next version."""
    return submit(
        Empty(),
        lambda actor, data: service.start_version(actor, kit_id),  # noqa: ARG005 - takes nothing
        then=lambda version: url_for("kits.edit", version_id=version.id),
        again=lambda form: _page(kit_id, form),
        flash="This draft is a copy of the newest version.",
    )


@bp.get("/versions/<int:version_id>/edit")
def edit(version_id: int) -> ResponseReturnValue:
    """Show the desk for a draft."""
    return _desk(version_id)


@bp.get("/versions/<int:version_id>/touch")
def touch(version_id: int) -> ResponseReturnValue:
    """Show the form of one touch in one language."""
    return _touch_page(version_id, None)


@bp.post("/versions/<int:version_id>/touch")
def put_touch(version_id: int) -> ResponseReturnValue:
    """Save one touch in one language; a new one does not replace another by mistake."""
    verb = service.put_touch if request.args.get("key") else service.add_touch
    return submit(
        PutTouchForm(),
        lambda actor, data: verb(actor, version_id, touch=data["touch"]),
        then=lambda version: url_for("kits.edit", version_id=version.id),
        again=lambda form: _touch_page(version_id, form),
        flash="The touch was saved.",
    )


@bp.post("/versions/<int:version_id>/touch/remove")
def remove_touch(version_id: int) -> ResponseReturnValue:
    """Take a touch out of a draft."""
    return submit(
        RemoveTouch(),
        lambda actor, data: service.remove_touch(actor, version_id, **data),
        then=lambda version: url_for("kits.edit", version_id=version.id),
        again=lambda form: _desk(version_id, form),
        flash="The touch was removed.",
    )


@bp.post("/versions/<int:version_id>/timing")
def save_timing(version_id: int) -> ResponseReturnValue:
    """Save when touches may leave, and what they are to reach."""
    return submit(
        SaveTiming(),
        lambda actor, data: service.save_timing(actor, version_id, **data),
        then=lambda version: url_for("kits.edit", version_id=version.id),
        again=lambda form: _desk(version_id, form),
        flash="Saved.",
    )


@bp.post("/versions/<int:version_id>/publish")
def publish(version_id: int) -> ResponseReturnValue:
    """Publish a draft."""
    return submit(
        Empty(),
        lambda actor, data: service.publish(actor, version_id),  # noqa: ARG005 - takes nothing
        then=lambda version: url_for("kits.show", kit_id=version.kit_id),
        again=lambda form: _desk(version_id, form),
        flash="Published. Your partners were told.",
    )


@bp.post("/versions/<int:version_id>/retire")
def retire(version_id: int) -> ResponseReturnValue:
    """Stop offering a version."""
    return submit(
        Empty(),
        lambda actor, data: service.retire(actor, version_id),  # noqa: ARG005 - takes nothing
        then=lambda version: url_for("kits.show", kit_id=version.kit_id),
        flash="Retired. What runs on it goes on.",
    )


@bp.post("/versions/<int:version_id>/withdraw")
def withdraw(version_id: int) -> ResponseReturnValue:
    """Recall a version."""
    return submit(
        WithdrawKit(),
        lambda actor, data: service.withdraw(actor, version_id, **data),
        then=lambda version: url_for("kits.show", kit_id=version.kit_id),
        again=lambda form: _page_of_version(version_id, form),
        flash="Withdrawn. Every launch that still ran on it is being stopped.",
    )


def _page(kit_id: int, form: FormState | None = None) -> str:
    actor = current_actor()
    with reading(actor):
        kit = queries.one(actor, kit_id)
        shown = kit.published or kit.draft
        words = {
            "name": kit.name,
            "summary": kit.summary,
            "audience_advice": kit.audience_advice,
            "needs_approval": kit.needs_approval,
        }
        return render(
            "kits/show.html",
            kit=kit,
            shown=shown,
            versions=queries.versions(actor, kit_id).items,
            template_names=_template_names(actor, shown),
            partners=_partners(actor),
            form=form or FormState(words),
        )


def _partners(actor: Actor) -> list[tuple[int, str]]:
    """Return for whom the actor may launch."""
    if not actor.can(Permission.CAMPAIGNS_LAUNCH_ON_BEHALF):
        return []
    return [(one.id, one.trade_name) for one in accounts.partners(actor)]


def _page_of_version(version_id: int, form: FormState) -> str:
    with reading(current_actor()):
        kit_id = queries.version(current_actor(), version_id).kit_id
    return _page(kit_id, form)


def _desk(version_id: int, form: FormState | None = None) -> str:
    actor = current_actor()
    with reading(actor):
        version = queries.version(actor, version_id)
        authorize(actor, Permission.CAMPAIGNS_KIT_EDIT, version)
        return render(
            "kits/edit.html",
            version=version,
            networks=[channel for channel in TouchChannel if channel.network],
            template_names=_template_names(actor, version),
            form=form or FormState(_timing(version)),
        )


def _timing(version: KitVersionView) -> dict[str, Any]:
    quiet = version.document.get("quiet_hours") or {}
    words = {f"quiet_{name}": quiet.get(name, "") for name in ("from", "until")}
    words |= {f"utm.{name}": text for name, text in version.utm.items()}
    return {
        **words,
        **version.goals,
        "tracking": version.tracking.value,
        "weekdays": version.document.get("weekdays") or [],
    }


def _touch_page(version_id: int, form: FormState | None) -> str:
    actor = current_actor()
    with reading(actor):
        version = queries.version(actor, version_id)
        authorize(actor, Permission.CAMPAIGNS_KIT_EDIT, version)
        key = request.args.get("key", "")
        known = next((one for one in version.touches if one["key"] == key), None)
        entered = form.values.get("touch.channel") if form else None
        wanted = {entered, request.args.get("channel")}
        channel = next((one for one in TouchChannel if one.value in wanted), TouchChannel.EMAIL)
        if known:
            channel = TouchChannel(known["channel"])
        locale = rules.locale_tag(request.args.get("locale", "") or version.default_locale)
        offered = [
            (view.kind, view.published.id, f"{view.name}, version {view.published.number}")
            for view in templates.gallery(actor)
            if view.published is not None
        ]
        files = [(version_id, name) for kind, version_id, name in offered if kind != "email"]
        mails = [(version_id, name) for kind, version_id, name in offered if kind == "email"]
        return render(
            "kits/touch.html",
            version=version,
            known=known,
            channel=channel,
            locale=locale,
            locales=sorted({version.default_locale, locale, *(known["texts"] if known else ())}),
            places=_places(actor, channel, known),
            options=mails if channel is TouchChannel.EMAIL else files,
            files=files,
            tokens=sorted(rules.TOKENS[channel]),
            form=form or FormState(_entered(known, locale)),
        )


def _entered(known: dict[str, Any] | None, locale: str) -> dict[str, Any]:
    if known is None:
        return {"touch.day_offset": 0, "touch.local_time": "09:00"}
    values = {f"touch.{name}": known[name] for name in ("key", "name", "template_version_id", "format")}
    values |= {f"touch.{name}": known[name] for name in ("day_offset", "local_time", "link_url")}
    values |= {f"touch.attachment.{name}": value for name, value in (known["attachment"] or {}).items()}
    return values | {f"touch.texts.{locale}.{slot}": text for slot, text in known["texts"].get(locale, {}).items()}


def _places(actor: Actor, channel: TouchChannel, known: dict[str, Any] | None) -> list[str]:
    """Return the places for texts: the usual ones, those of the chosen template, and those that have a text already."""
    places = list(PLACES[channel])
    if known and channel is TouchChannel.EMAIL and known["template_version_id"]:
        document = templates.document_of(templates.version(actor, known["template_version_id"]))
        if document.email is not None:
            usual = PLACES[channel]
            # The order of a mail, as far as it is known: the database keeps names in an order of its own.
            own = sorted(document.email.texts, key=lambda name: usual.index(name) if name in usual else len(usual))
            places = ["subject", "preheader", *own]
    written = [slot for texts in known["texts"].values() for slot in texts] if known else []
    return list(dict.fromkeys([*places, *written]))


def _template_names(actor: Actor, version: KitVersionView | None) -> dict[int, str]:
    ids = set()
    for one in version.touches if version else []:
        ids |= {one["template_version_id"], (one["attachment"] or {}).get("template_version_id")}
    return {version_id: templates.version(actor, version_id).name for version_id in ids - {None}}
