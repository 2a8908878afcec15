"""What a kit is to reach: figures of its results, as percent of the mails that left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from campaigns.kits.rules import reading as read

GOAL_FIGURES: Final = ("opened", "clicked")


def read_goals(raw: object, problems: read.Problems) -> dict[str, float]:
    """Read goals: figure -> percent of the mails that left."""
    if not isinstance(raw, Mapping):
        read.note(problems, "goals", "Give goals by figure, such as clicked.")
        return {}
    read.refuse_unknown(raw, GOAL_FIGURES, "goals.", problems)
    goals = {}
    for figure in GOAL_FIGURES:
        percent: Any = raw.get(figure)
        if percent is None:
            continue
        if isinstance(percent, bool) or not isinstance(percent, int | float) or not 0 < percent <= 100:
            read.note(problems, f"goals.{figure}", "Give a percentage above 0, at most 100.")
        else:
            goals[figure] = float(percent)
    return goals
