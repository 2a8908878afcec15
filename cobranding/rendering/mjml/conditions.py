"""Leaves out of an MJML body what stands under a condition that is not met: `if="link.flyer"`."""

import re
from collections.abc import Collection

TAG = re.compile(r"<(mj-[a-z]+)\b([^<>]*)>")
CONDITION = re.compile(r"\sif=\"([a-z][a-z0-9_.]*)\"")
IF = re.compile(r"\sif=\"[a-z][a-z0-9_.]*\"")


def without(source: str, met: Collection[str]) -> str:
    """Return a body without what stands under other conditions than these, and without the conditions."""
    kept, at = [], 0
    endless: set[str] = set()  # tags that are closed nowhere further on: looked for once
    for tag in TAG.finditer(source):
        condition = CONDITION.search(tag[2])
        if tag.start() < at or condition is None or condition[1] in met:
            continue
        end = tag.end() if tag[2].endswith("/") else _end_of(tag, endless)
        if end:
            kept.append(source[at : tag.start()])
            at = end
    kept.append(source[at:])
    return IF.sub("", "".join(kept))


def _end_of(tag: re.Match[str], endless: set[str]) -> int:
    """Return where the element of a tag ends, or 0."""
    if tag[1] in endless:
        return 0
    found = re.compile(rf"</{tag[1]}\s*>").search(tag.string, tag.end())
    if found is None:
        endless.add(tag[1])
        return 0
    return found.end()
