"""The brand's files that a document names: pictures, typefaces and finished PDFs, found and pinned by their hash."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assets.library import service as library
from assets.library.errors import RightsNotRunning
from assets.library.rules import AssetKind, RightsChannel, rights_problem
from cobranding.rendering.document.checks.pages import pages_problems
from cobranding.rendering.document.model import Document
from cobranding.rendering.errors import DocumentInvalid
from cobranding.templates.rules import CHANNELS
from tcma.kernel import clock
from tcma.kernel.actor import Actor
from tcma.kernel.errors import NotFound

NOT_THERE = "is not among the brand's files, or the rights to it have ended"
PDF = "application/pdf"
KINDS = {"images": "a picture", "fonts": "a typeface", "documents": "a finished PDF"}


@dataclass(frozen=True)
class Wanted:
    """A file as the document names it, at its path there."""

    path: str
    name: str
    asset_id: int | None
    asset_name: str | None
    sha256: str | None

    @property
    def told(self) -> str:
        """Return what people call it."""
        return self.asset_name or self.name

    @property
    def group(self) -> str:
        """Return what sort of file it is: images, fonts or documents."""
        return self.path.rpartition(".")[0].rpartition(".")[2]


@dataclass(frozen=True)
class DocumentFiles:
    """Where the files of a document are kept, by their names there; `refused` says why one is not among them."""

    images: Mapping[str, library.StoredFile]
    fonts: Mapping[str, library.StoredFile]
    documents: Mapping[str, library.StoredFile]
    refused: Mapping[str, str]
    """A sentence that names the file, by its path in the document."""


def wanted_by(document: Document) -> Iterator[Wanted]:
    """Yield the files that a document names."""
    for name, picture in document.images.items():
        yield Wanted(f"images.{name}", name, picture.asset_id, picture.asset_name, picture.sha256)
    for name, font in document.fonts.items():
        if font.family is None:
            yield Wanted(f"brand.fonts.{name}", name, font.asset_id, font.asset_name, font.sha256)
    for name, file in document.documents.items():
        yield Wanted(f"documents.{name}", name, file.asset_id, file.asset_name, file.sha256)


def files_of(
    actor: Actor, document: Document, *, partner_id: int | None = None, channel: RightsChannel | None = None
) -> DocumentFiles:
    """Look up where each file of a document is kept, for whoever something is about to be produced for.

    `partner_id` is None where that is the brand itself; `channel` is the one that the kind of template is made for
    unless it is said.
    """
    found: dict[str, dict[str, library.StoredFile]] = {"images": {}, "fonts": {}, "documents": {}}
    refused: dict[str, str] = {}
    for wanted in wanted_by(document):
        try:
            file = library.usable_file(
                actor,
                wanted.asset_id,
                name=wanted.asset_name or "",
                partner_id=partner_id or actor.partner_id,
                channel=channel or CHANNELS[document.kind],
            )
            asset = asset_of(actor, wanted)
        except RightsNotRunning as ended:
            refused[wanted.path] = ended.detail
            continue
        except NotFound:
            refused[wanted.path] = f"“{wanted.told}” {NOT_THERE}."
            continue
        problem = _problem(wanted, asset)
        if problem:
            refused[wanted.path] = f"“{asset.name}” {problem}."
        else:
            found[wanted.group][wanted.name] = file
    return DocumentFiles(**found, refused=refused)


def picture_files(
    actor: Actor, document: Document, *, partner_id: int | None = None, channel: RightsChannel | None = None
) -> dict[str, library.StoredFile]:
    """Return where each picture of a document is kept, that is used for a partner (None: the actor's own).

    Raises DocumentInvalid when one is not there, or when the rights to it do not run: the sentence names the file.
    """
    files = files_of(actor, document, partner_id=partner_id, channel=channel)
    refused = {path: [sentence] for path, sentence in files.refused.items() if path.startswith("images.")}
    if refused:
        sentences = " ".join(sentence for one in refused.values() for sentence in one)
        raise DocumentInvalid(f"A picture of this template cannot be used. {sentences}", errors=refused)
    return dict(files.images)


def pinned(actor: Actor, document: Document, raw: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the id and the hash of each file by its path, as a published document holds them.

    Raises DocumentInvalid.
    """
    pins: dict[str, dict[str, Any]] = {}
    errors: dict[str, list[str]] = {}
    pages: dict[str, int] = {}
    for wanted in wanted_by(document):
        try:
            asset = asset_of(actor, wanted)
        except NotFound:
            errors[wanted.path] = [NOT_THERE]
            continue
        ended = rights_problem(asset, clock.today(), channel=CHANNELS[document.kind])
        problem = ended or _problem(wanted, asset) or _not_for_new_use(asset)
        if problem:
            errors[wanted.path] = [problem]
        pins[wanted.path] = {"asset_id": asset.id, "sha256": asset.sha256}
        if wanted.group == "documents":
            pages[wanted.name] = asset.pages or 0
    errors |= {path: [sentence] for path, sentence in pages_problems(document, raw, pages)}
    if errors:
        raise DocumentInvalid("A file of this template cannot be used.", errors=errors)
    return pins


def asset_of(actor: Actor, wanted: Wanted) -> library.AssetView:
    """Return the asset that a document names: by its id once it was pinned, else the newest of its name.

    Raises NotFound.
    """
    if wanted.asset_id is not None:
        return library.asset(actor, wanted.asset_id)
    return library.brand_asset_by_name(actor, wanted.asset_name or "")


def _problem(wanted: Wanted, asset: library.AssetView) -> str:
    if asset.partner_id is not None:
        return "belongs to a partner"
    if wanted.sha256 is not None and wanted.sha256 != asset.sha256:
        return "is not the file that was published with this template"
    return "" if _is_of(wanted.group, asset) else f"is not {KINDS[wanted.group]}"


def _is_of(group: str, asset: library.AssetView) -> bool:
    if group == "images":
        return asset.media_type.startswith("image/")
    if group == "fonts":
        return asset.kind is AssetKind.FONT
    return asset.kind is AssetKind.DOCUMENT and asset.media_type == PDF


def _not_for_new_use(asset: library.AssetView) -> str:
    return "was archived; choose another file" if asset.archived_at is not None else ""
