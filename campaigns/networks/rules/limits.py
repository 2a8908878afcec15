"""What each network takes, as data: one line of a table for each limit, and one column for each network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_MB = 1_000_000


class Network(StrEnum):
    """Name a network that the service can post to; the words are those of the channels of a touch."""

    MASTODON = "mastodon"
    BLUESKY = "bluesky"
    LINKEDIN = "linkedin"
    FACEBOOK = "facebook"
    X = "x"

    @property
    def label(self) -> str:
        """Return the name that people know."""
        return _LABELS[self]


_LABELS: Final = {
    Network.MASTODON: "Mastodon",
    Network.BLUESKY: "Bluesky",
    Network.LINKEDIN: "LinkedIn",
    Network.FACEBOOK: "Facebook",
    Network.X: "X",
}


class Counting(StrEnum):
    """How a network counts a text: by code points, by what a reader sees as one character, or by weights."""

    CHARACTERS = "characters"
    GRAPHEMES = "graphemes"
    WEIGHTED = "weighted"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one network takes.

    `link_length` is what any link counts for, where it does not count as it is written; `link_shown` is how much of it
    readers see, where it is not all. `aspect` is width : height, from the tallest to the widest that is not cut.
    """

    counting: Counting
    longest_text: int
    link_length: int | None
    link_shown: int | None
    longest_text_bytes: int | None
    pictures: int
    picture_types: frozenset[str]
    picture_bytes: int
    picture_pixels: int | None
    aspect: tuple[float, float] | None
    longest_alt: int


_WEB_PICTURES: Final = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})

LIMITS: Final[Mapping[Network, Limits]] = {
    # docs.joinmastodon.org/user/posting, /api/v2/instance: what a server allows when its owner changed nothing.
    Network.MASTODON: Limits(
        counting=Counting.CHARACTERS,
        longest_text=500,
        link_length=23,
        link_shown=30,
        longest_text_bytes=None,
        pictures=4,
        picture_types=_WEB_PICTURES,
        picture_bytes=16 * _MB,
        picture_pixels=33_177_600,
        aspect=None,
        longest_alt=1500,
    ),
    # The lexicons app.bsky.feed.post and app.bsky.embed.images. A link is shown short, as their own app shows it.
    Network.BLUESKY: Limits(
        counting=Counting.GRAPHEMES,
        longest_text=300,
        link_length=25,
        link_shown=25,
        longest_text_bytes=3000,
        pictures=4,
        picture_types=_WEB_PICTURES,
        picture_bytes=1 * _MB,
        picture_pixels=None,
        aspect=None,
        longest_alt=2000,
    ),
    # learn.microsoft.com/linkedin: Posts API (commentary), Images API (pixels, types), accessibility (alt text).
    Network.LINKEDIN: Limits(
        counting=Counting.CHARACTERS,
        longest_text=3000,
        link_length=None,
        link_shown=None,
        longest_text_bytes=None,
        pictures=20,
        picture_types=frozenset({"image/jpeg", "image/png", "image/gif"}),
        picture_bytes=8 * _MB,
        picture_pixels=36_152_320,
        aspect=(0.33, 3.0),
        longest_alt=4086,
    ),
    # developers.facebook.com: Page Feed, Page Photos.
    Network.FACEBOOK: Limits(
        counting=Counting.CHARACTERS,
        longest_text=63_206,
        link_length=None,
        link_shown=None,
        longest_text_bytes=None,
        pictures=10,
        picture_types=frozenset({"image/jpeg", "image/png", "image/gif"}),
        picture_bytes=4 * _MB,
        picture_pixels=None,
        aspect=None,
        longest_alt=1000,
    ),
    # docs.x.com: Counting characters, Media best practices.
    Network.X: Limits(
        counting=Counting.WEIGHTED,
        longest_text=280,
        link_length=23,
        link_shown=23,
        longest_text_bytes=None,
        pictures=4,
        picture_types=frozenset({"image/jpeg", "image/png", "image/webp"}),
        picture_bytes=5 * _MB,
        picture_pixels=None,
        aspect=(1 / 3, 3.0),
        longest_alt=1000,
    ),
}
