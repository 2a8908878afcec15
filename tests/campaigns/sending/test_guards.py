"""One person is not mailed the same campaign by two partners, nor too often by all; and nobody learns of a list."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import text

from campaigns.launches import service as launches
from campaigns.sending import tasks
from tcma.infra.db import reading, session, transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM, Actor
from tests.campaigns.sending.test_turns_and_leases import in_parallel
from tests.factories import audiences, kits
from tests.factories.launches import Scene, scene

SHARED = "both@example.com"


@pytest.fixture
def made(world, errands, mailbox) -> Scene:
    """Two partners who have one person in common."""
    ready = scene(kits.email_touch, contacts=0)
    with transaction(ready.partner):
        audiences.contacts(ready.partner, SHARED, "mine@example.com")
    with transaction(ready.other):
        audiences.contacts(ready.other, SHARED, "theirs@example.com")
    return ready


def launch(made: Scene, actor: Actor, *, kit_version_id: int | None = None) -> int:
    with transaction(actor):
        return launches.launch(actor, kit_version_id=kit_version_id or made.kit.id).id


def outcomes(actor: Actor, launch_id: int) -> Counter[tuple[str, str]]:
    with reading(actor):
        rows = session.execute(text("SELECT state, reason FROM deliveries WHERE launch_id = :id"), {"id": launch_id})
        return Counter((row.state, row.reason) for row in rows)


def limits(**fields: int) -> None:
    with transaction(SYSTEM):
        for name, value in fields.items():
            session.execute(text(f"UPDATE brands SET {name} = :value"), {"value": value})


def test_the_second_partner_skips_whom_the_first_has_mailed(made, mailbox, work) -> None:
    launch(made, made.partner)
    work()
    second = launch(made, made.other)
    work()
    assert outcomes(made.other, second) == {("sent", ""): 1, ("skipped", "already_mailed"): 1}
    assert mailbox.recipients == [SHARED, "mine@example.com", "theirs@example.com"]


def test_two_partners_who_launch_in_the_same_moment_mail_the_person_once(made, mailbox, app, errands) -> None:
    launch(made, made.partner)
    launch(made, made.other)
    fan_outs = [one for one in errands if one.name == "campaigns.sending.fan_out"]
    for one in fan_outs:
        tasks.fan_out(**one.ids)
    turns = [one for one in errands if one.name == "campaigns.sending.send_few"]
    assert len(turns) == 2
    assert in_parallel(app, [lambda one=one: tasks.send_few(**one.ids) for one in turns]) == []
    assert Counter(mailbox.recipients)[SHARED] == 1
    assert len(mailbox.recipients) == 3


def test_after_the_days_that_the_brand_says_the_person_may_be_mailed_by_another(made, mailbox, work) -> None:
    launch(made, made.partner)
    work()
    with clock.frozen(clock.now() + timedelta(days=15)):
        second = launch(made, made.other)
        work()
    assert outcomes(made.other, second) == {("sent", ""): 2}


def test_the_same_partner_may_go_on_with_its_own_campaign(made, mailbox, work) -> None:
    launch(made, made.partner)
    work()
    again = launch(made, made.partner)
    work()
    assert outcomes(made.partner, again) == {("sent", ""): 2}


def test_another_campaign_is_no_collision(made, mailbox, work) -> None:
    launch(made, made.partner)
    work()
    with transaction(made.marketing):
        other_kit = kits.published_kit(made.marketing, kits.email_touch(kits.email_template(made.marketing)))
    second = launch(made, made.other, kit_version_id=other_kit.id)
    work()
    assert outcomes(made.other, second) == {("sent", ""): 2}


def test_nobody_gets_more_mails_in_a_week_than_the_brand_allows(made, mailbox, work) -> None:
    limits(mails_per_week=2)
    for _ in range(3):
        last = launch(made, made.partner)
        work()
    assert outcomes(made.partner, last) == {("skipped", "too_many_mails"): 2}
    assert Counter(mailbox.recipients) == {SHARED: 2, "mine@example.com": 2}
    with clock.frozen(clock.now() + timedelta(days=8)):
        later = launch(made, made.partner)
        work()
    assert outcomes(made.partner, later) == {("sent", ""): 2}


def test_a_mail_that_is_tried_again_counts_once(made, mailbox, work) -> None:
    limits(mails_per_week=1)
    mailbox.answers["mine@example.com"] = ["451 4.2.1 busy"]
    first = launch(made, made.partner)
    work()
    with clock.frozen(clock.now() + timedelta(minutes=10)):
        tasks.sweep()
        work()
    assert outcomes(made.partner, first) == {("sent", ""): 2}


def test_zero_is_no_limit(made, mailbox, work) -> None:
    limits(mails_per_week=0, collision_days=0)
    for actor in (made.partner, made.other) * 4:
        launch(made, actor)
    work()
    assert Counter(mailbox.recipients) == {SHARED: 8, "mine@example.com": 4, "theirs@example.com": 4}


@pytest.mark.parametrize("table", ["mailed_people", "mail_counts"])
def test_nobody_can_look_up_whom_another_one_mails(made, mailbox, work, table: str) -> None:
    launch(made, made.partner)
    work()
    for actor in (made.partner, made.other, made.marketing):
        with reading(actor):
            assert session.scalar(text(f"SELECT count(*) FROM {table}")) == 0
    with reading(SYSTEM):
        assert session.scalar(text(f"SELECT count(*) FROM {table}")) == 2


def test_what_is_too_old_to_guard_anybody_is_forgotten(made, mailbox, work) -> None:
    launch(made, made.partner)
    work()
    with clock.frozen(clock.now() + timedelta(days=500)):
        tasks.forget_mailed()
    with reading(SYSTEM):
        assert (
            session.scalar(text("SELECT (SELECT count(*) FROM mailed_people) + (SELECT count(*) FROM mail_counts)"))
            == 0
        )
