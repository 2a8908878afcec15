"""Take a version back: at once for everything that asks before it acts, then one by one for what was made of it.

The withdrawal itself is one short transaction, however many mails are queued: hand-off asks for each of them. What has
to be stopped or replaced is done by a job that notes how far it has come: it may be lost, repeated or run twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cobranding.templates import queries, rules
from cobranding.templates.errors import NoSuccessor, TemplateGone, TemplateNotFound
from cobranding.templates.model import TemplateRecall, TemplateVersion
from cobranding.templates.queries import TemplateVersionView
from cobranding.templates.rules import VersionState
from cobranding.templates.service.uses import Recall, Use, UseKind, label_of, to_settle
from tcma.audit import service as audit
from tcma.infra.db import enqueue, session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.errors import DomainError, Successor
from tcma.kernel.permissions import Permission
from tcma.kernel.states import move
from tcma.logs import get_logger
from tcma.notifications import service as notifications

log = get_logger(__name__)

FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RecallView:
    """How far a recall has come: label of a kind -> what became of its uses -> how many."""

    started_at: datetime
    finished_at: datetime | None
    outcomes: Mapping[str, Mapping[str, int]]


def withdraw(
    actor: Actor, version_id: int, *, reason: str = "", successor_version_id: int | None = None
) -> TemplateVersionView:
    """Take a published version back: nothing is produced from it or sent with it any more.

    What was made of it is moved to the successor where that fits, and stopped where not.
    Raises TemplateNotFound, Forbidden, IllegalMove, NoSuccessor.
    """
    found = queries.version_for_update(actor, version_id)
    authorize(actor, Permission.COBRANDING_TEMPLATE_WITHDRAW, found)
    state = move(rules.MOVES, found.state, VersionState.WITHDRAWN)
    _check_successor(actor, found, successor_version_id)
    found.state = state
    found.withdrawn_at = clock.now()
    found.withdrawn_reason = reason.strip()
    found.successor_version_id = successor_version_id
    session.add(TemplateRecall(template_version_id=found.id, progress={}, told=[]))
    session.flush()
    audit.record(
        actor,
        "cobranding.template.withdrawn",
        found,
        after={"reason": found.withdrawn_reason, "successor_version_id": successor_version_id},
    )
    enqueue("cobranding.templates.recall", version_id=found.id)
    return queries.version(actor, found.id)


def present_version(actor: Actor, version_id: int) -> TemplateVersionView:
    """Return a version of which files are given out. Raises TemplateNotFound, TemplateGone with the successor."""
    found = queries.version(actor, version_id)
    if found.state is not VersionState.WITHDRAWN:
        return found
    why = found.withdrawn_reason
    message = f"The brand has withdrawn this version ({why.rstrip('.')}). It is not given out any more." if why else ""
    successor = successor_of(actor, found)
    if successor is None:
        raise TemplateGone(message)
    page = f"/templates/{successor.template_id}?version={successor.id}"
    raise TemplateGone(message, successor=Successor(successor.id, f"/templates/versions/{successor.id}", page))


def successor_of(actor: Actor, withdrawn: TemplateVersionView) -> TemplateVersionView | None:
    """Return what stands in the place of a withdrawn version now; a successor may have been withdrawn since."""
    found = withdrawn
    while found.state is VersionState.WITHDRAWN:
        # No circle: a successor is published when it is named, and withdrawn later than what it stands for.
        if found.successor_version_id is None:
            return None
        found = queries.version(actor, found.successor_version_id)
    return found


def recall_of(actor: Actor, version_id: int) -> RecallView | None:
    """Return how far the recall of a version has come, if it was withdrawn. Raises TemplateNotFound, Forbidden."""
    version = queries.version(actor, version_id)
    authorize(actor, Permission.COBRANDING_TEMPLATE_WITHDRAW, version)
    found = queries.recall_of(version_id)
    if found is None:
        return None
    outcomes = {label_of(kind): noted["outcomes"] for kind, noted in found.progress.items()}
    return RecallView(found.started_at, found.finished_at, outcomes)


def unfinished_recalls(actor: Actor) -> list[int]:
    """Return the versions whose recall is not over, the oldest first. Raises Forbidden."""
    authorize(actor, Permission.COBRANDING_TEMPLATE_WITHDRAW)
    return queries.unfinished_recalls()


def settle_next(actor: Actor, version_id: int, *, kind: UseKind) -> bool:
    """Stop or replace the next use of a kind, and return whether there may be more. Each use is settled once.

    Raises Forbidden.
    """
    recall = queries.recall_for_update(version_id)
    authorize(actor, Permission.COBRANDING_TEMPLATE_WITHDRAW, recall)
    if recall is None or recall.finished_at is not None:
        return False
    noted: dict[str, Any] = recall.progress.get(kind.name) or {"after": 0, "done": False, "outcomes": {}}
    found = [] if noted["done"] else kind.find(actor, version_id, after=noted["after"], limit=1)
    if not found:
        _note(recall, kind, noted | {"done": True})
        return False
    about = _recall(actor, version_id)
    outcome = _settled(actor, kind, found[0], about)
    number = noted["outcomes"].get(outcome, 0) + 1
    _note(recall, kind, noted | {"after": found[0].id, "outcomes": noted["outcomes"] | {outcome: number}})
    _tell_once(actor, recall, about, found[0].partner_id)
    session.flush()
    return True


def finish_recall(actor: Actor, version_id: int) -> bool:
    """Note that a recall is over when every use was looked at; return whether it is. Raises Forbidden."""
    recall = queries.recall_for_update(version_id)
    authorize(actor, Permission.COBRANDING_TEMPLATE_WITHDRAW, recall)
    if recall is None or recall.finished_at is not None:
        return recall is not None
    if not all(recall.progress.get(kind.name, {}).get("done") for kind in to_settle()):
        return False
    recall.finished_at = clock.now()
    session.flush()
    outcomes = {kind: noted["outcomes"] for kind, noted in recall.progress.items()}
    audit.record(actor, "cobranding.template.recalled", recall, after=outcomes, template_version_id=version_id)
    return True


def _check_successor(actor: Actor, withdrawn: TemplateVersion, successor_version_id: int | None) -> None:
    if successor_version_id is None:
        return
    refusal = NoSuccessor(errors={"successor_version_id": [NoSuccessor.message]})
    try:
        found = queries.version(actor, successor_version_id)
    except TemplateNotFound as error:
        raise refusal from error
    fits = found.template_id == withdrawn.template_id and found.state is VersionState.PUBLISHED
    if not fits or found.id == withdrawn.id:
        raise refusal


def _recall(actor: Actor, version_id: int) -> Recall:
    withdrawn = queries.version(actor, version_id)
    return Recall(withdrawn, successor_of(actor, withdrawn))


def _settled(actor: Actor, kind: UseKind, use: Use, recall: Recall) -> str:
    """Settle one use; one that fails is counted as such, and does not hold up the others."""
    if kind.settle is None:
        raise AssertionError("to_settle() gives kinds that can be settled")
    try:
        with session.begin_nested():
            return kind.settle(actor, use.id, recall)
    except DomainError as error:
        log.warning("use not settled", kind=kind.name, use_id=use.id, code=error.code)
        return FAILED


def _note(recall: TemplateRecall, kind: UseKind, noted: Mapping[str, Any]) -> None:
    recall.progress = {**recall.progress, kind.name: dict(noted)}


def _tell_once(actor: Actor, recall: TemplateRecall, about: Recall, partner_id: int | None) -> None:
    if partner_id is None or partner_id in recall.told:
        return
    recall.told = [*recall.told, partner_id]
    successor = about.successor
    notifications.tell_partner(
        actor,
        partner_id,
        kind="cobranding.template.withdrawn",
        title=f"Withdrawn: {about.withdrawn.name}, version {about.withdrawn.number}",
        body=about.sentence
        + (
            f"\n\nVersion {successor.number} stands in its place: what you made was moved to it where your words fit."
            if successor
            else "\n\nWhat you made of it can no longer be downloaded or sent."
        ),
        link=f"/templates/{about.withdrawn.template_id}?version={about.withdrawn.id}",
    )
