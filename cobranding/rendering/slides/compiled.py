"""A deck, compiled once and stamped per partner.

Compiling makes a presentation with a layout for each page, on which everything stands that is the same for all: whoever
opens the file cannot move it by accident. Stamping writes the slides, with what the partner gives, and packs the file.
Same inputs, same bytes.
"""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from cobranding.rendering.arranging import arrange, with_what_they_follow
from cobranding.rendering.document.elements import Box, Element
from cobranding.rendering.document.model import Format, Page
from cobranding.rendering.inputs import Inputs
from cobranding.rendering.layout import Setting, is_same_for_all
from cobranding.rendering.slides import markup
from cobranding.rendering.slides.blank import CONTENT_TYPES, blank_files
from cobranding.rendering.slides.sheet import OFFICE, Sheet

SOME_DAY = (2000, 1, 1, 0, 0, 0)
"""The date of every file: the day it was made would make every copy different."""
SOME_TIME = "2000-01-01T00:00:00Z"
HEAD = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"


@dataclass(frozen=True)
class CompiledPage:
    """A page, those of its elements that do not stand on its layout with what they follow, and those that do."""

    page: Page
    on_slide: tuple[Element, ...]
    locked: frozenset[str]


@dataclass(frozen=True)
class CompiledDeck:
    """A presentation without its slides, ready to be stamped."""

    fmt: Format
    files: Mapping[str, bytes]
    pages: tuple[CompiledPage, ...]

    def stamp(self, inputs: Inputs) -> bytes:
        """Return the deck for one partner.

        Raises TextOverflow, MissingGlyph, ValuesMissing, PictureUnusable.
        """
        setting = Setting.of(inputs)
        files = dict(self.files)
        for at, compiled in enumerate(self.pages, start=1):
            sheet = Sheet(self.fmt, on_layout=False)
            for element, marks in arrange(compiled.on_slide, setting, self.fmt):
                if element.id not in compiled.locked:
                    sheet.put(element, marks, setting)
            own = f'<Relationship Id="rId1" Type="{OFFICE}/slideLayout" Target="../slideLayouts/slideLayout{at}.xml"/>'
            _add(files, f"ppt/slides/slide{at}.xml", _slide_xml(sheet, compiled.page), sheet, own)
        files["docProps/core.xml"] = _properties_xml(inputs).encode()
        return _packed(files)


def compile_deck(inputs: Inputs, fmt: Format) -> CompiledDeck:
    """Draw what is the same for every partner onto layouts."""
    setting = Setting.of(inputs)
    variables = {name for name, variable in inputs.document.variables.items() if variable.editable}
    whole = Sheet(fmt, on_layout=True).emu(fmt.trimmed)
    files = blank_files(whole.width, whole.height, len(fmt.pages))
    pages = []
    for at, page in enumerate(fmt.pages, start=1):
        locked = frozenset(_below_what_differs(page, variables))
        sheet = Sheet(fmt, on_layout=True)
        for element, marks in arrange([each for each in page.elements if each.id in locked], setting, fmt):
            sheet.put(element, marks, setting)
        own = f'<Relationship Id="rId1" Type="{OFFICE}/slideMaster" Target="../slideMasters/slideMaster1.xml"/>'
        _add(files, f"ppt/slideLayouts/slideLayout{at}.xml", _layout_xml(sheet, page), sheet, own)
        on_slide = with_what_they_follow({each.id for each in page.elements} - locked, page.elements)
        pages.append(CompiledPage(page, on_slide, locked))
    return CompiledDeck(fmt, files, tuple(pages))


def _below_what_differs(page: Page, variables: set[str]) -> Iterator[str]:
    """Yield the ids of the elements that may go onto the layout.

    A layout lies behind its slide: what is locked but covers something that differs stays on the slide, with its locks.
    """
    differing: list[Box] = []
    for element in page.elements:
        if is_same_for_all(element, variables) and not any(_overlap(element.box, box) for box in differing):
            yield element.id
        else:
            differing.append(element.open.within or element.box)


def _overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def _add(files: dict[str, bytes], name: str, xml: str, sheet: Sheet, own: str) -> None:
    folder, _, file = name.rpartition("/")
    files[name] = xml.encode()
    files[f"{folder}/_rels/{file}.rels"] = sheet.xml_rels(own).encode()
    files.update({f"ppt/media/{media}": data for media, data in sheet.media.items()})


def _slide_xml(sheet: Sheet, page: Page) -> str:
    return (
        f"{HEAD}<p:sld {markup.NAMESPACES}><p:cSld name={markup.attribute(_name(page))}><p:spTree>{markup.TREE}"
        f"{''.join(sheet.shapes)}</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sld>"
    )


def _layout_xml(sheet: Sheet, page: Page) -> str:
    ground = page.background
    behind = f"<p:bg><p:bgPr>{markup.fill_of(ground)}<a:effectLst/></p:bgPr></p:bg>" if ground else ""
    return (
        f'{HEAD}<p:sldLayout {markup.NAMESPACES} preserve="1" userDrawn="1">'
        f"<p:cSld name={markup.attribute(_name(page))}>{behind}<p:spTree>{markup.TREE}{''.join(sheet.shapes)}"
        "</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sldLayout>"
    )


def _name(page: Page) -> str:
    return page.label or f"Page {page.number}"


def _properties_xml(inputs: Inputs) -> str:
    author = markup.written(inputs.partner.trade_name or inputs.partner.legal_name)
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{markup.written(inputs.title)}</dc:title><dc:creator>{author}</dc:creator>"
        f"<cp:lastModifiedBy>{author}</cp:lastModifiedBy><cp:revision>1</cp:revision>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{SOME_TIME}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{SOME_TIME}</dcterms:modified>'
        f"<dc:language>{markup.written(inputs.locale)}</dc:language></cp:coreProperties>"
    )


def _packed(files: Mapping[str, bytes]) -> bytes:
    """Zip the files in one order with one date; pictures are packed already."""
    made = io.BytesIO()
    with ZipFile(made, "w") as archive:
        for name in sorted(files, key=lambda name: (name != CONTENT_TYPES, name)):
            entry = ZipInfo(name, SOME_DAY)
            entry.compress_type = ZIP_STORED  # what packs differs from machine to machine
            archive.writestr(entry, files[name])
    return made.getvalue()
