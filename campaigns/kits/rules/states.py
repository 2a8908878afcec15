"""The states of a kit version, and the channels of a touch."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from campaigns.networks.rules import Network


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
    """How a touch reaches people: by e-mail, by a person who shares it by hand, or as a post on a network."""

    EMAIL = "email"
    SHARE = "share"
    MASTODON = Network.MASTODON.value
    BLUESKY = Network.BLUESKY.value
    LINKEDIN = Network.LINKEDIN.value
    FACEBOOK = Network.FACEBOOK.value
    X = Network.X.value

    @property
    def network(self) -> Network | None:
        """Return the network on which this is posted, if it is."""
        return None if self in {TouchChannel.EMAIL, TouchChannel.SHARE} else Network(self.value)

    @property
    def label(self) -> str:
        """Return what people call it."""
        return {TouchChannel.EMAIL: "E-mail", TouchChannel.SHARE: "Share by hand"}.get(self) or Network(self).label


# Said in one message for everybody: by hand, or by the service in the partner's name.
POSTED: Final = frozenset(set(TouchChannel) - {TouchChannel.EMAIL})
