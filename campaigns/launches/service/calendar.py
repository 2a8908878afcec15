"""What leaves when: the touches of all launches that an actor may see, by their wall times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from icalendar import Calendar, Event

from campaigns.kits.rules import TouchChannel
from campaigns.launches import queries
from campaigns.launches.rules import LaunchState, TouchState
from tcma import settings
from tcma.accounts import service as accounts
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission

MOST: Final = 2_000
FEED_BEHIND: Final = timedelta(days=90)
FEED_AHEAD: Final = timedelta(days=370)
# Nobody works on a mail for longer than a glance: a calendar shows it as a short appointment.
SHOWN_FOR: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Entry:
    """One touch in a calendar; `due_at_local` is what the partner's clocks show."""

    touch_id: int
    launch_id: int
    partner: str
    launch: str
    touch: str
    channel: TouchChannel
    state: TouchState
    launch_state: LaunchState
    due_at_local: datetime
    due_at: datetime
    time_zone: str

    @property
    def title(self) -> str:
        """Return what it is called on one line."""
        return f"{self.launch}: {self.touch}"


def entries(actor: Actor, *, first: date, last: date) -> list[Entry]:
    """Return what leaves from one day to another, both included, earliest first. Raises Forbidden."""
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_READ)
    begins = datetime.combine(first, time())
    found = queries.touches_between(actor, begins, datetime.combine(last + timedelta(days=1), time()), most=MOST)
    names = {partner.id: partner.trade_name for partner in accounts.partners(actor)}
    return [
        Entry(
            touch_id=touch.id,
            launch_id=touch.launch_id,
            partner=names.get(touch.partner_id, ""),
            launch=touch.launch.name,
            touch=touch.document.get("name") or touch.key.replace("_", " ").replace("-", " ").capitalize(),
            channel=touch.channel,
            state=touch.state,
            launch_state=touch.launch.state,
            due_at_local=touch.due_at_local,
            due_at=touch.due_at,
            time_zone=touch.launch.time_zone,
        )
        for touch in found
    ]


def feed(actor: Actor) -> bytes:
    """Return the calendar of an actor as iCalendar (RFC 5545), in UTC so that no reader needs our zones."""
    today = clock.today()
    calendar = Calendar()
    calendar.add("prodid", "-//TCMA//Launches//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{accounts.brand_name()}: launches".strip(": "))
    for entry in entries(actor, first=today - FEED_BEHIND, last=today + FEED_AHEAD):
        calendar.add_component(_event(actor, entry))
    return bytes(calendar.to_ical())


def _event(actor: Actor, entry: Entry) -> Event:
    event = Event()
    event.add("uid", f"touch-{entry.touch_id}@{settings.current().mail_domain}")
    event.add("dtstamp", clock.now().astimezone(UTC))
    event.add("dtstart", entry.due_at.astimezone(UTC))
    event.add("dtend", (entry.due_at + SHOWN_FOR).astimezone(UTC))
    event.add("summary", entry.title if actor.is_partner else f"{entry.partner}: {entry.title}")
    event.add("url", f"{settings.current().base_url}/launches/{entry.launch_id}")
    # Not yet certain while somebody has to decide: an approval is awaited, or it asks.
    certain = entry.launch_state not in {LaunchState.DRAFT, LaunchState.PAUSED, LaunchState.MISSED}
    event.add("status", "CONFIRMED" if certain else "TENTATIVE")
    return event
