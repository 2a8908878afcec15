"""Crashes, races and outages: nobody lost, nobody mailed twice, and what nobody knows is called unknown."""

import dataclasses
import functools
import importlib
import threading
import time
from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from campaigns.launches import queries as launch_queries
from campaigns.launches import service as launches
from campaigns.launches import tasks as launch_tasks
from campaigns.launches.rules import LaunchState
from campaigns.sending import rules, tasks
from campaigns.sending import service as sending
from campaigns.sending.errors import AlreadyKnown
from campaigns.sending.rules import LEASE, PART_ROWS, DeliveryState, Part, Shift
from campaigns.sending.service import turns
from cobranding.rendering.errors import ValuesMissing
from tcma import settings as process_settings
from tcma.infra import broker, mail
from tcma.infra.db import reading, session, transaction
from tcma.infra.jobs import Urgency, registered_jobs
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.errors import Forbidden, NotFound, Unavailable
from tests.factories import audiences, kits
from tests.factories.launches import Scene, scene

FAN_OUT = "campaigns.sending.fan_out"


def launched(made: Scene):
    with transaction(made.partner):
        return launches.launch(made.partner, kit_version_id=made.kit.id)


def states(made: Scene) -> Counter[str]:
    with reading(made.partner):
        return Counter(session.scalars(text("SELECT state FROM deliveries")))


def later(by: timedelta):
    return clock.frozen(clock.now() + by)


@pytest.fixture
def made(world, errands, mailbox, work) -> Scene:
    """45 recipients, fanned out, nothing sent: two full parts and a piece."""
    ready = scene(kits.email_touch, contacts=45)
    launched(ready)
    work(through=FAN_OUT)
    errands[:] = [errand for errand in errands if errand.name.startswith("campaigns.")]
    assert states(ready) == {"queued": 45}
    return ready


@pytest.fixture
def job(made) -> Actor:
    assert made.partner.partner_id is not None
    return Actor.partner_job(made.partner.partner_id)


def shift_of(job: Actor, *, turn: int = 1) -> Shift:
    with transaction(job):
        shift = sending.begin_turn(job, turn=turn)
    assert shift is not None
    return shift


def claim(job: Actor, shift: Shift, rows: int) -> Part:
    with transaction(job):
        part = sending.hand_over(job, shift, rows=rows)
    assert part is not None
    return part


def test_fan_out_twice_adds_nobody(made, job) -> None:
    with reading(SYSTEM):
        touch_id = session.scalar(text("SELECT id FROM launch_touches"))
    tasks.fan_out(touch_id=touch_id)
    with transaction(SYSTEM):
        session.execute(text("UPDATE launch_touches SET state = 'due'"))
    tasks.fan_out(touch_id=touch_id)
    assert states(made) == {"queued": 45}


def test_two_fan_outs_at_once_make_each_row_once(world, errands, mailbox, work, app) -> None:
    made = scene(kits.email_touch, contacts=200)
    launched(made)
    with reading(SYSTEM):
        touch_id = session.scalar(text("SELECT id FROM launch_touches"))
    in_parallel(app, [lambda: tasks.fan_out(touch_id=touch_id)] * 2)
    assert states(made) == {"queued": 200}


def ten_at_once(monkeypatch) -> None:
    monkeypatch.setattr(importlib.import_module("campaigns.sending.service.fan_out"), "FEW_ROWS", 10)
    monkeypatch.setattr(sending, "fan_out", functools.partial(sending.fan_out, contacts=10))


def test_a_long_list_is_fanned_out_by_patient_jobs_that_may_be_repeated(
    world, errands, mailbox, work, monkeypatch
) -> None:
    ten_at_once(monkeypatch)
    made = scene(kits.email_touch, contacts=35)
    launched(made)
    work(through="campaigns.sending.fan_out_rest")
    assert states(made) == {"queued": 10}
    again = next(one for one in errands if one.name == "campaigns.sending.fan_out_rest")
    registered_jobs()[again.name](**again.ids)
    registered_jobs()[again.name](**again.ids)
    assert states(made) == {"queued": 20}
    work()
    assert states(made) == {"sent": 35}
    assert len(mailbox.recipients) == len(set(mailbox.recipients)) == 35


def test_a_fan_out_whose_next_job_was_lost_is_begun_again_by_the_tick(
    world, errands, mailbox, work, monkeypatch
) -> None:
    ten_at_once(monkeypatch)
    made = scene(kits.email_touch, contacts=25)
    launched(made)
    work(through="campaigns.sending.fan_out_rest")
    errands.clear()
    with later(timedelta(minutes=1)):
        launch_tasks.tick()
        tasks.sweep()
        work()
    assert states(made) == {"sent": 25}
    assert len(mailbox.recipients) == len(set(mailbox.recipients)) == 25


@pytest.mark.parametrize(
    ("own", "waiting", "longest"),
    [
        (Urgency.PATIENT, None, rules.TURN),
        (Urgency.PATIENT, Urgency.PROMPT, timedelta(0)),
        (Urgency.PATIENT, Urgency.PATIENT, rules.TURN_WITH_OTHERS),
        (Urgency.PROMPT, Urgency.PROMPT, rules.TURN_WITH_OTHERS),
        (Urgency.PROMPT, Urgency.PATIENT, rules.TURN),
    ],
)
def test_a_turn_is_as_long_as_those_who_wait_let_it_be(monkeypatch, own, waiting, longest) -> None:
    monkeypatch.setattr(broker, "waiting", lambda: waiting)
    assert tasks.longest_turn(own) == longest


def in_parallel(app, jobs) -> list[Exception]:
    """Run each job in a thread of its own, on a connection of its own; return what they raised."""
    raised: list[Exception] = []
    barrier = threading.Barrier(len(jobs))

    def run(work_to_do) -> None:
        with app.app_context():
            barrier.wait()
            try:
                work_to_do()
            except Exception as error:  # noqa: BLE001 - handed to the test
                raised.append(error)
            finally:
                session.remove()
                mail.let_go()

    threads = [threading.Thread(target=run, args=(one,)) for one in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_two_claimers_never_share_a_row(made, job, app) -> None:
    """The claim itself, without the turn that keeps them apart."""
    shift = shift_of(job)
    claimed: list[int] = []

    def take() -> None:
        part = claim(job, dataclasses.replace(shift, mark=uuid4().hex), 45)
        claimed.extend(parcel.delivery_id for parcel in part.parcels)

    assert in_parallel(app, [take] * 4) == []
    assert len(claimed) == len(set(claimed)) == 45


def test_one_partner_has_one_job_at_work_however_many_messages_there_are(made, job, mailbox, app, errands) -> None:
    (errand,) = [one for one in errands if one.name == "campaigns.sending.send_few"]
    assert in_parallel(app, [lambda: tasks.send(**errand.ids)] * 4) == []
    assert len(mailbox.recipients) == len(set(mailbox.recipients)) == 45
    assert states(made) == {"sent": 45}


def test_a_crash_before_the_first_claim_loses_nothing_and_repeats_nothing(made, job, mailbox, work, errands) -> None:
    shift_of(job)
    errands.clear()  # and the broker was wiped as well
    tasks.sweep()
    work()
    assert mailbox.caught == [], "the job still shows itself: it may be slow"
    with later(LEASE * 2):
        tasks.sweep()
        assert states(made) == {"queued": 45}
        work()
    assert len(mailbox.recipients) == len(set(mailbox.recipients)) == 45


def test_a_crash_in_the_hand_over_leaves_only_that_part_unknown(made, mailbox, work, errands, monkeypatch) -> None:
    sent: list[str] = []
    real = mail.SmtpConnection.offer

    def die_at_the_thirtieth(self, envelope_from, recipient):
        if len(sent) == 30:
            raise KeyboardInterrupt
        sent.append(recipient)
        real(self, envelope_from, recipient)

    with monkeypatch.context() as patch:
        patch.setattr(mail.SmtpConnection, "offer", die_at_the_thirtieth)
        with pytest.raises(KeyboardInterrupt):
            work()
    mail.let_go()
    session.remove()
    errands.clear()
    with later(LEASE * 2):
        tasks.sweep()
        # About 30 had left: all but the part that was on its way are known to be sent.
        found = states(made)
        assert 0 < found["unknown"] <= PART_ROWS
        assert found["sent"] + found["unknown"] >= 30
        assert rules.FIRST_PART_ROWS <= found["sent"] < 30, "the parts before were settled"
        assert sum(found.values()) == 45
        work()
        tasks.sweep()
    assert states(made) == {"sent": 45 - found["unknown"], "unknown": found["unknown"]}
    assert len(mailbox.recipients) == len(set(mailbox.recipients)), "nobody twice"
    with reading(made.partner):
        assert launch_queries.one(made.partner, _launch_id()).state is LaunchState.COMPLETED
        assert [finding.code for finding in sending.check()] == ["unknown"]
        told = "SELECT count(*) FROM notifications WHERE kind = 'campaigns.delivery.unknown'"
        assert session.scalar(text(told)) == 1, "the partner is asked to look"


def _launch_id() -> int:
    return int(session.scalar(text("SELECT id FROM launches")) or 0)


def test_an_answer_that_comes_after_the_sweep_gave_up_is_still_the_truth(made, job) -> None:
    shift = shift_of(job)
    part = claim(job, shift, 3)
    with later(LEASE * 2):
        tasks.sweep()
        assert states(made)["unknown"] == 3
        outcomes = [
            rules.Outcome(parcel.delivery_id, rules.Verdict(DeliveryState.SENT, rules.Reason.NONE), 1)
            for parcel in part.parcels
        ]
        with transaction(job):
            sending.settle(job, shift.mark, outcomes)
        assert states(made)["sent"] == 3
        assert states(made)["unknown"] == 0


def test_a_slow_worker_and_the_one_that_followed_it_never_hold_the_same_row(made, job) -> None:
    slow = shift_of(job)
    claim(job, slow, 10)
    with later(LEASE * 2):
        tasks.sweep()
        quick = shift_of(job, turn=2)
        assert len(claim(job, quick, PART_ROWS).parcels) == 35, "what the slow one holds is unknown, not free"
        assert claim(job, slow, PART_ROWS).parcels == ()


def one_part_for_each_turn(monkeypatch, *, rows: int) -> None:
    monkeypatch.setattr(tasks, "FIRST_PART_ROWS", rows)
    monkeypatch.setattr(tasks, "longest_turn", lambda _own: timedelta(0))


def test_a_wiped_broker_in_the_middle_of_a_launch_loses_nothing(world, errands, mailbox, work, monkeypatch) -> None:
    one_part_for_each_turn(monkeypatch, rows=10)
    made = scene(kits.email_touch, contacts=35)
    launched(made)
    work(through="campaigns.sending.send_few")
    assert states(made)["sent"] == 10
    errands.clear()
    tasks.sweep()
    assert errands == [], "the message may still be on its way"
    with later(rules.PATIENCE * 2):
        tasks.sweep()
        tasks.sweep()
        assert len(errands) == 1, "asked for once, however often the sweep comes"
        work()
    assert states(made) == {"sent": 35}
    assert len(mailbox.recipients) == len(set(mailbox.recipients)) == 35


def test_a_big_list_leaves_room_for_a_small_one(world, errands, mailbox, work, monkeypatch) -> None:
    one_part_for_each_turn(monkeypatch, rows=10)
    made = scene(kits.email_touch, contacts=0)
    with transaction(made.partner):
        audiences.contacts(made.partner, *(f"big{number}@example.com" for number in range(100)))
    with transaction(made.other):
        audiences.contacts(made.other, *(f"small{number}@example.com" for number in range(5)))
    for partner in (made.partner, made.other):
        with transaction(partner):
            launches.launch(partner, kit_version_id=made.kit.id)
    work()
    order = [one.recipient for one in mailbox.caught]
    assert len(order) == 105
    assert max(order.index(f"small{number}@example.com") for number in range(5)) < 20


def test_a_message_without_an_answer_is_unknown_and_never_sent_again_by_itself(made, job, mailbox, work) -> None:
    """The server takes the message and answers with something that is no answer."""
    victim = "person7@example.com"
    mailbox.on_data = lambda recipient: "999 what" if recipient == victim else None
    work()
    mailbox.on_data = lambda _recipient: None
    with later(timedelta(minutes=10)):
        tasks.sweep()
        work()
    assert states(made) == {"sent": 44, "unknown": 1}
    assert victim not in mailbox.recipients


def test_a_mail_server_that_is_away_is_nobodys_failure(made, mailbox, work) -> None:
    running = process_settings.current()
    process_settings.install(dataclasses.replace(running, smtp_url="smtp://127.0.0.1:9"))
    work()
    assert mailbox.caught == []
    assert states(made)["queued"] + states(made)["deferred"] == 45
    with reading(made.partner):
        assert session.scalar(text("SELECT max(attempts) FROM deliveries")) == 0
    process_settings.install(running)
    with later(rules.OUTAGE_PAUSE * 2):
        tasks.sweep()
        work()
    assert states(made) == {"sent": 45}
    assert len(mailbox.recipients) == len(set(mailbox.recipients)) == 45


@pytest.mark.parametrize("victim", ["person0@example.com", "person20@example.com", "person44@example.com"])
def test_an_address_that_breaks_the_connection_holds_up_nobody(made, job, mailbox, work, victim) -> None:
    mailbox.answers[victim] = ["221 2.0.0 goodbye"] * 50
    work()
    assert victim not in mailbox.recipients
    assert len(mailbox.recipients) == 44
    assert states(made) == {"sent": 44, "deferred": 1}


def test_a_server_that_stays_busy_is_given_up_in_the_end_and_says_so(made, job, mailbox, work) -> None:
    mailbox.answers["person3@example.com"] = ["451 4.2.1 busy"] * 100
    work()
    at = clock.now()
    for _ in range(rules.MOST_ATTEMPTS + 2):
        at += rules.LONGEST_WAIT * 2
        with clock.frozen(at):
            tasks.sweep()
            work()
    assert states(made) == {"sent": 44, "failed": 1}
    with reading(made.partner):
        assert session.scalar(text("SELECT reason FROM deliveries WHERE state = 'failed'")) == "gave_up"
        assert session.scalar(text("SELECT max(attempts) FROM deliveries")) == rules.MOST_ATTEMPTS


def test_a_letter_that_cannot_be_built_says_why_and_stops_trying(made, job, mailbox, work, monkeypatch) -> None:
    def refuse(inputs):
        raise ValuesMissing("Still needed: Headline.")

    monkeypatch.setattr("cobranding.artworks.service.compose", refuse)
    work()
    assert states(made) == {"deferred": 45}
    for hours in (1, 2, 3):
        with later(timedelta(hours=hours)):
            tasks.sweep()
            work()
    assert states(made) == {"failed": 45}
    with reading(made.partner):
        assert session.scalar(text("SELECT DISTINCT detail FROM deliveries")) == "Still needed: Headline."


def attempts_and_builds(made: Scene) -> tuple[int, int]:
    with reading(made.partner):
        row = session.execute(text("SELECT max(attempts), max(builds) FROM deliveries")).one()
        return row[0], row[1]


def test_a_storage_that_is_away_for_a_while_fails_no_mail(made, mailbox, work, errands, monkeypatch) -> None:
    def away(inputs):
        raise Unavailable

    with monkeypatch.context() as patch:
        patch.setattr("cobranding.artworks.service.compose", away)
        work()
        assert states(made) == {"queued": 45}
        at = clock.now()
        for _ in range(rules.MOST_BUILDS + 2):
            at += rules.OUTAGE_PAUSE * 2
            with clock.frozen(at):
                tasks.sweep()
                work()
                assert states(made) == {"queued": 45}
                assert errands == [], "nobody tries again at once"
    assert attempts_and_builds(made) == (0, 0)
    with clock.frozen(at + rules.OUTAGE_PAUSE * 2):
        tasks.sweep()
        work()
    assert states(made) == {"sent": 45}


def test_a_letter_that_breaks_in_an_unexpected_way_is_not_tried_for_ever(made, job, mailbox, work, monkeypatch) -> None:
    def break_off(inputs):
        raise ValueError("secret@example.com is in the text")

    monkeypatch.setattr("cobranding.artworks.service.compose", break_off)
    work()
    assert states(made) == {"deferred": 45}
    for hours in (1, 2, 3):
        with later(timedelta(hours=hours)):
            tasks.sweep()
            work()
    assert states(made) == {"failed": 45}
    with reading(made.partner):
        assert session.scalar(text("SELECT DISTINCT detail FROM deliveries")) == tasks.UNEXPECTED


def test_builds_that_fail_are_no_attempts_of_the_mail_server(made, job, mailbox, work, monkeypatch) -> None:
    mailbox.answers["person3@example.com"] = ["451 4.2.1 busy"] * (rules.MOST_BUILDS + 1)
    work()
    at = clock.now()
    for _ in range(rules.MOST_BUILDS):
        at += rules.LONGEST_WAIT * 2
        with clock.frozen(at):
            tasks.sweep()
            work()
    assert attempts_and_builds(made) == (rules.MOST_BUILDS + 1, 0)

    def refuse(inputs):
        raise ValuesMissing("Still needed: Headline.")

    with monkeypatch.context() as patch, clock.frozen(at := at + rules.LONGEST_WAIT * 2):
        patch.setattr("cobranding.artworks.service.compose", refuse)
        tasks.sweep()
        work()
        assert states(made) == {"sent": 44, "deferred": 1}
        assert attempts_and_builds(made) == (rules.MOST_BUILDS + 1, 1)
    with clock.frozen(at + rules.LONGEST_WAIT * 2):
        tasks.sweep()
        work()
    assert states(made) == {"sent": 45}
    assert attempts_and_builds(made) == (rules.MOST_BUILDS + 2, 0)


def unknown_delivery(made: Scene, job: Actor) -> int:
    part = claim(job, shift_of(job), 1)
    with later(LEASE * 2):
        tasks.sweep()
    return part.parcels[0].delivery_id


def test_a_person_settles_what_nobody_knows(made, job, work, mailbox) -> None:
    delivery_id = unknown_delivery(made, job)
    with transaction(made.partner):
        settled = sending.resolve(made.partner, delivery_id, state=DeliveryState.SENT)
    assert settled.state is DeliveryState.SENT
    assert settled.sent_at is not None
    with pytest.raises(AlreadyKnown), transaction(made.partner):
        sending.resolve(made.partner, delivery_id, state=DeliveryState.FAILED)


def test_a_person_may_send_an_unknown_one_again_even_after_the_launch_is_over(made, job, work, mailbox) -> None:
    delivery_id = unknown_delivery(made, job)
    with later(LEASE * 3):
        tasks.sweep()
        work()
        assert states(made) == {"sent": 44, "unknown": 1}
        with transaction(made.partner):
            sending.resolve(made.partner, delivery_id, state=DeliveryState.QUEUED)
        work()
    assert states(made) == {"sent": 45}
    assert len(mailbox.recipients) == len(set(mailbox.recipients)) == 45


def test_settling_by_hand_takes_the_turn_before_the_row_as_the_workers_do(made, job, app) -> None:
    delivery_id = unknown_delivery(made, job)

    def settle() -> None:
        with transaction(made.partner):
            sending.resolve(made.partner, delivery_id, state=DeliveryState.SENT)

    with transaction(job):
        turns.lock_turn(made.partner.partner_id)
        person = in_background(app, settle)
        until_somebody_waits_for_a_lock()
        # Raises when the person already holds the row that a worker, who holds the turn, wants next.
        session.execute(text("SELECT id FROM deliveries WHERE id = :id FOR UPDATE NOWAIT"), {"id": delivery_id})
    assert person() == []
    assert states(made)["sent"] == 1


def in_background(app, work_to_do):
    """Start a piece of work in a thread; what is returned waits for it, and returns what it raised."""
    raised: list[list[Exception]] = []
    thread = threading.Thread(target=lambda: raised.append(in_parallel(app, [work_to_do])))
    thread.start()

    def join() -> list[Exception]:
        thread.join()
        return raised[0]

    return join


def until_somebody_waits_for_a_lock() -> None:
    for _ in range(200):
        if session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
            return
        time.sleep(0.02)
    pytest.fail("nobody waits")


def test_nobody_else_settles_a_partners_delivery(made, job) -> None:
    delivery_id = unknown_delivery(made, job)
    with pytest.raises(NotFound), transaction(made.other):
        sending.resolve(made.other, delivery_id, state=DeliveryState.SENT)
    with pytest.raises(Forbidden), transaction(made.marketing):
        sending.resolve(made.marketing, delivery_id, state=DeliveryState.SENT)


def test_row_security_hides_deliveries_from_other_partners_even_when_a_query_forgets(made) -> None:
    with reading(made.other):
        assert session.scalar(text("SELECT count(*) FROM deliveries")) == 0
        assert session.scalar(text("SELECT count(*) FROM sending_turns")) == 0
    with reading(made.marketing):
        assert session.scalar(text("SELECT count(*) FROM deliveries")) == 45
        assert session.scalar(text("SELECT count(*) FROM contacts")) == 0


def test_check_names_what_is_late(made, job, errands) -> None:
    with reading(SYSTEM):
        assert sending.check() == []
    with later(timedelta(hours=1)), reading(SYSTEM):
        assert [finding.code for finding in sending.check()] == ["late"]
        assert sending.oldest_owed_since(SYSTEM) is not None


def test_one_launch_that_is_broken_does_not_hold_up_the_others(world, errands, mailbox, work, monkeypatch) -> None:
    made = scene(kits.email_touch, contacts=3)
    with transaction(made.other):
        audiences.contacts(made.other, "ok@example.com")
    for partner in (made.partner, made.other):
        with transaction(partner):
            launches.launch(partner, kit_version_id=made.kit.id)
    work(through=FAN_OUT)
    work(through=FAN_OUT)
    errands.clear()
    with reading(SYSTEM):
        broken = session.scalar(text("SELECT id FROM launch_touches ORDER BY id LIMIT 1"))
    real = launches.touch_plan

    def touch_plan(actor, touch_id):
        if touch_id == broken:
            raise NotFound
        return real(actor, touch_id)

    monkeypatch.setattr(launches, "touch_plan", touch_plan)
    with later(rules.PATIENCE * 2):
        tasks.sweep()
        work()
    assert mailbox.recipients == ["ok@example.com"]
