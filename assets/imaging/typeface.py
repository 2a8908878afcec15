"""Check a typeface and write it anew, in a confined process: names and numbers out, no table as it came."""

import json
import struct
from dataclasses import dataclass
from typing import Any

from assets.imaging import confined
from assets.imaging.errors import FontBroken, FontNotEmbeddable, FontTooLarge
from assets.imaging.sniff import FileType

MOST_GLYPHS = 40_000
MOST_BYTES = 40_000_000  # once unpacked


@dataclass(frozen=True)
class FontMeasures:
    """What was measured; `scripts` counts characters by the script's English name, `axes` are those it varies on."""

    family: str
    style: str
    weight: int
    italic: bool
    is_variable: bool
    axes: tuple[dict[str, Any], ...]
    glyphs: int
    characters: int
    scripts: dict[str, int]
    embedding: str
    outlines: str

    def as_json(self) -> dict[str, object]:
        """Give the measures as they are stored."""
        return vars(self) | {"axes": list(self.axes)}

    @property
    def title(self) -> str:
        """Name the typeface as people do."""
        return f"{self.family} {self.style}".strip()

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what the sender should know."""
        said: tuple[str, ...] = ()
        if self.is_variable:
            tags = ", ".join(axis["tag"] for axis in self.axes)
            said += (f"A variable typeface: designs may set it along {tags}.",)
        if self.embedding == "preview":
            said += ("Its maker allows it in documents to be read and printed, not in ones to be edited.",)
        return said


@dataclass(frozen=True)
class CleanFont:
    """A typeface as we write it, with a line set in it as PNG."""

    data: bytes
    file_type: FileType
    specimen: bytes
    measures: FontMeasures


def clean(data: bytes) -> CleanFont:
    """Read, bound, measure and write anew.

    Raises FontBroken, FontNotEmbeddable, FontTooLarge.
    """
    try:
        answer = confined.run("font_engine.py", data, str(MOST_GLYPHS), str(MOST_BYTES))
    except confined.Unfinished as problem:
        raise FontBroken from problem
    told_bytes, font_bytes = struct.unpack(">II", answer[:8])
    told = json.loads(answer[8 : 8 + told_bytes])
    if "refused" in told:
        raise _refusal(told)
    font = answer[8 + told_bytes : 8 + told_bytes + font_bytes]
    measures = FontMeasures(**told | {"axes": tuple(told["axes"])})
    file_type = FileType.OTF if measures.outlines == "cff" else FileType.TTF
    return CleanFont(font, file_type, answer[8 + told_bytes + font_bytes :], measures)


def _refusal(told: dict[str, Any]) -> FontBroken | FontNotEmbeddable | FontTooLarge:
    if told["refused"] == "embedding":
        return FontNotEmbeddable(
            f"This typeface cannot be used in designs: {told['why']}. Ask its maker for a licence."
        )
    return FontTooLarge() if told["refused"] == "bounds" else FontBroken()
