"""A link in a mail leads its person to one page, once, and into a session that may look and launch, nothing else."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from tcma.accounts import service, visits
from tcma.accounts.errors import LinkExpired
from tcma.infra.db import reading, session, transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM
from tcma.kernel.permissions import Role
from tests.factories import accounts as make
from tests.factories import kits
from tests.factories.launches import scene


@pytest.fixture
def made(world, errands, mailbox, work):
    ready = scene(kits.email_touch, contacts=2)
    work()
    return ready


def link_in(mailbox, made) -> str:
    """The link of the mail that says that a kit was published."""
    with reading(SYSTEM):
        _, address = service.address_of(SYSTEM, made.partner.user_id)
    (notice,) = [one for one in mailbox.notices if one.recipient == address]
    return re.search(r"http://portal\.brand\.example(/visit/\S+)", notice.message.get_content())[1]


def test_from_the_mail_to_a_launched_campaign_in_three_clicks_without_a_password(made, mailbox, work, app):
    client, path = app.test_client(), link_in(mailbox, made)
    assert "Continue" in client.get(path).text  # one: the link
    desk = client.post(path)  # two: the button
    assert desk.location == f"/launches/new?kit_version_id={made.kit.id}"
    assert client.get(desk.location).status_code == 200
    launched = client.post("/launches/", data={"kit_version_id": made.kit.id})  # three: launch
    assert launched.status_code == 303
    mailbox.caught.clear()
    work()
    assert len(mailbox.caught) == 2


def test_a_link_works_once_and_a_scanner_that_looks_at_it_uses_nothing_up(made, mailbox, app):
    path = link_in(mailbox, made)
    for _ in range(3):
        assert app.test_client().get(path).status_code == 200
        app.test_client().head(path)
    assert app.test_client().post(path).status_code == 303
    second = app.test_client()
    assert second.post(path).status_code == 422
    assert second.get("/").location.startswith("/sign-in")
    assert second.get(path).status_code == 422


def test_whoever_came_by_a_link_sees_no_money_no_contacts_and_no_people(made, mailbox, app):
    client, path = app.test_client(), link_in(mailbox, made)
    client.post(path)
    for closed in ("/contacts/", "/mdf/claims/", "/people/", "/tokens/", "/deliveries/", "/notifications/"):
        assert client.get(closed).status_code in {403, 404}, closed
    assert "Sign in" in client.get("/launches/").text
    assert client.get("/").location == "/launches/"


def test_a_visit_ends_after_two_hours_and_an_old_link_is_refused(made, mailbox, app):
    client, path = app.test_client(), link_in(mailbox, made)
    with transaction(SYSTEM):
        other = service.visit_address(made.partner.user_id, "/launches/")
    client.post(path)
    with clock.frozen(clock.now() + timedelta(hours=3)):
        assert client.get("/launches/").location.startswith("/sign-in")
    with clock.frozen(clock.now() + timedelta(days=8)):
        assert app.test_client().post(other.removeprefix("http://portal.brand.example")).status_code == 422


def test_a_link_of_somebody_who_left_or_set_a_new_password_is_worth_nothing(made, app):
    with transaction(SYSTEM):
        user = make.user(Role.OWNER, made_partner(made))
        address = service.visit_address(user.id, "/launches/").removeprefix("http://portal.brand.example")
        service.end_access(user)
    assert app.test_client().post(address).status_code == 422


def made_partner(made):
    return service.queries.partner(SYSTEM, made.partner.partner_id)


def test_a_visit_is_written_down_with_where_it_led(made, mailbox, app):
    app.test_client().post(link_in(mailbox, made))
    with reading(SYSTEM):
        entry = session.execute(
            text("SELECT user_id, details FROM audit_entries WHERE action = 'accounts.visit.begun'")
        ).one()
    assert entry.user_id == made.partner.user_id
    assert entry.details["target"].startswith("/launches/new")


def test_a_made_up_token_leads_nowhere(world, app):
    with pytest.raises(LinkExpired):
        visits.whose_visit("made.up")
