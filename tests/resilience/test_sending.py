"""A launch of 2,000 mails survives what happens to machines: real workers killed, a real broker wiped."""

import email

import pytest
import redis

from campaigns.sending.rules import PART_ROWS
from tests.resilience.processes import RECIPIENTS, WORKER_PROCESSES, Stage, everything_is_final

pytestmark = pytest.mark.xdist_group("processes")


def test_workers_killed_in_the_middle_of_a_launch_lose_nobody_and_mail_nobody_twice(stage: Stage) -> None:
    stage.start_worker()
    stage.start_scheduler()
    launch_id = stage.prepare_and_launch()
    stage.await_that(lambda: len(list(stage.mail.glob("*.eml"))) > 300, "300 mails left", within_s=120)

    stage.kill("worker")

    at_the_kill = stage.states(launch_id)
    assert at_the_kill["sent"] < RECIPIENTS, "the launch was over before the kill: nothing was tested"
    assert sum(at_the_kill.values()) == RECIPIENTS
    stage.let_leases_expire()
    stage.start_worker()
    stage.await_that(everything_is_final(stage, launch_id), "every delivery final", within_s=180)

    states, mails = stage.states(launch_id), stage.mails()
    assert set(states) <= {"sent", "unknown"}, states
    assert states["unknown"] <= PART_ROWS * WORKER_PROCESSES
    assert not [address for address, count in mails.items() if count > 1]
    assert stage.addresses_in(launch_id, "sent") <= set(mails)
    # Those that are not "sent" were in hand-off at the kill: the mail left or it did not, and a person may settle it.
    assert set(mails) - stage.addresses_in(launch_id, "sent") <= stage.addresses_in(launch_id, "unknown")
    heads = [email.message_from_bytes(path.read_bytes()) for path in stage.mail.glob("*.eml")]
    identifiers = [head["Message-ID"] for head in heads if head["X-Envelope-To"].startswith("contact")]
    assert len(identifiers) == len(set(identifiers)) == sum(mails.values())


def test_a_wiped_broker_in_the_middle_of_a_launch_loses_nothing(stage: Stage) -> None:
    stage.start_worker()
    stage.start_scheduler()
    launch_id = stage.prepare_and_launch()
    stage.await_that(lambda: len(list(stage.mail.glob("*.eml"))) > 200, "200 mails left", within_s=120)

    with redis.Redis.from_url(stage.valkey.url) as client:
        client.flushall()

    assert stage.states(launch_id)["sent"] < RECIPIENTS, "the launch was over before the wipe: nothing was tested"
    stage.await_that(everything_is_final(stage, launch_id), "every delivery final", within_s=180)
    assert stage.states(launch_id) == {"sent": RECIPIENTS}
    assert stage.mails() == {f"contact{index:05d}@people.example": 1 for index in range(RECIPIENTS)}


def test_a_broker_wiped_before_any_worker_looked_loses_nothing(stage: Stage) -> None:
    launch_id = stage.prepare_and_launch()
    with redis.Redis.from_url(stage.valkey.url) as client:
        client.flushall()
    assert stage.states(launch_id) == {}
    stage.start_worker()
    stage.start_scheduler()
    stage.await_that(everything_is_final(stage, launch_id), "every delivery final", within_s=240)
    assert stage.states(launch_id) == {"sent": RECIPIENTS}
