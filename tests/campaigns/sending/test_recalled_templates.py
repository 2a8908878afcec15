"""The brand withdraws a template version while launches wait, run and are shared by hand."""

from collections import Counter
from datetime import datetime, timedelta

import pypdfium2
import pytest
from sqlalchemy import text

from campaigns.launches import queries, tasks
from campaigns.launches import service as launches
from campaigns.sending import service as sending
from campaigns.sending.channels import addresses
from campaigns.sending.rules import FIRST_PART_ROWS, DeliveryState, Outcome, Reason, Verdict
from campaigns.sending.tasks import sweep
from cobranding.templates import service as templates
from cobranding.templates.tasks import recall
from tcma.infra.db import reading, session, transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM, Actor
from tests.factories import assets, cobranding, kits
from tests.factories.launches import scene

FAN_OUT = "campaigns.sending.fan_out"
START = datetime(2026, 12, 1, 9, 0)  # noqa: DTZ001 - as the partner's clock shows it


@pytest.fixture
def made(world, errands, mailbox, work):
    ready = scene(kits.email_touch, contacts=2, locale="en")
    ready.version = ready.kit.touches[0]["template_version_id"]
    return ready


def next_version(made, version_id, change):
    """Publish the next version of a template, with its document changed."""
    with transaction(made.marketing):
        found = templates.version(made.marketing, version_id)
        document = change(dict(found.document))
        draft = templates.start_version(made.marketing, found.template_id, document=document)
        return templates.publish(made.marketing, draft.id).id


def with_more(document):
    mjml = document["email"]["mjml"].replace("{{greeting}}", "{{greeting}}, says the second edition")
    return document | {"email": document["email"] | {"mjml": mjml}}


def without_greeting(document):
    mjml = document["email"]["mjml"].replace("<mj-text>{{greeting}}</mj-text>", "")
    return document | {"email": document["email"] | {"mjml": mjml}, "variables": {}}


def shorter(document):
    greeting = document["variables"]["greeting"] | {"max_length": 10, "default": "Goodbye"}
    return document | {"variables": {"greeting": greeting}}


def without_body(document):
    email = document["email"]
    texts = {name: words for name, words in email["texts"].items() if name != "body"}
    mjml = email["mjml"].replace("<mj-text>{{text.body}}</mj-text>", "")
    return document | {"email": email | {"mjml": mjml, "texts": texts}}


def launched(made, **fields):
    with transaction(made.partner):
        return launches.launch(made.partner, kit_version_id=made.kit.id, **fields)


def withdraw(made, version_id, successor_id=None):
    with transaction(made.marketing):
        templates.withdraw(made.marketing, version_id, reason="Old price.", successor_version_id=successor_id)


def now(launch_id):
    with reading(SYSTEM):
        return queries.one(SYSTEM, launch_id)


def outcomes(made, version_id):
    with reading(made.marketing):
        return templates.recall_of(made.marketing, version_id).outcomes


def states():
    with reading(SYSTEM):
        return Counter(tuple(row) for row in session.execute(text("SELECT state, reason FROM deliveries")))


def at_its_hour(work):
    with clock.frozen(now_utc() + timedelta(minutes=1)):
        tasks.tick()
        work()


def now_utc():
    with reading(SYSTEM):
        return session.scalar(text("SELECT max(due_at) FROM launch_touches"))


def test_a_planned_mail_leaves_with_the_successor_when_its_words_fit(made, mailbox, work) -> None:
    successor = next_version(made, made.version, with_more)
    launch = launched(made, starts_at_local=START, values={"intro": {"greeting": "Until Friday"}})
    withdraw(made, made.version, successor)
    work()
    touch = now(launch.id).touches[0]
    assert (touch.template_version_id, touch.document["template_version_id"]) == (successor, successor)
    assert now(launch.id).state == "scheduled"
    assert outcomes(made, made.version)["Planned touches"] == {"replaced": 1}
    at_its_hour(work)
    assert len(mailbox.caught) == 2
    for caught in mailbox.caught:
        assert "Until Friday, says the second edition" in caught.message.get_body(("plain",)).get_content()


@pytest.mark.parametrize("change", [None, without_greeting, shorter, without_body])
def test_a_planned_mail_that_does_not_fit_pauses_its_launch_and_says_why(made, mailbox, work, change) -> None:
    successor = next_version(made, made.version, change) if change else None
    launch = launched(made, starts_at_local=START, values={"intro": {"greeting": "Until Friday"}})
    withdraw(made, made.version, successor)
    work()
    paused = now(launch.id)
    assert (paused.state, paused.touches[0].template_version_id) == ("paused", made.version)
    assert paused.stopped_reason.startswith("The brand withdrew E-mail ")
    assert "Old price." in paused.stopped_reason
    assert outcomes(made, made.version)["Planned touches"] == {"paused": 1}
    with reading(SYSTEM):
        told = session.scalars(text("SELECT title FROM notifications WHERE kind = 'campaigns.launch.paused'")).all()
    assert told == [f"{launch.name} was paused"]
    at_its_hour(work)
    assert mailbox.caught == []


def test_who_resumes_sends_the_rest_and_a_second_run_of_the_recall_pauses_nothing(made, mailbox, work) -> None:
    launch = launched(made, starts_at_local=START)
    withdraw(made, made.version)
    work()
    with transaction(made.partner):
        launches.resume(made.partner, launch.id)
    recall(version_id=made.version)
    assert (now(launch.id).state, now(launch.id).stopped_reason) == ("running", "")
    at_its_hour(work)
    assert mailbox.caught == []
    sweep()
    assert states() == {("skipped", "template_withdrawn"): 2}
    assert now(launch.id).state == "completed"


def test_a_withdrawal_in_the_middle_of_sending_stops_the_rest(world, errands, mailbox, work) -> None:
    made = scene(kits.email_touch, contacts=45)
    version = made.kit.touches[0]["template_version_id"]
    successor = next_version(made, version, with_more)
    launched(made)
    work(through=FAN_OUT)
    job = Actor.partner_job(made.partner.partner_id)
    with transaction(job):
        shift = sending.begin_turn(job, turn=1)
    assert shift is not None
    with transaction(job):
        part = sending.hand_over(job, shift, rows=FIRST_PART_ROWS)
    assert part is not None
    sent = [
        Outcome(parcel.delivery_id, Verdict(DeliveryState.SENT, Reason.NONE), parcel.attempts + 1)
        for parcel in part.parcels
    ]
    withdraw(made, version, successor)
    with reading(made.marketing):
        mails = next(one for one in templates.uses(made.marketing, version) if one.kind == "deliveries")
    assert (mails.count, [one.number for one in mails.items]) == (45, [45])
    with transaction(job):
        assert sending.hand_over(job, shift, rows=45, after=part.after, outcomes=sent) is None
    with transaction(job):
        sending.end_turn(job, shift, [])
    sweep()
    work()
    assert mailbox.caught == []
    assert states() == {("sent", ""): FIRST_PART_ROWS, ("skipped", "template_withdrawn"): 45 - FIRST_PART_ROWS}
    with reading(made.marketing):
        mails = next(one for one in templates.uses(made.marketing, version) if one.kind == "deliveries")
    assert (mails.count, list(mails.items)) == (0, [])


def test_the_brand_sees_whose_and_how_many_and_no_recipient(made, work, api) -> None:
    launched(made)
    launched(made, starts_at_local=START)
    work(through=FAN_OUT)
    answer = api(made.marketing).get(f"/templates/versions/{made.version}/uses")
    found = {kind["kind"]: kind for kind in answer.json["kinds"]}
    (mails,) = found["deliveries"]["items"]
    assert (mails["partner_id"], mails["number"], mails["state"]) == (made.partner.partner_id, 2, "queued")
    (planned,) = found["touches"]["items"]
    assert (planned["partner_id"], planned["state"]) == (made.partner.partner_id, "scheduled")
    assert [kit["label"] for kit in found["kits"]["items"]] == [f"{made.kit.name}, version 1"]
    assert "@" not in answer.text


@pytest.fixture
def flyer(made):
    """A kit of an e-mail that links to a flyer, and of a picture to share by hand."""
    assets.asset(made.marketing, cobranding.photo(400, 300), kind="photo", name="hero")
    with transaction(made.marketing):
        draft = templates.create(made.marketing, name="Flyer", document=cobranding.flyer())
        version = templates.publish(made.marketing, draft.id).id
        made.kit = kits.published_kit(
            made.marketing,
            kits.email_touch(
                made.version,
                link_url="{{attachment_url}}",
                attachment={"template_version_id": version, "format": "a4", "mode": "link"},
            ),
            kits.share_touch(template_version_id=version, format="a4"),
        )
    return version


def second_edition(document):
    elements = [
        element | {"text": "SECOND EDITION"} if element["id"] == "kicker" else element
        for element in document["formats"]["a4"]["elements"]
    ]
    return document | {"formats": {"a4": document["formats"]["a4"] | {"elements": elements}}}


def text_of(answer) -> str:
    assert answer.status_code == 200, answer.text
    return pypdfium2.PdfDocument(answer.data)[0].get_textpage().get_text_bounded()


def test_what_waits_to_be_shared_is_made_of_the_successor(made, flyer, work, api) -> None:
    successor = next_version(made, flyer, second_edition)
    launch = launched(made, values={"post": {"headline": "Meet us"}})
    work(through=FAN_OUT)
    post = next(touch for touch in launch.touches if touch.key == "post")
    path = f"/launches/{launch.id}/touches/{post.id}/share/a4"
    assert "SECOND EDITION" not in text_of(api(made.partner).get(path))
    withdraw(made, flyer, successor)
    gone = api(made.partner).get(path)
    assert (gone.status_code, gone.json["successor"]["id"]) == (410, successor)
    recall(version_id=flyer)
    page = text_of(api(made.partner).get(path))
    assert "SECOND EDITION" in page
    assert "Meet us" in page
    assert outcomes(made, flyer)["Shared or posted"] == {"replaced": 1}


def test_what_was_shared_is_out_of_reach_and_what_was_not_is_not_given_out(made, flyer, work, api) -> None:
    shared, waiting = launched(made), launched(made)
    work(through=FAN_OUT)
    posts = {one.id: next(touch for touch in one.touches if touch.key == "post") for one in (shared, waiting)}
    with transaction(made.partner):
        sending.mark_shared(made.partner, shared.id, posts[shared.id].id, network="X")
    withdraw(made, flyer)
    recall(version_id=flyer)
    assert outcomes(made, flyer)["Shared or posted"] == {"already_shared": 1, "stopped": 1}
    gone = api(made.partner).get(f"/launches/{waiting.id}/touches/{posts[waiting.id].id}/share/a4")
    assert (gone.status_code, gone.json["successor"]) == (410, None)
    kit = api(made.partner).get(f"/launches/{waiting.id}/touches/{posts[waiting.id].id}/share").json
    assert kit["formats"] == []
    with reading(SYSTEM):
        told = session.scalars(text("SELECT body FROM notifications WHERE kind = 'cobranding.template.withdrawn'"))
        assert [body for body in told if "Old price." in body]


def test_links_in_mails_that_were_sent_answer_410(made, flyer, mailbox, work, portal) -> None:
    launched(made)
    work()
    assert len(mailbox.caught) == 2
    with reading(SYSTEM):
        delivery_id, touch_id = session.execute(text("SELECT id, touch_id FROM deliveries LIMIT 1")).one()
    partner_id = made.partner.partner_id
    links = [addresses.view(partner_id, delivery_id), addresses.flyer(partner_id, touch_id)]
    paths = [link.removeprefix("http://portal.brand.example") for link in links]
    assert [portal().get(path).status_code for path in paths] == [200, 200]
    withdraw(made, flyer)
    assert [portal().get(path).status_code for path in paths] == [410, 410]
