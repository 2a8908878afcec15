"""What becomes of touches when the brand withdraws a template version: the successor takes its place, or they wait."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from sqlalchemy import Select

from campaigns.kits.rules import TouchChannel
from campaigns.launches import queries, rules
from campaigns.launches.errors import LaunchInvalid
from campaigns.launches.model import Launch, LaunchTouch
from campaigns.launches.rules import LaunchState, TouchState
from campaigns.launches.service import messages
from campaigns.launches.service.drafts import TouchDraft
from campaigns.launches.service.previewing import gather
from campaigns.launches.service.reporting import touch_plan
from cobranding.artworks import service as artworks
from cobranding.templates import service as templates
from cobranding.templates.service import Recall, TemplateVersionView, Use, UseKind
from tcma.audit import service as audit
from tcma.infra.db import session
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.errors import DomainError
from tcma.kernel.permissions import Permission
from tcma.kernel.states import move
from tcma.logs import get_logger
from tcma.notifications import service as notifications

log = get_logger(__name__)

REPLACED, PAUSED, STOPPED, OUTSIDE = "replaced", "paused", "stopped", "already_shared"
_CAN_BE_PAUSED: Final = frozenset({LaunchState.SCHEDULED, LaunchState.RUNNING})


def settle_planned(actor: Actor, touch_id: int, recall: Recall) -> str:
    """Let the successor take the place of a withdrawn version in a touch, or pause the launch and say why.

    Raises LaunchNotFound, Forbidden.
    """
    launch, touch = _held(actor, touch_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_PAUSE, launch)
    if _replaced(actor, touch, launch, recall):
        return REPLACED
    launch.stopped_reason = f"{recall.sentence} Resume to send the rest without it, or cancel."
    if launch.state in _CAN_BE_PAUSED:
        launch.state = move(rules.MOVES, launch.state, LaunchState.PAUSED)
        audit.record(actor, "campaigns.launch.paused", launch, reason=launch.stopped_reason)
        notifications.tell_partner(
            actor,
            launch.partner_id,
            kind="campaigns.launch.paused",
            title=f"{launch.name} was paused",
            body=launch.stopped_reason,
            link=f"/launches/{launch.id}",
        )
    session.flush()
    return PAUSED


def settle_shared(actor: Actor, touch_id: int, recall: Recall) -> str:
    """Let the successor take the place of a withdrawn version in what is ready to be shared by hand.

    Without a fitting one its picture is not given out any more. What was shared or posted is out of reach: its partner
    is told.
    Raises LaunchNotFound, Forbidden.
    """
    launch, touch = _held(actor, touch_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_PAUSE, launch)
    if touch.state in {TouchState.FINISHED, TouchState.FANNED_OUT}:
        return OUTSIDE
    return REPLACED if _replaced(actor, touch, launch, recall) else STOPPED


def sent_with(actor: Actor, version_id: int) -> list[tuple[int, str]]:
    """Return the touches made of a template version that are being sent, with their names, for sending to count."""
    return queries.sent_with(actor, version_id)


def _held(actor: Actor, touch_id: int) -> tuple[Launch, LaunchTouch]:
    launch = queries.one_for_update(actor, queries.touch(actor, touch_id).launch_id)
    return launch, next(touch for touch in launch.touches if touch.id == touch_id)


def _replaced(actor: Actor, touch: LaunchTouch, launch: Launch, recall: Recall) -> bool:
    """Put the successor into a touch, and undo it when the touch could not be produced with it."""
    if recall.successor is None:
        return False
    before = touch_plan(actor, touch.id).template_version_ids
    try:
        with session.begin_nested():
            _put(touch, recall.withdrawn.id, recall.successor.id)
            session.flush()
            plan = touch_plan(actor, touch.id)
            _check_nothing_lost(actor, launch.values.get(touch.key, {}), recall.withdrawn, recall.successor)
            _check_made(gather(actor, plan, touch.due_at_local, touch.document), recall)
    except DomainError as error:
        log.info("touch keeps its withdrawn version", touch_id=touch.id, code=error.code)
        session.refresh(touch)
        return False
    audit.record(
        actor,
        "campaigns.touch.replaced",
        touch,
        before={"template_version_ids": sorted(before)},
        after={"template_version_ids": sorted(plan.template_version_ids)},
    )
    return True


def _put(touch: LaunchTouch, withdrawn_id: int, successor_id: int) -> None:
    document: dict[str, Any] = dict(touch.document)
    if touch.template_version_id == withdrawn_id:
        touch.template_version_id = successor_id
        document["template_version_id"] = successor_id
    attachment = document["attachment"]
    if attachment and attachment["template_version_id"] == withdrawn_id:
        document["attachment"] = {**attachment, "template_version_id": successor_id}
    touch.document = document


def _check_nothing_lost(
    actor: Actor, values: dict[str, Any], withdrawn: TemplateVersionView, successor: TemplateVersionView
) -> None:
    """Refuse a successor that no longer opens something that the partner has filled in. Raises LaunchInvalid."""
    lost = set(messages.values_for(actor, withdrawn.id, values)) - set(messages.values_for(actor, successor.id, values))
    if lost:
        raise LaunchInvalid(errors={name: ["is not open in the version that takes its place"] for name in lost})


def _check_made(draft: TouchDraft, recall: Recall) -> None:
    """Refuse what lacks a format, a value, or the place for one of the kit's texts. Raises LaunchInvalid."""
    if draft.file is not None and draft.file_format and draft.file_format not in draft.formats:
        raise LaunchInvalid(f"There is no {draft.file_format} in the version that takes its place.")
    made: list[artworks.MailInputs | artworks.Inputs] = [*draft.mails.values(), *([draft.file] if draft.file else [])]
    if any(artworks.missing_values(each.document, each.values, each.locale) for each in made):
        raise LaunchInvalid("The version that takes its place asks for more.")
    before = templates.document_of(recall.withdrawn).email
    for mail in draft.mails.values():
        after = mail.document.email
        if before and after and (set(before.texts) - set(after.texts)) & set(mail.texts):
            raise LaunchInvalid("The version that takes its place has no room for a text of the kit.")
        if artworks.text_problems(mail.document, dict(mail.texts)):
            raise LaunchInvalid("The version that takes its place does not know a token in a text of the kit.")


def _kind(
    name: str,
    label: str,
    rows: Callable[[Actor, int], Select[LaunchTouch]],
    settle: Callable[[Actor, int, Recall], str],
) -> UseKind:
    def find(actor: Actor, version_id: int, /, *, after: int, limit: int) -> Sequence[Use]:
        found = queries.part_of(rows(actor, version_id), after=after, limit=limit)
        return [
            Use(
                id=touch.id,
                partner_id=touch.partner_id,
                label=f"{touch.launch.name}: {queries.name_of(touch)}",
                state=touch.state.value if touch.way is TouchChannel.SHARE else touch.launch.state.value,
                page=f"/launches/{touch.launch_id}",
            )
            for touch in found
        ]

    return UseKind(name, label, lambda actor, version_id: queries.count(rows(actor, version_id)), find, settle=settle)


templates.register_use(_kind("touches", "Planned touches", queries.planned_with, settle_planned))
templates.register_use(_kind("shares", "Shared or posted", queries.shared_with, settle_shared))
