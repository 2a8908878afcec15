"""The proof before a template is published: what the brand itself says in it can be set, in each of its languages."""

from collections.abc import Iterator

from cobranding.rendering.document.checks import shown_by
from cobranding.rendering.document.elements import Element, TextElement
from cobranding.rendering.document.model import Document, Format
from cobranding.rendering.document.tokens import tokens_in
from cobranding.rendering.errors import DocumentInvalid, MissingGlyph, TextOverflow
from cobranding.rendering.inputs import Brand, Inputs, Partner
from cobranding.rendering.layout import Setting, lay_out


def prove(document: Document) -> None:
    """Set each text that says the same for every partner, with the defaults of its variables; no picture is read.

    Raises DocumentInvalid, which names the boxes and the characters.
    """
    errors: dict[str, list[str]] = {}
    places: list[str] = []
    for fmt in document.formats.values():
        for at, element in enumerate(fmt.elements):
            if isinstance(element, TextElement) and not _is_partners(element):
                for locale, sentence in _problems(document, fmt, element):
                    errors.setdefault(f"formats.{fmt.name}.elements[{at}].text.{locale}", []).append(sentence)
                    places.append(f"“{element.label}” on {fmt.label} ({fmt.name}.{element.id}, {locale}): {sentence}")
    if errors:
        raise DocumentInvalid(" ".join(places[:8]), errors=errors)


def _is_partners(element: TextElement) -> bool:
    """Tell whether a text says something about whoever uses it, so that nobody knows its length yet."""
    return any("." in token for text in element.text.values() for token in tokens_in(text))


def _problems(document: Document, fmt: Format, element: TextElement) -> Iterator[tuple[str, str]]:
    for locale in sorted(_locales(document, element)):
        setting = Setting.of(Inputs("", document, {}, Partner(), Brand(), locale))
        try:
            lay_out(element, setting, fmt)
        except (TextOverflow, MissingGlyph) as error:
            yield locale, error.detail


def _locales(document: Document, element: Element) -> set[str]:
    texts = [element.text] if isinstance(element, TextElement) else []
    texts += [document.variables[name].default for name in shown_by(element) if name in document.variables]
    return {document.locale} | {locale for text in texts for locale in text if locale}
