"""Nothing leaves while people sleep: neither at the launch, nor from a list that is long when the night begins."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from campaigns.kits import service as kit_service
from campaigns.launches import service as launches
from campaigns.sending import tasks
from tcma.infra.db import reading, session, transaction
from tcma.kernel import clock
from tests.factories import kits
from tests.factories.launches import Scene, scene

EVENING = datetime(2026, 12, 1, 21, 30, tzinfo=UTC)  # 22:30 in Berlin, a Tuesday
MORNING = datetime(2026, 12, 2, 7, 0, tzinfo=UTC)


@pytest.fixture
def made(world, errands, mailbox) -> Scene:
    ready = scene(kits.email_touch, contacts=3, time_zone="Europe/Berlin")
    with transaction(ready.marketing):
        draft = kit_service.start_version(ready.marketing, ready.kit.kit_id)
        kit_service.save_timing(
            ready.marketing, draft.id, quiet_from="20:00", quiet_until="08:00", clicked=5, opened=50
        )
        ready.kit = kit_service.publish(ready.marketing, draft.id)
    return ready


def launched(made: Scene, **fields):
    with transaction(made.partner):
        return launches.launch(made.partner, kit_version_id=made.kit.id, **fields)


def states(made: Scene) -> list[str]:
    with reading(made.partner):
        return list(session.scalars(text("SELECT state FROM deliveries ORDER BY id")))


def test_what_is_launched_at_night_leaves_in_the_morning_and_the_partner_is_shown_so(made, mailbox, work):
    with clock.frozen(EVENING):
        launch = launched(made)
        assert launch.state == "scheduled"
        assert launch.touches[0].due_at_local == datetime.fromisoformat("2026-12-02T08:00")
        work()
        assert mailbox.caught == []
    with clock.frozen(MORNING):
        with transaction(made.partner):
            launches.advance(made.partner, launch.id)
        work()
    assert len(mailbox.caught) == 3


def test_a_list_that_is_still_long_when_the_night_begins_goes_on_in_the_morning(made, mailbox, work):
    with clock.frozen(datetime(2026, 12, 1, 18, 59, tzinfo=UTC)):
        launched(made)
        work(through="campaigns.sending.fan_out")
    assert states(made) == ["queued"] * 3
    with clock.frozen(EVENING):
        tasks.sweep()
        work()
        assert [caught for caught in mailbox.caught if caught.recipient.startswith("person")] == []
    with clock.frozen(MORNING):
        tasks.sweep()
        work()
    assert states(made) == ["sent"] * 3
