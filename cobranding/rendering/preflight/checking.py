"""Runs all checks, or before a render only those whose errors would not show by themselves."""

from collections.abc import Collection, Iterator

from cobranding.rendering.arranging import attempt, with_what_they_follow
from cobranding.rendering.document.elements import Element, ImageElement, LogoElement
from cobranding.rendering.document.model import Format
from cobranding.rendering.errors import PreflightFailed, ValuesMissing
from cobranding.rendering.inputs import Inputs
from cobranding.rendering.layout import Setting
from cobranding.rendering.marks import Shown
from cobranding.rendering.preflight.contents import (
    disclaimers_of,
    failure_of,
    profile_of,
    values_of,
    words_of,
)
from cobranding.rendering.preflight.findings import Code, Finding
from cobranding.rendering.preflight.logos import logos_of, resolution_of, shown_logo, size_of_logo
from cobranding.rendering.preflight.pages import Laid, Sheet, sheet_of
from cobranding.rendering.preflight.pictures import picture_of, pictures_of
from cobranding.rendering.preflight.texts import contrasts_of
from tcma.kernel.errors import DomainError

OF_A_FORMAT = (disclaimers_of, profile_of, logos_of, pictures_of, contrasts_of, words_of)
UNSAID = frozenset({Code.VALUE_MISSING, Code.MUST_CHANGE})


def preflight(inputs: Inputs, formats: Collection[str] = ()) -> list[Finding]:
    """Return everything found in some formats, or in all when none is named; errors first."""
    setting = Setting.of(inputs)
    found = list(values_of(inputs))
    for fmt in inputs.document.formats.values():
        if formats and fmt.name not in formats:
            continue
        sheet = sheet_of(fmt, setting)
        for laid in sheet.laid:
            found += failure_of(laid, sheet)
        for check in OF_A_FORMAT:
            found += check(sheet)
    return sorted(found, key=lambda finding: finding.severity != "error")


def check_ready(inputs: Inputs, fmt: Format) -> None:
    """Refuse to render a format that preflight would call wrong, as far as laying it out would not say so itself.

    Raises ValuesMissing, PreflightFailed.
    """
    found = [finding for finding in (*values_of(inputs), *_wrong(inputs, fmt)) if finding.severity == "error"]
    if not found:
        return
    errors: dict[str, list[str]] = {}
    for finding in found:
        errors.setdefault(finding.place, []).append(f"{finding.message} {finding.advice}")
    problem = ValuesMissing if all(finding.code in UNSAID for finding in found) else PreflightFailed
    raise problem(" ".join(finding.message for finding in found[:8]), errors=errors)


def _wrong(inputs: Inputs, fmt: Format) -> Iterator[Finding]:
    """Find what is wrong with elements that are drawn; what cannot be laid out says so when it is rendered."""
    for page in fmt.pages:
        judged = {element.id for element in page.elements if _may_be_wrong(element, fmt)}
        if not judged:
            continue
        setting = Setting.of(inputs)
        for element, outcome in attempt(with_what_they_follow(judged, page.elements), setting, fmt):
            if element.id in judged and not isinstance(outcome, DomainError):
                yield from _wrong_with(Sheet(fmt, setting, (Laid(element, 0, 0, outcome),)))


def _wrong_with(sheet: Sheet) -> Iterator[Finding]:
    """Judge the one element of a sheet."""
    (laid,) = sheet.laid
    element, fmt = laid.element, sheet.fmt
    logo = shown_logo(laid)
    if logo is not None:
        yield from size_of_logo(*logo, fmt)
        yield from resolution_of(*logo, fmt)
    elif isinstance(element, ImageElement):
        own = isinstance(sheet.setting.values.get(element.variable or ""), int)
        for mark in laid.marks:
            if isinstance(mark, Shown):
                yield from picture_of(element, mark, fmt, own=own)
    if element.required:
        yield from disclaimers_of(sheet)
        yield from profile_of(sheet)


def _may_be_wrong(element: Element, fmt: Format) -> bool:
    """Tell whether an element has to be laid out once more to be judged, which takes time."""
    if element.required:
        return True
    if isinstance(element, LogoElement):
        return fmt.is_print or bool(element.min_width or element.min_height)
    return isinstance(element, ImageElement) and fmt.is_print and element.variable is not None
