"""What pages are drawn with: fonts, layers, pages of finished PDFs, and places for pictures."""

from collections.abc import Mapping, Sequence

from pikepdf import Dictionary, Object, Pdf, Stream

from cobranding.rendering.document.model import Page
from cobranding.rendering.inputs import Inputs
from cobranding.rendering.pdf.drafting import Draft
from cobranding.rendering.pdf.drawing import as_form, opened_layers
from cobranding.rendering.pdf.fonts import embed_font
from cobranding.rendering.pdf.foreign import finished_form
from cobranding.rendering.pdf.reading import READING
from cobranding.rendering.styling import faces_in
from cobranding.rendering.typography.fonts import FontKey


def fonts_of(inputs: Inputs, pages: Sequence[Page]) -> dict[FontKey, str]:
    """Return the fonts that the elements of some pages may be set in, and the names that pages know them by.

    Raises FontUnusable.
    """
    keys = {face.key for face in faces_in([element for page in pages for element in page.elements], inputs)}
    return {key: f"F{at}" for at, key in enumerate([*sorted(keys, key=repr), READING])}


def font_resources(pdf: Pdf, fonts: Mapping[FontKey, str]) -> Object:
    """Embed fonts."""
    return pdf.make_indirect(Dictionary({"/" + name: embed_font(pdf, key) for key, name in fonts.items()}))


def forms_of(pdf: Pdf, made: Draft) -> Dictionary:
    """Return what a draft draws without type, as forms of a document, by their name: layers and finished PDFs' pages.

    Raises DocumentUnusable.
    """
    forms = Dictionary()
    for name, finished in made.finished.items():
        forms["/" + name] = finished_form(pdf, finished, made.fmt)
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
