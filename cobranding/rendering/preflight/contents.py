"""What has to be said and shown: values, the partner's profile, disclaimers, rights, and words for pictures."""

from collections.abc import Iterator

from cobranding.rendering.document.elements import ContactElement, Element, ImageElement, QrElement, TextElement
from cobranding.rendering.document.model import said
from cobranding.rendering.document.tokens import PARTNER_TOKENS, tokens_in
from cobranding.rendering.document.values import missing_values, unchanged_values
from cobranding.rendering.inputs import Inputs
from cobranding.rendering.layout import Setting
from cobranding.rendering.preflight.findings import Code, Finding
from cobranding.rendering.preflight.pages import Laid, Sheet


def values_of(inputs: Inputs) -> Iterator[Finding]:
    """Find values that are still needed, still to be changed, or not allowed any more."""
    for variable in missing_values(inputs.document, inputs.values, inputs.locale):
        message = f"{variable.label} is still needed."
        yield Finding("error", Code.VALUE_MISSING, "", variable.name, message, "Fill it in.")
    for variable in unchanged_values(inputs.document, inputs.values):
        message = f"{variable.label} still says what the template says, which only shows what to write."
        yield Finding("error", Code.MUST_CHANGE, "", variable.name, message, "Say it in your own words.")
    for path, sentence in inputs.refused.items():
        yield Finding("error", Code.RIGHTS_ENDED, "", path, sentence, "Use another file in its place.")


def disclaimers_of(sheet: Sheet) -> Iterator[Finding]:
    """Find elements that must not be missing, and are."""
    for laid in sheet.laid:
        if laid.element.required and not laid.marks and laid.error is None:
            message = f"{laid.element.label} must stand on {sheet.fmt.label}, and there is nothing to be put there."
            advice = "Complete your profile, or fill in what it shows."
            yield Finding("error", Code.DISCLAIMER_MISSING, sheet.fmt.name, laid.element.id, message, advice)


def profile_of(sheet: Sheet) -> Iterator[Finding]:
    """Find fields of the profile that an element shows, and that are empty."""
    for laid in sheet.laid:
        lacking = _lacking(laid.element, sheet.setting)
        if lacking and isinstance(laid.element, ContactElement) and not laid.marks and laid.error is None:
            message = "The contact block is empty."
            yield Finding(
                "warning", Code.CONTACT_EMPTY, sheet.fmt.name, laid.element.id, message, "Complete your profile."
            )
        elif lacking:
            names = ", ".join(name.replace("_", " ") for name in lacking)
            message = f"{laid.element.label} on {sheet.fmt.label} shows what your profile does not say yet: {names}."
            yield Finding(
                "error" if laid.element.required else "warning",
                Code.PROFILE_MISSING,
                sheet.fmt.name,
                laid.element.id,
                message,
                "Complete your profile.",
            )


def _lacking(element: Element, setting: Setting) -> list[str]:
    """Return the partner's fields that an element shows and that are empty, in their order."""
    tokens = dict.fromkeys(token for text in _texts(element, setting) for token in tokens_in(text))
    return [
        token.partition(".")[2] for token in tokens if token in PARTNER_TOKENS and not setting.value_of(token).strip()
    ]


def _texts(element: Element, setting: Setting) -> tuple[str, ...]:
    if isinstance(element, TextElement):
        return (said(element.text, setting.inputs.locale, setting.inputs.document.locale),)
    if isinstance(element, ContactElement):
        return element.lines
    return (element.target,) if isinstance(element, QrElement) else ()


def words_of(sheet: Sheet) -> Iterator[Finding]:
    """Find pictures without words for those who do not see them."""
    for laid in sheet.laid:
        if isinstance(laid.element, ImageElement) and laid.marks and not _alt(laid.element, sheet.setting):
            own = isinstance(sheet.setting.values.get(laid.element.variable or ""), int)
            message = f"{laid.element.label} has no words for people who do not see it."
            advice = "Describe the picture under Files." if own else "The brand describes it in the template (alt)."
            yield Finding("warning", Code.ALT_MISSING, sheet.fmt.name, laid.element.id, message, advice)


def _alt(element: ImageElement, setting: Setting) -> str:
    inputs = setting.inputs
    value = setting.values.get(element.variable) if element.variable else element.image
    if isinstance(value, int):
        return inputs.given[value].alt.strip() if value in inputs.given else ""
    picture = inputs.document.images.get(str(value))
    return said(picture.alt, inputs.locale, inputs.document.locale).strip() if picture else ""


def failure_of(laid: Laid, sheet: Sheet) -> Iterator[Finding]:
    """Find what kept an element from being laid out."""
    if laid.error is not None:
        advice = ADVICE.get(laid.error.code, "")
        yield Finding("error", laid.error.code, sheet.fmt.name, laid.element.id, laid.error.detail, advice)


ADVICE: dict[str, str] = {
    Code.TEXT_OVERFLOW: "Say it in fewer words.",
    Code.MISSING_GLYPH: "Use another character.",
    Code.VALUES_MISSING: "Fill in the link.",
    Code.PICTURE_UNUSABLE: "Choose another picture.",
}
