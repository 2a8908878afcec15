"""Recall of a template version: what is in use, what becomes of it, and what its files answer from then on."""

import dataclasses
import json

import pypdfium2
import pytest
from sqlalchemy import text

from cobranding.artworks import service as artworks
from cobranding.templates import service as templates
from cobranding.templates import tasks
from cobranding.templates.service import UseKind, register_use
from tcma.infra.db import reading, session, transaction
from tcma.kernel.actor import SYSTEM
from tcma.kernel.errors import Conflict
from tests.cobranding.test_archived import email_with_picture
from tests.factories import accounts
from tests.factories import cobranding as factory


def text_of(data: bytes) -> str:
    return " ".join(pypdfium2.PdfDocument(data)[0].get_textpage().get_text_bounded().split())


class Desk:
    """What marketing does with a template, through the API."""

    def __init__(self, client, published) -> None:
        self.client = client
        self.published = published

    def successor(self, version, most=20):
        """Publish the next version, with a headline of at most some characters and another line above it."""
        document = json.loads(json.dumps(version["document"]))
        document["variables"]["headline"] |= {"max_length": most, "default": {"en": "New words", "de": "Neue Worte"}}
        document["formats"]["a4"]["elements"][4]["text"] = {"en": "SECOND EDITION", "de": "ZWEITE AUSGABE"}
        draft = self.client.post(f"/templates/{version['template_id']}/versions", json={"document": document}).json
        answer = self.client.post(f"/templates/versions/{draft['id']}/publish", json={})
        assert answer.status_code == 200, answer.json
        return answer.json

    def withdraw(self, version, successor=None, reason="The price is old"):
        sent = {"reason": reason, "successor_version_id": successor and successor["id"]}
        answer = self.client.post(f"/templates/versions/{version['id']}/withdraw", json=sent)
        assert answer.status_code == 200, answer.json
        return answer.json

    def uses(self, version, **query):
        """Return the uses by kind, and how far the recall has come."""
        answer = self.client.get(f"/templates/versions/{version['id']}/uses", query_string=query)
        assert answer.status_code == 200, answer.json
        return {kind["kind"]: kind for kind in answer.json["kinds"]}, answer.json["recall"]


@pytest.fixture
def desk(api, cast, published):
    return Desk(api(cast.marketing), published)


def make(api, person, version, **fields):
    answer = api(person).post("/artworks", json={"template_version_id": version["id"], **fields})
    assert answer.status_code == 201, answer.json
    return answer.json


def everything():
    """Return all rows that a recall may touch, as text, and how often somebody was told."""
    with reading(SYSTEM):
        tables = ("artworks", "artwork_reviews", "template_recalls", "template_versions", "notifications")
        return [sorted(session.scalars(text(f"SELECT t::text FROM {table} t"))) for table in tables]


def test_downloads_answer_410_with_the_successor(api, portal, cast, desk) -> None:
    version = desk.published()
    made = make(api, cast.owner, version, values={"headline": "x" * 21})
    newer = desk.successor(version)
    assert desk.withdraw(version, newer)["successor_version_id"] == newer["id"]
    for path in (
        f"/artworks/{made['id']}/renders/a4",
        f"/artworks/{made['id']}/preview/a4",
        f"/artworks/{made['id']}/preflight",
        f"/artworks/previews/{version['id']}/a4",
    ):
        gone = api(cast.owner).get(path)
        assert (gone.status_code, gone.mimetype) == (410, "application/problem+json"), path
        assert (gone.json["code"], gone.json["title"]) == ("template_withdrawn", "Gone")
        assert "The price is old" in gone.json["detail"]
        href = f"/api/v1/templates/versions/{newer['id']}"
        assert gone.json["successor"] == {"id": newer["id"], "href": href}
        assert gone.headers["Link"] == f'<{href}>; rel="successor-version"'
        assert api(cast.owner).get(gone.json["successor"]["href"].removeprefix("/api/v1")).json["number"] == 2
    page = portal(cast.owner).get(f"/artworks/{made['id']}/renders/a4")
    assert page.status_code == 410
    assert f'href="/templates/{version["template_id"]}?version={newer["id"]}"' in page.text
    # To begin something new with it is a conflict, as before.
    assert api(cast.owner).post("/artworks", json={"template_version_id": version["id"]}).status_code == 409


def test_without_a_successor_a_download_says_that_there_is_none(api, portal, cast, desk) -> None:
    version = desk.published()
    made = make(api, cast.owner, version)
    desk.withdraw(version)
    gone = api(cast.owner).get(f"/artworks/{made['id']}/renders/a4")
    assert (gone.status_code, gone.json["successor"], "Link" in gone.headers) == (410, None, False)
    assert "See what stands in its place" not in portal(cast.owner).get(f"/artworks/{made['id']}/renders/a4").text


def test_a_chain_of_successors_leads_to_the_last_one(api, cast, desk) -> None:
    first = desk.published()
    made = make(api, cast.owner, first, values={"headline": "x" * 70})
    second = desk.successor(first)
    desk.withdraw(first, second)
    third = desk.successor(second, most=30)
    desk.withdraw(second, third)
    gone = api(cast.owner).get(f"/artworks/{made['id']}/renders/a4")
    assert gone.json["successor"]["id"] == third["id"]


def test_a_picture_in_sent_mails_ends_with_its_version_and_the_partners_logo_does_not(portal, cast, desk) -> None:
    version = desk.published(email_with_picture(), name="Mail")
    owner = accounts.actor_for(cast.owner)
    with reading(owner):
        inputs = artworks.email_inputs(owner, cast.north.id, version["id"], {}, {})
    stranger = portal()
    picture, logo = (f"/m/{url.rpartition('/')[2]}" for url in (inputs.image_urls["hero"], inputs.logo_url))
    assert (stranger.get(picture).status_code, stranger.get(logo).status_code) == (200, 200)
    desk.withdraw(version)
    assert (stranger.get(picture).status_code, stranger.get(logo).status_code) == (410, 200)


def test_what_fits_moves_to_the_successor_and_renders_from_it(api, cast, desk) -> None:
    version = desk.published()
    short = make(api, cast.owner, version, values={"headline": "Kurz gesagt"})
    long = make(api, cast.owner, version, values={"headline": "Viel zu lange Worte dafür"})
    theirs = make(api, cast.other, version)
    newer = desk.successor(version)
    found, recall = desk.uses(version)
    assert (found["artworks"]["count"], recall) == (3, None)
    assert {(one["id"], one["partner_id"], one["state"]) for one in found["artworks"]["items"]} == {
        (short["id"], cast.north.id, "ready"),
        (long["id"], cast.north.id, "ready"),
        (theirs["id"], cast.south.id, "ready"),
    }
    desk.withdraw(version, newer)
    tasks.recall(version_id=version["id"])
    moved = api(cast.owner).get(f"/artworks/{short['id']}").json
    assert (moved["template_version_id"], moved["state"]) == (newer["id"], "ready")
    page = text_of(api(cast.owner).get(f"/artworks/{short['id']}/renders/a4").data)
    assert "Kurz gesagt" in page
    assert "ZWEITE AUSGABE" in page
    assert api(cast.other).get(f"/artworks/{theirs['id']}/renders/a4").status_code == 200
    assert api(cast.owner).get(f"/artworks/{long['id']}").json["template_version_id"] == version["id"]
    assert api(cast.owner).get(f"/artworks/{long['id']}/renders/a4").status_code == 410
    found, recall = desk.uses(version)
    assert [one["id"] for one in found["artworks"]["items"]] == [long["id"]]
    assert recall["outcomes"]["Artworks"] == {"moved": 2, "stayed_to_be_changed": 1}
    assert recall["finished_at"] is not None


def test_what_stays_says_what_to_change(api, portal, cast, desk) -> None:
    version = desk.published()
    made = make(api, cast.owner, version, values={"headline": "Viel zu lange Worte dafür"})
    desk.withdraw(version, desk.successor(version))
    tasks.recall(version_id=version["id"])
    page = portal(cast.owner).get(f"/artworks/{made['id']}").text
    assert "Before this fits version 2" in page
    assert "headline has 25 characters, 20 are possible" in page
    assert "Move it to version 2" in page
    browser, path = portal(cast.owner), f"/artworks/{made['id']}"
    refused = browser.post(f"{path}/move", data={"values.headline": "Viel zu lange Worte dafür"})
    assert (refused.status_code, "has 25 characters" in refused.text) == (422, True)
    assert browser.post(f"{path}/move", data={"values.headline": "Kurz gesagt"}).status_code == 303
    assert "Kurz gesagt" in text_of(api(cast.owner).get(f"{path}/renders/a4").data)


def test_a_partner_moves_an_artwork_to_the_newest_version_by_itself(api, cast, desk) -> None:
    version = desk.published()
    made = make(api, cast.owner, version, values={"headline": "Kurz gesagt"})
    nowhere = api(cast.owner).post(f"/artworks/{made['id']}/move", json={})
    assert (nowhere.status_code, nowhere.json["code"]) == (409, "artwork_nowhere_to_move")
    newer = desk.successor(version)
    assert api(cast.other).post(f"/artworks/{made['id']}/move", json={}).status_code == 404
    assert api(cast.marketing).post(f"/artworks/{made['id']}/move", json={}).status_code == 403
    moved = api(cast.owner).post(f"/artworks/{made['id']}/move", json={}).json
    assert (moved["id"], moved["template_version_id"], moved["state"]) == (made["id"], newer["id"], "ready")
    assert "ZWEITE AUSGABE" in text_of(api(cast.owner).get(f"/artworks/{made['id']}/renders/a4").data)


def test_an_approval_ends_with_the_version_it_was_about(api, cast, desk) -> None:
    version = desk.published()
    api(cast.marketing).patch(f"/templates/{version['template_id']}", json={"approval": "always"})
    approved, waiting = (make(api, cast.owner, version, name=name) for name in ("Approved", "Waiting"))
    for one in (approved, waiting):
        api(cast.owner).post(f"/artworks/{one['id']}/submit", json={})
    api(cast.marketing).post(f"/artworks/{approved['id']}/approve", json={"seen": approved["values_hash"]})
    desk.withdraw(version, desk.successor(version))
    late = api(cast.marketing).post(f"/artworks/{waiting['id']}/approve", json={"seen": waiting["values_hash"]})
    assert (late.status_code, late.json["code"]) == (409, "template_withdrawn")
    tasks.recall(version_id=version["id"])
    for one in (approved, waiting):
        assert api(cast.owner).get(f"/artworks/{one['id']}").json["state"] == "draft"
        assert api(cast.owner).get(f"/artworks/{one['id']}/renders/a4").json["code"] == "artwork_not_approved"
    (decided,) = api(cast.owner).get(f"/artworks/{waiting['id']}/reviews").json["items"]
    assert (decided["decision"], decided["code"], decided["decided_by"]) == ("rejected", "withdrawn", None)
    assert "The price is old" in decided["reason"]


def test_run_twice_it_changes_nothing_more(api, cast, desk, errands) -> None:
    version = desk.published()
    for person in (cast.owner, cast.other):
        make(api, person, version)
        make(api, person, version, values={"headline": "Viel zu lange Worte dafür"})
    errands.clear()
    desk.withdraw(version, desk.successor(version))
    assert [(one.name, one.ids) for one in errands] == [("cobranding.templates.recall", {"version_id": version["id"]})]
    tasks.recall(version_id=version["id"])
    before = everything()
    tasks.recall(version_id=version["id"])
    tasks.finish_recalls()
    assert everything() == before


def test_a_job_that_died_half_way_goes_on_where_it_was(api, cast, desk) -> None:
    version = desk.published()
    made = [make(api, cast.owner, version, name=f"No {number}") for number in range(3)]
    newer = desk.successor(version)
    desk.withdraw(version, newer)
    (kind,) = (kind for kind in templates.to_settle() if kind.name == "artworks")
    with transaction(SYSTEM):
        assert templates.settle_next(SYSTEM, version["id"], kind=kind)
    with transaction(SYSTEM):
        assert not templates.finish_recall(SYSTEM, version["id"])
    assert desk.uses(version)[1] | {"started_at": ""} == {
        "started_at": "",
        "finished_at": None,
        "outcomes": {"Artworks": {"moved": 1}},
    }
    tasks.finish_recalls()
    assert desk.uses(version)[1]["outcomes"]["Artworks"] == {"moved": 3}
    for one in made:
        assert api(cast.owner).get(f"/artworks/{one['id']}").json["template_version_id"] == newer["id"]


def test_one_use_that_fails_is_counted_undone_and_holds_up_no_other(api, cast, desk, monkeypatch) -> None:
    version = desk.published()
    bad, good = (make(api, cast.owner, version, name=name) for name in ("Bad", "Good"))
    newer = desk.successor(version)
    (kind,) = (kind for kind in templates.to_settle() if kind.name == "artworks")

    def settle(actor, artwork_id, recall):
        outcome = kind.settle(actor, artwork_id, recall)
        if artwork_id == bad["id"]:
            raise Conflict
        return outcome

    desk.withdraw(version, newer)
    monkeypatch.setattr(templates, "to_settle", lambda: [dataclasses.replace(kind, settle=settle)])
    tasks.recall(version_id=version["id"])
    assert desk.uses(version)[1]["outcomes"]["Artworks"] == {"failed": 1, "moved": 1}
    assert api(cast.owner).get(f"/artworks/{bad['id']}").json["template_version_id"] == version["id"]
    assert api(cast.owner).get(f"/artworks/{good['id']}").json["template_version_id"] == newer["id"]


@pytest.mark.parametrize("wrong", ["itself", "a draft", "another template's", "a withdrawn one", "none at all"])
def test_only_a_published_version_of_the_same_template_stands_in(api, cast, desk, wrong) -> None:
    version = desk.published()
    other = desk.published(factory.flyer(), name="Another")
    withdrawn = desk.successor(version)
    desk.withdraw(withdrawn)
    draft = api(cast.marketing).post(f"/templates/{version['template_id']}/versions", json={}).json
    chosen = {
        "itself": version["id"],
        "a draft": draft["id"],
        "another template's": other["id"],
        "a withdrawn one": withdrawn["id"],
        "none at all": 999_999,
    }[wrong]
    refused = api(cast.marketing).post(
        f"/templates/versions/{version['id']}/withdraw", json={"successor_version_id": chosen}
    )
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["successor_version_id"])
    assert api(cast.marketing).get(f"/templates/versions/{version['id']}").json["state"] == "published"


def test_nothing_of_one_partner_is_shown_to_another_or_to_who_does_not_withdraw(api, portal, cast, desk) -> None:
    version = desk.published()
    make(api, cast.owner, version, name="Nordwind's own words")
    path = f"/templates/versions/{version['id']}"
    for person in (cast.other, cast.owner, cast.finance):
        assert api(person).get(f"{path}/uses").status_code == 403
        assert portal(person).get(f"{path}/recall").status_code == 403
    desk.withdraw(version, desk.successor(version))
    tasks.recall(version_id=version["id"])
    with reading(SYSTEM):
        told = session.execute(
            text(
                "SELECT n.title, n.body, u.partner_id FROM notifications n JOIN users u ON u.id = n.user_id"
                " WHERE n.kind = 'cobranding.template.withdrawn'"
            )
        ).all()
    assert [row.partner_id for row in told] == [cast.north.id]
    assert told[0].title == "Withdrawn: Autumn flyer, version 1"
    assert "The price is old" in told[0].body
    with reading(accounts.actor_for(cast.other)):
        assert session.scalar(text("SELECT count(*) FROM template_recalls")) == 0


def test_a_kind_of_use_is_asked_for_page_by_page(api, cast, desk) -> None:
    version = desk.published()
    made = [make(api, cast.owner, version, name=f"No {number}")["id"] for number in range(3)]
    first = desk.uses(version, kind="artworks", limit=2)[0]["artworks"]
    assert ([one["id"] for one in first["items"]], first["count"], first["next"]) == (made[:2], 3, made[1])
    rest = desk.uses(version, kind="artworks", after=first["next"])[0]["artworks"]
    assert ([one["id"] for one in rest["items"]], rest["next"]) == (made[2:], None)
    assert api(cast.marketing).get(f"/templates/versions/{version['id']}/uses?kind=nothing").status_code == 404


def test_two_kinds_of_uses_of_one_name_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="two kinds"):
        register_use(UseKind("artworks", "Again", lambda *_: 0, lambda *_, **__: []))


def test_the_page_shows_uses_then_the_choice_then_how_far_it_is(api, portal, cast, desk) -> None:
    version = desk.published()
    make(api, cast.owner, version, name="For the fair")
    newer = desk.successor(version)
    browser, path = portal(cast.marketing), f"/templates/versions/{version['id']}"
    assert f"{path}/recall" in browser.get(f"/templates/{version['template_id']}?version={version['id']}").text
    page = browser.get(f"{path}/recall").text
    for words in ("Artworks: 1", "For the fair", "Nordwind Systemhaus", "Planned touches: 0", "Mails not sent yet: 0"):
        assert words in page, words
    assert f'<option value="{newer["id"]}" selected>Version 2</option>' in page
    sent = {"reason": "The price is old", "successor_version_id": newer["id"]}
    wrong = browser.post(f"{path}/withdraw", data=sent | {"successor_version_id": version["id"]})
    assert wrong.status_code == 422
    assert "Choose another version of the same template" in wrong.text
    assert browser.post(f"{path}/withdraw", data=sent).location == f"{path}/recall"
    assert "Recall under way" in browser.get(f"{path}/recall").text
    tasks.finish_recalls()
    page = browser.get(f"{path}/recall").text
    assert "Recalled" in page
    assert "1 moved" in page
    shown = portal(cast.owner).get(f"/templates/{version['template_id']}?version={version['id']}").text
    assert "Withdrawn: The price is old" in shown
    assert "Version 2 stands in its place" in shown
    assert "/artworks/previews/" not in shown
