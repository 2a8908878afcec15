"""What is said on a network, and what keeps it from being said: asked when it is written, and at the end again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from campaigns.networks.rules.counting import length
from campaigns.networks.rules.limits import LIMITS, Network


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it leaves."""

    filename: str
    media_type: str
    data: bytes
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class Message:
    """One post as it leaves. `key` is the same at each try; `link` stands in the text, and is this touch's own."""

    key: str
    number: int
    made_at: datetime
    text: str
    link: str
    locale: str
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """What a network calls a post, and where people see it."""

    id: str
    url: str


def problems(network: Network, text: str, picture: Picture | None) -> list[str]:
    """Return a sentence for each reason why a network would not take this."""
    return [*text_problems(network, text), *(picture_problems(network, picture) if picture else ())]


def text_problems(network: Network, text: str) -> Iterator[str]:
    """Yield what is wrong with a text."""
    limits = LIMITS[network]
    if not text.strip():
        yield f"A post on {network.label} needs words."
    taken = length(text, limits)
    if taken > limits.longest_text:
        yield f"{network.label} takes {limits.longest_text} characters, and this has {taken}."
    size = len(text.encode())
    if limits.longest_text_bytes is not None and size > limits.longest_text_bytes:
        yield f"{network.label} takes {limits.longest_text_bytes} bytes of text, and this has {size}."


def picture_problems(network: Network, picture: Picture) -> Iterator[str]:
    """Yield what is wrong with a picture or its description."""
    limits = LIMITS[network]
    if picture.media_type not in limits.picture_types:
        possible = ", ".join(sorted(name.partition("/")[2].upper() for name in limits.picture_types))
        yield f"{network.label} takes pictures as {possible}. Choose another format for this post."
        return
    if len(picture.data) > limits.picture_bytes:
        yield (
            f"{network.label} takes pictures of at most {_mb(limits.picture_bytes)} MB, and this one has"
            f" {_mb(len(picture.data))} MB. Choose a smaller format for this post."
        )
    if limits.picture_pixels is not None and picture.width * picture.height > limits.picture_pixels:
        yield f"The picture has {picture.width} × {picture.height} pixels, which is more than {network.label} takes."
    if limits.aspect is not None and not limits.aspect[0] <= picture.width / max(picture.height, 1) <= limits.aspect[1]:
        yield f"A picture of {picture.width} × {picture.height} is cut off on {network.label}. Choose another format."
    if not picture.alt.strip():
        yield "Describe the picture for those who cannot see it."
    if len(picture.alt) > limits.longest_alt:
        yield (
            f"{network.label} takes descriptions of {limits.longest_alt} characters, and this one has"
            f" {len(picture.alt)}."
        )


def _mb(size: int) -> str:
    return f"{size / 1_000_000:.1f}".removesuffix(".0")
