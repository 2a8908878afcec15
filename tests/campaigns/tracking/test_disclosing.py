"""Whoever asks what is kept about them is told everything, by the partner alone, and asking is written down."""

import pytest
from sqlalchemy import text

from campaigns.launches import service as launches
from tcma.accounts.model import User
from tcma.infra.db import reading, session, transaction
from tcma.kernel.actor import SYSTEM
from tests.clients import api_client
from tests.factories import kits
from tests.factories.launches import Scene, scene


@pytest.fixture
def sent(errands, mailbox, work) -> Scene:
    made = scene(kits.email_touch, contacts=2)
    with transaction(made.partner):
        launches.launch(made.partner, kit_version_id=made.kit.id)
    work()
    return made


def person(actor) -> User:
    with reading(SYSTEM):
        return session.get_one(User, actor.user_id)


def contact_id(made: Scene) -> int:
    with reading(made.partner):
        return session.scalars(text("SELECT id FROM contacts WHERE email = 'person0@example.com'")).one()


def test_everything_that_is_kept_about_a_person_is_told(sent, app):
    told = api_client(app, person(sent.partner)).post(f"/contacts/{contact_id(sent)}/disclosure", json={}).json
    assert told["contact"]["email"] == "person0@example.com"
    assert [one["scope"] for one in told["consents"]] == ["partner"]
    assert [one["state"] for one in told["deliveries"]] == ["sent"]
    assert "person1" not in str(told)
    with reading(sent.partner):
        actions = session.scalars(text("SELECT action FROM audit_entries ORDER BY id DESC LIMIT 1")).all()
    assert actions == ["campaigns.contact.disclosed"]


def test_nobody_else_is_told(sent, app):
    path = f"/contacts/{contact_id(sent)}/disclosure"
    assert api_client(app, person(sent.other)).post(path, json={}).status_code == 404
    assert api_client(app, person(sent.marketing)).post(path, json={}).status_code in {403, 404}


def test_a_preview_shows_what_one_recipient_will_get(sent, app, mailbox):
    body = {"kit_version_id": sent.kit.id, "contact_id": contact_id(sent)}
    shown = api_client(app, person(sent.partner)).post("/launches/preview", json=body).json
    mail = next(one for one in shown["touches"][0]["mails"] if one["locale"] == "en")
    assert mail["subject"] == mailbox.to("person0@example.com")["Subject"] == "Person0, news from Nordwind"
    answer = api_client(app, person(sent.other)).post("/launches/preview", json=body)
    assert answer.status_code == 404
