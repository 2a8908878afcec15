"""Reports come by SMTP to the return path of a mail that really left, and everything follows from them once."""

import smtplib
from collections import Counter

import pytest
from sqlalchemy import text

from campaigns.feedback.mailbox import Mailbox
from campaigns.launches import queries as launch_queries
from campaigns.launches import service as launches
from campaigns.launches.errors import SenderHeld, SenderNotHeld
from campaigns.launches.rules import LaunchState
from campaigns.sending import service as sending
from campaigns.sending import tasks
from campaigns.sending.rules import LEASE
from tcma import mailbox as process
from tcma.infra.db import reading, session, transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.errors import Forbidden
from tcma.kernel.permissions import Role
from tests.campaigns.conftest import free_port
from tests.campaigns.feedback.samples import SAMPLES
from tests.factories import accounts, audiences, kits
from tests.factories.launches import Scene, scene

RAW = {sample.name: sample.raw for sample in SAMPLES}


@pytest.fixture
def made(world, errands, mailbox, work) -> Scene:
    """A launch to six people that has left."""
    ready = scene(kits.email_touch, contacts=6)
    with transaction(ready.partner):
        ready.launch = launches.launch(ready.partner, kit_version_id=ready.kit.id)
    work()
    assert len(mailbox.caught) == 6
    return ready


@pytest.fixture
def server(app):
    """A mail server of the operator, that brings reports."""
    port = free_port()
    controller = process.listen(f"smtp://127.0.0.1:{port}", Mailbox(app))
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        smtp.ehlo()
        yield smtp
    controller.stop()


def path_of(mailbox, person: str) -> str:
    (found,) = [one.sender for one in mailbox.caught if one.recipient == person]
    return found


def bring(server, path: str, name: str) -> None:
    assert server.sendmail("", [path], RAW[name]) == {}


def states(actor: Actor) -> Counter[str]:
    with reading(actor):
        return Counter(session.scalars(text("SELECT state FROM deliveries")))


def suppressions(actor: Actor) -> list[tuple[str, str]]:
    with reading(actor):
        rows = session.execute(text("SELECT scope, reason FROM suppressions ORDER BY id"))
        return [(row.scope, row.reason) for row in rows]


def test_a_dead_address_is_known_to_be_dead_and_nobody_writes_to_it_again(made, mailbox, server, work) -> None:
    bring(server, path_of(mailbox, "person1@example.com"), "gmail: no such user")
    assert states(made.partner) == {"sent": 5, "bounced": 1}
    assert suppressions(made.partner) == [("everywhere", "bounced")]
    with transaction(made.other):
        audiences.contacts(made.other, "person1@example.com", "somebody@example.com")
        launches.launch(made.other, kit_version_id=made.kit.id)
    before = len(mailbox.caught)
    work()
    assert [one.recipient for one in mailbox.caught[before:]] == ["somebody@example.com"]


def test_the_same_report_twice_is_heard_once(made, mailbox, server) -> None:
    for _ in range(3):
        bring(server, path_of(mailbox, "person1@example.com"), "gmail: no such user")
    assert suppressions(made.partner) == [("everywhere", "bounced")]
    with reading(made.partner):
        assert session.scalar(text("SELECT count(*) FROM feedback_reports")) == 1


@pytest.mark.parametrize(
    ("name", "left"), [("gmail: mailbox full", {"sent": 5, "bounced": 1}), ("gmail: still trying", {"sent": 6})]
)
def test_what_is_no_dead_address_suppresses_nobody(made, mailbox, server, name: str, left: dict[str, int]) -> None:
    bring(server, path_of(mailbox, "person2@example.com"), name)
    assert states(made.partner) == left
    assert suppressions(made.partner) == []


def test_an_out_of_office_changes_nothing(made, mailbox, server) -> None:
    bring(server, path_of(mailbox, "person2@example.com"), "outlook: out of office")
    assert states(made.partner) == {"sent": 6}
    assert suppressions(made.partner) == []


def test_a_delivery_that_nobody_knew_about_is_settled_by_what_comes_back(made, mailbox, server, work) -> None:
    with transaction(made.partner):
        audiences.contacts(made.partner, "late@example.com")
        launches.launch(made.partner, kit_version_id=made.kit.id)
    work(through="campaigns.sending.fan_out")
    job = Actor.partner_job(made.partner.partner_id)
    with transaction(job):
        shift = sending.begin_turn(job, turn=2)
    with transaction(job):
        part = sending.hand_over(job, shift, rows=1)
    with clock.frozen(clock.now() + LEASE * 2):
        tasks.sweep()
    assert states(made.partner)["unknown"] == 1
    bring(server, sending.return_path(part.parcels[0].delivery_id), "a relay that handed on")
    assert states(made.partner)["unknown"] == 0


def test_strangers_are_told_that_there_is_no_such_address(made, mailbox, server) -> None:
    path = path_of(mailbox, "person1@example.com")
    forged = path.replace("-", "-1", 1)
    for address in (forged, "postmaster@mail.brand.example", "b-1-0000000000@x.example"):
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            server.sendmail("", [address], RAW["gmail: no such user"])
        assert refused.value.recipients[address][0] == 550
    assert states(made.partner) == {"sent": 6}


def test_a_report_about_one_partner_is_nobody_elses_business(made, mailbox, server, api) -> None:
    bring(server, path_of(mailbox, "person1@example.com"), "yahoo: spam button")
    assert [one["kind"] for one in api(made.partner).get("/feedback").json["items"]] == ["complaint"]
    assert api(made.other).get("/feedback").json["items"] == []
    assert "person1" not in api(made.marketing).get("/feedback").text


def complain(made, mailbox, server, number: int) -> None:
    for index in range(number):
        bring(server, path_of(mailbox, f"person{index}@example.com"), "yahoo: spam button")


def test_whoever_complains_is_never_written_to_again_by_this_partner(made, mailbox, server) -> None:
    complain(made, mailbox, server, 1)
    assert states(made.partner) == {"sent": 5, "complained": 1}
    assert suppressions(made.partner) == [("partner", "complained")]


def test_two_complaints_of_six_pause_a_sender_who_may_go_on(made, mailbox, server) -> None:
    with transaction(SYSTEM):
        session.execute(text("UPDATE launches SET state = 'running', completed_at = NULL"))
    complain(made, mailbox, server, 2)
    with reading(made.partner):
        paused = launch_queries.one(made.partner, made.launch.id)
        assert paused.state is LaunchState.PAUSED
        assert paused.stopped_reason == "2 of 6 mails of the last 7 days were reported as spam."
    with transaction(made.partner):
        launches.resume(made.partner, made.launch.id)


def test_three_complaints_of_six_stop_a_sender_until_the_brand_releases_it(made, mailbox, server, api) -> None:
    complain(made, mailbox, server, 3)
    with pytest.raises(SenderHeld, match="3 of 6 mails"), transaction(made.partner):
        launches.launch(made.partner, kit_version_id=made.kit.id)
    with pytest.raises(Forbidden), transaction(made.partner):
        launches.release_sender(made.partner, made.partner.partner_id)
    with transaction(SYSTEM):
        channel = accounts.actor_for(accounts.user(Role.CHANNEL_MANAGER))
    (held,) = api(channel).get("/launches/holds").json["items"]
    assert held["partner_id"] == made.partner.partner_id
    assert api(channel).post(f"/launches/holds/{held['partner_id']}/release", json={}).status_code == 204
    with transaction(made.partner):
        launches.launch(made.partner, kit_version_id=made.kit.id)
    with pytest.raises(SenderNotHeld), transaction(channel):
        launches.release_sender(channel, made.partner.partner_id)


def test_the_others_may_send_while_one_is_held(made, mailbox, server) -> None:
    complain(made, mailbox, server, 3)
    with transaction(made.other):
        audiences.contacts(made.other, "somebody@example.com")
        launches.launch(made.other, kit_version_id=made.kit.id)
