"""The shapes of a slide as DrawingML. Lengths come in EMU: 12,700 to a point.

Written out rather than drawn through python-pptx, which has no shapes on layouts, no locks and no opacity.
"""

import re
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from cobranding.rendering.document.elements import Color, Open
from cobranding.rendering.slides.wording import Paragraph, Run

NAMESPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
TREE = (
    '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr>'
    '<a:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/>'
    '<a:chOff x="0" y="0"/><a:chExt cx="0" cy="0"/></a:xfrm></p:grpSpPr>'
)
INDENT = 1.2
"""How far the words of a list stand in, in em."""
UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot say, not even escaped."""


@dataclass(frozen=True)
class Emu:
    """A rectangle in EMU."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Named:
    """What every shape has: its number on the sheet, its name, what it shows, where it leads, what is open."""

    number: int
    name: str
    alt: str
    link_id: str
    open: Open
    on_layout: bool


@dataclass(frozen=True)
class Lettering:
    """How the words of a text box look; sizes in hundredths of a point, `leading` in percent of the font's own."""

    family: str
    size: int
    bold: bool
    italic: bool
    spacing: int
    leading: float
    color: Color
    align: str
    rightwards: bool
    locale: str


def written(text: str) -> str:
    """Return words as XML text."""
    return escape(UNWRITABLE.sub("", text))


def attribute(text: str) -> str:
    """Return words as a quoted attribute."""
    return quoteattr(UNWRITABLE.sub("", text))


def fill_of(color: Color | None, opacity: float = 1.0) -> str:
    """Return a solid fill, or none."""
    if color is None:
        return "<a:noFill/>"
    red, green, blue = color.rgb
    alpha = f'<a:alpha val="{round(opacity * 100_000)}"/>' if opacity < 1 else ""
    return f'<a:solidFill><a:srgbClr val="{red:02X}{green:02X}{blue:02X}">{alpha}</a:srgbClr></a:solidFill>'


def outline(color: Color | None, width: int, opacity: float = 1.0) -> str:
    """Return the line around or along a shape."""
    return f'<a:ln w="{width}">{fill_of(color, opacity)}</a:ln>' if color is not None else "<a:ln><a:noFill/></a:ln>"


def geometry(kind: str, place: Emu, radius: int = 0) -> str:
    """Return where a shape is, and its outline."""
    side = max(1, min(place.width, place.height))
    adjusted = f'<a:gd name="adj" fmla="val {min(50_000, round(radius / side * 100_000))}"/>' if radius else ""
    return (
        f'<a:xfrm><a:off x="{place.x}" y="{place.y}"/><a:ext cx="{place.width}" cy="{place.height}"/></a:xfrm>'
        f'<a:prstGeom prst="{kind}"><a:avLst>{adjusted}</a:avLst></a:prstGeom>'
    )


def _locks(tag: str, named: Named, more: str) -> str:
    """Return what may not be done: what the template does not open is neither moved nor selected."""
    locked = named.on_layout or not (named.open.content or named.open.within)
    untouched = ' noSelect="1"' if locked else ""
    held = ' noMove="1"' if named.on_layout or named.open.within is None else ""
    return f'<a:{tag} noGrp="1"{untouched} noRot="1"{held} noResize="1"{more}/>'


def _properties(named: Named) -> str:
    link = f'<a:hlinkClick r:id="{named.link_id}"/>' if named.link_id else ""
    described = f" descr={attribute(named.alt)}" if named.alt else ""
    return f'<p:cNvPr id="{named.number}" name={attribute(named.name)}{described}>{link}</p:cNvPr>'


def _drawn(named: Named) -> str:
    return '<p:nvPr userDrawn="1"/>' if named.on_layout else "<p:nvPr/>"


def shape(named: Named, outlined: str, filled: str, line: str) -> str:
    """Return a rectangle or an ellipse."""
    locks = _locks("spLocks", named, ' noTextEdit="1"')
    return (
        f"<p:sp><p:nvSpPr>{_properties(named)}<p:cNvSpPr>{locks}</p:cNvSpPr>{_drawn(named)}</p:nvSpPr>"
        f"<p:spPr>{outlined}{filled}{line}</p:spPr></p:sp>"
    )


def stroke(named: Named, place: Emu, line: str) -> str:
    """Return a line from corner to corner."""
    locks = _locks("cxnSpLocks", named, "")
    return (
        f"<p:cxnSp><p:nvCxnSpPr>{_properties(named)}<p:cNvCxnSpPr>{locks}</p:cNvCxnSpPr>{_drawn(named)}</p:nvCxnSpPr>"
        f"<p:spPr>{geometry('line', place)}{line}</p:spPr></p:cxnSp>"
    )


def picture(named: Named, place: Emu, image_id: str) -> str:
    """Return a picture, whole in its place."""
    locks = _locks("picLocks", named, ' noChangeAspect="1" noCrop="1"')
    return (
        f"<p:pic><p:nvPicPr>{_properties(named)}<p:cNvPicPr>{locks}</p:cNvPicPr>{_drawn(named)}</p:nvPicPr>"
        f'<p:blipFill><a:blip r:embed="{image_id}"/><a:stretch><a:fillRect/></a:stretch></p:blipFill>'
        f"<p:spPr>{geometry('rect', place)}</p:spPr></p:pic>"
    )


def text_box(named: Named, place: Emu, anchor: str, paragraphs: str) -> str:
    """Return words in a box: they wrap in it, and shrink when somebody writes more than it holds."""
    locks = _locks("spLocks", named, "" if named.open.content and not named.on_layout else ' noTextEdit="1"')
    return (
        f'<p:sp><p:nvSpPr>{_properties(named)}<p:cNvSpPr txBox="1">{locks}</p:cNvSpPr>{_drawn(named)}</p:nvSpPr>'
        f"<p:spPr>{geometry('rect', place)}<a:noFill/></p:spPr><p:txBody>"
        f'<a:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" rtlCol="0" anchor="{anchor}"><a:normAutofit/>'
        f"</a:bodyPr><a:lstStyle/>{paragraphs}</p:txBody></p:sp>"
    )


def paragraph(words: Paragraph, look: Lettering, link_ids: dict[str, str]) -> str:
    """Return one paragraph."""
    step = round(INDENT * look.size * 127) if words.bullet else 0
    bullet = f"<a:buChar char={attribute(words.bullet[:1])}/>" if words.bullet else "<a:buNone/>"
    runs = "".join(_run(run, look, link_ids.get(run.link, "")) for run in words.runs if run.text)
    return (
        f'<a:p><a:pPr marL="{step}" indent="{-step}" algn="{look.align}" rtl="{0 if look.rightwards else 1}">'
        f'<a:lnSpc><a:spcPct val="{round(look.leading * 1000)}"/></a:lnSpc><a:spcBef><a:spcPts val="0"/></a:spcBef>'
        f'{bullet}</a:pPr>{runs}<a:endParaRPr lang="{look.locale}" sz="{look.size}"/></a:p>'
    )


def _run(run: Run, look: Lettering, link_id: str) -> str:
    bold, italic = int(look.bold or run.strong), int(look.italic or run.emphasized)
    family = attribute(look.family)
    link = f'<a:hlinkClick r:id="{link_id}"/>' if link_id else ""
    return (
        f'<a:r><a:rPr lang="{look.locale}" sz="{look.size}" b="{bold}" i="{italic}" spc="{look.spacing}" dirty="0">'
        f"{fill_of(look.color)}<a:latin typeface={family}/><a:ea typeface={family}/><a:cs typeface={family}/>{link}"
        f"</a:rPr><a:t>{written(run.text)}</a:t></a:r>"
    )
