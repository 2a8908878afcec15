"""The proof before a template is published: what the brand itself says in it can be set, in each of its languages."""

from collections.abc import Iterator, Mapping
from typing import Any

from cobranding.rendering.document.checks import shown_by
from cobranding.rendering.document.checks.walking import walk
from cobranding.rendering.document.elements import Element, TextElement
from cobranding.rendering.document.model import Document, Format
from cobranding.rendering.document.tokens import tokens_in
from cobranding.rendering.errors import DocumentInvalid, MissingGlyph, TextOverflow
from cobranding.rendering.inputs import Brand, InputFile, Inputs, Partner
from cobranding.rendering.layout import Setting, lay_out


def prove(document: Document, raw: Mapping[str, Any], fonts: Mapping[str, InputFile]) -> None:
    """Set each text that says the same for every partner, with the defaults of its variables; no picture is read.

    `raw` is the document as it was written, `fonts` are the brand's own typefaces in it.
    Raises DocumentInvalid, which names the boxes and the characters.
    """
    errors: dict[str, list[str]] = {}
    places: list[str] = []
    for placed in walk(document, raw):
        element, fmt = placed.element, placed.fmt
        if isinstance(element, TextElement) and not _is_partners(element):
            for locale, sentence in _problems(document, fmt, element, fonts):
                errors.setdefault(f"{placed.path}.text.{locale}", []).append(sentence)
                places.append(f"“{element.label}” on {fmt.label} ({fmt.name}.{element.id}, {locale}): {sentence}")
    if errors:
        raise DocumentInvalid(" ".join(places[:8]), errors=errors)


def _is_partners(element: TextElement) -> bool:
    """Tell whether a text says something about whoever uses it, so that nobody knows its length yet."""
    return any("." in token for text in element.text.values() for token in tokens_in(text))


def _problems(
    document: Document, fmt: Format, element: TextElement, fonts: Mapping[str, InputFile]
) -> Iterator[tuple[str, str]]:
    for locale in sorted(_locales(document, element)):
        setting = Setting.of(Inputs("", document, {}, Partner(), Brand(), locale, fonts=fonts))
        try:
            lay_out(element, setting, fmt)
        except (TextOverflow, MissingGlyph) as error:
            yield locale, error.detail


def _locales(document: Document, element: Element) -> set[str]:
    texts = [element.text] if isinstance(element, TextElement) else []
    texts += [document.variables[name].default for name in shown_by(element) if name in document.variables]
    return {document.locale} | {locale for text in texts for locale in text if locale}
