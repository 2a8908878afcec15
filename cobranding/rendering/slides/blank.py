"""An empty presentation: a master without anything on it, and as many empty layouts and slides as there are pages."""

import io
from typing import Any
from zipfile import ZipFile

from pptx import Presentation
from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.opc.packuri import PackURI
from pptx.parts.slide import SlideLayoutPart

from cobranding.rendering.slides.markup import NAMESPACES, TREE

CONTENT_TYPES = "[Content_Types].xml"
UNUSED = (RELATIONSHIP_TYPE.PRINTER_SETTINGS, RELATIONSHIP_TYPE.THUMBNAIL)
FIRST_LAYOUT_ID = 2_147_483_649
"""What ECMA-376 asks for: ids of masters and layouts count from 2^31 on; the master has the first."""
EMPTY_LAYOUT = (
    f'<p:sldLayout {NAMESPACES} preserve="1"><p:cSld><p:spTree>{TREE}</p:spTree></p:cSld>'
    "<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sldLayout>"
)
PICTURES = '<Default Extension="jpeg" ContentType="image/jpeg"/><Default Extension="png" ContentType="image/png"/>'
APP = (
    "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>tcma</Application></Properties>"
)


def blank_files(width: int, height: int, pages: int) -> dict[str, bytes]:
    """Return the files of a presentation of a size (in EMU) by their names; slides and layouts are numbered from 1."""
    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = width, height  # type: ignore[assignment]
    _without_leftovers(presentation)
    for layout in [_layout(presentation, number) for number in range(1, pages + 1)]:
        presentation.slides.add_slide(layout)
    saved = io.BytesIO()
    presentation.save(saved)
    with ZipFile(saved) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files[CONTENT_TYPES] = _with_pictures(files[CONTENT_TYPES])
    files["docProps/app.xml"] = APP.encode()
    return files


def _without_leftovers(presentation: Any) -> None:
    """Take away what python-pptx's own template brings: its layouts, placeholders, thumbnail and printer."""
    master = presentation.slide_master
    for layout in list(master.slide_layouts):
        master.slide_layouts.remove(layout)
    for shape in list(master.shapes):
        shape.element.getparent().remove(shape.element)
    package = presentation.part.package
    for holder in (package, presentation.part):
        rels = holder._rels  # noqa: SLF001 - there is no public way to drop a relationship without a reference
        for each in [each for each in rels if rels[each].reltype in UNUSED]:
            rels.pop(each)


def _layout(presentation: Any, number: int) -> Any:
    """Add an empty layout, which python-pptx can load but not make."""
    master = presentation.slide_master
    name = PackURI(f"/ppt/slideLayouts/slideLayout{number}.xml")
    part = SlideLayoutPart.load(name, CONTENT_TYPE.PML_SLIDE_LAYOUT, presentation.part.package, EMPTY_LAYOUT.encode())
    part.relate_to(master.part, RELATIONSHIP_TYPE.SLIDE_MASTER)
    listed = master.element.get_or_add_sldLayoutIdLst()
    entry = listed._add_sldLayoutId()  # noqa: SLF001 - made by python-pptx for every child of the list
    entry.set("id", str(FIRST_LAYOUT_ID + number))
    entry.rId = master.part.relate_to(part, RELATIONSHIP_TYPE.SLIDE_LAYOUT)
    return part.slide_layout


def _with_pictures(content_types: bytes) -> bytes:
    text = content_types.decode()
    for each in PICTURES.replace("><", ">\n<").split("\n"):
        if each.partition(" ContentType")[0] not in text:
            text = text.replace("<Override", each + "<Override", 1)
    return text.encode()
