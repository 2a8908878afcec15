"""What came of a launch, in people: the sums are always those of the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from campaigns.kits import service as kits
from campaigns.kits.rules import TouchChannel
from campaigns.launches import service as launches
from campaigns.launches.service import Launch
from campaigns.posting import service as posting
from campaigns.posting.rules import PostState
from campaigns.posting.service import PostView
from campaigns.sending import service as sending
from campaigns.sending.rules import LEFT, DeliveryState
from campaigns.tracking import queries
from campaigns.tracking.rules import EventKind
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class TouchResults:
    """What came of one touch. `states` has every delivery in it exactly once."""

    touch_id: int
    key: str
    channel: str
    state: str
    states: Mapping[str, int]
    reasons: Mapping[str, int] = field(default_factory=dict)
    opened: int = 0
    clicked: int = 0
    unsubscribed: int = 0
    scanned: int = 0
    is_shared: bool = False
    is_by_hand: bool = False
    posts: Sequence[PostView] = ()

    @property
    def posted(self) -> int:
        """Return on how many accounts it was published."""
        return sum(post.state is PostState.PUBLISHED for post in self.posts)

    @property
    def recipients(self) -> int:
        """Return how many deliveries there are."""
        return sum(self.states.values())

    @property
    def sent(self) -> int:
        """Return how many left, as far as anybody knows."""
        return sum(self.states.get(state.value, 0) for state in LEFT)

    @property
    def failed(self) -> int:
        """Return how many were refused for good."""
        return self.states.get(DeliveryState.FAILED.value, 0)

    @property
    def bounced(self) -> int:
        """Return how many came back."""
        return self.states.get(DeliveryState.BOUNCED.value, 0)

    @property
    def complained(self) -> int:
        """Return how many were reported as spam."""
        return self.states.get(DeliveryState.COMPLAINED.value, 0)


@dataclass(frozen=True, slots=True)
class Goal:
    """What a kit was to reach, and what was reached, both in percent of the mails that left."""

    figure: str
    target_percent: float
    reached_percent: float

    @property
    def is_reached(self) -> bool:
        """Tell whether it is reached."""
        return self.reached_percent >= self.target_percent


@dataclass(frozen=True, slots=True)
class Results:
    """What came of a launch."""

    launch_id: int
    name: str
    state: str
    touches: Sequence[TouchResults]
    targets: Mapping[str, float] = field(default_factory=dict)

    @property
    def goals(self) -> list[Goal]:
        """Return what was to be reached, and what was."""
        sent = self.total("sent")
        return [
            Goal(figure, target, round(100 * self.total(figure) / sent, 2) if sent else 0.0)
            for figure, target in self.targets.items()
        ]

    def total(self, name: str) -> int:
        """Return the sum of one figure over all touches."""
        return sum(int(getattr(touch, name)) for touch in self.touches)

    @property
    def states(self) -> dict[str, int]:
        """Return the deliveries of all touches by state."""
        return _sum(touch.states for touch in self.touches)

    @property
    def reasons(self) -> dict[str, int]:
        """Return the deliveries that did not leave, by reason."""
        return _sum(touch.reasons for touch in self.touches)

    recipients = property(lambda self: self.total("recipients"))
    sent = property(lambda self: self.total("sent"))
    failed = property(lambda self: self.total("failed"))
    bounced = property(lambda self: self.total("bounced"))
    complained = property(lambda self: self.total("complained"))
    opened = property(lambda self: self.total("opened"))
    clicked = property(lambda self: self.total("clicked"))
    unsubscribed = property(lambda self: self.total("unsubscribed"))
    scanned = property(lambda self: self.total("scanned"))
    shared = property(lambda self: self.total("is_shared"))
    posted = property(lambda self: self.total("posted"))


def results(actor: Actor, launch_id: int) -> Results:
    """Return what came of a launch, counted in people. Raises NotFound, Forbidden."""
    launch = launches.one(actor, launch_id)
    authorize(actor, Permission.CAMPAIGNS_DELIVERY_READ, launch)
    return results_of(actor, [launch])[0]


def results_of(actor: Actor, run: Sequence[Launch]) -> list[Results]:
    """Return what came of some launches, in their order. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_DELIVERY_READ)
    ids = [launch.id for launch in run]
    states: dict[int, Counter[str]] = {}
    reasons: dict[int, Counter[str]] = {}
    for count in sending.counts(actor, ids):
        states.setdefault(count.touch_id, Counter())[count.state.value] += count.number
        if count.reason and count.state not in LEFT:
            reasons.setdefault(count.touch_id, Counter())[count.reason] += count.number
    people = {(found.touch_id, found.kind): found.people for found in queries.reactions(actor, ids)}
    opened = queries.openers(actor, ids)
    scanned = queries.scans(actor, ids)
    shared = {share.touch_id for share in sending.shares(actor, ids)}
    may_see_posts = actor.can(Permission.CAMPAIGNS_POST_READ)
    posts = [post for one in ids for post in posting.posts_of_launch(actor, one)] if may_see_posts else []
    return [
        Results(
            launch_id=launch.id,
            name=launch.name,
            state=launch.state.value,
            targets=kits.version(actor, launch.kit_version_id).goals,
            touches=[
                TouchResults(
                    touch_id=touch.id,
                    key=touch.key,
                    channel=touch.channel.value,
                    state=touch.state.value,
                    states=dict(states.get(touch.id, {})),
                    reasons=dict(reasons.get(touch.id, {})),
                    opened=opened.get(touch.id, 0),
                    clicked=people.get((touch.id, EventKind.CLICK), 0),
                    unsubscribed=people.get((touch.id, EventKind.UNSUBSCRIBE), 0),
                    scanned=scanned.get(touch.id, 0),
                    is_shared=touch.id in shared,
                    is_by_hand=touch.way is TouchChannel.SHARE,
                    posts=[post for post in posts if post.touch_id == touch.id],
                )
                for touch in launch.touches
            ],
        )
        for launch in run
    ]


def reacted(actor: Actor, delivery_ids: Sequence[int]) -> dict[int, set[EventKind]]:
    """Return what the people behind some deliveries did. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_DELIVERY_READ)
    return queries.reacted(actor, list(delivery_ids))


def _sum(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return dict(total)
