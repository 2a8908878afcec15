"""What a page says to a screen reader: a tree of headings, paragraphs and pictures, in the order of the elements.

ISO 32000-1, 14.7 and 14.8. The tree is made when the page is compiled: a slot always has its place in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from cobranding.rendering.document.elements import (
    Element,
    ImageElement,
    LogoElement,
    PdfPageElement,
    QrElement,
    Styled,
    TextElement,
)
from cobranding.rendering.document.model import Document, Page, said
from cobranding.rendering.layout import Setting, link_of

Kind = Literal["P", "H1", "Figure"]
CLOSING = "EMC\n"
ARTIFACT = "/Artifact BMC\n"
"""What only decorates; no screen reader speaks of it."""


@dataclass(frozen=True)
class Entry:
    """One piece of marked content: what it is, and what is said in the place of a picture."""

    kind: Kind
    number: int
    alt: str = ""
    hole: str = ""
    """The name of the object that the picture's words are written into per partner."""

    @property
    def opening(self) -> str:
        """Write what comes before the content."""
        return f"/{self.kind} <</MCID {self.number}>> BDC\n"


def kind_of(element: Element, page: Page, document: Document) -> Kind | None:
    """Return what an element is to a reader; nothing when it only decorates."""
    if isinstance(element, LogoElement | QrElement | ImageElement):
        return "Figure"
    if isinstance(element, TextElement):
        sizes = {_size(each, document) for each in page.elements if isinstance(each, TextElement)}
        return "H1" if len(sizes) > 1 and _size(element, document) == max(sizes) else "P"
    return "P" if isinstance(element, Styled | PdfPageElement) else None


def _size(element: Styled, document: Document) -> float:
    return element.size or document.styles[element.style].size


def alt_of(element: Element, setting: Setting) -> str:
    """Return what is said in the place of a picture."""
    inputs = setting.inputs
    if isinstance(element, LogoElement):
        return inputs.partner.trade_name or inputs.partner.legal_name
    if isinstance(element, QrElement):
        return link_of(element, setting)
    if not isinstance(element, ImageElement):
        return ""
    value = setting.values.get(element.variable) if element.variable else element.image
    if isinstance(value, int):
        given = inputs.given.get(value)
        return given.alt if given else ""
    picture = inputs.document.images.get(value) if value else None
    return said(picture.alt, inputs.locale, inputs.document.locale) if picture else ""


def put_tree(pdf: Pdf, pages: Sequence[tuple[Object, Sequence[Entry]]], holes: dict[str, Object]) -> None:
    """Put the tree into a document; `holes` takes the objects for words that differ between partners."""
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    whole = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=root))
    below, numbers = Array(), Array()
    for at, (page, entries) in enumerate(pages):
        own = Array()
        for entry in entries:
            element = pdf.make_indirect(
                Dictionary(Type=Name.StructElem, S=Name("/" + entry.kind), P=whole, Pg=page, K=entry.number)
            )
            if entry.hole:
                holes[entry.hole] = pdf.make_indirect(String(""))
                element.Alt = holes[entry.hole]
            elif entry.alt:
                element.Alt = String(entry.alt)
            own.append(element)
            below.append(element)
        page.StructParents = at
        page.Tabs = Name.S
        numbers.append(at)
        numbers.append(pdf.make_indirect(own))
    whole.K = below
    root.K = whole
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=numbers))
    root.ParentTreeNextKey = len(pages)
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)
