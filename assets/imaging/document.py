"""Check a PDF and write it anew without anything that acts by itself.

Nothing is decoded here: streams are copied as they are, so a compressed bomb stays closed.
"""

import io
import json
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import pikepdf

from assets.imaging import confined
from assets.imaging.errors import DocumentEncrypted, FileBroken, FileRefused, TooManyPages
from assets.imaging.limits import Limits

# Only lead a reader on; everything else of ISO 32000 table 198 does something.
_LEADS = frozenset({"/GoTo", "/Thread", "/URI", "/Named"})
_ACTS = frozenset(
    {"/JavaScript", "/Launch", "/GoToR", "/GoToE", "/SubmitForm", "/ImportData", "/ResetForm", "/Rendition"}
    | {"/RichMediaExecute", "/Movie", "/Sound", "/Hide", "/SetOCGState", "/Trans", "/GoTo3DView"}
)
_WHAT_IT_DOES = ("/S", "/JS", "/F", "/Next", "/Win", "/Unix", "/Mac", "/T", "/R", "/AN", "/OP", "/TA", "/CMD")
_LEADS_TO = frozenset({"/NextPage", "/PrevPage", "/FirstPage", "/LastPage"})
_ADDRESS = re.compile(rb"[ \t\r\n]*(?:https?|mailto|tel):", re.IGNORECASE)
_FORBIDDEN = ("/AA", "/PA", "/OpenAction", "/JS", "/AF", "/EF", "/XFA", "/RichMediaContent")
_ACTIVE_ANNOTATIONS = frozenset(["/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"])
_FROM_CATALOG = (
    "/OpenAction",
    "/AA",
    "/AF",
    "/Metadata",
    "/PieceInfo",
    "/Collection",
    "/Perms",
    "/Legal",
    "/DSS",
    "/URI",
)
_FROM_PAGE = ("/AA", "/AF", "/Metadata", "/PieceInfo", "/Thumb")
MAX_OBJECTS = 200_000
MAX_DEPTH = 60  # containers within each other inside one object; programs write about ten
MAX_PARTS = 2_000_000  # entries of all containers

_Container = pikepdf.Dictionary | pikepdf.Stream | pikepdf.Array
_REFUSALS: dict[str, type[FileRefused]] = {
    error.__name__: error for error in (DocumentEncrypted, FileBroken, TooManyPages)
}
_SCRIPTS = "Scripts and actions were removed."
_FILES = "Attached files were removed."


@dataclass(frozen=True)
class CleanDocument:
    """A PDF that only shows: its bytes, its pages, and what was taken out of it."""

    data: bytes
    pages: int
    notes: tuple[str, ...]


def cleaned(data: bytes, limits: Limits) -> CleanDocument:
    """Clean a document from outside, in a confined process: a few kilobytes of it may unpack to gigabytes.

    Raises DocumentEncrypted, FileBroken, TooManyPages.
    """
    try:
        answer = confined.run("document_engine.py", data, str(limits.max_pages))
    except confined.Unfinished as problem:
        raise FileBroken from problem
    (length,) = struct.unpack(">I", answer[:4])
    told = json.loads(answer[4 : 4 + length])
    if "refused" in told:
        raise _REFUSALS.get(told["refused"], FileBroken)(told["detail"])
    return CleanDocument(answer[4 + length :], told["pages"], tuple(told["notes"]))


def clean(data: bytes, limits: Limits) -> CleanDocument:
    """Open, count, strip and write anew, in this process.

    Raises DocumentEncrypted, FileBroken, TooManyPages.
    """
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return _clean(pdf, limits)
    except pikepdf.PasswordError as problem:
        raise DocumentEncrypted from problem
    except (pikepdf.PdfError, RuntimeError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise FileBroken from problem


def _clean(pdf: pikepdf.Pdf, limits: Limits) -> CleanDocument:
    pages = len(pdf.pages)
    if pages == 0 or len(pdf.objects) > MAX_OBJECTS:
        raise FileBroken
    if pages > limits.max_pages:
        raise TooManyPages(f"The PDF has {pages} pages; at most {limits.max_pages} are accepted here.")
    taken: dict[str, None] = {}
    if pdf.is_encrypted:  # it opened without a password, so everybody may read it
        taken["Restrictions on printing or copying are not in our copy."] = None
    _clean_catalog(pdf.Root, taken)
    for page in pdf.pages:
        _clean_page(page.obj, taken)
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    for thing in _dictionaries(pdf):
        _clean_actions(thing, taken)
    buffer = io.BytesIO()
    pdf.save(buffer, static_id=True, encryption=False, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return CleanDocument(buffer.getvalue(), pages, tuple(taken))


def _clean_catalog(root: pikepdf.Object, taken: dict[str, None]) -> None:
    for name in _FROM_CATALOG:
        if name in root:
            del root[name]
            if name in {"/OpenAction", "/AA"}:
                taken["Actions that run when the document opens were removed."] = None
    names = root.get("/Names")
    if names is not None:
        for name in list(names.keys()):
            if name != "/Dests":  # named places; the other trees name scripts, files, templates and renditions
                del names[name]
                taken[{"/JavaScript": "Scripts were removed.", "/EmbeddedFiles": _FILES}.get(name, _SCRIPTS)] = None
    form = root.get("/AcroForm")
    if form is not None and "/XFA" in form:
        del form["/XFA"]
        taken["A dynamic form (XFA) was removed."] = None


def _clean_page(page: pikepdf.Object, taken: dict[str, None]) -> None:
    for name in _FROM_PAGE:
        if name in page:
            del page[name]
    annotations = page.get("/Annots")
    if annotations is None:
        return
    kept = [note for note in annotations if note.get("/Subtype") not in _ACTIVE_ANNOTATIONS]
    if len(kept) != len(annotations):
        taken["Attached files and media were removed."] = None
        page["/Annots"] = pikepdf.Array(kept)


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Give every dictionary of the file, also those that stand within others; each before what is in it."""
    parts = 0
    left: list[tuple[pikepdf.Object, int]] = []
    for top in chain([pdf.trailer], pdf.objects):
        if isinstance(top, _Container):
            left.append((top, 0))
        while left:
            thing, depth = left.pop()
            if depth > MAX_DEPTH:
                raise FileBroken
            if not isinstance(thing, pikepdf.Array):
                yield thing
            inside = list(thing) if isinstance(thing, pikepdf.Array) else [part for _, part in thing.items()]
            parts += len(inside)
            if parts > MAX_PARTS:
                raise FileBroken
            left += [(part, depth + 1) for part in inside if isinstance(part, _Container) and not part.is_indirect]


def _clean_actions(thing: pikepdf.Object, taken: dict[str, None]) -> None:
    """Remove what acts from one dictionary: its action, the actions after it, its reactions to events."""
    before = len(thing.keys())
    kind = str(thing.get("/S", ""))
    if kind in _ACTS:
        _drop(thing, _WHAT_IT_DOES)
    elif kind in _LEADS:
        _drop(thing, ("/Next", "/F"))
        if kind == "/Named" and str(thing.get("/N", "")) not in _LEADS_TO:
            _drop(thing, ("/N",))
    for name in _FORBIDDEN:
        # The same name may stand for a typeface or a drawing in a page's list of resources.
        if name in thing and not _is_resource(thing[name], name):
            _drop(thing, (name,))
    if "/URI" in thing and not _leads_to_the_web(thing["/URI"]):
        _drop(thing, ("/URI",))
    if _is_unwanted(thing.get("/A")):
        _drop(thing, ("/A",))
    if len(thing.keys()) != before:
        taken[_SCRIPTS] = None


def _drop(thing: pikepdf.Object, names: tuple[str, ...]) -> None:
    for name in names:
        if name in thing:
            del thing[name]


def _is_resource(value: object, name: str) -> bool:
    if isinstance(value, pikepdf.Stream):
        return name not in {"/JS", "/XFA"}
    return isinstance(value, pikepdf.Dictionary) and value.get("/Type") == "/Font"


def _leads_to_the_web(address: object) -> bool:
    return isinstance(address, pikepdf.String) and _ADDRESS.match(bytes(address)) is not None


def _is_unwanted(action: object) -> bool:
    """Tell whether an entry A is an action that does more than lead on; in a tagged document it may be no action."""
    if not isinstance(action, pikepdf.Dictionary):
        return False
    if "/S" not in action:
        return len(action.keys()) == 0 or "/JS" in action
    if str(action["/S"]) == "/URI":
        return not _leads_to_the_web(action.get("/URI"))
    return str(action["/S"]) not in _LEADS


def information(data: bytes, name: str) -> str:
    """Read an entry of the information of a document from outside; empty where there is none within the bounds."""
    try:
        return confined.run("engine.py", data, "information", name).decode()
    except (confined.Unfinished, UnicodeError):
        return ""


def first_page(data: bytes, *, longest_px: int) -> bytes | None:
    """Draw the first page as PNG; None where it cannot be drawn within the bounds."""
    try:
        return confined.draw("pdf", data, str(longest_px))
    except confined.Unfinished:
        return None
