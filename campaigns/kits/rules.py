"""What a kit may contain, and the states of its versions."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class KitVersionState(StrEnum):
    """Where a version stands: only a published one can be launched."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"
    WITHDRAWN = "withdrawn"


# Retired: no new launches, running ones go on. Withdrawn: everything that still runs on it is stopped.
MOVES: Final = {
    KitVersionState.DRAFT: frozenset({KitVersionState.PUBLISHED}),
    KitVersionState.PUBLISHED: frozenset({KitVersionState.RETIRED, KitVersionState.WITHDRAWN}),
    KitVersionState.RETIRED: frozenset({KitVersionState.WITHDRAWN}),
    KitVersionState.WITHDRAWN: frozenset[KitVersionState](),
}


class TouchChannel(StrEnum):
    """How a touch reaches people: by e-mail, or by a person who shares it by hand."""

    EMAIL = "email"
    SHARE = "share"
