"""Templates and their versions: started, edited, published, withdrawn, and asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy.exc import IntegrityError

from assets.library import service as library
from assets.library.rules import UseKind
from cobranding.rendering import engine, proof
from cobranding.rendering.document.model import Document
from cobranding.rendering.document.reading import read, schema
from cobranding.rendering.errors import DocumentInvalid
from cobranding.rendering.inputs import InputFile
from cobranding.templates import queries, rules
from cobranding.templates.errors import (
    DraftExists,
    TemplateNameTaken,
    TemplateNotPublished,
    TemplateVersionFrozen,
    TemplateWithdrawn,
)
from cobranding.templates.model import Template, TemplateVersion
from cobranding.templates.queries import TemplateVersionView, TemplateView
from cobranding.templates.rules import ApprovalPolicy, TemplateKind, VersionState
from cobranding.templates.service import files
from tcma.audit import service as audit
from tcma.infra.db import check_revision, session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission
from tcma.kernel.states import move


@dataclass(frozen=True, slots=True)
class ToPublish:
    """A version that is about to be published, with the brand's own typefaces in it."""

    version: TemplateVersionView
    fonts: Mapping[str, library.StoredFile]

    @property
    def revision(self) -> int:
        """Return the revision that is proved."""
        return self.version.revision


def create(actor: Actor, *, name: str, document: Mapping[str, Any], summary: str = "") -> TemplateVersionView:
    """Start a template with its first draft. Raises Forbidden, DocumentInvalid, TemplateNameTaken."""
    authorize(actor, Permission.COBRANDING_TEMPLATE_EDIT)
    checked = read(document)
    template = Template(name=name.strip(), summary=summary, kind=TemplateKind(checked.kind))
    session.add(template)
    _flush_name()
    draft = _add_version(template, 1, document)
    audit.record(actor, "cobranding.template.created", template, after={"name": template.name, "kind": checked.kind})
    return queries.version(actor, draft.id)


def edit(
    actor: Actor, template_id: int, *, approval: ApprovalPolicy, expected_revision: int | None = None
) -> TemplateView:
    """Say when the brand looks at what partners make of a template; it counts for all that is used from now on.

    Raises TemplateNotFound, Forbidden, StaleEdit.
    """
    template = queries.template_for_update(actor, template_id)
    authorize(actor, Permission.COBRANDING_TEMPLATE_EDIT, template)
    check_revision(template, expected_revision)
    before, template.approval = template.approval, approval
    session.flush()
    audit.record(
        actor, "cobranding.template.edited", template, before={"approval": before}, after={"approval": approval}
    )
    return queries.one(actor, template.id)


def start_version(actor: Actor, template_id: int, *, document: Mapping[str, Any] | None = None) -> TemplateVersionView:
    """Start the next version, as a copy of the newest one unless a document is given.

    Raises TemplateNotFound, Forbidden, DraftExists, DocumentInvalid.
    """
    template = queries.template_for_update(actor, template_id)
    authorize(actor, Permission.COBRANDING_TEMPLATE_EDIT, template)
    if queries.draft_of(template.id) is not None:
        raise DraftExists
    content = dict(document) if document is not None else queries.newest_version(template.id).document
    _check_kind(template, read(content))
    draft = _add_version(template, queries.next_number(template.id), content)
    audit.record(actor, "cobranding.template.version_started", draft, number=draft.number)
    return queries.version(actor, draft.id)


def save_draft(
    actor: Actor, version_id: int, *, document: Mapping[str, Any], expected_revision: int | None = None
) -> TemplateVersionView:
    """Replace the document of a draft.

    Raises TemplateNotFound, Forbidden, StaleEdit, TemplateVersionFrozen, DocumentInvalid.
    """
    draft = queries.version_for_update(actor, version_id)
    authorize(actor, Permission.COBRANDING_TEMPLATE_EDIT, draft)
    check_revision(draft, expected_revision)
    if draft.state is not VersionState.DRAFT:
        raise TemplateVersionFrozen
    _check_kind(session.get_one(Template, draft.template_id), read(document))
    before = draft.content_hash
    draft.document = dict(document)
    draft.content_hash = engine.hash_of(document)
    session.flush()
    audit.record(
        actor, "cobranding.template.draft_saved", draft, before={"hash": before}, after={"hash": draft.content_hash}
    )
    return queries.version(actor, draft.id)


def to_publish(actor: Actor, version_id: int) -> ToPublish:
    """Return a version to whoever may publish it, to `prove` it first.

    Raises TemplateNotFound, Forbidden, DocumentInvalid.
    """
    found = queries.version(actor, version_id)
    authorize(actor, Permission.COBRANDING_TEMPLATE_PUBLISH, found)
    return ToPublish(found, files.files_of(actor, document_of(found)).fonts)


def prove(draft: ToPublish) -> None:
    """Set what the template says to everybody; call it outside the transaction.

    Raises DocumentInvalid, which names the boxes and the characters.
    """
    fonts = {name: InputFile(file.etag, partial(library.read, file)) for name, file in draft.fonts.items()}
    proof.prove(document_of(draft.version), draft.version.document, fonts)


def publish(actor: Actor, version_id: int, *, expected_revision: int | None = None) -> TemplateVersionView:
    """Publish a draft for every partner: its files are fixed by their hash, and from here on it never changes.

    Raises TemplateNotFound, Forbidden, IllegalMove, StaleEdit, DocumentInvalid.
    """
    draft = queries.version_for_update(actor, version_id)
    authorize(actor, Permission.COBRANDING_TEMPLATE_PUBLISH, draft)
    state = move(rules.MOVES, draft.state, VersionState.PUBLISHED)
    check_revision(draft, expected_revision)
    pins = files.pinned(actor, read(draft.document), draft.document)
    draft.document = rules.with_files(draft.document, pins)
    draft.content_hash = engine.hash_of(draft.document)
    session.flush()
    draft.state = state
    draft.published_at = clock.now()
    session.flush()
    audit.record(actor, "cobranding.template.published", draft, after={"hash": draft.content_hash}, number=draft.number)
    published = queries.version(actor, draft.id)
    label = f"{published.name}, version {published.number}"
    for asset_id in sorted({pin["asset_id"] for pin in pins.values()}):
        library.record_use(actor, asset_id, UseKind.TEMPLATE, f"template_version:{draft.id}", label=label)
    return published


def version(actor: Actor, version_id: int) -> TemplateVersionView:
    """Return one version. Raises TemplateNotFound."""
    return queries.version(actor, version_id)


def replace_picture(actor: Actor, before: library.AssetView, after: library.AssetView) -> list[TemplateVersionView]:
    """Put a picture in the place of another in a draft of every template that has it; what is published stays.

    Returns the drafts, for the brand to publish. Raises Forbidden, DocumentInvalid.
    """
    drafts = []
    for view in queries.with_picture(actor, before.id, before.name):
        newest = view.draft or view.published
        if newest is None:
            continue
        document = rules.with_other_picture(newest.document, before.id, before.name, by_id=after.id)
        if view.draft:
            drafts.append(save_draft(actor, view.draft.id, document=document))
        else:
            drafts.append(start_version(actor, view.id, document=document))
    return drafts


def usable_version(actor: Actor, version_id: int) -> TemplateVersionView:
    """Return a version that may be produced from now.

    Raises TemplateNotFound, TemplateNotPublished, TemplateWithdrawn.
    """
    found = queries.version(actor, version_id)
    if found.state is VersionState.DRAFT:
        raise TemplateNotPublished
    if found.state is VersionState.WITHDRAWN:
        raise TemplateWithdrawn
    return found


def withdrawn_among(version_ids: Collection[int]) -> set[int]:
    """Return which of these versions the brand has withdrawn: a short question, asked at each hand-off."""
    return queries.withdrawn_among(version_ids)


def newest_published(actor: Actor, template_id: int) -> TemplateVersionView | None:
    """Return the newest version that partners may use. Raises TemplateNotFound."""
    return queries.one(actor, template_id).published


def gallery(actor: Actor) -> list[TemplateView]:
    """Return the newest templates that an actor may see."""
    return queries.page_of(actor, limit=200).items


def document_of(view: TemplateVersionView) -> Document:
    """Return the typed document of a version; read once per process. Raises DocumentInvalid."""
    return engine.document_of(view.content_hash, view.document)


def document_schema() -> dict[str, Any]:
    """Return the JSON schema of template documents."""
    return schema()


def _check_kind(template: Template, document: Document) -> None:
    if document.kind != template.kind:
        raise DocumentInvalid(errors={"kind": [f"is {template.kind} in the other versions of this template"]})


def _add_version(template: Template, number: int, document: Mapping[str, Any]) -> TemplateVersion:
    draft = TemplateVersion(
        template_id=template.id, number=number, document=dict(document), content_hash=engine.hash_of(document)
    )
    session.add(draft)
    session.flush()
    return draft


def _flush_name() -> None:
    try:
        session.flush()
    except IntegrityError as error:
        raise TemplateNameTaken from error
