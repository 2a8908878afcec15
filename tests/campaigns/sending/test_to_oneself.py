"""A test mail is the mail that will leave, sent to whoever asks for it and to nobody else."""

import pytest
from sqlalchemy import text

from campaigns.launches import service as launches
from campaigns.sending import service as sending
from campaigns.sending.errors import TooManyTests
from tcma.accounts.model import User
from tcma.infra.db import reading, session, transaction
from tcma.infra.mail import providers
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.errors import NotFound
from tests.clients import api_client, browser
from tests.factories import kits
from tests.factories.launches import Scene, scene


@pytest.fixture
def made(world, errands, mailbox) -> Scene:
    return scene(kits.email_touch, lambda _template: kits.share_touch(day_offset=1), contacts=2)


def person(actor: Actor) -> User:
    with reading(SYSTEM):
        return session.get_one(User, actor.user_id)


def test_before_the_launch_a_test_arrives_at_ones_own_address_and_counts_nowhere(made, mailbox, app):
    answer = api_client(app, person(made.partner)).post(
        "/launches/preview/test", json={"kit_version_id": made.kit.id, "touch": "intro", "locale": "de"}
    )
    (caught,) = mailbox.notices
    own = person(made.partner).email
    assert (answer.json, caught.recipient) == ({"sent_to": own}, own)
    assert "Neues von Nordwind" in caught.message["Subject"]
    assert caught.message["X-Test"]
    assert mailbox.caught == []
    with reading(made.partner):
        assert session.scalars(text("SELECT id FROM deliveries")).all() == []


def test_a_test_says_what_recipients_will_read(made, mailbox, work, app):
    with transaction(made.partner):
        launch = launches.launch(made.partner, kit_version_id=made.kit.id)
    work()
    mailbox.notices.clear()
    api_client(app, person(made.partner)).post(f"/launches/{launch.id}/touches/intro/test", json={})
    test, real = mailbox.notices[0].message, mailbox.to("person1@example.com")
    assert test["From"] == real["From"]
    name = person(made.partner).name.partition(" ")[0]
    plain = [mail.get_body(("plain",)).get_content() for mail in (test, real)]
    assert plain[0].splitlines()[0] == plain[1].splitlines()[0]
    assert f"Dear {name}" in plain[0]
    assert "Dear Person1" in plain[1]


def test_the_desk_comes_back_as_it_was_after_a_test(made, mailbox, app):
    client = browser(app, person(made.partner))
    page = client.post("/launches/new", data={"kit_version_id": made.kit.id, "name": "Our autumn"}).text
    mark = page.split("/launches/previews/")[1].split("/")[1]
    answer = client.post(f"/launches/previews/{made.kit.id}/{mark}/intro/test")
    assert answer.location == f"/launches/new?kit_version_id={made.kit.id}&mark={mark}"
    assert 'value="Our autumn"' in client.get(answer.location).text
    assert len(mailbox.notices) == 1


def test_another_organization_cannot_use_the_mark_of_a_desk(made, mailbox, app):
    page = browser(app, person(made.partner)).get(f"/launches/new?kit_version_id={made.kit.id}").text
    mark = page.split("/launches/previews/")[1].split("/")[1]
    answer = browser(app, person(made.other)).post(f"/launches/previews/{made.kit.id}/{mark}/intro/test")
    assert answer.status_code == 404
    assert mailbox.notices == []


def test_only_mails_can_be_tested_and_not_without_end(made):
    with reading(made.partner):
        draft = launches.preview(made.partner, kit_version_id=made.kit.id)
        with pytest.raises(NotFound):
            sending.mail_to_oneself(made.partner, draft, "post")
        for _ in range(30):
            sending.mail_to_oneself(made.partner, draft, "intro")
        with pytest.raises(TooManyTests):
            sending.mail_to_oneself(made.partner, draft, "intro")


def test_a_mail_server_that_is_away_is_said_so(made, mailbox, app, monkeypatch):
    monkeypatch.setattr(providers, "listed", lambda: providers.read("smtp://127.0.0.1:9"))
    answer = api_client(app, person(made.partner)).post(
        "/launches/preview/test", json={"kit_version_id": made.kit.id, "touch": "intro"}
    )
    assert (answer.status_code, answer.json["code"]) == (503, "test_not_sent")
