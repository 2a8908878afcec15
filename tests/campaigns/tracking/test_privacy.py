"""A kit decides what is counted; a reader decides who may write; links lead through a host of their own."""

import dataclasses
import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from campaigns.kits import service as kit_service
from campaigns.kits.rules import Tracking
from campaigns.launches import service as launches
from campaigns.tracking import service
from campaigns.tracking.service import Each
from tcma import settings as process_settings
from tcma.infra.db import reading, session, transaction
from tcma.kernel import clock
from tests.factories import audiences, kits
from tests.factories.launches import Scene, scene

BASE = "http://portal.brand.example"
BROWSER = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36"}


def made_with(**timing) -> Scene:
    made = scene(kits.email_touch, contacts=2)
    with transaction(made.marketing):
        draft = kit_service.start_version(made.marketing, made.kit.kit_id)
        kit_service.save_timing(made.marketing, draft.id, **timing)
        made.kit = kit_service.publish(made.marketing, draft.id)
    return made


def launched(made: Scene, work):
    with transaction(made.partner):
        launch = launches.launch(made.partner, kit_version_id=made.kit.id)
    work()
    return launch


def bodies(mailbox) -> tuple[str, str]:
    message = mailbox.to("person0@example.com")
    return message.get_body(("html",)).get_content(), message.get_body(("plain",)).get_content()


def test_where_opens_are_not_counted_there_is_no_pixel(errands, mailbox, work):
    launched(made_with(tracking=Tracking.CLICKS), work)
    page, _ = bodies(mailbox)
    assert "/t/o/" not in page
    assert "/t/c/" in page


def test_where_nothing_is_counted_links_lead_straight_to_their_targets(errands, mailbox, work):
    launched(made_with(tracking=Tracking.NONE), work)
    for body in bodies(mailbox):
        assert "/t/c/" not in body
        assert "/t/o/" not in body
        assert "https://brand.example/offer" in body
        assert "/u/" in body, "the way out stays"


def test_a_followed_link_tells_web_statistics_where_it_comes_from(errands, mailbox, work, app):
    made = made_with(utm={"source": "{{partner}}", "medium": "{{channel}}", "campaign": "{{kit}} {{touch}}"})
    launched(made, work)
    path = re.search(rf"{BASE}(/t/c/[\w-]+)", bodies(mailbox)[0])[1]
    location = app.test_client().get(path, headers=BROWSER).location
    assert location.startswith("https://brand.example/offer?utm_source=Nordwind&utm_medium=email&utm_campaign=Kit+")
    assert location.endswith("+intro")


def test_links_lead_through_a_host_of_their_own(errands, mailbox, work):
    process_settings.install(dataclasses.replace(process_settings.current(), links_url="https://go.brand.example"))
    launched(made_with(), work)
    page, plain = bodies(mailbox)
    assert "https://go.brand.example/t/c/" in page
    assert "https://go.brand.example/u/" in plain
    assert mailbox.to("person0@example.com")["List-Unsubscribe"].startswith("<https://go.brand.example/u/")


def way_out(mailbox) -> str:
    return mailbox.to("person0@example.com")["List-Unsubscribe"].strip("<>").removeprefix(BASE)


@pytest.mark.parametrize(("path", "others_may_write"), [("", True), ("/all", False)])
def test_a_reader_leaves_one_partner_or_all_of_them(  # noqa: PLR0917 - fixtures, and one row of the table
    errands, mailbox, work, app, path, others_may_write
):
    made = made_with()
    launched(made, work)
    with transaction(made.other):
        audiences.contacts(made.other, "person0@example.com", "stays@example.com")
    page = app.test_client().post(way_out(mailbox) + path)
    assert page.status_code == 200
    assert "unsubscribed" in page.text
    with reading(made.other):
        suppressed = session.scalar(text("SELECT suppressed FROM audience_counts(:id)"), {"id": made.other.partner_id})
    assert suppressed == (0 if others_may_write else 1)
    again = app.test_client().post(way_out(mailbox) + path)
    assert again.status_code == 200
    with reading(made.partner):
        assert session.scalar(text("SELECT count(*) FROM tracking_events WHERE kind = 'unsubscribe'")) == 1


def test_looking_at_the_choices_changes_nothing(errands, mailbox, work, app):
    made = made_with()
    launched(made, work)
    for method in ("GET", "HEAD"):
        assert app.test_client().open(way_out(mailbox) + "/all", method=method).status_code == 405
        assert app.test_client().open(way_out(mailbox), method=method).status_code == 200
    with reading(made.marketing):
        assert session.scalars(text("SELECT 1 FROM suppressions")).all() == []


def test_results_over_time_add_up_and_count_people_once_in_each_moment(errands, mailbox, work, app):
    began = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
    with clock.frozen(began):
        made = made_with()
        launch = launched(made, work)
    path = re.search(rf"{BASE}(/t/c/[\w-]+)", bodies(mailbox)[0])[1]
    for hours in (1, 1.2, 30):
        with clock.frozen(began + timedelta(hours=hours)):
            app.test_client().get(path, headers=BROWSER)
    with reading(made.partner):
        hourly = service.series(made.partner, launch.id)
        daily = service.series(made.partner, launch.id, each=Each.DAY)
    assert [(one.at.isoformat(), one.sent, one.clicked) for one in hourly] == [
        ("2026-12-01T09:00:00+00:00", 2, 0),
        ("2026-12-01T10:00:00+00:00", 0, 1),
        ("2026-12-02T15:00:00+00:00", 0, 1),
    ]
    assert [(one.at.day, one.sent, one.clicked) for one in daily] == [(1, 2, 1), (2, 0, 1)]
