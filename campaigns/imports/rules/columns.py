"""What the columns of a list mean: suggested from their names, and decided by a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from campaigns.audiences.rules import MAX_CUSTOM_FIELDS, meaning_of
from campaigns.imports.errors import ColumnsInvalid

OWN: Final = "attributes."
# What a column may mean, beside a field of one's own ("attributes.size") and nothing at all ("").
MEANINGS: Final = (
    "email", "first_name", "last_name", "company", "locale", "consent", "consent_source", "consent_on",
)  # fmt: skip


def suggested_columns(header: Sequence[str]) -> list[str]:
    """Return what each column seems to mean; of two that mean the same, the first does."""
    taken: set[str] = set()
    columns = []
    for name in header:
        meaning = meaning_of(name)
        columns.append("" if meaning in taken else meaning)
        taken.add(meaning)
    own = [column for column in columns if column.startswith(OWN)]
    return ["" if column in own[MAX_CUSTOM_FIELDS:] else column for column in columns]


def check_columns(columns: Sequence[str], *, width: int) -> list[str]:
    """Return what each column means, in a list as long as the header. Raises ColumnsInvalid."""
    problems: list[str] = []
    if len(columns) > width:
        problems.append(f"The file has {width} columns.")
    unknown = [one for one in columns if one and one not in MEANINGS and not (one.startswith(OWN) and one[len(OWN) :])]
    if unknown:
        problems.append(f"{unknown[0]} is no meaning of a column. Possible: {', '.join(MEANINGS)}, {OWN}….")
    doubled = [one for one, times in Counter(columns).items() if one and times > 1]
    if doubled:
        problems.append(f"Two columns mean the same: {', '.join(doubled)}.")
    if "email" not in columns:
        problems.append("Say which column holds the e-mail address.")
    if sum(one.startswith(OWN) for one in columns) > MAX_CUSTOM_FIELDS:
        problems.append(f"At most {MAX_CUSTOM_FIELDS} columns of your own are kept.")
    if problems:
        raise ColumnsInvalid(problems[0], errors={"columns": problems})
    return [*columns, *[""] * (width - len(columns))]
