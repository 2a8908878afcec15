"""The states of a kit version, and the channels of a touch."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class KitVersionState(StrEnum):
    """Where a version stands: only a published one can be launched."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"
    WITHDRAWN = "withdrawn"


# Retired: no new launches, running ones go on. Withdrawn: everything that still runs on it is stopped.
MOVES: Final[Mapping[KitVersionState, frozenset[KitVersionState]]] = {
    KitVersionState.DRAFT: frozenset({KitVersionState.PUBLISHED}),
    KitVersionState.PUBLISHED: frozenset({KitVersionState.RETIRED, KitVersionState.WITHDRAWN}),
    KitVersionState.RETIRED: frozenset({KitVersionState.WITHDRAWN}),
    KitVersionState.WITHDRAWN: frozenset(),
}


class TouchChannel(StrEnum):
    """How a touch reaches people: by e-mail, or by a person who shares it by hand."""

    EMAIL = "email"
    SHARE = "share"
