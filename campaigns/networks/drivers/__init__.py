"""One driver for each network. A new network is one file here, one line below, and its limits in the rules."""

from collections.abc import Mapping
from typing import Final

from campaigns.networks.drivers.bluesky import Bluesky
from campaigns.networks.drivers.facebook import Facebook
from campaigns.networks.drivers.linkedin import LinkedIn
from campaigns.networks.drivers.mastodon import Mastodon
from campaigns.networks.drivers.protocol import Access, Driver, Way
from campaigns.networks.drivers.x import X
from campaigns.networks.rules import Network

DRIVERS: Final[Mapping[Network, Driver]] = {
    Network.MASTODON: Mastodon(),
    Network.BLUESKY: Bluesky(),
    Network.LINKEDIN: LinkedIn(),
    Network.FACEBOOK: Facebook(),
    Network.X: X(),
}


def driver_of(network: Network) -> Driver:
    """Return who speaks to a network."""
    return DRIVERS[network]


__all__ = ["DRIVERS", "Access", "Driver", "Way", "driver_of"]
