"""Jobs: make the rows, publish, look for what nobody knows about, sweep. Each may be lost or repeated at will."""

from __future__ import annotations

from campaigns.launches import service as launches
from campaigns.networks import service as networks
from campaigns.networks.rules import Message
from campaigns.posting import service
from campaigns.posting.rules import Reason
from campaigns.posting.service import PostDraft
from tcma.infra.db import enqueue, reading, transaction
from tcma.infra.jobs import Urgency, job
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.errors import DomainError, Unavailable
from tcma.logs import get_logger

log = get_logger(__name__)

# A partner reads this; what it was stands in the log, since its text may name anything.
UNEXPECTED = "Something unexpected is wrong with this post. The service's log says what."


@job("campaigns.posting.fan_out")
def fan_out(*, touch_id: int) -> None:
    """Make one post for each account of a touch's network."""
    with reading(SYSTEM):
        actor = Actor.partner_job(launches.partner_of_touch(SYSTEM, touch_id))
    with transaction(actor):
        service.fan_out(actor, touch_id)


@job("campaigns.posting.publish_due")
def publish_due() -> None:
    """Ask for a job for each post that could leave now."""
    with transaction(SYSTEM):
        service.ask_for_due(SYSTEM)


@job("campaigns.posting.publish", urgency=Urgency.PATIENT)
def publish(*, partner_id: int, post_id: int) -> None:
    """Publish one post: prepare, renew the account's token if it is old, claim, hand over, settle."""
    actor = Actor.partner_job(partner_id)
    prepared = _prepare(actor, post_id)
    if prepared is None:
        return
    draft, message = prepared
    if why := _why_to_wait(actor, draft.account_id):
        with transaction(actor):
            service.hold_back(actor, post_id, reason=Reason.NETWORK_UNAVAILABLE, detail=why)
        return
    with transaction(actor):
        claimed = service.claim(actor, post_id, message)
    if claimed is None:
        return
    attempt, access = claimed
    outcome = service.hand_over(attempt, access, message)
    with transaction(actor):
        service.settle(actor, attempt, outcome)


def _prepare(actor: Actor, post_id: int) -> tuple[PostDraft, Message] | None:
    reason, detail = Reason.CANNOT_BE_BUILT, UNEXPECTED
    try:
        with transaction(actor):
            draft = service.gather(actor, post_id)
        return (draft, draft.write()) if draft else None
    except Unavailable as error:
        # Storage or database for a moment: nothing is wrong with the post.
        with transaction(actor):
            service.hold_back(actor, post_id, reason=reason, detail=error.detail)
        return None
    except DomainError as error:
        detail = error.detail
        reason = Reason.DOES_NOT_FIT if error.code == "post_does_not_fit" else reason
        log.warning("post cannot be built", post_id=post_id, code=error.code)
    except Exception:
        # Whatever it is, it must not be tried for ever.
        log.exception("post cannot be built", post_id=post_id)
    with transaction(actor):
        service.give_up(actor, post_id, reason=reason, detail=detail)
    return None


def _why_to_wait(actor: Actor, account_id: int) -> str:
    """Renew an account's token if it is old; return why it cannot be used now, or nothing.

    Nothing, too, when it cannot be used any more: whoever opens it is told so.
    """
    with reading(actor):
        if networks.is_fresh(actor, account_id):
            return ""
    try:
        with transaction(actor):
            renewal = networks.begin_renewal(actor, account_id)
    except Unavailable as error:
        return error.detail
    except DomainError:
        return ""
    renewed = renewal.ask()
    with transaction(actor):
        networks.end_renewal(actor, renewal, renewed)
    return "" if renewed.tokens or renewed.lost else "The network did not renew our permission to post."


@job("campaigns.posting.look", urgency=Urgency.PATIENT)
def look(*, partner_id: int, post_id: int) -> None:
    """Look for an unconfirmed post at its network."""
    actor = Actor.partner_job(partner_id)
    with transaction(actor):
        begun = service.begin_look(actor, post_id)
    if begun is None or _why_to_wait(actor, begun.account_id):
        return
    with reading(actor):
        network, access = networks.open_account(actor, begun.account_id)
    seen = begun.ask(network, access)
    with transaction(actor):
        service.end_look(actor, begun, seen)


@job("campaigns.posting.sweep")
def sweep() -> None:
    """Take posts back from lost workers, look for what is unconfirmed, finish what is done."""
    with transaction(SYSTEM):
        taken = service.take_back(SYSTEM)
        for partner_id, post_id in service.to_look_for(SYSTEM):
            enqueue("campaigns.posting.look", partner_id=partner_id, post_id=post_id)
    if taken:
        log.warning("took back abandoned posts", posts=taken)
    with reading(SYSTEM):
        unfinished = service.unfinished(SYSTEM)
    for touch_id in unfinished:
        _finish(touch_id)


def _finish(touch_id: int) -> None:
    try:
        with transaction(SYSTEM):
            service.finish_if_done(SYSTEM, touch_id)
    except DomainError as error:
        log.warning("touch not finished", touch_id=touch_id, code=error.code)
