"""When a file may be shared by a link, and for how long."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from assets.library.errors import NotShareable
from assets.library.rules.kinds import AssetKind
from tcma.kernel.errors import Invalid

DEFAULT_DAYS = 14
LONGEST_DAYS = 90
KEPT_INSIDE = {
    AssetKind.FONT: "A typeface is used in designs and not handed out.",
    AssetKind.PROOF: "A proof belongs to a claim and is not handed out.",
}


class Shareable(Protocol):
    """Anything that may be shared."""

    @property
    def kind(self) -> AssetKind: ...  # noqa: D102
    @property
    def rights_regions(self) -> Sequence[str]: ...  # noqa: D102


def check_shareable(file: Shareable) -> None:
    """Refuse to share what is not for everybody, wherever they are.

    Raises NotShareable.
    """
    if file.kind in KEPT_INSIDE:
        raise NotShareable(KEPT_INSIDE[file.kind])
    if file.rights_regions:
        raise NotShareable("The rights to this file run in some regions only, and a link opens everywhere.")


def expiry(now: datetime, days: int) -> datetime:
    """Give the moment at which a link ends.

    Raises Invalid.
    """
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid(errors={"days": [f"Choose 1 to {LONGEST_DAYS} days."]})
    return now + timedelta(days=days)
