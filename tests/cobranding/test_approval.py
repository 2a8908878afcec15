"""Approval of artworks through the doors: who has to look first, at what, and what a decision is about."""

import io
import re

import psycopg
import pytest
from PIL import Image
from sqlalchemy import text

from cobranding.artworks import rules
from cobranding.artworks.rules import ArtworkState
from cobranding.rendering.document.reading import read
from cobranding.templates.rules import ApprovalPolicy
from tcma.infra.db import reading, session, transaction
from tcma.kernel.actor import SYSTEM
from tests.cobranding.test_rights import picture_document
from tests.factories import accounts, assets
from tests.factories import cobranding as factory


@pytest.fixture
def reviewed(api, cast, published):
    """Publish a flyer that the brand wants to look at; return its version."""

    def publish(policy: str = "always", document=None, name: str = "Autumn flyer"):
        version = published(document, name)
        answer = api(cast.marketing).patch(f"/templates/{version['template_id']}", json={"approval": policy})
        assert (answer.status_code, answer.json["approval"]) == (200, policy)
        return version

    return publish


def make(api, person, version, **fields):
    answer = api(person).post("/artworks", json={"template_version_id": version["id"], **fields})
    assert answer.status_code == 201, answer.json
    return answer.json


def submit(api, person, artwork):
    answer = api(person).post(f"/artworks/{artwork['id']}/submit", json={})
    assert answer.status_code == 200, answer.json
    return answer.json


def approve(api, person, artwork):
    answer = api(person).post(f"/artworks/{artwork['id']}/approve", json={"seen": artwork["values_hash"]})
    assert answer.status_code == 200, answer.json
    return answer.json


def reject(api, person, artwork, reason="The price is last year's."):
    sent = {"seen": artwork["values_hash"], "code": "offer", "reason": reason}
    answer = api(person).post(f"/artworks/{artwork['id']}/reject", json=sent)
    assert answer.status_code == 200, answer.json
    return answer.json


def inbox(person):
    with reading(SYSTEM):
        rows = session.connection().exec_driver_sql(
            "SELECT title, body, link FROM notifications WHERE user_id = %s ORDER BY id", (person.id,)
        )
        return [tuple(row) for row in rows]


def test_files_are_given_out_only_after_the_brand_has_approved(api, cast, reviewed) -> None:
    version = reviewed()
    made = make(api, cast.owner, version, values={"headline": "Hallo Hamburg"})
    owner = api(cast.owner)
    assert made["state"] == "draft"
    refused = owner.get(f"/artworks/{made['id']}/renders/a4")
    assert (refused.status_code, refused.json["code"]) == (409, "artwork_not_approved")
    assert "Submit the artwork" in refused.json["detail"]
    waiting = submit(api, cast.owner, made)
    assert waiting["state"] == "in_review"
    assert "is looking at this artwork" in owner.get(f"/artworks/{made['id']}/renders/a4").json["detail"]
    assert approve(api, cast.marketing, waiting)["state"] == "approved"
    file = owner.get(f"/artworks/{made['id']}/renders/a4")
    assert (file.status_code, file.mimetype) == (200, "application/pdf")


def test_who_works_on_it_or_decides_about_it_sees_it_at_any_time_but_no_finished_file(api, cast, reviewed) -> None:
    made = submit(api, cast.owner, make(api, cast.owner, reviewed()))
    for person in (cast.owner, cast.marketing):
        page = api(person).get(f"/artworks/{made['id']}/preview/a4")
        assert (page.status_code, page.mimetype) == (200, "image/jpeg")
        assert Image.open(io.BytesIO(page.data)).height == 1100
        card = api(person).get(f"/artworks/{made['id']}/preview/link_card")
        assert Image.open(io.BytesIO(card.data)).size == (800, 420)
        assert api(person).get(f"/artworks/{made['id']}/preflight").json["passed"] is True
    assert api(cast.other).get(f"/artworks/{made['id']}/preview/a4").status_code == 404


def test_what_was_sent_back_is_corrected_in_place_and_both_sides_read_every_decision(api, cast, reviewed) -> None:
    made = submit(api, cast.owner, make(api, cast.owner, reviewed(), values={"headline": "99 Euro"}))
    assert reject(api, cast.marketing, made)["state"] == "rejected"
    owner = api(cast.owner)
    assert "Correct it" in owner.get(f"/artworks/{made['id']}/renders/a4").json["detail"]
    edited = owner.patch(f"/artworks/{made['id']}", json={"values": {"headline": "89 Euro"}}).json
    assert (edited["id"], edited["state"]) == (made["id"], "draft")
    again = submit(api, cast.owner, edited)
    approve(api, cast.marketing, again)
    for person in (cast.owner, cast.marketing):
        decided = api(person).get(f"/artworks/{made['id']}/reviews").json["items"]
        assert [(one["decision"], one["code"], one["reason"], one["values_hash"]) for one in decided] == [
            ("rejected", "offer", "The price is last year's.", made["values_hash"]),
            ("approved", "", "", again["values_hash"]),
        ]
        assert decided[0]["decided_by"] == cast.marketing.id
    assert api(cast.other).get(f"/artworks/{made['id']}/reviews").status_code == 404


@pytest.mark.parametrize("change", [{"values": {"headline": "Other"}}, {"locale": "en"}])
def test_an_edit_of_words_or_language_voids_the_approval(api, cast, reviewed, change) -> None:
    made = make(api, cast.owner, reviewed(), values={"headline": "Hello"})
    approve(api, cast.marketing, submit(api, cast.owner, made))
    edited = api(cast.owner).patch(f"/artworks/{made['id']}", json=change).json
    assert edited["state"] == "draft"
    assert api(cast.owner).get(f"/artworks/{made['id']}/renders/a4").status_code == 409
    back = api(cast.owner).patch(f"/artworks/{made['id']}", json={"values": {"headline": "Hello"}, "locale": ""}).json
    assert (back["values_hash"], back["state"]) == (made["values_hash"], "draft")


def test_a_new_name_alone_leaves_the_approval_as_it_is(api, cast, reviewed) -> None:
    made = make(api, cast.owner, reviewed(), values={"headline": "Hello"})
    approve(api, cast.marketing, submit(api, cast.owner, made))
    renamed = api(cast.owner).patch(f"/artworks/{made['id']}", json={"name": "For the fair"}).json
    assert (renamed["name"], renamed["state"]) == ("For the fair", "approved")
    same = {"name": "Again", "values": {"headline": "Hello"}}
    assert api(cast.owner).patch(f"/artworks/{made['id']}", json=same).json["state"] == "approved"
    assert api(cast.owner).get(f"/artworks/{made['id']}/renders/a4").status_code == 200


def test_what_is_being_looked_at_does_not_change_but_may_be_renamed(api, cast, reviewed) -> None:
    made = submit(api, cast.owner, make(api, cast.owner, reviewed()))
    owner = api(cast.owner)
    refused = owner.patch(f"/artworks/{made['id']}", json={"values": {"headline": "Quick"}})
    assert (refused.status_code, refused.json["code"]) == (409, "artwork_in_review")
    assert owner.patch(f"/artworks/{made['id']}", json={"name": "New"}).json["state"] == "in_review"


def test_nobody_decides_about_something_else_than_what_they_looked_at(api, cast, reviewed) -> None:
    made = submit(api, cast.owner, make(api, cast.owner, reviewed(), values={"headline": "First"}))
    marketing, path = api(cast.marketing), f"/artworks/{made['id']}"
    blind = marketing.post(f"{path}/approve", json={})
    assert (blind.status_code, list(blind.json["errors"])) == (422, ["seen"])
    reject(api, cast.marketing, made)
    api(cast.owner).patch(path, json={"values": {"headline": "Second"}})
    submit(api, cast.owner, made)
    stale = marketing.post(f"{path}/approve", json={"seen": made["values_hash"]})
    assert (stale.status_code, stale.json["code"]) == (409, "artwork_changed")
    sent = {"seen": made["values_hash"], "code": "wording", "reason": "No"}
    assert marketing.post(f"{path}/reject", json=sent).json["code"] == "artwork_changed"
    assert marketing.get(path).json["state"] == "in_review"


@pytest.mark.parametrize(
    ("change", "field"),
    [({"reason": ""}, "reason"), ({"reason": "  "}, "reason"), ({"code": "withdrawn"}, "code"), ({"code": ""}, "code")],
)
def test_sending_back_needs_a_reason_from_the_list_and_a_sentence(api, cast, reviewed, change, field) -> None:
    made = submit(api, cast.owner, make(api, cast.owner, reviewed()))
    sent = {"seen": made["values_hash"], "code": "wording", "reason": "Too loud."} | change
    refused = api(cast.marketing).post(f"/artworks/{made['id']}/reject", json=sent)
    assert (refused.status_code, list(refused.json["errors"])) == (422, [field])


def test_after_one_approval_a_partner_uses_the_template_by_itself_in_any_version(api, cast, reviewed) -> None:
    version = reviewed("first_use")
    first, waiting = make(api, cast.owner, version), make(api, cast.owner, version)
    submit(api, cast.owner, waiting)
    approve(api, cast.marketing, submit(api, cast.owner, first))
    later = make(api, cast.owner, version, values={"headline": "Later"})
    assert later["state"] == "ready"
    assert api(cast.owner).get(f"/artworks/{later['id']}/renders/a4").status_code == 200
    assert api(cast.owner).post(f"/artworks/{later['id']}/submit", json={}).json["code"] == "artwork_needs_no_approval"
    # What was submitted before waits for its decision.
    assert api(cast.owner).get(f"/artworks/{waiting['id']}/renders/a4").status_code == 409
    draft = api(cast.marketing).post(f"/templates/{version['template_id']}/versions", json={}).json
    api(cast.marketing).post(f"/templates/versions/{draft['id']}/publish", json={})
    assert make(api, cast.owner, draft)["state"] == "ready"
    # Another partner begins at its own first use.
    assert make(api, cast.other, version)["state"] == "draft"


def test_without_a_policy_nothing_changes(api, cast, published) -> None:
    made = make(api, cast.owner, published())
    assert made["state"] == "ready"
    refused = api(cast.owner).post(f"/artworks/{made['id']}/submit", json={})
    assert (refused.status_code, refused.json["code"]) == (409, "artwork_needs_no_approval")


def test_a_new_policy_counts_at_once_and_is_on_record(api, cast, published, database_url) -> None:
    version = published()
    made = make(api, cast.owner, version)
    path = f"/templates/{version['template_id']}"
    tag = api(cast.marketing).get(path).headers["ETag"]
    changed = api(cast.marketing).patch(path, json={"approval": "always"}, headers={"If-Match": tag})
    assert changed.status_code == 200
    stale = api(cast.marketing).patch(path, json={"approval": "none"}, headers={"If-Match": tag})
    assert stale.status_code == 412
    assert api(cast.owner).get(f"/artworks/{made['id']}/renders/a4").status_code == 409
    assert api(cast.finance).patch(path, json={"approval": "none"}).status_code == 403
    assert api(cast.owner).patch(path, json={"approval": "none"}).status_code == 404
    with psycopg.connect(database_url) as connection:
        connection.execute("SELECT set_config('tcma.scope', 'system', false)")
        kept = connection.execute(
            "SELECT before, after FROM audit_entries WHERE action = 'cobranding.template.edited'"
        ).fetchall()
        assert kept == [({"approval": "none"}, {"approval": "always"})]
        with pytest.raises(psycopg.errors.CheckViolation):
            connection.execute("UPDATE templates SET approval = 'sometimes'")


def test_what_lacks_a_value_is_not_submitted(api, cast, reviewed) -> None:
    document = factory.flyer()
    document["variables"]["when"] = {"type": "text", "label": "When", "required": True}
    made = make(api, cast.owner, reviewed(document=document))
    refused = api(cast.owner).post(f"/artworks/{made['id']}/submit", json={})
    assert (refused.status_code, refused.json["errors"]) == (422, {"when": ["is still needed"]})


def test_the_queue_gives_the_longest_waiting_first_page_by_page(api, cast, reviewed) -> None:
    version = reviewed()
    made = [make(api, cast.owner, version, name=f"No {number}") for number in range(3)]
    order = [made[2], made[0], made[1]]
    for artwork in order:
        submit(api, cast.owner, artwork)
    marketing = api(cast.marketing)
    first = marketing.get("/artworks/queue?limit=2").json
    assert [one["id"] for one in first["items"]] == [order[0]["id"], order[1]["id"]]
    approve(api, cast.marketing, order[1])
    rest = marketing.get(f"/artworks/queue?after={first['next']}").json
    assert ([one["id"] for one in rest["items"]], rest["next"]) == ([order[2]["id"]], None)
    assert api(cast.owner).get("/artworks/queue").status_code == 403
    assert api(cast.finance).get("/artworks/queue").status_code == 403


def test_reviewers_hear_of_a_submission_and_the_partner_of_the_decision(api, cast, reviewed) -> None:
    made = submit(api, cast.owner, make(api, cast.owner, reviewed(), name="For the fair"))
    assert inbox(cast.marketing) == [
        ("To approve: For the fair", "Nordwind Systemhaus made it of Autumn flyer.", f"/artworks/{made['id']}/review")
    ]
    reject(api, cast.marketing, made)
    assert inbox(cast.owner) == [
        (
            "Please correct: For the fair",
            "Offer or price: The price is last year's.",
            f"/artworks/{made['id']}",
        )
    ]
    assert inbox(cast.other) == []


def test_a_partner_writes_no_decision_even_past_the_service(api, cast, reviewed, database_url) -> None:
    made = submit(api, cast.owner, make(api, cast.owner, reviewed()))
    values = (cast.north.id, made["id"], made["values_hash"])
    forged = (
        "INSERT INTO artwork_reviews (partner_id, artwork_id, template_id, values_hash, decision, code, reason,"
        " decided_at) SELECT %s, %s, max(id), %s, 'approved', '', '', now() FROM templates"
    )
    with psycopg.connect(database_url) as connection:
        connection.execute("SET ROLE tcma_app")
        connection.execute(
            "SELECT set_config('tcma.scope', 'partner', false), set_config('tcma.partner_id', %s, false)",
            [str(cast.north.id)],
        )
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(forged, values)


def test_the_pages_lead_from_submission_to_decision(portal, api, cast, reviewed) -> None:
    made = make(api, cast.owner, reviewed(), values={"headline": "Meet us at the fair"})
    owner, desk = portal(cast.owner), portal(cast.marketing)
    editor = owner.get(f"/artworks/{made['id']}").text
    assert "Submit for approval" in editor
    assert f"/artworks/{made['id']}/renders/" not in editor
    assert owner.post(f"/artworks/{made['id']}/submit").status_code == 303
    assert "Submit for approval" not in owner.get(f"/artworks/{made['id']}").text
    home = desk.get("/").text
    assert "Artworks to approve" in home
    assert f'href="/artworks/{made["id"]}/review"' in home
    queue = desk.get("/artworks/queue").text
    assert f"/artworks/{made['id']}/review" in queue
    assert "Nordwind Systemhaus" in queue
    page = desk.get(f"/artworks/{made['id']}/review").text
    assert "Meet us at the fair" in page
    assert "Ihre Cloud, startklar in einer Woche" in page
    for fmt in ("a4", "letter", "link_card", "square"):
        assert f"/artworks/{made['id']}/preview/{fmt}" in page
        assert f"/artworks/previews/{made['template_version_id']}/{fmt}" in page
    seen = re.search(r'name="seen" value="(\w{64})"', page)[1]
    unsaid = desk.post(f"/artworks/{made['id']}/reject", data={"seen": seen, "code": "legal", "reason": ""})
    assert unsaid.status_code == 422
    sent = {"seen": seen, "code": "legal", "reason": "Name the fair's owner."}
    assert desk.post(f"/artworks/{made['id']}/reject", data=sent).status_code == 303
    editor = owner.get(f"/artworks/{made['id']}").text
    assert "Legal: Name the fair&#39;s owner." in editor
    assert "Submit it again" in editor
    assert owner.post(f"/artworks/{made['id']}/submit").status_code == 303
    assert desk.post(f"/artworks/{made['id']}/approve", data={"seen": seen}).status_code == 303
    editor = owner.get(f"/artworks/{made['id']}").text
    assert f"/artworks/{made['id']}/renders/a4" in editor
    assert "need a new approval" in editor
    assert "Nothing waits" in desk.get("/artworks/queue").text
    assert portal(cast.other).get(f"/artworks/{made['id']}/review").status_code == 404
    assert owner.get(f"/artworks/{made['id']}/review").status_code == 403


def test_marketing_chooses_the_policy_on_the_page_of_the_template(portal, cast, published) -> None:
    version = published()
    desk, path = portal(cast.marketing), f"/templates/{version['template_id']}"
    assert desk.post(path, data={"approval": "first_use"}).status_code == 303
    assert 'value="first_use" selected' in desk.get(path).text
    assert "When you look at what partners make" not in portal(cast.owner).get(path).text


POLICIES = {
    (ApprovalPolicy.NONE, False): set(ArtworkState),
    (ApprovalPolicy.NONE, True): set(ArtworkState),
    (ApprovalPolicy.FIRST_USE, False): {ArtworkState.APPROVED},
    (ApprovalPolicy.FIRST_USE, True): {ArtworkState.DRAFT, ArtworkState.READY, ArtworkState.APPROVED},
    (ApprovalPolicy.ALWAYS, False): {ArtworkState.APPROVED},
    (ApprovalPolicy.ALWAYS, True): {ArtworkState.APPROVED},
}


@pytest.mark.parametrize(("policy", "is_trusted"), POLICIES)
def test_every_square_of_what_may_be_used(policy, is_trusted) -> None:
    usable = {
        state for state in ArtworkState if rules.may_be_used(policy, state, is_as_approved=True, is_trusted=is_trusted)
    }
    assert usable == POLICIES[policy, is_trusted]


def test_what_the_brand_wrote_itself_is_no_departure() -> None:
    document = read(factory.flyer())
    values = {"headline": "Ihre Cloud, startklar in einer Woche", "a4.headline.style": "lead"}
    assert rules.departures(document, values, "en") == values
    assert rules.departures(document, values, "de") == {"a4.headline.style": "lead"}
    assert rules.departures(document, {"headline": ""}, "en") == {}


@pytest.fixture
def with_photo(api, cast, reviewed):
    """A submitted artwork with the brand's hero, and another picture to put in its place."""
    made = make(api, cast.owner, reviewed(document=picture_document()), values={"photo": cast.hero.id})
    spring = assets.asset(accounts.actor_for(cast.marketing), factory.photo(600, 400), kind="photo", name="spring")
    return submit(api, cast.owner, made), spring


def test_a_picture_that_the_brand_replaces_ends_the_approval_of_what_had_it(api, cast, with_photo) -> None:
    waiting, spring = with_photo
    approve(api, cast.marketing, waiting)
    api(cast.marketing).post(f"/assets/{cast.hero.id}/replace", json={"by_id": spring.id})
    changed = api(cast.owner).get(f"/artworks/{waiting['id']}").json
    assert (changed["state"], changed["values"]) == ("draft", {"photo": spring.id})
    assert api(cast.owner).get(f"/artworks/{waiting['id']}/renders/a4").json["code"] == "artwork_not_approved"


def test_a_picture_is_not_replaced_under_the_eyes_of_a_reviewer(api, cast, with_photo) -> None:
    waiting, spring = with_photo
    places = api(cast.marketing).post(f"/assets/{cast.hero.id}/replace", json={"by_id": spring.id}).json["places"]
    (place,) = [place for place in places if place["kind"] == "artwork"]
    assert place["left_to_do"] == "Decide about this artwork, then replace again."
    kept = api(cast.owner).get(f"/artworks/{waiting['id']}").json
    assert (kept["state"], kept["values"]) == ("in_review", {"photo": cast.hero.id})


def test_a_partner_sees_a_template_but_gets_no_file_past_the_artwork(api, cast, reviewed) -> None:
    version = reviewed()
    for output in ("pdf", "png", "jpg@2x"):
        refused = api(cast.owner).get(f"/artworks/previews/{version['id']}/a4?output={output}")
        assert (refused.status_code, refused.json["code"]) == (403, "preview_only")
    assert api(cast.owner).get(f"/artworks/previews/{version['id']}/a4").mimetype == "image/jpeg"
    assert api(cast.marketing).get(f"/artworks/previews/{version['id']}/a4?output=pdf").mimetype == "application/pdf"


def test_an_approval_is_held_against_what_is_given_out(api, cast, reviewed) -> None:
    """Whatever wrote into the row past the rules: what was not looked at does not leave."""
    made = submit(api, cast.owner, make(api, cast.owner, reviewed()))
    approve(api, cast.marketing, made)
    assert api(cast.owner).get(f"/artworks/{made['id']}/renders/a4").status_code == 200
    with transaction(SYSTEM):
        session.execute(text("""UPDATE artworks SET "values" = '{"headline": "Cheap"}' WHERE id = :id"""), made)
    refused = api(cast.owner).get(f"/artworks/{made['id']}/renders/a4")
    assert (refused.status_code, refused.json["code"]) == (409, "artwork_not_approved")
