"""Look at a domain's records, and act on what was found. Looking reaches the network: outside of the transaction."""

from __future__ import annotations

from dataclasses import dataclass

from campaigns.senders import queries, rules
from campaigns.senders.errors import TooManyChecks
from campaigns.senders.model import SendingDomain
from campaigns.senders.rules import DomainState, Facts, KeyFacts, KeyState, Report
from campaigns.senders.rules.states import CHECKS_IN_TEN_MINUTES
from campaigns.senders.service.domains import retire
from tcma import settings
from tcma.audit import service as audit
from tcma.infra import cache, resolver
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission, Role
from tcma.kernel.states import move
from tcma.notifications import service as notifications


@dataclass(frozen=True, slots=True)
class Examination:
    """What is to be found in the DNS; `look` asks for it."""

    domain_id: int
    facts: Facts

    def look(self) -> Report:
        """Ask the DNS, live. Reaches the network: call it outside of the transaction. Raises TooManyChecks."""
        if cache.count_up(f"senders:checks:{self.domain_id}", window_s=600) > CHECKS_IN_TEN_MINUTES:
            raise TooManyChecks
        return rules.examine(resolver.present(), self.facts)


def examination(actor: Actor, domain_id: int) -> Examination:
    """Return what the records of a domain have to say. Raises DomainNotFound, Forbidden."""
    domain = queries.own_domain(actor, domain_id)
    authorize(actor, Permission.CAMPAIGNS_DOMAIN_EDIT, domain)
    keys = tuple(
        KeyFacts(key.selector, key.algorithm, key.public_key, key.state)
        for key in domain.keys
        if key.state is not KeyState.RETIRED
    )
    return Examination(domain.id, Facts(domain.name, domain.token, keys, settings.current().mail_domain))


def note(actor: Actor, domain_id: int, report: Report) -> SendingDomain:
    """Keep what was found: verify the domain, let a published key sign, or after two failures fall back.

    Raises DomainNotFound, Forbidden.
    """
    domain = queries.domain_for_update(actor, domain_id)
    authorize(actor, Permission.CAMPAIGNS_DOMAIN_EDIT, domain)
    domain.findings = report.as_kept()
    domain.checked_at = clock.now()
    if not report.is_certain:
        return domain
    _let_published_sign(domain, report)
    before = domain.state
    if report.may_send and any(
        key.state is KeyState.SIGNING and key.selector in report.published for key in domain.keys
    ):
        _verify(domain)
    else:
        _count_failure(domain)
    if domain.state is not before:
        audit.record(
            actor, f"campaigns.domain.{domain.state}", domain, before={"state": before}, after={"state": domain.state}
        )
        _tell(actor, domain)
    return domain


def _let_published_sign(domain: SendingDomain, report: Report) -> None:
    """Let the key whose record was found take over; the one before retires, and its record may go after a week."""
    taking_over = [key for key in domain.keys if key.state is KeyState.WAITING and key.selector in report.published]
    for key in taking_over:
        for other in domain.keys:
            if other.state is KeyState.SIGNING:
                retire(other)
        session.flush()
        key.state = KeyState.SIGNING


def _verify(domain: SendingDomain) -> None:
    domain.failures = 0
    if domain.state is not DomainState.VERIFIED:
        domain.state = move(rules.DOMAIN_MOVES, domain.state, DomainState.VERIFIED)
    if domain.verified_at is None:
        domain.verified_at = domain.warm_up_from = clock.now()


def _count_failure(domain: SendingDomain) -> None:
    domain.failures += 1
    if domain.state is DomainState.VERIFIED and domain.failures >= rules.FAILURES_BEFORE_FALLBACK:
        domain.state = move(rules.DOMAIN_MOVES, domain.state, DomainState.FAILING)


def _tell(actor: Actor, domain: SendingDomain) -> None:
    if domain.state is DomainState.FAILING:
        title = f"{domain.name} can no longer be used to send"
        body = (
            "Its records were not found twice. Your mail leaves from the portal's own domain until they are back; "
            "answers still reach you. The page says which record is missing."
        )
    else:
        title = f"{domain.name} is verified"
        body = "Mail of senders under this domain leaves in their own name from now on."
    link, kind = f"/sending-domains/{domain.id}", f"senders.domain_{domain.state}"
    if domain.partner_id is None:
        notifications.tell_role(actor, Role.ADMIN, kind=kind, title=title, body=body, link=link)
    else:
        notifications.tell_partner(actor, domain.partner_id, kind=kind, title=title, body=body, link=link)
