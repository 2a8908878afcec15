"""The networks, what each of them takes, and the states of an account."""

from campaigns.networks.rules.counting import LINK, length, short, shown
from campaigns.networks.rules.limits import LIMITS, Counting, Limits, Network
from campaigns.networks.rules.messages import Message, Picture, Published, picture_problems, problems, text_problems
from campaigns.networks.rules.states import (
    HANDSHAKE_LASTS,
    MOST_ACCOUNTS,
    MOST_TRIES,
    MOVES,
    REFRESH_LASTS,
    RETRY_REFRESH,
    SOON_OLD,
    USABLE,
    WARN_AHEAD,
    AccountState,
    App,
    Candidate,
    Grant,
    Tokens,
    refresh_at,
)

__all__ = [
    "HANDSHAKE_LASTS",
    "LIMITS",
    "LINK",
    "MOST_ACCOUNTS",
    "MOST_TRIES",
    "MOVES",
    "REFRESH_LASTS",
    "RETRY_REFRESH",
    "SOON_OLD",
    "USABLE",
    "WARN_AHEAD",
    "AccountState",
    "App",
    "Candidate",
    "Counting",
    "Grant",
    "Limits",
    "Message",
    "Network",
    "Picture",
    "Published",
    "Tokens",
    "length",
    "picture_problems",
    "problems",
    "refresh_at",
    "short",
    "shown",
    "text_problems",
]
