"""What a finding is, and everything that can be found."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Code(StrEnum):
    """What can be found; `docs/preflight.md` tells what each of them means."""

    VALUE_MISSING = "value_missing"
    MUST_CHANGE = "must_change"
    RIGHTS_ENDED = "rights_ended"
    DISCLAIMER_MISSING = "disclaimer_missing"
    PROFILE_MISSING = "profile_missing"
    CONTACT_EMPTY = "contact_empty"
    TEXT_OVERFLOW = "text_overflow"
    MISSING_GLYPH = "missing_glyph"
    VALUES_MISSING = "values_missing"
    PICTURE_UNUSABLE = "picture_unusable"
    PICTURE_COARSE = "picture_coarse"
    ALT_MISSING = "alt_missing"
    TEXT_CONTRAST = "text_contrast"
    LOGO_MISSING = "logo_missing"
    LOGO_COARSE = "logo_coarse"
    LOGO_CONTRAST = "logo_contrast"
    LOGO_TOO_SMALL = "logo_too_small"
    LOGO_WHITE_BOX = "logo_white_box"
    CLEAR_SPACE = "clear_space"


@dataclass(frozen=True)
class Finding:
    """Something that a person should know before they use the file; an error means there is no file.

    `format` and `element` are empty where it concerns all of them. What was `measured` and what is `needed` are in the
    unit that the message speaks of.
    """

    severity: Literal["error", "warning"]
    code: str
    format: str
    element: str
    message: str
    advice: str
    measured: float | None = None
    needed: float | None = None

    @property
    def place(self) -> str:
        """Return what it concerns, as errors name it."""
        return ".".join(part for part in (self.format, self.element) if part)
