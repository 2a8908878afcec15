"""The rights to a file: from when until when, in which regions, through which channels."""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Protocol

from tcma.kernel.errors import Invalid

MOST_REGIONS = 30
LONGEST_REGION = 60  # as long as a partner's own region may be


class RightsChannel(StrEnum):
    """What a file may be used in."""

    PRINT = "print"
    SCREEN = "screen"
    EMAIL = "email"
    SOCIAL = "social"


CHANNEL_WORDS: dict[RightsChannel, str] = {
    RightsChannel.PRINT: "print",
    RightsChannel.SCREEN: "the screen",
    RightsChannel.EMAIL: "e-mail",
    RightsChannel.SOCIAL: "social media",
}


class RightsState(StrEnum):
    """Where a day lies in the window."""

    RUNNING = "running"
    TO_COME = "to_come"
    ENDED = "ended"


class HasRights(Protocol):
    """Anything that may be used for a while, somewhere."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def rights_from_on(self) -> date | None: ...  # noqa: D102
    @property
    def rights_until_on(self) -> date | None: ...  # noqa: D102
    @property
    def rights_regions(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def rights_channels(self) -> Sequence[str]: ...  # noqa: D102


def rights_run(today: date, from_on: date | None, until_on: date | None) -> bool:
    """Tell whether a day lies in the window; both ends count, an open end never ends."""
    return rights_state(today, from_on, until_on) is RightsState.RUNNING


def rights_state(today: date, from_on: date | None, until_on: date | None) -> RightsState:
    """Say where a day lies in the window."""
    if from_on is not None and today < from_on:
        return RightsState.TO_COME
    return RightsState.ENDED if until_on is not None and until_on < today else RightsState.RUNNING


def rights_problem(
    file: HasRights, today: date, *, region: str | None = None, channel: RightsChannel | str | None = None
) -> str:
    """Say in a sentence that names the file why it may not be used, or nothing when it may.

    `region` is the partner's own, blank where it has none; None for region or channel: that is not asked.
    """
    state = rights_state(today, file.rights_from_on, file.rights_until_on)
    if state is RightsState.ENDED and file.rights_until_on:
        return f"The rights to “{file.name}” ended on {_day(file.rights_until_on)}."
    if state is RightsState.TO_COME and file.rights_from_on:
        return f"The rights to “{file.name}” begin on {_day(file.rights_from_on)}."
    if region is not None and file.rights_regions and normal_region(region) not in file.rights_regions:
        where = f"not in {region.strip()}" if region.strip() else "and this partner has no region in its profile"
        return f"“{file.name}” may be used in {', '.join(file.rights_regions)} only, {where}."
    if channel is not None and file.rights_channels and RightsChannel(channel).value not in file.rights_channels:
        allowed = ", ".join(CHANNEL_WORDS[RightsChannel(one)] for one in file.rights_channels)
        return f"“{file.name}” may be used in {allowed} only, not in {CHANNEL_WORDS[RightsChannel(channel)]}."
    return ""


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def check_window(from_on: date | None, until_on: date | None) -> None:
    """Refuse a window that ends before it begins.

    Raises Invalid.
    """
    if from_on is not None and until_on is not None and until_on < from_on:
        raise Invalid(
            "The rights end before they begin.", errors={"rights_until_on": ["This is before the first day."]}
        )


def normal_region(region: str) -> str:
    """Write a region as it is compared: without outer spaces, in capitals."""
    return region.strip().upper()


def normal_regions(regions: Iterable[str]) -> list[str]:
    """Give each region once, as it is compared, in alphabetical order.

    Raises Invalid.
    """
    normal = sorted({normal_region(region) for region in regions} - {""})
    if len(normal) > MOST_REGIONS or any(len(region) > LONGEST_REGION for region in normal):
        sentence = f"Name at most {MOST_REGIONS} regions of at most {LONGEST_REGION} characters."
        raise Invalid(sentence, errors={"rights_regions": [sentence]})
    return normal
