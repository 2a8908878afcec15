"""The pages of kits, audiences and launches, walked without scripts, as a keyboard would."""

import io
import re
from datetime import UTC, datetime

import pytest

from campaigns.audiences import rules as audience_rules
from campaigns.launches import queries, service
from campaigns.launches.rules import LaunchState
from tcma.accounts.model import User
from tcma.infra import cache
from tcma.infra.db import reading, session, transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM
from tests.factories.launches import scene


@pytest.fixture(autouse=True)
def noon():
    """Hold the clock: what is due on the first day depends on the hour."""
    with clock.frozen(datetime(2026, 11, 21, 12, 0, tzinfo=UTC)):
        yield


@pytest.fixture
def ready(world, errands):
    return scene()


@pytest.fixture
def browsers(ready, portal):
    people = []
    for actor in (ready.partner, ready.other, ready.marketing):
        with reading(SYSTEM):
            person = session.get_one(User, actor.user_id)
        people.append(portal(person))
    return people


def launches_of(actor):
    with reading(actor):
        return queries.page_of(actor).items


def test_the_desk_shows_what_leaves_and_one_click_launches_it(ready, browsers):
    partner, other, brand = browsers
    gallery = partner.get("/kits/").text
    assert f"/launches/new?kit_version_id={ready.kit.id}" in gallery
    desk = partner.get(f"/launches/new?kit_version_id={ready.kit.id}")
    assert desk.status_code == 200
    assert "Ask Nordwind in Hamburg" in desk.text
    assert "Europe/Berlin" in desk.text
    frame = re.search(r'<iframe[^>]*src="([^"]+)"', desk.text)
    mail = partner.get(frame[1].replace("&amp;", "&"))
    assert "Dear Alex" in mail.text
    assert "frame-ancestors 'self'" in mail.headers["Content-Security-Policy"]
    assert other.get(frame[1]).status_code == 404
    answer = partner.post("/launches/", data={"kit_version_id": ready.kit.id})
    assert answer.status_code == 303
    page = partner.get(answer.location)
    assert "Running" in page.text
    assert other.get(answer.location).status_code == 404
    assert "Nordwind" in brand.get(answer.location).text
    assert ready.kit.name in partner.get("/launches/").text


def test_what_was_entered_is_shown_in_the_preview_and_kept(ready, browsers):
    partner, _, _ = browsers
    entered = {"kit_version_id": ready.kit.id, "values.intro.greeting": "Moin <b>", "leave_out": "post"}
    desk = partner.post("/launches/new", data=entered)
    assert desk.status_code == 200
    assert 'value="Moin &lt;b&gt;"' in desk.text
    assert "Left out" in desk.text
    frame = re.search(r'<iframe[^>]*src="([^"]+)"', desk.text)
    assert "Moin &lt;b&gt;" in partner.get(frame[1]).text
    assert launches_of(ready.partner) == []
    partner.post("/launches/", data=entered)
    (launch,) = launches_of(ready.partner)
    assert launch.values == {"intro": {"greeting": "Moin <b>"}}
    with reading(ready.partner):
        assert [touch.key for touch in queries.one(ready.partner, launch.id).touches] == ["intro"]


@pytest.mark.parametrize(
    ("entered", "sentence"),
    [
        ({"starts_at_local": "2020-01-01T09:00"}, "in the past"),
        ({"starts_at_local": "soon"}, "as your clock shows it"),
        ({"values.intro.greeting": "x" * 81}, "80 are possible"),
        ({"reply_to": "nobody"}, "@-sign"),
        ({"sender_name": "x" * 121}, "120"),
    ],
)
def test_a_mistake_is_shown_beside_its_field_and_nothing_is_launched(ready, browsers, entered, sentence):
    partner, _, _ = browsers
    for path in ("/launches/", "/launches/new"):
        page = partner.post(path, data={"kit_version_id": ready.kit.id, **entered})
        assert page.status_code == 422
        assert sentence in page.text
        assert 'aria-invalid="true"' in page.text
    assert launches_of(ready.partner) == []


def test_the_same_form_sent_twice_launches_once(ready, browsers):
    partner, _, _ = browsers
    form = {"kit_version_id": ready.kit.id, "_key": "one"}
    first, again = partner.post("/launches/", data=form), partner.post("/launches/", data=form)
    assert first.location == again.location
    assert len(launches_of(ready.partner)) == 1


def test_a_launch_is_paused_resumed_and_cancelled_from_its_page(ready, browsers):
    partner, other, brand = browsers
    path = partner.post("/launches/", data={"kit_version_id": ready.kit.id}).location
    for verb, word in (("pause", "Paused"), ("resume", "Running"), ("cancel", "Cancelled")):
        assert other.post(f"{path}/{verb}").status_code == 404
        assert brand.post(f"{path}/{verb}").status_code == 403
        assert (
            partner.post(f"{path}/{verb}", data={"reason": "Wrong list"} if verb == "cancel" else {}).status_code == 303
        )
        assert word in partner.get(path).text
    assert partner.post(f"{path}/resume").status_code == 409
    assert "Wrong list" in partner.get(path).text


def test_a_missed_launch_asks_on_its_page(ready, browsers):
    partner, _, _ = browsers
    path = partner.post("/launches/", data={"kit_version_id": ready.kit.id}).location
    with transaction(SYSTEM):
        for launch in queries.page_of(SYSTEM).items:
            launch.state = LaunchState.MISSED
    assert "did not leave on time" in partner.get(path).text
    assert partner.post(f"{path}/confirm").status_code == 303
    with reading(ready.partner):
        assert queries.page_of(ready.partner).items[0].state is LaunchState.RUNNING


def test_a_kit_that_is_not_there_has_no_desk(ready, browsers):
    partner, _, brand = browsers
    assert partner.get("/launches/new").status_code == 404
    assert partner.get("/launches/new?kit_version_id=999999").status_code == 404
    assert partner.post("/launches/", data={"kit_version_id": "x"}).status_code == 404
    assert partner.post("/launches/", data={}).status_code == 404
    assert brand.get(f"/launches/new?kit_version_id={ready.kit.id}").status_code == 422


@pytest.mark.parametrize("data", [b"", b"name\nAnna\n"])
def test_a_list_that_cannot_be_read_is_told_beside_its_field(ready, browsers, data):
    partner, _, brand = browsers
    form = {"file": (io.BytesIO(data), "list.csv" if data else ""), "consent_source": "fair", "agreed": "true"}
    answer = partner.post("/contacts/import", data=form, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert ("must name the columns" if data else "Choose a CSV file") in answer.text
    assert 'value="fair"' in answer.text
    form = {"file": (io.BytesIO(data), "list.csv"), "consent_source": "fair", "agreed": "true"}
    assert brand.post("/contacts/import", data=form, content_type="multipart/form-data").status_code == 403


def test_a_list_is_read_and_checked_before_the_transaction_begins(ready, browsers, monkeypatch):
    real, acting = audience_rules.read_contacts, []

    def read_contacts(text, *, today):
        acting.append(bool(session.info.get("acting")))
        return real(text, today=today)

    monkeypatch.setattr(audience_rules, "read_contacts", read_contacts)
    form = {"file": (io.BytesIO(b"email\nn@example.com\n"), "l.csv"), "consent_source": "fair", "agreed": "true"}
    assert browsers[0].post("/contacts/import", data=form, content_type="multipart/form-data").status_code == 303
    assert acting == [False]


def test_a_file_is_imported_from_its_page_with_a_report(ready, browsers):
    partner, other, brand = browsers
    assert "consent_source" in partner.get("/contacts/import").text
    form = {
        "file": (io.BytesIO(b"email\nnew@example.com\nbroken\n"), "list.csv"),
        "consent_source": "fair",
        "consent_scope": "partner",
        "agreed": "true",
    }
    answer = partner.post("/contacts/import", data=form, content_type="multipart/form-data")
    assert answer.status_code == 303
    page = partner.get(answer.location)
    assert "Rows that were left out" in page.text
    assert ">3<" in page.text
    assert partner.get(f"{answer.location}/errors.csv").text.splitlines()[1].startswith("3,email,")
    assert other.get(answer.location).status_code == 404
    assert brand.get(answer.location).status_code == 403
    assert "new@example.com" in partner.get("/contacts/").text
    assert "new@example.com" not in other.get("/contacts/").text
    assert "new@example.com" in partner.get("/contacts/export.csv").text
    counts = brand.get("/audiences/").text
    assert "Nordwind" in counts
    assert "example.com" not in counts


def test_an_import_without_file_consent_or_confirmation_says_so(ready, browsers):
    partner, _, _ = browsers
    page = partner.post("/contacts/import", data={"consent_scope": "partner"}, content_type="multipart/form-data")
    assert page.status_code == 422
    for sentence in ("Choose a CSV file.", "Confirm it"):
        assert sentence in page.text


def test_a_contact_is_added_changed_suppressed_and_erased_from_its_pages(ready, browsers):
    partner, other, _ = browsers
    path = partner.post("/contacts/", data={"email": "kim@example.com", "consent_source": "phone"}).location
    assert "Can be mailed" in partner.get(path).text
    assert partner.post(path, data={"first_name": "Kim"}).status_code == 303
    assert "Kim" in partner.get(path).text
    assert other.get(path).status_code == 404
    assert partner.post("/suppressions/", data={"email": "kim@example.com"}).status_code == 303
    assert "Not to be mailed" in partner.get(path).text
    listed = partner.get("/suppressions/").text
    lift = re.search(r'action="(/suppressions/\d+/lift)"', listed)[1]
    assert other.post(lift).status_code == 404
    assert partner.post(lift).status_code == 303
    assert partner.post(f"{path}/erase").status_code == 303
    assert partner.get(path).status_code == 404
    assert partner.post("/suppressions/", data={"email": "x"}).status_code == 422


def test_marketing_builds_publishes_and_withdraws_a_kit_from_its_pages(ready, browsers):
    partner, _, brand = browsers
    started = brand.post("/kits/", data={"name": "Winter", "summary": "Snow"})
    desk = started.location
    assert "Add a mail" in brand.get(desk).text
    version = desk.split("/")[3]
    template = ready.kit.touches[0]["template_version_id"]
    form = {
        "touch.channel": "email",
        "touch.key": "hello",
        "touch.template_version_id": template,
        "touch.day_offset": "0",
        "touch.local_time": "10:00",
        "touch.texts.en.subject": "Hi {{contact.first_name}}",
        "touch.texts.en.body": "Snow",
        "touch.attachment.template_version_id": "",
        "touch.attachment.mode": "link",
    }
    path = f"/kits/versions/{version}/touch"
    assert "Merge tokens" in brand.get(f"{path}?channel=email").text
    wrong = brand.post(path, data={**form, "touch.texts.en.subject": "{{contact.pasword}}"})
    assert wrong.status_code == 422
    assert "is not a merge token here" in wrong.text
    assert 'aria-invalid="true"' in wrong.text
    assert brand.post(path, data=form).status_code == 303
    assert "a touch of that name already" in brand.post(path, data=form).text
    german = {**form, "touch.texts.de.subject": "Hallo", "touch.texts.de.body": "Schnee"}
    assert brand.post(f"{path}?key=hello&locale=de", data=german).status_code == 303
    assert 'value="Hallo"' in brand.get(f"{path}?key=hello&locale=de").text
    assert brand.post(f"/kits/versions/{version}/publish").status_code == 303
    assert "Winter" in partner.get("/kits/").text
    page = brand.get("/kits/").text
    assert "Winter" in page
    assert brand.post(f"/kits/versions/{version}/withdraw", data={"reason": ""}).status_code == 422
    assert brand.post(f"/kits/versions/{version}/withdraw", data={"reason": "Thaw"}).status_code == 303
    assert partner.get(path).status_code == 403
    assert partner.post(path, data=form).status_code == 403


def test_an_incomplete_kit_says_what_is_missing(ready, browsers):
    _, _, brand = browsers
    desk = brand.post("/kits/", data={"name": "Winter"}).location
    page = brand.post(desk.replace("/edit", "/publish"))
    assert page.status_code == 422
    assert "Add at least one touch." in page.text


def test_the_preview_of_a_launch_is_shown_in_a_harmless_frame(ready, browsers):
    partner, other, _ = browsers
    with transaction(ready.partner):
        launch = service.launch(ready.partner, kit_version_id=ready.kit.id)
    path = f"/launches/{launch.id}/touches/intro/mail/de"
    mail = partner.get(path)
    assert "Guten Tag Alex" in mail.text
    assert "script-src" not in mail.headers["Content-Security-Policy"]
    assert mail.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert other.get(path).status_code == 404
    assert partner.get(path.replace("/de", "/xx")).status_code == 404
    assert partner.get(path.replace("intro", "none")).status_code == 404


def test_the_desk_keeps_nothing_that_is_too_much(ready, browsers):
    partner, _, _ = browsers
    for path in ("/launches/new", "/launches/"):
        entered = {"kit_version_id": ready.kit.id, "values.intro.greeting": "x" * 70_000}
        answer = partner.post(path, data=entered)
        assert answer.status_code == 422
        assert "at most 64 KB" in answer.text
    with cache.redis() as client:
        kept = [client.strlen(key) for key in client.keys("launches:preview:*")]
    assert kept
    assert max(kept) < 1000
