"""What leaves when, on a page and in calendar programs: each sees its own, by the clocks of the partner."""

import re
from datetime import UTC, date, datetime

import icalendar
import pytest

from campaigns.launches import service
from tcma.accounts import feeds
from tcma.accounts.model import User
from tcma.infra.db import reading, session, transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM
from tcma.kernel.errors import NotFound
from tests.clients import browser
from tests.factories import kits
from tests.factories.launches import scene

NOW = datetime(2026, 3, 20, 10, tzinfo=UTC)
STARTS = datetime.fromisoformat("2026-03-28T09:30")  # the day before the clocks in Berlin are set forward


@pytest.fixture
def made(world, errands, mailbox):
    with clock.frozen(NOW):
        ready = scene(
            kits.email_touch, lambda _template: kits.share_touch(day_offset=2), contacts=1, time_zone="Europe/Berlin"
        )
        with transaction(ready.partner):
            ready.launch = service.launch(
                ready.partner, kit_version_id=ready.kit.id, starts_at_local=STARTS, name="Spring"
            )
        yield ready


def person(actor) -> User:
    with reading(SYSTEM):
        return session.get_one(User, actor.user_id)


def entries(actor, first: str, last: str) -> list[tuple[str, str]]:
    with reading(actor):
        found = service.entries(actor, first=date.fromisoformat(first), last=date.fromisoformat(last))
        return [(one.title, one.due_at_local.isoformat(timespec="minutes")) for one in found]


def test_each_touch_stands_on_its_day_by_the_partners_clocks(made):
    assert entries(made.partner, "2026-03-01", "2026-03-31") == [
        ("Spring: Intro", "2026-03-28T09:30"),
        ("Spring: Post", "2026-03-30T09:00"),
    ]
    assert entries(made.partner, "2026-03-29", "2026-03-29") == []


def test_another_partner_sees_nothing_and_the_brand_sees_whose_it_is(made, app):
    assert entries(made.other, "2026-03-01", "2026-03-31") == []
    page = browser(app, person(made.marketing)).get("/calendar/?on=2026-03-10").text
    assert "Spring: Intro · Nordwind" in page


def test_a_month_and_a_week_can_be_looked_at_and_left(made, app):
    client = browser(app, person(made.partner))
    month = client.get("/calendar/?on=2026-03-10").text
    assert "March 2026" in month
    assert "Spring: Intro" in month
    week = client.get("/calendar/?view=week&on=2026-03-28").text
    assert "Week of 23 March 2026" in week
    assert "Saturday, 28 March" in week
    later = re.search(r'href="([^"]*)"><svg[^>]*><use href="[^"]*#arrow-right"', week)[1].replace("&amp;", "&")
    assert "Spring: Post" in client.get(later).text
    assert client.get("/calendar/?on=nonsense").status_code == 200


def feed_of(actor) -> str:
    with reading(actor):
        return feeds.feed_address(actor).removeprefix("http://portal.brand.example")


def test_a_calendar_program_reads_instants_that_are_right_on_both_sides_of_a_clock_change(made, app):
    answer = app.test_client().get(feed_of(made.partner))
    assert answer.mimetype == "text/calendar"
    events = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    assert [(str(one["SUMMARY"]), one["DTSTART"].dt) for one in events] == [
        ("Spring: Intro", datetime(2026, 3, 28, 8, 30, tzinfo=UTC)),
        ("Spring: Post", datetime(2026, 3, 30, 7, 0, tzinfo=UTC)),
    ]
    assert {str(one["STATUS"]) for one in events} == {"CONFIRMED"}
    assert max(map(len, answer.data.split(b"\r\n"))) <= 75


def test_a_cancelled_launch_leaves_the_calendar(made, app):
    with transaction(made.partner):
        service.cancel(made.partner, made.launch.id)
    assert b"Spring" not in app.test_client().get(feed_of(made.partner)).data


def test_a_renewed_feed_has_another_address_and_the_old_one_leads_nowhere(made, app):
    before = feed_of(made.partner)
    browser(app, person(made.partner)).post("/calendar/feed")
    assert feed_of(made.partner) != before
    assert app.test_client().get(before).status_code == 404
    assert app.test_client().get(feed_of(made.partner)).status_code == 200


def test_a_feed_opens_nothing_but_launches_and_ends_with_its_person(made):
    token = feed_of(made.partner).removeprefix("/calendar/").removesuffix(".ics")
    reader = feeds.reader_of(token)
    assert {permission.value for permission in reader.permissions} == {"campaigns:launch:read"}
    with transaction(SYSTEM):
        session.get_one(User, made.partner.user_id).is_active = False
    with pytest.raises(NotFound):
        feeds.reader_of(token)
    with pytest.raises(NotFound):
        feeds.reader_of("made.up")
