"""What a kit may contain, the states of its versions, and which text a reader gets."""

from campaigns.kits.rules.counting import UTM_NAMES, Tracking, tracking_of, with_utm
from campaigns.kits.rules.document import ATTACHMENT_MODES, MAX_TOUCHES, REQUIRED_SLOTS, check_complete, check_document
from campaigns.kits.rules.goals import GOAL_FIGURES
from campaigns.kits.rules.states import MOVES, POSTED, KitVersionState, TouchChannel
from campaigns.kits.rules.timing import WEEKDAYS, Hours, hours_of
from campaigns.kits.rules.tokens import (
    CONTACT_TOKENS,
    LINK_TOKENS,
    PARTNER_TOKENS,
    TOKENS,
    fill,
    inert,
    locale_tag,
    pick_locale,
    unknown_tokens,
)

__all__ = [
    "ATTACHMENT_MODES",
    "CONTACT_TOKENS",
    "GOAL_FIGURES",
    "LINK_TOKENS",
    "MAX_TOUCHES",
    "MOVES",
    "PARTNER_TOKENS",
    "POSTED",
    "REQUIRED_SLOTS",
    "TOKENS",
    "UTM_NAMES",
    "WEEKDAYS",
    "Hours",
    "KitVersionState",
    "TouchChannel",
    "Tracking",
    "check_complete",
    "check_document",
    "fill",
    "hours_of",
    "inert",
    "locale_tag",
    "pick_locale",
    "tracking_of",
    "unknown_tokens",
    "with_utm",
]
