"""Links in mails that lead their person to one page, once: into a session that may look and launch, and nothing else.

Looking at the page uses nothing up, so a mail scanner that follows links does no harm: a button does. The session ends
with the browser, two hours later at the latest, and whoever wants to do more signs in.
"""

from datetime import timedelta
from typing import Final

from flask import session as browser

from tcma.accounts import service
from tcma.accounts.errors import LinkExpired
from tcma.accounts.rules import LinkPurpose
from tcma.audit import service as audit
from tcma.infra.db import transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM
from tcma.kernel.permissions import Permission

LASTS: Final = timedelta(hours=2)
MAY: Final = frozenset(
    {
        Permission.ASSETS_ASSET_READ,
        Permission.CAMPAIGNS_AUDIENCE_READ,
        Permission.CAMPAIGNS_KIT_READ,
        Permission.CAMPAIGNS_LAUNCH_CREATE,
        Permission.CAMPAIGNS_LAUNCH_PAUSE,
        Permission.CAMPAIGNS_LAUNCH_READ,
        Permission.CAMPAIGNS_SENDER_READ,
        Permission.COBRANDING_ARTWORK_READ,
        Permission.COBRANDING_TEMPLATE_READ,
    }
)


def begin_visit(token: str) -> str:
    """Let whoever follows a link in as its person, and return the page that it leads to. Raises LinkExpired."""
    with transaction(SYSTEM):
        link = service.accepted_by(token, LinkPurpose.VISIT)
        user = service.user_of_link(link) if link else None
        if link is None or user is None or not user.is_active:
            raise LinkExpired("This link was used already, or is too old. Sign in to go on.")
        link.used_at = clock.now()
        audit.record(service.actor_of(user, only=MAY), "accounts.visit.begun", user, target=link.target)
        target, user_id, epoch = link.target, user.id, user.session_epoch
    browser.clear()
    browser.permanent = False
    browser["user_id"], browser["epoch"] = user_id, epoch
    browser["visit_until"] = (clock.now() + LASTS).timestamp()
    return target


def whose_visit(token: str) -> str:
    """Return the address of the person that a link is for; nothing is used up. Raises LinkExpired."""
    with transaction(SYSTEM):
        link = service.accepted_by(token, LinkPurpose.VISIT)
        if link is None:
            raise LinkExpired("This link was used already, or is too old. Sign in to go on.")
        return service.user_of_link(link).email


def has_ended() -> bool:
    """Tell whether the browser's session is a visit whose time is over."""
    until = browser.get("visit_until")
    return until is not None and clock.now().timestamp() > until


def is_visit() -> bool:
    """Tell whether the browser's session began with a link of a mail."""
    return "visit_until" in browser
