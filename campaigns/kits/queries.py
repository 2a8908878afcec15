"""Reads of kits; partners see what is or was published, the brand sees drafts too."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Select, any_, bindparam, exists, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from campaigns.kits.errors import KitNotFound
from campaigns.kits.model import Kit, KitSighting, KitVersion
from campaigns.kits.rules import Hours, KitVersionState, Tracking, hours_of, tracking_of
from tcma.infra.db import lock, owned_by, session
from tcma.infra.paging import Page, page
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class KitVersionView:
    """One edition of a kit, with the kit's own words beside it."""

    id: int
    kit_id: int
    name: str
    summary: str
    audience_advice: str
    needs_approval: bool
    number: int
    state: KitVersionState
    document: dict[str, Any]
    created_at: datetime
    published_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_reason: str
    revision: int

    @property
    def default_locale(self) -> str:
        """Return the locale that everybody falls back to."""
        return str(self.document["default_locale"])

    @property
    def hours(self) -> Hours:
        """Return when touches may leave."""
        return hours_of(self.document)

    @property
    def tracking(self) -> Tracking:
        """Return what is counted of its readers."""
        return tracking_of(self.document)

    @property
    def utm(self) -> dict[str, str]:
        """Return the parameters that links are given on the way: name -> text with tokens."""
        return dict(self.document.get("utm") or {})

    @property
    def goals(self) -> dict[str, float]:
        """Return what it is to reach: figure -> percent of the mails that left."""
        return dict(self.document.get("goals") or {})

    @property
    def touches(self) -> list[dict[str, Any]]:
        """Return the touches in the order in which they leave."""
        return list(self.document["touches"])


@dataclass(frozen=True, slots=True)
class KitView:
    """A kit as the gallery shows it, with the versions that matter now."""

    id: int
    name: str
    summary: str
    audience_advice: str
    needs_approval: bool
    created_at: datetime
    updated_at: datetime
    revision: int
    published: KitVersionView | None
    draft: KitVersionView | None
    version_count: int

    @property
    def published_version_id(self) -> int | None:
        """Return the version that can be launched."""
        return self.published.id if self.published else None

    @property
    def draft_version_id(self) -> int | None:
        """Return the version that is being worked on."""
        return self.draft.id if self.draft else None


def visible_to(actor: Actor) -> Select[Kit]:
    """Return the kits that an actor may see: a partner those that have left the drawing board. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_KIT_READ)
    rows = select(Kit)
    if actor.is_partner:
        rows = rows.where(exists().where(KitVersion.kit_id == Kit.id, KitVersion.state != KitVersionState.DRAFT))
    return rows


def visible_versions(actor: Actor) -> Select[KitVersion]:
    """Return the versions that an actor may see: a partner no drafts."""
    rows = select(KitVersion)
    return rows.where(KitVersion.state != KitVersionState.DRAFT) if actor.is_partner else rows


def kit_for_update(actor: Actor, kit_id: int) -> Kit:
    """Return one kit and keep others from changing it meanwhile. Raises KitNotFound."""
    rows = visible_to(actor).where(Kit.id == kit_id)
    # Row security hides from a partner what it would lock; it sees the kit, and authorize() will refuse the verb.
    found = session.scalars(rows if actor.is_partner else lock(rows)).one_or_none()
    if found is None:
        raise KitNotFound
    return found


def version_for_update(actor: Actor, version_id: int) -> KitVersion:
    """Return one version with its kit locked, so that verbs on one kit take turns. Raises KitNotFound."""
    rows = visible_versions(actor).where(KitVersion.id == version_id)
    found = session.scalars(rows).one_or_none()
    if found is None:
        raise KitNotFound
    kit_for_update(actor, found.kit_id)
    session.refresh(found)
    return found


def version(actor: Actor, version_id: int) -> KitVersionView:
    """Return one version. Raises KitNotFound."""
    found = session.scalars(visible_versions(actor).where(KitVersion.id == version_id)).one_or_none()
    if found is None:
        raise KitNotFound
    return _version_view(found, session.get_one(Kit, found.kit_id))


def version_of_kit(actor: Actor, kit_id: int, version_id: int) -> KitVersionView:
    """Return one version of a certain kit. Raises KitNotFound, Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_KIT_READ)
    found = version(actor, version_id)
    if found.kit_id != kit_id:
        raise KitNotFound
    return found


def offered_with(actor: Actor, template_version_id: int) -> Select[KitVersion]:
    """Return the versions that partners can launch of which a touch or its file is made of a template version."""
    made: list[dict[str, Any]] = [
        {"template_version_id": template_version_id},
        {"attachment": {"template_version_id": template_version_id}},
    ]
    of = or_(*(KitVersion.document.contains({"touches": [touch]}) for touch in made))
    return visible_versions(actor).where(KitVersion.state == KitVersionState.PUBLISHED, of)


def part_of(rows: Select[KitVersion], *, after: int, limit: int) -> list[KitVersionView]:
    """Return versions with ids above `after`, in their order."""
    found = session.scalars(rows.where(KitVersion.id > after).order_by(KitVersion.id).limit(limit))
    return [_version_view(one, session.get_one(Kit, one.kit_id)) for one in found]


def count(rows: Select[KitVersion]) -> int:
    """Count versions."""
    return int(session.scalar(select(func.count()).select_from(rows.subquery())) or 0)


def versions(actor: Actor, kit_id: int, *, limit: int = 50, after: int | None = None) -> Page[KitVersionView]:
    """Return the versions of a kit, newest first. Raises KitNotFound."""
    kit = one(actor, kit_id)
    found = page(visible_versions(actor).where(KitVersion.kit_id == kit.id), KitVersion.id, limit=limit, after=after)
    row = session.get_one(Kit, kit.id)
    return Page([_version_view(item, row) for item in found.items], found.next)


def one(actor: Actor, kit_id: int) -> KitView:
    """Return one kit. Raises KitNotFound."""
    found = session.scalars(visible_to(actor).where(Kit.id == kit_id)).one_or_none()
    if found is None:
        raise KitNotFound
    return _views(actor, [found])[0]


def page_of_kits(actor: Actor, *, limit: int = 50, after: int | None = None) -> Page[KitView]:
    """Return one page of kits, newest first."""
    found = page(visible_to(actor), Kit.id, limit=limit, after=after)
    return Page(_views(actor, found.items), found.next)


def offered(actor: Actor) -> list[KitView]:
    """Return the kits that can be launched now, by name."""
    rows = visible_to(actor).where(
        exists().where(KitVersion.kit_id == Kit.id, KitVersion.state == KitVersionState.PUBLISHED)
    )
    return _views(actor, session.scalars(rows.order_by(Kit.name)).all())


def next_number(kit_id: int) -> int:
    """Return the number that the next version of a kit gets."""
    return (session.scalar(select(func.max(KitVersion.number)).where(KitVersion.kit_id == kit_id)) or 0) + 1


def version_in(kit_id: int, state: KitVersionState) -> KitVersion | None:
    """Return the newest version of a kit that is in a state."""
    rows = select(KitVersion).where(KitVersion.kit_id == kit_id, KitVersion.state == state)
    return session.scalars(rows.order_by(KitVersion.number.desc()).limit(1)).one_or_none()


def newest_version(kit_id: int) -> KitVersion:
    """Return the version with the highest number."""
    rows = select(KitVersion).where(KitVersion.kit_id == kit_id).order_by(KitVersion.number.desc()).limit(1)
    return session.scalars(rows).one()


# Made once: it is asked for each part of a mailing that leaves.
_WITHDRAWN = select(KitVersion.id).where(
    KitVersion.id == any_(bindparam("version_ids", type_=ARRAY(BigInteger))),
    KitVersion.state == KitVersionState.WITHDRAWN,
)


def withdrawn_among(version_ids: Collection[int]) -> set[int]:
    """Return which of these versions the brand has withdrawn."""
    return set(session.scalars(_WITHDRAWN, {"version_ids": list(version_ids)}))


def version_ids(actor: Actor, kit_id: int) -> list[int]:
    """Return the versions of a kit that an actor may see."""
    return list(
        session.scalars(visible_versions(actor).with_only_columns(KitVersion.id).where(KitVersion.kit_id == kit_id))
    )


def sightings(actor: Actor, kit_id: int) -> dict[int, datetime]:
    """Return which partners have looked at a kit, and when first."""
    authorize(actor, Permission.CAMPAIGNS_KIT_READ)
    rows = owned_by(actor, KitSighting).where(KitSighting.kit_id == kit_id)
    return {one.partner_id: one.first_seen_at for one in session.scalars(rows)}


def names_of(version_ids: Collection[int]) -> dict[int, tuple[int, str, int]]:
    """Return kit id, kit name and number of versions."""
    rows = select(KitVersion.id, Kit.id.label("kit_id"), Kit.name, KitVersion.number).join(
        Kit, Kit.id == KitVersion.kit_id
    )
    found = session.execute(rows.where(KitVersion.id.in_(version_ids)))
    return {row.id: (row.kit_id, row.name, row.number) for row in found}


def _views(actor: Actor, kits: Collection[Kit]) -> list[KitView]:
    rows = visible_versions(actor).where(KitVersion.kit_id.in_([kit.id for kit in kits]))
    by_kit: dict[int, list[KitVersion]] = {}
    for row in session.scalars(rows.order_by(KitVersion.number)):
        by_kit.setdefault(row.kit_id, []).append(row)
    views = []
    for kit in kits:
        states = {row.state: _version_view(row, kit) for row in by_kit.get(kit.id, [])}
        views.append(
            KitView(
                id=kit.id,
                name=kit.name,
                summary=kit.summary,
                audience_advice=kit.audience_advice,
                needs_approval=kit.needs_approval,
                created_at=kit.created_at,
                updated_at=kit.updated_at,
                revision=kit.revision,
                published=states.get(KitVersionState.PUBLISHED),
                draft=states.get(KitVersionState.DRAFT),
                version_count=len(by_kit.get(kit.id, [])),
            )
        )
    return views


def _version_view(row: KitVersion, kit: Kit) -> KitVersionView:
    return KitVersionView(
        id=row.id,
        kit_id=kit.id,
        name=kit.name,
        summary=kit.summary,
        audience_advice=kit.audience_advice,
        needs_approval=kit.needs_approval,
        number=row.number,
        state=row.state,
        document=row.document,
        created_at=row.created_at,
        published_at=row.published_at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_reason=row.withdrawn_reason,
        revision=row.revision,
    )
