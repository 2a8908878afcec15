"""The verbs on kits, and what launches may ask."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from campaigns.kits import queries, rules
from campaigns.kits.errors import DraftExists, KitDocumentInvalid, KitIncomplete, KitNameTaken, KitVersionFrozen
from campaigns.kits.model import Kit, KitSighting, KitVersion
from campaigns.kits.queries import KitVersionView, KitView, one, sightings, version_ids
from campaigns.kits.rules import KitVersionState, TouchChannel
from cobranding.templates import service as templates
from cobranding.templates.service import Use, UseKind
from tcma.accounts import service as accounts
from tcma.audit import service as audit
from tcma.infra.db import check_revision, enqueue, session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.errors import DomainError
from tcma.kernel.permissions import Permission
from tcma.kernel.states import move
from tcma.notifications import service as notifications

__all__ = [
    "KitVersionView",
    "KitView",
    "names_of",
    "one",
    "sightings",
    "version",
    "version_ids",
    "withdrawn_among",
]

# A partner that looks again within this time is not written down again.
SEEN_AGAIN_AFTER = timedelta(hours=1)

EMPTY: Mapping[str, Any] = {"default_locale": "en", "touches": []}


def create(
    actor: Actor,
    *,
    name: str,
    summary: str = "",
    audience_advice: str = "",
    needs_approval: bool = False,
    document: Mapping[str, Any] | None = None,
) -> KitView:
    """Start a kit with a first draft. Raises Forbidden, KitDocumentInvalid, KitNameTaken."""
    authorize(actor, Permission.CAMPAIGNS_KIT_EDIT)
    checked = rules.check_document(document or EMPTY)
    kit = Kit(
        name=name.strip(),
        summary=summary,
        audience_advice=audience_advice,
        needs_approval=needs_approval,
        created_by=actor.user_id,
    )
    session.add(kit)
    _flush_name()
    session.add(KitVersion(kit_id=kit.id, number=1, document=checked, created_by=actor.user_id))
    session.flush()
    audit.record(actor, "campaigns.kit.created", kit, after={"name": kit.name})
    return queries.one(actor, kit.id)


def edit(actor: Actor, kit_id: int, *, expected_revision: int | None = None, **changes: str | bool) -> KitView:
    """Change a kit's name, summary or audience advice, or whether its launches need the brand's approval.

    Raises KitNotFound, Forbidden, StaleEdit, KitNameTaken.
    """
    kit = queries.kit_for_update(actor, kit_id)
    authorize(actor, Permission.CAMPAIGNS_KIT_EDIT, kit)
    check_revision(kit, expected_revision)
    names = sorted({"name", "summary", "audience_advice", "needs_approval"} & changes.keys())
    before = {name: getattr(kit, name) for name in names}
    for name in names:
        value = changes[name]
        setattr(kit, name, value.strip() if isinstance(value, str) else value)
    _flush_name()
    audit.record(actor, "campaigns.kit.edited", kit, before=before, after={name: changes[name] for name in names})
    return queries.one(actor, kit.id)


def start_version(actor: Actor, kit_id: int) -> KitVersionView:
    """Start the next version as a copy of the newest. Raises KitNotFound, Forbidden, DraftExists."""
    kit = queries.kit_for_update(actor, kit_id)
    authorize(actor, Permission.CAMPAIGNS_KIT_EDIT, kit)
    if queries.version_in(kit.id, KitVersionState.DRAFT):
        raise DraftExists
    draft = KitVersion(
        kit_id=kit.id,
        number=queries.next_number(kit.id),
        document=queries.newest_version(kit.id).document,
        created_by=actor.user_id,
    )
    session.add(draft)
    session.flush()
    audit.record(actor, "campaigns.kit.version_started", draft, number=draft.number)
    return queries.version(actor, draft.id)


def save_draft(
    actor: Actor, version_id: int, *, document: Mapping[str, Any], expected_revision: int | None = None
) -> KitVersionView:
    """Replace the document of a draft; what is in it must be right, but may be incomplete.

    Raises KitNotFound, Forbidden, StaleEdit, KitVersionFrozen, KitDocumentInvalid.
    """
    draft = queries.version_for_update(actor, version_id)
    authorize(actor, Permission.CAMPAIGNS_KIT_EDIT, draft)
    check_revision(draft, expected_revision)
    if draft.state is not KitVersionState.DRAFT:
        raise KitVersionFrozen
    draft.document = rules.check_document(document)
    session.flush()
    audit.record(actor, "campaigns.kit.draft_saved", draft, touches=len(draft.document["touches"]))
    return queries.version(actor, draft.id)


def put_touch(
    actor: Actor, version_id: int, *, touch: Mapping[str, Any], expected_revision: int | None = None
) -> KitVersionView:
    """Add a touch to a draft, or replace the one with its key; texts in other locales stay.

    Raises KitNotFound, Forbidden, StaleEdit, KitVersionFrozen, KitDocumentInvalid.
    """
    queries.version_for_update(actor, version_id)
    present = queries.version(actor, version_id)
    touches = {one["key"]: one for one in present.touches}
    before = touches.get(touch["key"], {})
    merged = {**touch, "texts": {**before.get("texts", {}), **touch.get("texts", {})}}
    placed = {**touches, touch["key"]: merged}
    document = {**present.document, "touches": list(placed.values())}
    try:
        return save_draft(actor, version_id, document=document, expected_revision=expected_revision)
    except KitDocumentInvalid as problem:
        place = f"touches.{list(placed).index(touch['key'])}."
        errors = {name.replace(place, "touch.", 1): told for name, told in problem.errors.items()}
        raise KitDocumentInvalid(errors=errors) from problem


def save_timing(
    actor: Actor,
    version_id: int,
    *,
    quiet_from: str = "",
    quiet_until: str = "",
    weekdays: Sequence[str] = (),
    opened: float | None = None,
    clicked: float | None = None,
    tracking: rules.Tracking = rules.Tracking.ALL,
    utm: Mapping[str, str] | None = None,
) -> KitVersionView:
    """Say when touches of a draft may leave (empty: at any hour, on every day), and what they are to reach in percent.

    `tracking` is what is counted of their readers, `utm` what links are given on the way.

    Raises KitNotFound, Forbidden, KitVersionFrozen, KitDocumentInvalid.
    """
    queries.version_for_update(actor, version_id)
    present = queries.version(actor, version_id)
    document = {
        **present.document,
        "quiet_hours": {"from": quiet_from, "until": quiet_until} if quiet_from or quiet_until else None,
        "weekdays": list(weekdays),
        "tracking": tracking.value,
        "utm": dict(utm or {}),
        "goals": {name: percent for name, percent in (("opened", opened), ("clicked", clicked)) if percent is not None},
    }
    try:
        return save_draft(actor, version_id, document=document)
    except KitDocumentInvalid as problem:
        errors = {name.replace("quiet_hours.", "quiet_"): told for name, told in problem.errors.items()}
        raise KitDocumentInvalid(
            errors={name.removeprefix("goals."): told for name, told in errors.items()}
        ) from problem


def add_touch(actor: Actor, version_id: int, *, touch: Mapping[str, Any]) -> KitVersionView:
    """Add a touch to a draft under a key that is new to it.

    Raises KitNotFound, Forbidden, KitVersionFrozen, KitDocumentInvalid.
    """
    queries.version_for_update(actor, version_id)
    if touch["key"] in {one["key"] for one in queries.version(actor, version_id).touches}:
        raise KitDocumentInvalid(errors={"touch.key": ["This kit has a touch of that name already."]})
    return put_touch(actor, version_id, touch=touch)


def remove_touch(actor: Actor, version_id: int, *, key: str) -> KitVersionView:
    """Take a touch out of a draft. Raises KitNotFound, Forbidden, KitVersionFrozen."""
    queries.version_for_update(actor, version_id)
    present = queries.version(actor, version_id)
    document = {**present.document, "touches": [one for one in present.touches if one["key"] != key]}
    return save_draft(actor, version_id, document=document)


def publish(actor: Actor, version_id: int) -> KitVersionView:
    """Offer a draft to the partners; the version offered before is retired.

    Raises KitNotFound, Forbidden, IllegalMove, KitIncomplete.
    """
    draft = queries.version_for_update(actor, version_id)
    authorize(actor, Permission.CAMPAIGNS_KIT_PUBLISH, draft)
    target = move(rules.MOVES, draft.state, KitVersionState.PUBLISHED)
    rules.check_complete(draft.document)
    _check_templates(actor, draft.document)
    before = queries.version_in(draft.kit_id, KitVersionState.PUBLISHED)
    if before is not None:
        before.state = move(rules.MOVES, before.state, KitVersionState.RETIRED)
        session.flush()  # first, since the database allows one published version at a time
    draft.state = target
    draft.published_at = clock.now()
    draft.published_by = actor.user_id
    session.flush()
    audit.record(actor, "campaigns.kit.published", draft, number=draft.number)
    published = queries.version(actor, draft.id)
    for partner in accounts.partners(actor):
        notifications.tell_partner(
            actor,
            partner.id,
            kind="campaigns.kit.published",
            title=f"New campaign to launch: {published.name}",
            body=published.summary,
            link=f"/launches/new?kit_version_id={published.id}",
        )
    return published


def retire(actor: Actor, version_id: int) -> KitVersionView:
    """Stop offering a version; what runs on it goes on. Raises KitNotFound, Forbidden, IllegalMove."""
    row = queries.version_for_update(actor, version_id)
    authorize(actor, Permission.CAMPAIGNS_KIT_PUBLISH, row)
    row.state = move(rules.MOVES, row.state, KitVersionState.RETIRED)
    session.flush()
    audit.record(actor, "campaigns.kit.retired", row, number=row.number)
    return queries.version(actor, row.id)


def withdraw(actor: Actor, version_id: int, *, reason: str) -> KitVersionView:
    """Recall a version: every launch that still runs on it is stopped. Raises KitNotFound, Forbidden, IllegalMove."""
    row = queries.version_for_update(actor, version_id)
    authorize(actor, Permission.CAMPAIGNS_KIT_WITHDRAW, row)
    row.state = move(rules.MOVES, row.state, KitVersionState.WITHDRAWN)
    row.withdrawn_at = clock.now()
    row.withdrawn_reason = reason.strip()
    session.flush()
    audit.record(actor, "campaigns.kit.withdrawn", row, number=row.number, reason=row.withdrawn_reason)
    enqueue("campaigns.launches.stop_withdrawn", kit_version_id=row.id)
    return queries.version(actor, row.id)


def note_seen(actor: Actor, kit_id: int) -> None:
    """Remember that a partner has looked at a kit, within the hour. Raises KitNotFound, Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_KIT_READ)
    if actor.partner_id is None:
        return
    now = clock.now()
    seen = insert(KitSighting).values(
        kit_id=queries.one(actor, kit_id).id, partner_id=actor.partner_id, first_seen_at=now, last_seen_at=now
    )
    session.execute(
        seen.on_conflict_do_update(
            index_elements=[KitSighting.kit_id, KitSighting.partner_id],
            set_={"last_seen_at": now},
            where=KitSighting.last_seen_at < now - SEEN_AGAIN_AFTER,
        )
    )


def version(actor: Actor, version_id: int) -> KitVersionView:
    """Return one version; a partner finds no drafts. Raises KitNotFound."""
    return queries.version(actor, version_id)


def withdrawn_among(version_ids: Collection[int]) -> set[int]:
    """Return which of these versions the brand has withdrawn."""
    return queries.withdrawn_among(version_ids)


def names_of(version_ids: Collection[int]) -> dict[int, tuple[int, str, int]]:
    """Return kit id, kit name and number of versions."""
    return queries.names_of(version_ids)


def latest(actor: Actor, *, limit: int = 20) -> Sequence[KitView]:
    """Return the newest kits that the actor may see: to a partner, those that were published."""
    return queries.page_of_kits(actor, limit=limit).items


def _flush_name() -> None:
    try:
        session.flush()
    except IntegrityError as problem:
        if "uq_kits_name" in str(problem.orig):
            raise KitNameTaken(errors={"name": [KitNameTaken.message]}) from problem
        raise


def _check_templates(actor: Actor, document: Mapping[str, Any]) -> None:
    problems: dict[str, list[str]] = {}
    for number, touch in enumerate(document["touches"]):
        places = [("template_version_id", touch["template_version_id"], touch["channel"])]
        if touch["attachment"]:
            places.append(("attachment.template_version_id", touch["attachment"]["template_version_id"], ""))
        for place, version_id, channel in places:
            sentence = _wrong_with_template(actor, version_id, channel)
            if sentence:
                problems[f"touches.{number}.{place}"] = [sentence]
    if problems:
        raise KitIncomplete(errors=problems)


def _wrong_with_template(actor: Actor, version_id: int | None, channel: str) -> str:
    if version_id is None:
        return ""
    try:
        template = templates.version(actor, version_id)
    except DomainError:
        return "There is no such template."
    if template.state != "published":
        return f"The template {template.name} is {template.state}; only a published one can go out."
    if channel == TouchChannel.EMAIL and template.kind != "email":
        return f"The template {template.name} is a {template.kind}; an e-mail needs an e-mail template."
    return ""


def _offered(actor: Actor, template_version_id: int, /, *, after: int, limit: int) -> Sequence[Use]:
    found = queries.part_of(queries.offered_with(actor, template_version_id), after=after, limit=limit)
    return [
        Use(one.id, None, f"{one.name}, version {one.number}", one.state.value, f"/kits/{one.kit_id}") for one in found
    ]


templates.register_use(
    UseKind(
        "kits",
        "Kits on offer",
        lambda actor, template_version_id: queries.count(queries.offered_with(actor, template_version_id)),
        _offered,
        afterwards="With a withdrawn version they cannot be launched: publish a new version of the kit.",
    )
)
