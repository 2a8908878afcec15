"""Results to take along: every delivery once, safe in a spreadsheet, the recipients for their own partner alone."""

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import text

from campaigns.audiences import service as audiences
from campaigns.kits import service as kit_service
from campaigns.launches import service as launches
from campaigns.sending import service as sending
from campaigns.sending.errors import NothingToRetry
from campaigns.tracking import service as tracking
from tcma.accounts.model import User
from tcma.infra.db import reading, session, transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM
from tests.clients import api_client, browser
from tests.factories import kits
from tests.factories.launches import Scene, scene


@pytest.fixture
def sent(errands, mailbox, work) -> Scene:
    """Four recipients: one refused for good, one whose mailbox is full, two that got it."""
    made = scene(kits.email_touch, contacts=4)
    mailbox.answers["person1@example.com"] = ["550 5.1.1 no such user"]
    mailbox.answers["person2@example.com"] = ["552 5.2.2 =HYPERLINK(full)"]
    with transaction(made.partner):
        made.launch = launches.launch(made.partner, kit_version_id=made.kit.id)
    work()
    return made


def person(actor) -> User:
    with reading(SYSTEM):
        return session.get_one(User, actor.user_id)


def table(body: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body)))


def test_the_counts_add_up_to_the_rows(sent, app):
    rows = table(api_client(app, person(sent.partner)).get(f"/launches/{sent.launch.id}/results.csv").text)
    assert {(row["state"], row["reason"], row["deliveries"]) for row in rows} == {
        ("failed", "recipient_unknown", "1"),
        ("failed", "mailbox_full", "1"),
        ("sent", "", "2"),
    }


def test_a_partner_downloads_its_recipients_with_state_and_reason(sent, app):
    answer = browser(app, person(sent.partner)).get(f"/launches/{sent.launch.id}/recipients.csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = {row["recipient"]: row for row in table(answer.text)}
    assert sorted(rows) == [f"person{number}@example.com" for number in range(4)]
    assert rows["person0@example.com"]["state"] == "sent"
    assert rows["person0@example.com"]["sent_at"]
    assert (rows["person1@example.com"]["state"], rows["person1@example.com"]["reason"]) == (
        "failed",
        "recipient_unknown",
    )
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows.values() for cell in row.values())


def test_neither_the_brand_nor_another_partner_downloads_recipients(sent, app):
    path = f"/launches/{sent.launch.id}/recipients.csv"
    assert api_client(app, person(sent.marketing)).get(path).status_code == 403
    assert api_client(app, person(sent.other)).get(path).status_code == 404
    assert "person0" not in api_client(app, person(sent.marketing)).get(f"/launches/{sent.launch.id}/results.csv").text


def test_a_long_list_is_downloaded_whole(sent, app, monkeypatch):
    monkeypatch.setattr("campaigns.tracking.service.exporting.LARGEST_PAGE", 1)
    body = api_client(app, person(sent.partner)).get(f"/launches/{sent.launch.id}/recipients.csv").text
    assert len({row["delivery"] for row in table(body)}) == 4


def states(made: Scene) -> dict[str, str]:
    with reading(made.partner):
        rows = session.execute(text("SELECT c.email, d.state FROM deliveries d JOIN contacts c ON c.id = d.contact_id"))
        return dict(rows.all())


def test_what_failed_for_a_reason_that_may_be_over_is_sent_again_when_a_person_asks(sent, mailbox, work):
    with transaction(sent.partner):
        assert sending.retry_failed(sent.partner, sent.launch.id) == 1
    work()
    assert states(sent) == {
        "person0@example.com": "sent",
        "person1@example.com": "failed",
        "person2@example.com": "sent",
        "person3@example.com": "sent",
    }
    assert mailbox.recipients == ["person0@example.com", "person2@example.com", "person3@example.com"]
    with pytest.raises(NothingToRetry), transaction(sent.partner):
        sending.retry_failed(sent.partner, sent.launch.id)


def test_a_retry_asks_anew_who_may_be_mailed(sent, mailbox, work):
    with transaction(sent.partner):
        audiences.suppress(sent.partner, "person2@example.com")
        sending.retry_failed(sent.partner, sent.launch.id)
    work()
    assert states(sent)["person2@example.com"] == "skipped"


def test_nobody_else_has_a_launch_tried_again(sent, app):
    for actor, status in ((sent.other, 404), (sent.marketing, 403)):
        assert api_client(app, person(actor)).post(f"/launches/{sent.launch.id}/retry", json={}).status_code == status


def test_goals_stand_beside_what_was_reached(errands, mailbox, work, app):
    made = scene(kits.email_touch, contacts=2)
    with transaction(made.marketing):
        draft = kit_service.start_version(made.marketing, made.kit.kit_id)
        kit_service.save_timing(made.marketing, draft.id, clicked=50, opened=80)
        kit = kit_service.publish(made.marketing, draft.id)
    with transaction(made.partner):
        launch = launches.launch(made.partner, kit_version_id=kit.id)
    work()
    link = mailbox.to("person0@example.com").get_body(("plain",)).get_content()
    path = "/t/c/" + link.split("/t/c/")[1].split()[0]
    with clock.frozen(clock.now() + timedelta(hours=1)):
        app.test_client().get(path, headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36"})
    with reading(made.partner):
        goals = {one.figure: one for one in tracking.results(made.partner, launch.id).goals}
    assert (goals["clicked"].reached_percent, goals["clicked"].is_reached) == (50.0, True)
    assert (goals["opened"].reached_percent, goals["opened"].is_reached) == (50.0, False)
