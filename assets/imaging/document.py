"""Check a PDF and write it anew without anything that acts by itself.

Nothing is decoded here: streams are copied as they are, so a compressed bomb stays closed.
"""

import io
from dataclasses import dataclass

import pikepdf

from assets.imaging import confined
from assets.imaging.errors import DocumentEncrypted, FileBroken, TooManyPages
from assets.imaging.limits import Limits

# Everything of ISO 32000 table 198 but GoTo, Thread, URI and Named, which only lead a reader on.
_ACTS = frozenset(
    {"/JavaScript", "/Launch", "/GoToR", "/GoToE", "/SubmitForm", "/ImportData", "/ResetForm", "/Rendition"}
    | {"/RichMediaExecute", "/Movie", "/Sound", "/Hide", "/SetOCGState", "/Trans", "/GoTo3DView"}
)
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


@dataclass(frozen=True)
class CleanDocument:
    """A PDF that only shows: its bytes, its pages, and what was taken out of it."""

    data: bytes
    pages: int
    notes: tuple[str, ...]


def clean(data: bytes, limits: Limits) -> CleanDocument:
    """Open, count, strip and write anew.

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
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            _clean_actions(thing, taken)
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
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
        if "/JavaScript" in names:
            del names["/JavaScript"]
            taken["Scripts were removed."] = None
        if "/EmbeddedFiles" in names:
            del names["/EmbeddedFiles"]
            taken["Attached files were removed."] = None
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
    for note in kept:
        _clean_actions(note, taken)


def _clean_actions(thing: pikepdf.Object, taken: dict[str, None]) -> None:
    """Remove what acts from one dictionary: its action, the actions after it, its reactions to events."""
    if thing.get("/S") in _ACTS:
        taken["Scripts and actions were removed."] = None
        for name in ("/JS", "/F", "/Next", "/Win", "/Unix", "/Mac"):
            if name in thing:
                del thing[name]
        thing["/S"] = pikepdf.Name("/Named")
        thing["/N"] = pikepdf.Name("/NextPage")
    for name in ("/AA", "/JS", "/AF"):
        if name in thing and isinstance(thing.get(name), pikepdf.Object | str):
            del thing[name]
            taken["Scripts and actions were removed."] = None
    action = thing.get("/A")
    if isinstance(action, pikepdf.Dictionary) and (action.get("/S") in _ACTS or "/Next" in action):
        del thing["/A"]
        taken["Scripts and actions were removed."] = None


def first_page(data: bytes, *, longest_px: int) -> bytes | None:
    """Draw the first page as PNG; None where it cannot be drawn within the bounds."""
    try:
        return confined.draw("pdf", data, str(longest_px))
    except confined.Unfinished:
        return None
