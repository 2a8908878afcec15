"""Turns the styles of a document into type: typefaces with what stands in for them, sizes, emphasis."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from cobranding.rendering.document.elements import (
    Color,
    ContactElement,
    Element,
    RichTextElement,
    Styled,
    TextElement,
    Valign,
)
from cobranding.rendering.document.model import Style
from cobranding.rendering.document.tokens import TOKEN
from cobranding.rendering.inputs import Inputs
from cobranding.rendering.typography.chains import Chain, chain_of
from cobranding.rendering.typography.fonts import Face
from cobranding.rendering.typography.richtext import Manner, Voice, Voices
from cobranding.rendering.typography.typeset import Type

BOLD = 700


def type_of(element: Styled, style_name: str, inputs: Inputs) -> Type:
    """Return how an element's text is set: its own words go before its style's.

    Raises FontUnusable.
    """
    style = inputs.document.styles[style_name]
    size = element.size or style.size
    smallest = element.smallest or min(style.smallest, size)
    return _type(element, style, inputs, size, smallest, element.color or style.color, element.valign)


def heading_type_of(element: Styled, style_name: str, inputs: Inputs) -> Type:
    """Return how a style sets the one line that stands at the top of an element: only its alignment is the element's.

    Raises FontUnusable.
    """
    style = inputs.document.styles[style_name]
    kind = _type(element, style, inputs, style.size, min(style.smallest, style.size), style.color, "top")
    return replace(kind, max_lines=1)


def _type(  # noqa: PLR0917 -- an element, its style, and what goes before it
    element: Styled, style: Style, inputs: Inputs, size: float, smallest: float, color: Color, valign: Valign
) -> Type:
    return Type(
        chain=_chain(style, inputs),
        size=size,
        smallest=smallest,
        line_height=style.line_height,
        color=color,
        align=element.align or style.align,
        valign=valign,
        max_lines=element.max_lines if isinstance(element, TextElement) else 200,
        direction=style.direction,
    )


def sized(kind: Type, text: str, inputs: Inputs) -> Type:
    """Return type between the sizes that a variable brings, where it stands alone in its element."""
    alone = TOKEN.fullmatch(text.strip())
    variable = inputs.document.variables.get(alone[1]) if alone else None
    if variable is None or (variable.largest is None and variable.smallest is None):
        return kind
    size = variable.largest or kind.size
    return replace(kind, size=size, smallest=min(variable.smallest or kind.smallest, size))


def voices_of(element: RichTextElement, style_name: str, inputs: Inputs) -> Voices:
    """Return how emphasis and links are set: in the styles named for them, else heavier and slanted.

    Raises FontUnusable.
    """
    base = inputs.document.styles[style_name]
    voices = {}
    for strong in (False, True):
        for emphasis in (False, True):
            for link in (False, True):
                style = _emphasized(element, base, inputs, Manner(strong, emphasis, link))
                own = element.color if element.color and not (link and element.link_style) else style.color
                voices[Manner(strong, emphasis, link)] = Voice(_chain(style, inputs), style.size / base.size, own)
    return Voices(voices, element.bullet)


def _emphasized(element: RichTextElement, base: Style, inputs: Inputs, manner: Manner) -> Style:
    named = (
        (manner.link and element.link_style)
        or (manner.strong and element.strong_style)
        or (manner.emphasis and element.emphasis_style)
    )
    style = inputs.document.styles[named] if named else base
    if manner.strong and not (named and named == element.strong_style):
        style = replace(style, weight=max(BOLD, style.weight))
    if manner.emphasis and not (named and named == element.emphasis_style):
        style = replace(style, italic=True)
    return style


def faces_in(elements: Iterable[Element], inputs: Inputs) -> set[Face]:
    """Return every typeface that some elements may be set in.

    Raises FontUnusable.
    """
    return {face for element in elements for chain in _chains(element, inputs) for face in chain.faces}


def _chains(element: Element, inputs: Inputs) -> Iterator[Chain]:
    if not isinstance(element, Styled):
        return
    for name in (element.style, *element.open.styles):
        yield _chain(inputs.document.styles[name], inputs)
        if isinstance(element, RichTextElement):
            yield from (voice.chain for voice in voices_of(element, name, inputs).by_manner.values())
    if isinstance(element, ContactElement) and element.name_style:
        yield _chain(inputs.document.styles[element.name_style], inputs)


def _chain(style: Style, inputs: Inputs) -> Chain:
    return chain_of(
        style.font,
        style.weight,
        style.italic,
        inputs.document.scripts,
        inputs.fonts,
        inputs.locale or inputs.document.locale,
        style.letter_spacing,
    )
