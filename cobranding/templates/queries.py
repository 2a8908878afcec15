"""Reads of templates; partners see what is or was published, the brand sees drafts too."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Select, any_, bindparam, cast, exists, func, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, JSONPATH

from cobranding.templates import rules
from cobranding.templates.errors import TemplateNotFound
from cobranding.templates.model import Template, TemplateRecall, TemplateVersion
from cobranding.templates.rules import ApprovalPolicy, TemplateKind, VersionState
from tcma.infra.db import lock, session
from tcma.infra.paging import Page, page
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class TemplateVersionView:
    """One edition of a template, with the template's own words beside it."""

    id: int
    template_id: int
    name: str
    kind: TemplateKind
    approval: ApprovalPolicy
    number: int
    state: VersionState
    document: dict[str, Any]
    content_hash: str
    created_at: datetime
    published_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_reason: str
    successor_version_id: int | None
    revision: int


@dataclass(frozen=True, slots=True)
class TemplateView:
    """A template as the gallery shows it, with the versions that matter now."""

    id: int
    name: str
    summary: str
    kind: TemplateKind
    approval: ApprovalPolicy
    revision: int
    created_at: datetime
    published: TemplateVersionView | None
    draft: TemplateVersionView | None
    version_count: int

    @property
    def published_version_id(self) -> int | None:
        """Return the newest version that partners may use."""
        return self.published.id if self.published else None

    @property
    def draft_version_id(self) -> int | None:
        """Return the version that is being worked on."""
        return self.draft.id if self.draft else None


def visible_to(actor: Actor) -> Select[Template]:
    """Return the templates that an actor may see: a partner those that left the drawing board. Raises Forbidden."""
    authorize(actor, Permission.COBRANDING_TEMPLATE_READ)
    rows = select(Template)
    if actor.is_partner:
        left = exists().where(TemplateVersion.template_id == Template.id, TemplateVersion.state != VersionState.DRAFT)
        rows = rows.where(left)
    return rows


def visible_versions(actor: Actor) -> Select[TemplateVersion]:
    """Return the versions that an actor may see: a partner no drafts. Raises Forbidden."""
    authorize(actor, Permission.COBRANDING_TEMPLATE_READ)
    rows = select(TemplateVersion)
    return rows.where(TemplateVersion.state != VersionState.DRAFT) if actor.is_partner else rows


def template_for_update(actor: Actor, template_id: int) -> Template:
    """Return one template and keep others from changing it meanwhile. Raises TemplateNotFound."""
    found = session.scalars(lock(visible_to(actor).where(Template.id == template_id))).one_or_none()
    if found is None:
        raise TemplateNotFound
    return found


def version_for_update(actor: Actor, version_id: int) -> TemplateVersion:
    """Return one version with its template locked, so that verbs take turns. Raises TemplateNotFound."""
    rows = visible_versions(actor).with_only_columns(TemplateVersion.template_id)
    template_id = session.scalar(rows.where(TemplateVersion.id == version_id))
    if template_id is None:
        raise TemplateNotFound
    template_for_update(actor, template_id)
    return session.scalars(lock(select(TemplateVersion).where(TemplateVersion.id == version_id))).one()


def version(actor: Actor, version_id: int) -> TemplateVersionView:
    """Return one version. Raises TemplateNotFound."""
    found = session.scalars(visible_versions(actor).where(TemplateVersion.id == version_id)).one_or_none()
    if found is None:
        raise TemplateNotFound
    return _version_view(found, session.get_one(Template, found.template_id))


def one(actor: Actor, template_id: int) -> TemplateView:
    """Return one template. Raises TemplateNotFound."""
    found = session.scalars(visible_to(actor).where(Template.id == template_id)).one_or_none()
    if found is None:
        raise TemplateNotFound
    return _views(actor, [found])[0]


def page_of(
    actor: Actor, *, limit: int = 50, after: int | None = None, kind: TemplateKind | None = None
) -> Page[TemplateView]:
    """Return one page of templates, newest first."""
    rows = visible_to(actor)
    if kind is not None:
        rows = rows.where(Template.kind == kind)
    found = page(rows, Template.id, limit=limit, after=after)
    return Page(_views(actor, found.items), found.next)


def with_picture(actor: Actor, asset_id: int, name: str) -> list[TemplateView]:
    """Return the templates whose newest published version or draft has a picture, by its id or only by its name."""
    path = cast("$.images.* ? (@.asset_id == $id || (!exists(@.asset_id) && @.asset_name == $name))", JSONPATH)
    named = cast({"id": asset_id, "name": name}, JSONB)
    having = select(TemplateVersion.template_id).where(func.jsonb_path_exists(TemplateVersion.document, path, named))
    found = session.scalars(visible_to(actor).where(Template.id.in_(having)).order_by(Template.id)).all()
    return [
        view
        for view in _views(actor, found)
        if any(one and rules.has_picture(one.document, asset_id, name) for one in (view.published, view.draft))
    ]


def versions(actor: Actor, template_id: int, *, limit: int = 50, after: int | None = None) -> Page[TemplateVersionView]:
    """Return the versions of a template, newest first. Raises TemplateNotFound."""
    template = one(actor, template_id)
    rows = visible_versions(actor).where(TemplateVersion.template_id == template.id)
    found = page(rows, TemplateVersion.id, limit=limit, after=after)
    row = session.get_one(Template, template.id)
    return Page([_version_view(item, row) for item in found.items], found.next)


def version_before(actor: Actor, view: TemplateVersionView) -> TemplateVersionView | None:
    """Return the version before one, of those that an actor may see."""
    rows = visible_versions(actor).where(
        TemplateVersion.template_id == view.template_id, TemplateVersion.number < view.number
    )
    found = session.scalars(rows.order_by(TemplateVersion.number.desc()).limit(1)).one_or_none()
    return _version_view(found, session.get_one(Template, view.template_id)) if found else None


def next_number(template_id: int) -> int:
    """Return the number of the version to come."""
    rows = select(func.max(TemplateVersion.number)).where(TemplateVersion.template_id == template_id)
    return (session.scalar(rows) or 0) + 1


def newest_version(template_id: int) -> TemplateVersion:
    """Return the newest version of a template that is there."""
    rows = select(TemplateVersion).where(TemplateVersion.template_id == template_id)
    return session.scalars(rows.order_by(TemplateVersion.number.desc()).limit(1)).one()


def draft_of(template_id: int) -> TemplateVersion | None:
    """Return the draft of a template, if it has one."""
    rows = select(TemplateVersion).where(TemplateVersion.template_id == template_id)
    return session.scalars(rows.where(TemplateVersion.state == VersionState.DRAFT)).one_or_none()


# Made once: it is asked for each part of a mailing that leaves.
_WITHDRAWN = select(TemplateVersion.id).where(
    TemplateVersion.id == any_(bindparam("version_ids", type_=ARRAY(BigInteger))),
    TemplateVersion.state == VersionState.WITHDRAWN,
)


def withdrawn_among(version_ids: Collection[int]) -> set[int]:
    """Return which of these versions the brand has withdrawn."""
    return set(session.scalars(_WITHDRAWN, {"version_ids": list(version_ids)}))


def recall_of(version_id: int) -> TemplateRecall | None:
    """Return the recall of a version, if it was withdrawn."""
    return session.scalars(select(TemplateRecall).where(TemplateRecall.template_version_id == version_id)).one_or_none()


def recall_for_update(version_id: int) -> TemplateRecall | None:
    """Return the recall of a version as it is now; two jobs at it take turns."""
    rows = lock(select(TemplateRecall).where(TemplateRecall.template_version_id == version_id))
    return session.scalars(rows.execution_options(populate_existing=True)).one_or_none()


def unfinished_recalls() -> list[int]:
    """Return the versions whose recall is not over, the oldest first."""
    rows = select(TemplateRecall.template_version_id).where(TemplateRecall.finished_at.is_(None))
    return list(session.scalars(rows.order_by(TemplateRecall.id)))


def _views(actor: Actor, templates: Sequence[Template]) -> list[TemplateView]:
    ids = [template.id for template in templates]
    rows = visible_versions(actor).where(TemplateVersion.template_id.in_(ids)).order_by(TemplateVersion.number)
    by_template: dict[int, list[TemplateVersion]] = {}
    for found in session.scalars(rows):
        by_template.setdefault(found.template_id, []).append(found)
    return [_view(template, by_template.get(template.id, [])) for template in templates]


def _view(template: Template, found: Sequence[TemplateVersion]) -> TemplateView:
    newest = {version.state: _version_view(version, template) for version in found}
    return TemplateView(
        id=template.id,
        name=template.name,
        summary=template.summary,
        kind=template.kind,
        approval=template.approval,
        revision=template.revision,
        created_at=template.created_at,
        published=newest.get(VersionState.PUBLISHED),
        draft=newest.get(VersionState.DRAFT),
        version_count=len(found),
    )


def _version_view(row: TemplateVersion, template: Template) -> TemplateVersionView:
    return TemplateVersionView(
        id=row.id,
        template_id=row.template_id,
        name=template.name,
        kind=template.kind,
        approval=template.approval,
        number=row.number,
        state=row.state,
        document=row.document,
        content_hash=row.content_hash,
        created_at=row.created_at,
        published_at=row.published_at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_reason=row.withdrawn_reason,
        successor_version_id=row.successor_version_id,
        revision=row.revision,
    )
