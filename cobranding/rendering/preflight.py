"""The check before anything is produced: each finding says what, where, how bad, and what would pass."""

from dataclasses import dataclass
from typing import Literal

from cobranding.rendering.document.elements import Background, ContactElement, LogoElement
from cobranding.rendering.document.model import Format
from cobranding.rendering.document.values import missing_values
from cobranding.rendering.inputs import Inputs
from cobranding.rendering.layout import Setting, lay_out
from cobranding.rendering.marks import Shown
from cobranding.rendering.pictures.logos import size_of_logo, vanishes
from cobranding.rendering.pictures.placing import spot_of
from tcma.kernel.errors import DomainError

LOWEST_DPI = 150
"""Below this, a printed logo looks coarse at reading distance."""


@dataclass(frozen=True)
class Finding:
    """Something that a person should know before they use the file; an error means there is no file."""

    severity: Literal["error", "warning"]
    code: str
    format: str
    element: str
    message: str
    advice: str


def preflight(inputs: Inputs) -> list[Finding]:
    """Return everything found, errors first."""
    found = [
        Finding("error", "value_missing", "", variable.name, f"{variable.label} is still needed.", "Fill it in.")
        for variable in missing_values(inputs.document, inputs.values, inputs.locale)
    ]
    setting = Setting.of(inputs)
    for fmt in inputs.document.formats.values():
        found += _of_format(setting, fmt)
    return sorted(found, key=lambda finding: finding.severity != "error")


def _of_format(setting: Setting, fmt: Format) -> list[Finding]:
    found: list[Finding] = []
    for element in fmt.elements:
        try:
            marks = lay_out(element, setting, fmt)
        except DomainError as error:
            found.append(Finding("error", error.code, fmt.name, element.id, error.detail, ADVICE.get(error.code, "")))
            continue
        if isinstance(element, LogoElement):
            found += _of_logo(fmt, element, [mark for mark in marks if isinstance(mark, Shown)])
        if isinstance(element, ContactElement) and not marks:
            message = "The contact block is empty."
            found.append(Finding("warning", "contact_empty", fmt.name, element.id, message, "Complete your profile."))
    return found


def _of_logo(fmt: Format, element: LogoElement, shown: list[Shown]) -> list[Finding]:
    if not shown:
        message = "There is no logo yet; your name stands in its place."
        return [Finding("warning", "logo_missing", fmt.name, element.id, message, "Upload your logo under Files.")]
    found = _of_ink(fmt, element, shown[0])
    return found + _of_resolution(fmt, element, shown) if fmt.is_print else found


def _of_ink(fmt: Format, element: LogoElement, shown: Shown) -> list[Finding]:
    if not vanishes(shown.picture, _ground(element)):
        return []
    plate = "dark" if _ground(element) == "light" else "white"
    message = f"Your logo could hardly be seen on {fmt.label}, whose background is {element.background} there:"
    message = f"{message} it stands on a {plate} plate."
    advice = f"Upload a logo for {element.background} backgrounds under Files."
    return [Finding("warning", "logo_contrast", fmt.name, element.id, message, advice)]


def _ground(element: LogoElement) -> Background:
    return "light" if element.background == "auto" else element.background


def _of_resolution(fmt: Format, element: LogoElement, shown: list[Shown]) -> list[Finding]:
    pixels = size_of_logo(shown[0].picture)[0]
    dpi = pixels / (spot_of(shown[0]).width / 72)
    if dpi >= LOWEST_DPI:
        return []
    message = f"Your logo has {dpi:.0f} dots an inch on {fmt.label}."
    advice = f"Upload it at least {spot_of(shown[0]).width / 72 * LOWEST_DPI:.0f} pixels wide, or as SVG."
    return [Finding("warning", "logo_coarse", fmt.name, element.id, message, advice)]


ADVICE = {
    "text_overflow": "Say it in fewer words.",
    "missing_glyph": "Use another character.",
    "values_missing": "Fill in the link.",
    "picture_unusable": "Choose another picture.",
}
