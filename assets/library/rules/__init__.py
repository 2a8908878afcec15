"""The words of the library: what a file is for, the rights to it, its tags; which logo suits which background."""

from assets.library.rules.kinds import (
    PREFERENCE,
    AssetKind,
    HasVariant,
    UseKind,
    Variant,
    check_variant,
    permission_to_add,
    suits_best,
)
from assets.library.rules.rights import (
    RightsChannel,
    RightsState,
    check_window,
    normal_regions,
    rights_problem,
    rights_run,
    rights_state,
)
from assets.library.rules.sharing import DEFAULT_DAYS, LONGEST_DAYS, check_shareable, expiry
from assets.library.rules.tags import normal_tags, search_patterns

__all__ = [
    "DEFAULT_DAYS",
    "LONGEST_DAYS",
    "PREFERENCE",
    "AssetKind",
    "HasVariant",
    "RightsChannel",
    "RightsState",
    "UseKind",
    "Variant",
    "check_shareable",
    "check_variant",
    "check_window",
    "expiry",
    "normal_regions",
    "normal_tags",
    "permission_to_add",
    "rights_problem",
    "rights_run",
    "rights_state",
    "search_patterns",
    "suits_best",
]
