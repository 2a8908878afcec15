"""Twenty kills in a row, two schedulers, a database that restarts: nobody is lost, and nobody is mailed twice."""

import random
import sys

import pytest

from campaigns.sending.rules import PART_ROWS
from tests.resilience.processes import WORKER_PROCESSES, Stage, everything_is_final

pytestmark = pytest.mark.xdist_group("processes")
ROUNDS = 20
RECIPIENTS = 4000


def left(stage: Stage) -> int:
    return len(list(stage.mail.glob("*.eml")))


def prove(stage: Stage, launch_id: int, what: str) -> None:
    """Nobody lost, nobody twice; whoever is not `sent` was in hand-off at a kill. The figures are printed."""
    states, mails = stage.states(launch_id), stage.mails()
    sys.stdout.write(f"{what}: {dict(states)}, {sum(mails.values())} mails to {len(mails)} people\n")
    assert sum(states.values()) == RECIPIENTS
    assert set(states) <= {"sent", "unknown"}
    assert not [address for address, count in mails.items() if count > 1]
    sent = stage.addresses_in(launch_id, "sent")
    assert sent <= set(mails)
    assert set(mails) - sent <= stage.addresses_in(launch_id, "unknown")


def test_twenty_kills_of_workers_and_schedulers_at_random_moments(stage: Stage) -> None:
    chance = random.Random(20)
    stage.start_scheduler("scheduler")
    stage.start_scheduler("second-scheduler")
    launch_id = stage.prepare_and_launch(RECIPIENTS)
    kills = 0
    stage.start_worker("worker-0")
    for number in range(ROUNDS):
        # The next one starts while this one works: there is always somebody to take over, and somebody to collide with.
        stage.start_worker(f"worker-{number + 1}")
        goal = min(left(stage) + chance.randrange(1, 250), RECIPIENTS)
        stage.await_that(
            lambda goal=goal: left(stage) >= goal or everything_is_final(stage, launch_id, RECIPIENTS)(),
            f"{goal} mails left",
            within_s=120,
        )
        stage.kill(f"worker-{number}")
        kills += 1
        victim = chance.choice(["scheduler", "second-scheduler"])
        stage.kill(victim)
        stage.let_leases_expire()
        stage.start_scheduler(victim)
    stage.await_that(everything_is_final(stage, launch_id, RECIPIENTS), "every delivery final", within_s=180)
    prove(stage, launch_id, f"{kills} kills of the workers, as many of schedulers")
    assert stage.states(launch_id)["unknown"] <= PART_ROWS * WORKER_PROCESSES * 2 * kills


def test_a_database_that_restarts_in_the_middle_of_a_launch_loses_nobody(stage: Stage) -> None:
    stage.start_worker()
    stage.start_scheduler()
    launch_id = stage.prepare_and_launch(RECIPIENTS)
    stage.await_that(lambda: left(stage) > 300, "300 mails left", within_s=120)
    stage.restart_postgres()
    assert stage.states(launch_id)["sent"] < RECIPIENTS, "the launch was over before: nothing was tested"
    stage.let_leases_expire()
    stage.await_that(everything_is_final(stage, launch_id, RECIPIENTS), "every delivery final", within_s=240)
    prove(stage, launch_id, "the database restarted")
