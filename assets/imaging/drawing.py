"""Make an SVG safe, and draw it as pixels with alpha. What came in is never served, only what was drawn.

Active parts (script, handlers, entities) and outside addresses are refused with the reason; passive parts that a
drawing does not need (links, animation, foreign objects, editors' private data) are left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser, tostring

import fontpkg_inter

from assets.imaging import confined
from assets.imaging.embedded import check_embedded
from assets.imaging.errors import (
    DrawingHasEntities,
    DrawingHasScript,
    DrawingReachesOutside,
    DrawingTooComplex,
    FileBroken,
)
from assets.imaging.prologue import end_of_prologue

SVG = "{http://www.w3.org/2000/svg}"
XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
MAX_ELEMENTS = 20_000
MAX_DEPTH = 60
MAX_EMBEDDED = 10  # pictures inside; each is decoded and written anew
MAX_DRAWN = 60_000  # elements after every <use> is expanded
LONGEST_PX = 2_000

_LEFT_OUT = frozenset(
    {"foreignObject", "animate", "animateColor", "animateMotion", "animateTransform", "set", "discard", "mpath"}
    | {"metadata", "title", "desc", "view", "cursor", "audio", "video", "iframe", "canvas", "embed", "object"}
    | {"handler", "listener"}
)
_TAKES_PICTURE = frozenset({"image", "feImage"})
_ENCODING = re.compile(rb"\A\s*<\?xml[^>]*encoding=[\"']([A-Za-z0-9._-]{1,40})[\"']")
_CSS_ADDRESS = re.compile(r"url\(\s*[\"']?\s*([^\"')]*)", re.IGNORECASE)
_LENGTH = re.compile(r"([0-9.]+(?:[eE][+-]?\d+)?)\s*(px|pt|pc|mm|cm|in|em|rem)?")
_LONGEST_LENGTH = 40  # characters; a program writes some twenty
_PER_UNIT = {
    None: 1.0,
    "px": 1.0,
    "pt": 4 / 3,
    "pc": 16.0,
    "mm": 96 / 25.4,
    "cm": 96 / 2.54,
    "in": 96.0,
    "em": 16.0,
    "rem": 16.0,
}


@dataclass(frozen=True)
class CleanDrawing:
    """A drawing that only draws: its text, its proportions, and what the sender should know."""

    svg: bytes
    width: float
    height: float
    has_text: bool
    notes: tuple[str, ...]


class _BoundedBuilder(TreeBuilder):
    """Build a tree, and stop before it becomes too large or too deep."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0
        self._count = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._depth += 1
        self._count += 1
        if self._depth > MAX_DEPTH or self._count > MAX_ELEMENTS:
            raise DrawingTooComplex
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def clean(data: bytes) -> CleanDrawing:
    """Parse a drawing and keep only what draws.

    Raises DrawingHasScript, DrawingHasEntities, DrawingReachesOutside, DrawingTooComplex, FileBroken, TooManyPixels.
    """
    root = _parse(_text(data))
    if sum(1 for element in root.iter() if _embeds(element)) > MAX_EMBEDDED:
        raise DrawingTooComplex(f"The SVG holds more than {MAX_EMBEDDED} pictures. Send a PNG instead.")
    if root.tag != SVG + "svg":
        raise FileBroken('This is no complete SVG: it does not say xmlns="http://www.w3.org/2000/svg".')
    notes: dict[str, None] = {}
    _clean_element(root, notes)
    _clean_children(root, notes)
    if _drawn_elements(root) > MAX_DRAWN:
        raise DrawingTooComplex
    width, height = _proportions(root)
    return CleanDrawing(tostring(root), width, height, root.find(f".//{SVG}text") is not None, tuple(notes))


def draw(drawing: CleanDrawing, *, longest_px: int = LONGEST_PX) -> bytes:
    """Draw as PNG with alpha, the longest side as given.

    Raises DrawingTooComplex.
    """
    scale = longest_px / max(drawing.width, drawing.height)
    width_px, height_px = (max(1, round(side * scale)) for side in (drawing.width, drawing.height))
    try:
        fonts = _fonts() if drawing.has_text else ()
        return confined.draw("svg", drawing.svg, str(width_px), str(height_px), *fonts)
    except confined.Unfinished as problem:
        raise DrawingTooComplex from problem


@lru_cache(maxsize=1)
def _fonts() -> tuple[str, ...]:
    folder = Path(fontpkg_inter.__file__).parent / "files"
    return tuple(str(path) for path in sorted(folder.glob("*.ttf")))


def _text(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    else:
        declared = _ENCODING.match(data[:1_000].removeprefix(b"\xef\xbb\xbf"))
        encoding = declared[1].decode() if declared else "utf-8"
    if encoding.lower() not in {"utf-8", "utf8", "utf-16", "us-ascii", "ascii", "iso-8859-1", "latin1", "windows-1252"}:
        raise FileBroken
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as problem:
        raise FileBroken from problem
    return text.removeprefix("\ufeff")


def _parse(text: str) -> Element:
    if "<!ENTITY" in text:
        raise DrawingHasEntities
    text = text[end_of_prologue(text) :]
    if "<!DOCTYPE" in text:  # a second one, or one that is left open
        raise DrawingHasEntities
    parser = XMLParser(target=_BoundedBuilder())  # noqa: S314 -- no DTD is left in the text, and the builder is bounded
    try:
        parser.feed(text)
        root = parser.close()
    except (ParseError, ValueError, LookupError) as problem:
        raise FileBroken from problem
    if not isinstance(root, Element):
        raise FileBroken
    return root


def _clean_children(parent: Element, notes: dict[str, None]) -> None:
    for child in list(parent):
        namespace, local = _split(child.tag)
        if local.lower() == "script":
            raise DrawingHasScript
        if namespace not in {SVG, ""} or local in _LEFT_OUT:
            _refuse_script_within(child)
            if local == "foreignObject" and _split(parent.tag)[1] != "switch":
                notes["A part of the drawing that is a web page (foreignObject) was left out."] = None
            parent.remove(child)
            continue
        _clean_element(child, notes)
        _clean_children(child, notes)


def _refuse_script_within(element: Element) -> None:
    for inner in element.iter():
        if _split(inner.tag)[1].lower() == "script" or any(_is_handler(name) for name in inner.attrib):
            raise DrawingHasScript


def _clean_element(element: Element, notes: dict[str, None]) -> None:
    _, local = _split(element.tag)
    for name, value in list(element.attrib.items()):
        namespace, short = _split(name)
        if _is_handler(name) or _is_script_address(value):
            raise DrawingHasScript
        if short == "href" and namespace in {"", "{http://www.w3.org/1999/xlink}"}:
            _clean_address(element, name, local, value.strip())
        elif namespace not in {"", "{http://www.w3.org/XML/1998/namespace}"} or short == "base":
            del element.attrib[name]
        else:
            _check_css(value)
    if local == "a":
        element.tag = SVG + "g"
    if local == "style":
        _check_sheet(element.text or "")
    if local == "text":
        notes[
            "The drawing contains live text. It was set in Inter; convert text to outlines to keep your own typeface."
        ] = None


def _embeds(element: Element) -> bool:
    return any(value.lstrip()[:5].lower() == "data:" for value in element.attrib.values())


def _clean_address(element: Element, name: str, local: str, address: str) -> None:
    if local == "a":
        del element.attrib[name]
    elif local in _TAKES_PICTURE and address.lower().startswith("data:"):
        element.set(name, check_embedded(address))
    elif not address.startswith("#"):
        raise DrawingReachesOutside


def _check_sheet(sheet: str) -> None:
    plain = _without_comments(sheet)
    if "@import" in plain.lower() or "\\" in plain:
        raise DrawingReachesOutside
    _check_css(sheet)


def _check_css(css: str) -> None:
    for address in _CSS_ADDRESS.findall(_without_comments(css)):
        if not address.strip().startswith(("#", "data:font", "data:application/")):
            raise DrawingReachesOutside


def _without_comments(css: str) -> str:
    """Leave out comments; one that never ends is no comment here, so that its text is checked."""
    kept = []
    at = 0
    while (begin := css.find("/*", at)) >= 0 and (end := css.find("*/", begin + 2)) >= 0:
        kept.append(css[at:begin])
        at = end + 2
    return "".join(kept) + css[at:]


def _is_handler(name: str) -> bool:
    return re.match(r"on[a-z]", _split(name)[1], re.IGNORECASE) is not None


def _is_script_address(value: str) -> bool:
    squeezed = re.sub(r"[\x00-\x20]", "", value[:200]).lower()
    return squeezed.startswith(("javascript:", "vbscript:", "data:text/", "data:image/svg"))


def _split(name: object) -> tuple[str, str]:
    """Give namespace (with braces) and local name."""
    text = name if isinstance(name, str) else ""
    head, brace, local = text.rpartition("}")
    return head + brace, local


def _drawn_elements(root: Element) -> int:
    """Count elements with every <use> expanded: ten nested levels of ten uses are ten thousand million shapes."""
    by_id = {element.get("id"): element for element in root.iter() if element.get("id")}
    known: dict[int, int] = {}

    def size(element: Element, trail: frozenset[int]) -> int:
        key = id(element)
        if key in known:
            return known[key]
        if key in trail:  # a circle draws nothing
            return 0
        inside = trail | {key}
        total = 1 + sum(size(child, inside) for child in element)
        total += sum(size(by_id[target], inside) for target in _uses(element) if target in by_id)
        if len(inside) > 4 * MAX_DEPTH:
            raise DrawingTooComplex
        known[key] = total
        return total

    return size(root, frozenset())


def _uses(element: Element) -> Iterator[str]:
    if _split(element.tag)[1] == "use":
        address = element.get("href") or element.get(XLINK_HREF) or ""
        yield address[1:]


def _proportions(root: Element) -> tuple[float, float]:
    view = root.get("viewBox", "")[: 5 * _LONGEST_LENGTH].replace(",", " ").split()
    width, height = (_length(root.get(side, "")) for side in ("width", "height"))
    try:
        if len(view) == 4 and float(view[2]) > 0 and float(view[3]) > 0:
            width, height = float(view[2]), float(view[3])
        elif width and height:
            root.set("viewBox", f"0 0 {width:g} {height:g}")
    except ValueError as problem:
        raise FileBroken from problem
    if not (width and height) or not 0.01 <= width / height <= 100:
        raise FileBroken("The SVG says no usable size. Give it a width and a height, or a viewBox, and send it again.")
    root.set("width", f"{width:g}")
    root.set("height", f"{height:g}")
    return width, height


def _length(text: str) -> float | None:
    plain = text.strip()
    found = _LENGTH.fullmatch(plain) if len(plain) <= _LONGEST_LENGTH else None
    try:
        return float(found[1]) * _PER_UNIT[found[2]] if found else None
    except ValueError:
        return None
