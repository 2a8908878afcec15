"""The words of consent and suppression."""

from __future__ import annotations

from enum import StrEnum


class ConsentChannel(StrEnum):
    """What a person agreed to be reached by."""

    EMAIL = "email"


class ConsentScope(StrEnum):
    """Whom the consent was given to: this partner, or this brand by any of its partners."""

    PARTNER = "partner"
    BRAND = "brand"


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


# What a person (or their mailbox) decided is not a partner's to undo.
LIFTABLE = frozenset({SuppressionReason.MANUAL})
