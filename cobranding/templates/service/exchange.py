"""A version out as one zip and in again: read and checked outside the transaction, written in one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assets.library import service as library
from assets.library.rules import AssetKind
from assets.uploads import service as uploads
from cobranding.rendering.document.bundle import Bundle, BundledFile, pack, unpack
from cobranding.rendering.document.model import Document
from cobranding.rendering.document.reading import read
from cobranding.rendering.engine import slug
from cobranding.rendering.errors import BundleInvalid, DocumentInvalid
from cobranding.templates import queries, rules
from cobranding.templates.queries import TemplateVersionView
from cobranding.templates.service import files, versions
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.errors import NotFound
from tcma.kernel.permissions import Permission

EXTENSIONS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "application/pdf": "pdf",
    "font/ttf": "ttf",
    "font/otf": "otf",
}


@dataclass(frozen=True)
class Export:
    """A version with the files that it names, found; their bytes are read by `packed`."""

    version: TemplateVersionView
    files: Sequence[tuple[files.Wanted, library.AssetView, library.StoredFile]]

    @property
    def filename(self) -> str:
        """Return what the zip is called."""
        return f"{slug(self.version.name)}-v{self.version.number}.zip"


@dataclass(frozen=True)
class CheckedImport:
    """A zip that was checked: its document, and for each place in it the file that goes there."""

    name: str
    document: Mapping[str, Any]
    files: Mapping[str, tuple[BundledFile, uploads.CheckedFile]]


def to_export(actor: Actor, version_id: int) -> Export:
    """Find a version and its files for somebody who may edit templates.

    Raises TemplateNotFound, Forbidden, DocumentInvalid when a file is not there any more.
    """
    found = queries.version(actor, version_id)
    authorize(actor, Permission.COBRANDING_TEMPLATE_EDIT, found)
    named = []
    errors: dict[str, list[str]] = {}
    for wanted in files.wanted_by(versions.document_of(found)):
        try:
            asset = files.asset_of(actor, wanted)
        except NotFound:
            errors[wanted.path] = [files.NOT_THERE]
            continue
        named.append((wanted, asset, library.content_file(actor, asset.id)))
    if errors:
        raise DocumentInvalid("A file of this template is not there any more.", errors=errors)
    return Export(found, named)


def packed(export: Export) -> bytes:
    """Return a version as a zip; call it outside the transaction. Raises FileMissing, StorageUnavailable."""
    pins = {wanted.path: {"asset_name": asset.name} for wanted, asset, _ in export.files}
    document = rules.with_files(rules.without_pins(export.version.document), pins)
    bundled = [
        BundledFile(
            stands_for=wanted.path,
            kind=asset.kind.value,
            name=asset.name,
            extension=EXTENSIONS.get(asset.media_type, "bin"),
            data=library.read(stored),
        )
        for wanted, asset, stored in export.files
    ]
    return pack(Bundle(export.version.name, document, bundled))


def checked(actor: Actor, data: bytes) -> CheckedImport:
    """Check a zip, its document and each file in it like any upload; call it outside the transaction.

    Raises Forbidden, BundleInvalid, DocumentInvalid, and what `uploads.check` raises.
    """
    authorize(actor, Permission.COBRANDING_TEMPLATE_EDIT)
    authorize(actor, Permission.ASSETS_ASSET_UPLOAD)
    bundle = unpack(data)
    places = _places(read(bundle.document))
    stray = [file for file in bundle.files if file.stands_for not in places]
    missing = sorted(places - {file.stands_for for file in bundle.files})
    if stray or missing:
        path, sentence = (
            (stray[0].path, "is named nowhere in the document") if stray else (missing[0], "is not in the zip")
        )
        raise BundleInvalid(f"{path} {sentence}.", errors={path: [sentence]})
    named = {
        file.stands_for: (file, uploads.check(file.data, f"{file.name}.{file.extension}", file.kind))
        for file in bundle.files
    }
    return CheckedImport(bundle.name, rules.without_pins(bundle.document), named)


def take_in(
    actor: Actor, incoming: CheckedImport, *, template_id: int | None = None, name: str = ""
) -> TemplateVersionView:
    """Make a checked zip a new template, or the next draft of one; a file that the library has is not added again.

    Raises Forbidden, TemplateNotFound, TemplateNameTaken, DraftExists, DocumentInvalid.
    """
    authorize(actor, Permission.COBRANDING_TEMPLATE_EDIT)
    pins = {path: _kept(actor, *file) for path, file in incoming.files.items()}
    document = rules.with_files(incoming.document, pins)
    if template_id is None:
        return versions.create(actor, name=name.strip() or incoming.name, document=document)
    return versions.start_version(actor, template_id, document=document)


def _places(document: Document) -> set[str]:
    return {wanted.path for wanted in files.wanted_by(document)}


def _kept(actor: Actor, file: BundledFile, received: uploads.CheckedFile) -> dict[str, Any]:
    """Return how the document names a file: the one that the library has by these bytes, or the one added now."""
    kind = AssetKind(file.kind)
    for sha256 in (file.sha256, received.file.sha256):
        known = library.brand_asset_by_hash(actor, sha256, kind)
        if known is not None:
            return {"asset_id": known.id, "asset_name": known.name, "sha256": known.sha256}
    added = uploads.receive(actor, received, name=file.name)
    return {"asset_id": added.id, "asset_name": added.name, "sha256": added.sha256}
