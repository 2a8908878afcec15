"""Launches: one click, steered, moved on by time, stopped by the brand."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import text, update

from campaigns.kits import service as kit_service
from campaigns.launches import queries, service, tasks
from campaigns.launches.errors import (
    KitNotLaunchable,
    LaunchInvalid,
    LaunchNotFound,
    NotForPartners,
    NothingToLaunch,
    ProfileIncomplete,
)
from campaigns.launches.model import Launch, LaunchTouch
from campaigns.launches.rules import LaunchState, TouchState
from tcma.infra.db import reading, session, transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.errors import Forbidden
from tcma.kernel.states import IllegalMove
from tests.factories import kits
from tests.factories.launches import Scene, scene

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)  # 13:00 in Berlin


@pytest.fixture
def ready(world, errands) -> Scene:
    made = scene()
    errands.clear()
    return made


def launch(made: Scene, **fields) -> Launch:
    with transaction(made.partner):
        return service.launch(made.partner, kit_version_id=made.kit.id, **fields)


def state_of(launch_id: int) -> LaunchState:
    with reading(SYSTEM):
        return queries.one(SYSTEM, launch_id).state


def touch_states(launch_id: int) -> dict[str, str]:
    with reading(SYSTEM):
        return {touch.key: touch.state.value for touch in queries.one(SYSTEM, launch_id).touches}


def fan_outs(errands) -> list[int]:
    return [errand.ids["touch_id"] for errand in errands if errand.name == "campaigns.sending.fan_out"]


def notices(actor: Actor) -> list[str]:
    with reading(SYSTEM):
        rows = session.execute(text("SELECT kind FROM notifications WHERE partner_id = :id"), {"id": actor.partner_id})
        return [kind for (kind,) in rows]


def test_one_click_launches_with_the_profile_filled_in(ready, errands):
    with clock.frozen(NOON):
        made = launch(ready)
    assert made.state is LaunchState.RUNNING
    assert (made.name, made.sender_name, made.time_zone) == (ready.kit.name, "Nordwind", "Europe/Berlin")
    assert made.sender_email == f"nordwind.{ready.partner.partner_id}@portal.brand.example"
    assert made.reply_to.startswith("hello@")
    assert made.starts_at_local == datetime(2026, 11, 21, 13, 0)  # noqa: DTZ001 - a wall time
    assert [touch.due_at for touch in made.touches] == [NOON, NOON]
    assert touch_states(made.id) == {"intro": "due", "post": "due"}
    assert fan_outs(errands) == [made.touches[0].id]


def test_a_launch_for_later_waits_for_its_hour_in_the_partners_zone(ready, errands):
    with clock.frozen(NOON):
        made = launch(ready, starts_at_local=datetime(2026, 12, 1, 9, 0))  # noqa: DTZ001
        tasks.tick()
    assert made.touches[0].due_at == datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    assert (state_of(made.id), fan_outs(errands)) == (LaunchState.SCHEDULED, [])
    with clock.frozen(datetime(2026, 12, 1, 7, 59, 59, tzinfo=UTC)):
        tasks.tick()
    assert state_of(made.id) is LaunchState.SCHEDULED
    with clock.frozen(datetime(2026, 12, 1, 8, 0, tzinfo=UTC)):
        tasks.tick()
    assert state_of(made.id) is LaunchState.RUNNING
    assert fan_outs(errands) == [made.touches[0].id]


def test_the_tick_asks_again_for_every_touch_that_is_still_owed(ready, errands):
    with clock.frozen(NOON):
        made = launch(ready)
    errands.clear()  # the broker was wiped
    with clock.frozen(NOON + timedelta(days=3)):
        tasks.tick()
    assert fan_outs(errands) == [made.touches[0].id]
    with transaction(ready.partner):
        service.touch_fanned_out(ready.partner, made.touches[0].id)
        service.touch_fanned_out(ready.partner, made.touches[0].id)
    errands.clear()
    tasks.tick()
    assert fan_outs(errands) == []


def test_a_launch_found_more_than_an_hour_late_asks_and_does_not_fire(ready, errands):
    with clock.frozen(NOON):
        made = launch(ready, starts_at_local=datetime(2026, 12, 1, 9, 0))  # noqa: DTZ001
    with clock.frozen(datetime(2026, 12, 1, 9, 0, 1, tzinfo=UTC)):
        tasks.tick()
        tasks.tick()
    assert (state_of(made.id), fan_outs(errands)) == (LaunchState.MISSED, [])
    assert notices(ready.partner).count("campaigns.launch.missed") == 1
    with clock.frozen(datetime(2026, 12, 2, 9, 0, tzinfo=UTC)):
        with transaction(ready.partner):
            service.confirm(ready.partner, made.id)
        assert state_of(made.id) is LaunchState.RUNNING
    assert fan_outs(errands) == [made.touches[0].id]


def test_exactly_an_hour_late_still_goes_out(ready, errands):
    with clock.frozen(NOON):
        made = launch(ready, starts_at_local=datetime(2026, 12, 1, 9, 0))  # noqa: DTZ001
    with clock.frozen(datetime(2026, 12, 1, 9, 0, tzinfo=UTC)):
        tasks.tick()
    assert state_of(made.id) is LaunchState.RUNNING


def test_launching_now_in_an_hour_that_the_clocks_repeat_is_not_late(ready):
    second_half_past_two = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    with clock.frozen(second_half_past_two):
        made = launch(ready)
    with clock.frozen(second_half_past_two + timedelta(minutes=59)):
        tasks.tick()
    assert state_of(made.id) is LaunchState.RUNNING


def test_pausing_holds_everything_and_resuming_lets_go_what_became_due(world, errands):
    ready = scene(kits.email_touch, lambda template: kits.email_touch(template, key="second", day_offset=1))
    errands.clear()
    with clock.frozen(NOON):
        made = launch(ready)
        first, second = (touch.id for touch in made.touches)
        with transaction(ready.partner):
            service.touch_fanned_out(ready.partner, first)
            assert service.may_send(ready.partner, first)
            service.pause(ready.partner, made.id)
            assert not service.may_send(ready.partner, first)
    errands.clear()
    with clock.frozen(NOON + timedelta(days=5)):
        tasks.tick()
        assert fan_outs(errands) == []
        with transaction(ready.partner):
            service.resume(ready.partner, made.id)
            assert service.may_send(ready.partner, first)
    assert fan_outs(errands) == [second]
    assert state_of(made.id) is LaunchState.RUNNING


def test_cancelling_ends_every_touch_that_has_not_finished(ready, errands):
    with clock.frozen(NOON):
        made = launch(ready)
    with transaction(ready.partner):
        cancelled = service.cancel(ready.partner, made.id, reason="Wrong list")
        assert (cancelled.state, cancelled.stopped_reason) == (LaunchState.CANCELLED, "Wrong list")
        assert not service.may_send(ready.partner, made.touches[0].id)
    assert touch_states(made.id) == {"intro": "cancelled", "post": "cancelled"}
    errands.clear()
    tasks.tick()
    assert fan_outs(errands) == []


def test_a_launch_completes_when_its_last_mail_is_accounted_for(ready):
    with clock.frozen(NOON):
        made = launch(ready)
    with transaction(ready.partner):
        service.touch_finished(ready.partner, made.touches[0].id)
        service.touch_finished(ready.partner, made.touches[0].id)
    assert state_of(made.id) is LaunchState.COMPLETED
    assert touch_states(made.id) == {"intro": "finished", "post": "due"}
    with transaction(ready.partner):
        service.touch_finished(ready.partner, made.touches[1].id)  # shared by hand, later
    assert touch_states(made.id)["post"] == "finished"
    assert state_of(made.id) is LaunchState.COMPLETED


def test_the_tick_completes_what_a_lost_report_left_running(ready):
    with clock.frozen(NOON):
        made = launch(ready)
    with transaction(SYSTEM):
        session.execute(update(LaunchTouch).where(LaunchTouch.key == "intro").values(state=TouchState.FINISHED))
    tasks.tick()
    assert state_of(made.id) is LaunchState.COMPLETED


def test_withdrawing_a_kit_stops_what_runs_on_it_and_says_so(ready, errands):
    with clock.frozen(NOON):
        made = launch(ready)
        waiting = launch(ready, starts_at_local=datetime(2026, 12, 1, 9, 0))  # noqa: DTZ001
    with transaction(ready.marketing):
        kit_service.withdraw(ready.marketing, ready.kit.id, reason="Wrong price")
    with reading(ready.partner):
        assert not service.may_send(ready.partner, made.touches[0].id)
        assert not service.touch_plan(ready.partner, made.touches[0].id).may_send
    tasks.stop_withdrawn(kit_version_id=ready.kit.id)
    tasks.tick()
    for one in (made, waiting):
        assert state_of(one.id) is LaunchState.CANCELLED
    assert notices(ready.partner).count("campaigns.launch.stopped") == 2


def test_a_withdrawn_kit_is_found_by_the_tick_even_when_the_job_was_lost(ready):
    with clock.frozen(NOON):
        made = launch(ready)
    with transaction(ready.marketing):
        kit_service.withdraw(ready.marketing, ready.kit.id, reason="x")
    tasks.tick()
    assert state_of(made.id) is LaunchState.CANCELLED


def test_only_a_published_version_can_be_launched(ready):
    with transaction(ready.marketing):
        kit_service.retire(ready.marketing, ready.kit.id)
    with pytest.raises(KitNotLaunchable):
        launch(ready)


@pytest.mark.parametrize(
    ("fields", "error", "field"),
    [
        ({"leave_out": ["intro", "post"]}, NothingToLaunch, ""),
        ({"leave_out": ["nothing"]}, LaunchInvalid, "leave_out"),
        ({"starts_at_local": datetime(2020, 1, 1)}, LaunchInvalid, "starts_at_local"),  # noqa: DTZ001
        ({"values": {"other": {}}}, LaunchInvalid, "values.other"),
        ({"values": {"intro": {"greeting": "{{contact.email}}"}}}, LaunchInvalid, "values.intro.greeting"),
        ({"reply_to": "nobody"}, LaunchInvalid, "reply_to"),
    ],
)
def test_a_launch_that_cannot_be_is_refused_and_leaves_nothing(ready, fields, error, field):
    with pytest.raises(error) as refused:
        launch(ready, **fields)
    assert not field or field in refused.value.errors
    with reading(SYSTEM):
        assert queries.page_of(SYSTEM).items == []


def test_a_profile_without_an_address_cannot_launch(world):
    ready = scene(email="")
    with pytest.raises(ProfileIncomplete):
        launch(ready)


def test_the_brand_does_not_launch(ready):
    with pytest.raises(NotForPartners), transaction(ready.marketing):
        service.launch(ready.marketing, kit_version_id=ready.kit.id)


def test_a_foreign_launch_is_not_there(ready):
    with clock.frozen(NOON):
        made = launch(ready)
    for verb in (service.pause, service.resume, service.cancel, service.confirm):
        for launch_id in (made.id, 0, 999_999):
            with pytest.raises(LaunchNotFound), transaction(ready.other):
                verb(ready.other, launch_id)
    for verb in (
        service.touch_plan,
        service.may_send,
        service.partner_of_touch,
        service.touch_fanned_out,
        service.touch_finished,
    ):
        with pytest.raises(LaunchNotFound), transaction(ready.other):
            verb(ready.other, made.touches[0].id)


def test_the_brand_sees_launches_and_steers_none(ready):
    with clock.frozen(NOON):
        made = launch(ready)
    with reading(ready.marketing):
        assert queries.one(ready.marketing, made.id).partner_id == ready.partner.partner_id
    for verb in (service.pause, service.cancel):
        with pytest.raises(Forbidden), transaction(ready.marketing):
            verb(ready.marketing, made.id)


def test_sending_is_told_everything_it_needs(ready):
    with clock.frozen(NOON):
        made = launch(ready, values={"intro": {"greeting": "Moin"}})
    with reading(Actor.partner_job(ready.partner.partner_id)):
        actor = Actor.partner_job(ready.partner.partner_id)
        plan = service.touch_plan(actor, made.touches[0].id)
    assert plan.may_send
    assert (plan.launch_id, plan.key, plan.link_url) == (made.id, "intro", "https://brand.example/offer")
    assert plan.values == {"greeting": "Moin"}
    assert set(plan.texts) == {"en", "de"}
    assert (plan.partner.trade_name, plan.brand.name) == ("Nordwind", "Aurelia")


def test_a_launch_keeps_its_touches_when_the_kit_gets_a_new_version(ready):
    with clock.frozen(NOON):
        made = launch(ready, starts_at_local=datetime(2026, 12, 1, 9, 0))  # noqa: DTZ001
    with transaction(ready.marketing):
        draft = kit_service.start_version(ready.marketing, ready.kit.kit_id)
        touch = {**draft.touches[0], "texts": {"en": {"subject": "Other", "body": "Other"}}}
        kit_service.put_touch(ready.marketing, draft.id, touch=touch)
        kit_service.publish(ready.marketing, draft.id)
    with reading(ready.partner):
        assert service.touch_plan(ready.partner, made.touches[0].id).texts["en"]["headline"] == "News"


def test_a_zone_whose_rules_changed_is_worked_out_again(ready):
    with clock.frozen(NOON):
        made = launch(ready, starts_at_local=datetime(2026, 11, 22, 9, 0))  # noqa: DTZ001
        with transaction(SYSTEM):  # as if worked out under other rules, a day too late
            session.execute(update(LaunchTouch).values(due_at=LaunchTouch.due_at + timedelta(days=1)))
    with clock.frozen(datetime(2026, 11, 22, 8, 0, tzinfo=UTC)):
        tasks.tick()
    assert state_of(made.id) is LaunchState.RUNNING


VERBS = {
    "pause": service.pause,
    "resume": service.resume,
    "confirm": service.confirm,
    "cancel": service.cancel,
}
SUCCEEDS = {
    ("pause", "running"),
    ("resume", "paused"),
    ("confirm", "missed"),
    ("cancel", "draft"),
    ("cancel", "scheduled"),
    ("cancel", "running"),
    ("cancel", "paused"),
    ("cancel", "missed"),
}


@pytest.mark.parametrize("state", [state.value for state in LaunchState])
def test_every_verb_in_every_state(ready, state):
    for verb, act in VERBS.items():
        with clock.frozen(NOON):
            made = launch(ready, starts_at_local=datetime(2026, 12, 1, 9, 0))  # noqa: DTZ001
            with transaction(SYSTEM):
                session.execute(update(Launch).where(Launch.id == made.id).values(state=state))
            with pytest.raises(Forbidden), transaction(ready.marketing):
                act(ready.marketing, made.id)
            if (verb, state) in SUCCEEDS:
                with transaction(ready.partner):
                    act(ready.partner, made.id)
            else:
                with pytest.raises(IllegalMove), transaction(ready.partner):
                    act(ready.partner, made.id)
                assert state_of(made.id) == state


def test_two_schedulers_at_once_do_no_harm(app, ready, errands):
    with clock.frozen(NOON):
        late = launch(ready, starts_at_local=datetime(2026, 11, 21, 14, 0))  # noqa: DTZ001
        due = launch(ready, starts_at_local=datetime(2026, 11, 22, 14, 0))  # noqa: DTZ001
    gate = Barrier(4)

    def schedule(_: int) -> None:
        with app.app_context(), clock.frozen(datetime(2026, 11, 22, 13, 0, tzinfo=UTC)):
            gate.wait()
            tasks.tick()
            session.remove()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(schedule, range(4)))
    assert (state_of(late.id), state_of(due.id)) == (LaunchState.MISSED, LaunchState.RUNNING)
    assert set(fan_outs(errands)) == {due.touches[0].id}
    assert notices(ready.partner).count("campaigns.launch.missed") == 1
    with reading(SYSTEM):
        started = session.execute(text("SELECT count(*) FROM audit_entries WHERE action = 'campaigns.launch.started'"))
        assert started.scalar() == 1
