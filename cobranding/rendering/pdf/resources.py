"""What pages are drawn with: fonts, layers, pages of finished PDFs, and places for pictures."""

from collections.abc import Mapping, Sequence

from pikepdf import Dictionary, Object, Pdf, Stream

from cobranding.rendering.document.elements import ContactElement, Styled
from cobranding.rendering.document.model import Document, Page
from cobranding.rendering.inputs import Inputs
from cobranding.rendering.pdf.drafting import Draft
from cobranding.rendering.pdf.drawing import as_form, opened_layers
from cobranding.rendering.pdf.embedding import embed_font
from cobranding.rendering.pdf.foreign import finished_form
from cobranding.rendering.typography.fonts import FontKey, face


def fonts_of(document: Document, pages: Sequence[Page]) -> dict[FontKey, str]:
    """Return the fonts that the elements of some pages may be set in, and the names that pages know them by."""
    styles: set[str] = set()
    for element in (element for page in pages for element in page.elements):
        if isinstance(element, Styled):
            styles.update((element.style, *element.open.styles))
        if isinstance(element, ContactElement) and element.name_style:
            styles.add(element.name_style)
    keys = set()
    for style in (document.styles[name] for name in sorted(styles)):
        keys.add(face(style.font.family or "inter", style.weight, document.scripts, italic=style.italic).key)
    return {key: f"F{at}" for at, key in enumerate(sorted(keys, key=repr))}


def font_resources(pdf: Pdf, fonts: Mapping[FontKey, str]) -> Object:
    """Embed fonts."""
    embedded = Dictionary()
    for key, name in fonts.items():
        embedded["/" + name] = embed_font(pdf, face(key.family, key.weight, key.scripts, italic=key.italic))
    return pdf.make_indirect(embedded)


def forms_of(pdf: Pdf, made: Draft, inputs: Inputs) -> Dictionary:
    """Return what a draft draws without type, as forms of a document, by their name: layers and finished PDFs' pages.

    Raises DocumentUnusable.
    """
    forms = Dictionary()
    for name, element in made.finished.items():
        forms["/" + name] = finished_form(pdf, element, inputs, made.fmt)
    if made.layers:
        drawn = opened_layers(made.fmt, list(made.layers.values()))
        for name, page in zip(made.layers, drawn.pages, strict=True):
            forms["/" + name] = pdf.copy_foreign(as_form(page))
    return forms


def picture_places(pdf: Pdf, made: Draft, objects: Dictionary, holes: dict[str, Object]) -> None:
    """Make the objects that the pictures of a draft's slots are written into, each with one for its transparency."""
    for slot in made.slots:
        if slot.picture:
            objects["/" + slot.picture] = holes[slot.picture] = pdf.make_indirect(Stream(pdf, b""))
            holes["M" + slot.picture] = pdf.make_indirect(Dictionary())
