"""Hear what comes back, and see to what follows from it: for the delivery, the address and the sender."""

from __future__ import annotations

import hashlib

from sqlalchemy.dialects.postgresql import insert

from campaigns.audiences import service as audiences
from campaigns.audiences.rules import SuppressionReason
from campaigns.feedback import queries, rules
from campaigns.feedback.errors import NoticeNotBelieved, NotOurReturnPath
from campaigns.feedback.model import FeedbackReport
from campaigns.feedback.rules import Kind, NoNotice, Notice, Report, Standing
from campaigns.launches import service as launches
from campaigns.sending import service as sending
from tcma import settings
from tcma.infra import cache, http
from tcma.infra.db import session
from tcma.infra.paging import Page
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission

CERTIFICATE_KEPT_S = 86_400


def partner_behind(actor: Actor, return_path: str) -> tuple[int, int]:
    """Return the partner and the delivery that a return path names, by its signature. Raises NotOurReturnPath."""
    delivery_id = sending.read_return_path(return_path)
    partner_id = None if delivery_id is None else sending.partner_of(actor, delivery_id)
    if delivery_id is None or partner_id is None:
        raise NotOurReturnPath
    return partner_id, delivery_id


def hear(actor: Actor, delivery_id: int, *, raw: bytes) -> bytes | None:
    """Take in what came to the return path of a delivery; heard twice, it changes nothing more.

    Return the hash of an address that is dead, which nobody should write to: `bury` sees to that, as the service.
    Raises NotFound, Forbidden.
    """
    return take_in(actor, delivery_id, report=rules.read(raw), fingerprint=hashlib.sha256(raw).digest())


def take_in(actor: Actor, delivery_id: int, *, report: Report, fingerprint: bytes) -> bytes | None:
    """Take in what was read about a delivery; `fingerprint` tells one report from another. Like `hear` otherwise."""
    delivery = sending.delivery(actor, delivery_id)
    authorize(actor, Permission.CAMPAIGNS_DELIVERY_SETTLE, delivery)
    dead = report.kind is Kind.HARD_BOUNCE and delivery.contact_id is not None
    address_hash = audiences.address_hash(actor, delivery.contact_id or 0) if dead else None
    if queries.is_known(actor, delivery_id, fingerprint):
        return address_hash
    session.execute(
        insert(FeedbackReport)
        .values(
            partner_id=delivery.partner_id,
            delivery_id=delivery.id,
            fingerprint=fingerprint,
            kind=report.kind,
            status=report.status,
            words=sending.without_addresses(report.words).replace("\0", ""),
            received_at=clock.now(),
        )
        .on_conflict_do_nothing()
    )
    _follow(actor, delivery.id, delivery.contact_id, report)
    return address_hash


def bury(actor: Actor, address_hash: bytes) -> None:
    """Let nobody write to a dead address any more; done twice, it changes nothing. Raises Forbidden."""
    audiences.suppress_everywhere(actor, address_hash, SuppressionReason.BOUNCED)


def believed(raw: bytes) -> Notice:
    """Read a notice of Amazon's and check who signed it. Reaches the network, and no database.

    Raises NoticeNotBelieved, HostUnavailable, OutcomeUnknown.
    """
    try:
        notice = rules.read_notice(raw)
        if notice.topic not in settings.current().sns_topics:
            raise NoticeNotBelieved
        rules.check(notice, _certificate(notice.certificate_url), clock.now())
    except NoNotice as problem:
        raise NoticeNotBelieved(str(problem)) from problem
    return notice


def subscribe(notice: Notice) -> None:
    """Say yes to a topic that this service follows. Raises NoticeNotBelieved, HostUnavailable, OutcomeUnknown."""
    try:
        http.send("GET", notice.subscribe_url)
    except NoNotice as problem:
        raise NoticeNotBelieved(str(problem)) from problem


def _certificate(url: str) -> bytes:
    key = "sns:certificate:" + hashlib.sha256(url.encode()).hexdigest()
    if kept := cache.kept(key):
        return kept.encode()
    answer = http.send("GET", url, most_bytes=64 * 1024)
    if answer.status != 200 or not answer.body.isascii():
        raise NoNotice("Amazon's certificate cannot be fetched.")
    cache.keep(key, answer.body.decode(), lasts_s=CERTIFICATE_KEPT_S)
    return answer.body


def reports(
    actor: Actor, *, kind: Kind | None = None, limit: int = 50, after: int | None = None
) -> Page[FeedbackReport]:
    """Return one page of what came back, newest first. Raises Forbidden."""
    return queries.page_of(actor, kind=kind, limit=limit, after=after)


def _follow(actor: Actor, delivery_id: int, contact_id: int | None, report: Report) -> None:
    if report.kind in {Kind.HARD_BOUNCE, Kind.SOFT_BOUNCE}:
        sending.bounced(actor, delivery_id, status=report.status, words=report.words)
    elif report.kind is Kind.DELIVERED:
        sending.arrived(actor, delivery_id)
    elif report.kind is Kind.COMPLAINT:
        sending.complained(actor, delivery_id, words=report.words)
        if contact_id is not None:
            audiences.stop_after_complaint(actor, contact_id)
        _judge(actor)


def _judge(actor: Actor) -> None:
    """Pause or stop a sender whose mails too many people reported."""
    partner_id = actor.partner_id
    if partner_id is None:
        return
    sent, complained = sending.complaint_counts(actor, since=clock.now() - rules.WINDOW)
    standing = rules.standing(sent=sent, complained=complained)
    if standing is Standing.FINE:
        return
    rate = f"{complained} of {sent} mails of the last {rules.WINDOW.days} days were reported as spam"
    if standing is Standing.STOP:
        launches.hold_sender(actor, partner_id, reason=f"{rate}.")
    else:
        launches.pause_sender(actor, partner_id, reason=f"{rate}.")
