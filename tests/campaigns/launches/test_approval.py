"""Launches that the brand approves first, and those that a channel manager starts for a partner."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from campaigns.kits import service as kit_service
from campaigns.launches import queries, service
from campaigns.launches.errors import ApprovalNotAsked, NotForPartners, OwnLaunch
from campaigns.launches.rules import LaunchState
from tcma.accounts.model import User
from tcma.infra.db import reading, session, transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.errors import Forbidden
from tcma.kernel.permissions import Role
from tests.clients import api_client, browser
from tests.factories import accounts, kits
from tests.factories.launches import Scene, scene


@pytest.fixture
def made(world, errands, mailbox) -> Scene:
    return scene(kits.email_touch, contacts=3)


@pytest.fixture
def channel(made) -> Actor:
    with transaction(SYSTEM):
        return accounts.actor_for(accounts.user(Role.CHANNEL_MANAGER))


@pytest.fixture
def asking(made) -> Scene:
    with transaction(made.marketing):
        kit_service.edit(made.marketing, made.kit.kit_id, needs_approval=True)
    return made


def launched(actor: Actor, made: Scene, **fields):
    with transaction(actor):
        return service.launch(actor, kit_version_id=made.kit.id, **fields)


def notices(actor: Actor, kind: str) -> list[str]:
    with reading(actor):
        found = session.scalars(
            text("SELECT title FROM notifications WHERE kind = :kind AND user_id = :user"),
            {"kind": kind, "user": actor.user_id},
        )
        return list(found)


def person(actor: Actor) -> User:
    with reading(SYSTEM):
        return session.get_one(User, actor.user_id)


def test_nothing_of_a_kit_that_asks_for_approval_leaves_before_it_is_given(asking, channel, mailbox, work):
    launch = launched(asking.partner, asking)
    work()
    assert (launch.state, launch.approval) == ("draft", "waiting")
    assert mailbox.caught == []
    assert notices(asking.marketing, "campaigns.launch.approval_asked") == [f"To approve: {launch.name}"]
    with clock.frozen(clock.now() + timedelta(hours=5)):
        with transaction(asking.marketing):
            approved = service.approve(asking.marketing, launch.id)
        assert approved.state is LaunchState.RUNNING, "waiting for the brand is not the partner's delay"
        work()
    assert len(mailbox.caught) == 3
    assert notices(asking.partner, "campaigns.launch.approved") == [f"{launch.name} was approved"]


def test_a_planned_launch_leaves_at_its_time_after_the_approval(asking, mailbox, work):
    with reading(asking.partner):
        start = (clock.now() + timedelta(days=3)).replace(tzinfo=None, second=0, microsecond=0)
    launch = launched(asking.partner, asking, starts_at_local=start)
    with transaction(asking.marketing):
        assert service.approve(asking.marketing, launch.id).state is LaunchState.SCHEDULED
    work()
    assert mailbox.caught == []


def test_a_launch_that_is_not_approved_ends_and_says_why(asking, mailbox, work):
    launch = launched(asking.partner, asking)
    with transaction(asking.marketing):
        service.reject(asking.marketing, launch.id, reason="Please use the autumn logo.")
    work()
    with reading(asking.partner):
        found = queries.one(asking.partner, launch.id)
        assert found.state is LaunchState.CANCELLED
        assert found.stopped_reason == "The brand did not approve it: Please use the autumn logo."
    assert mailbox.caught == []
    for decide in (
        lambda: service.approve(asking.marketing, launch.id),
        lambda: service.reject(asking.marketing, launch.id, reason="again"),
    ):
        with pytest.raises(ApprovalNotAsked), transaction(asking.marketing):
            decide()


def test_a_partner_may_not_approve_and_may_take_back_what_it_asked_for(asking):
    launch = launched(asking.partner, asking)
    with pytest.raises(Forbidden), transaction(asking.partner):
        service.approve(asking.partner, launch.id)
    with transaction(asking.partner):
        assert service.cancel(asking.partner, launch.id).state is LaunchState.CANCELLED
    with pytest.raises(ApprovalNotAsked), transaction(asking.marketing):
        service.approve(asking.marketing, launch.id)


def test_a_channel_manager_launches_for_a_partner_which_is_told_and_can_stop_it(made, channel, mailbox, work):
    launch = launched(channel, made, partner_id=made.partner.partner_id)
    assert (launch.partner_id, launch.on_behalf) == (made.partner.partner_id, True)
    work()
    assert len(mailbox.caught) == 3
    assert mailbox.caught[0].message["From"].addresses[0].display_name == "Nordwind"
    assert notices(made.partner, "campaigns.launch.on_behalf") == [f"{channel.name} launched {launch.name} for you"]
    with reading(made.partner):
        entry = session.execute(
            text("SELECT user_id, details FROM audit_entries WHERE action = 'campaigns.launch.launched'")
        ).one()
    assert entry.user_id == channel.user_id
    assert launched(made.partner, made).on_behalf is False


def test_whoever_launches_for_a_partner_sees_none_of_its_contacts(made, channel, app):
    client = browser(app, person(channel))
    page = client.get(f"/launches/new?kit_version_id={made.kit.id}&partner_id={made.partner.partner_id}")
    assert page.status_code == 200
    assert "Nordwind" in page.text
    assert "person0" not in page.text
    with reading(channel):
        assert session.scalars(text("SELECT id FROM contacts")).all() == []


def test_nobody_approves_what_they_launched_for_a_partner(asking, channel):
    launch = launched(channel, asking, partner_id=asking.partner.partner_id)
    with pytest.raises(OwnLaunch), transaction(channel):
        service.approve(channel, launch.id)


def test_only_channel_managers_launch_for_others(made):
    with pytest.raises(Forbidden):
        launched(made.marketing, made, partner_id=made.partner.partner_id)
    with pytest.raises(Forbidden):
        launched(made.other, made, partner_id=made.partner.partner_id)
    with pytest.raises(NotForPartners):
        launched(made.marketing, made)


def test_the_api_and_the_page_decide_alike(asking, channel, app):
    one, two = launched(asking.partner, asking), launched(asking.partner, asking)
    answer = api_client(app, person(asking.marketing)).post(f"/launches/{one.id}/approve", json={})
    assert (answer.status_code, answer.json["approval"]) == (200, "approved")
    client = browser(app, person(channel))
    assert "Waits for approval" in client.get(f"/launches/{two.id}").text
    client.post(f"/launches/{two.id}/reject", data={"reason": "Too soon"})
    with reading(asking.partner):
        assert queries.one(asking.partner, two.id).approval_note == "Too soon"
