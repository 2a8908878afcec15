"""Contacts, consent and suppression: the words and the limits."""

from __future__ import annotations

from enum import StrEnum


class ConsentChannel(StrEnum):
    """What a person agreed to be reached by."""

    EMAIL = "email"


class ConsentScope(StrEnum):
    """Whom the consent was given to: this partner, or this brand by any of its partners."""

    PARTNER = "partner"
    BRAND = "brand"


class ConsentSource(StrEnum):
    """Where a consent comes from, as the person who imports it declares."""

    CUSTOMER = "customer"
    EVENT = "event"
    OTHER = "other"
    PAPER_FORM = "paper_form"
    WEB_FORM = "web_form"


class SuppressionScope(StrEnum):
    """How far a suppression reaches: mails of this partner, of this brand, or any mail at all."""

    PARTNER = "partner"
    BRAND = "brand"
    EVERYWHERE = "everywhere"


class SuppressionReason(StrEnum):
    """Why an address must not be mailed."""

    BOUNCED = "bounced"
    COMPLAINED = "complained"
    ERASED = "erased"
    MANUAL = "manual"
    UNSUBSCRIBED = "unsubscribed"
