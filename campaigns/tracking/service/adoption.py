"""Who of the partners has seen, launched and finished a kit, and what came of it: counts, never people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from campaigns.kits import service as kits
from campaigns.launches import service as launches
from campaigns.launches.rules import LaunchState
from campaigns.launches.service import Launch
from campaigns.tracking.service.results import Results, TouchResults, results_of
from tcma.accounts import service as accounts
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.errors import Forbidden
from tcma.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class PartnerAdoption:
    """What one partner did with a kit."""

    partner_id: int
    name: str
    tier: str
    region: str
    seen_at: datetime | None
    launched_at: datetime | None
    launches: int
    finished: int
    sent: int
    opened: int
    clicked: int
    shared: int


@dataclass(frozen=True, slots=True)
class TouchAdoption:
    """What came of one touch of a kit, over all launches of all its versions."""

    key: str
    channel: str
    launches: int
    sent: int
    opened: int
    clicked: int
    unsubscribed: int
    shared: int


@dataclass(frozen=True, slots=True)
class Adoption:
    """How far a kit has come."""

    kit_id: int
    name: str
    partners: Sequence[PartnerAdoption]
    touches: Sequence[TouchAdoption]

    @property
    def seen(self) -> int:
        """Return how many partners have looked at it; who launched it has."""
        return sum(bool(one.seen_at or one.launches) for one in self.partners)

    @property
    def launched(self) -> int:
        """Return how many partners have launched it."""
        return sum(bool(one.launches) for one in self.partners)

    @property
    def finished(self) -> int:
        """Return how many partners have finished a launch of it."""
        return sum(bool(one.finished) for one in self.partners)


def adoption(actor: Actor, kit_id: int) -> Adoption:
    """Return who has seen, launched and finished a kit, for the brand. Raises KitNotFound, Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_DELIVERY_READ)
    if actor.is_partner:
        raise Forbidden("How other partners do is for the brand to see.")
    kit = kits.one(actor, kit_id)
    seen = kits.sightings(actor, kit_id)
    run = launches.of_versions(actor, kits.version_ids(actor, kit_id))
    came_of = {found.launch_id: found for found in results_of(actor, run)}
    return Adoption(
        kit_id=kit.id,
        name=kit.name,
        partners=[
            _partner(partner, seen.get(partner.id), [one for one in run if one.partner_id == partner.id], came_of)
            for partner in accounts.partners(actor)
        ],
        touches=_touches(came_of.values()),
    )


def _partner(
    partner: accounts.PartnerProfile, seen_at: datetime | None, run: Sequence[Launch], came_of: dict[int, Results]
) -> PartnerAdoption:
    found = [came_of[one.id] for one in run]
    return PartnerAdoption(
        partner_id=partner.id,
        name=partner.trade_name,
        tier=partner.tier.value,
        region=partner.region,
        seen_at=seen_at,
        launched_at=min((one.launched_at for one in run if one.launched_at), default=None),
        launches=len(run),
        finished=sum(one.state is LaunchState.COMPLETED for one in run),
        sent=sum(one.sent for one in found),
        opened=sum(one.opened for one in found),
        clicked=sum(one.clicked for one in found),
        shared=sum(one.shared for one in found),
    )


def _touches(found: Iterable[Results]) -> list[TouchAdoption]:
    by_key: dict[tuple[str, str], list[TouchResults]] = {}
    for one in found:
        for touch in one.touches:
            by_key.setdefault((touch.key, touch.channel), []).append(touch)
    return [
        TouchAdoption(
            key=key,
            channel=channel,
            launches=len(touches),
            **{
                name: sum(int(getattr(touch, name)) for touch in touches)
                for name in ("sent", "opened", "clicked", "unsubscribed")
            },
            shared=sum(touch.is_shared for touch in touches),
        )
        for (key, channel), touches in by_key.items()
    ]
