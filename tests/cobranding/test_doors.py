"""Templates and artworks through the API, on the real database."""

import io

import pikepdf
import psycopg
import pypdfium2
import pytest
from PIL import Image

from tests.factories import accounts, assets
from tests.factories import cobranding as factory


def text_of(data: bytes) -> str:
    return " ".join(pypdfium2.PdfDocument(data)[0].get_textpage().get_text_bounded().split())


def test_a_partner_makes_a_flyer_of_a_published_template(api, cast, published) -> None:
    version = published()
    assert version["document"]["images"]["hero"] == {
        "asset_name": "hero",
        "alt": "Hills under a blue sky",
        "asset_id": cast.hero.id,
        "sha256": cast.hero.sha256,
    }
    owner = api(cast.owner)
    made = owner.post("/artworks", json={"template_version_id": version["id"], "values": {"headline": "Hallo Hamburg"}})
    assert (made.status_code, made.json["state"], made.json["partner_id"]) == (201, "ready", cast.north.id)
    file = owner.get(f"/artworks/{made.json['id']}/renders/a4")
    assert file.mimetype == "application/pdf"
    assert "Hallo Hamburg" in text_of(file.data)
    assert "Nordwind Systemhaus" in text_of(file.data)
    assert "Rechenzentrum in Ihrer Nähe" in text_of(file.data)
    with pikepdf.open(io.BytesIO(file.data)) as pdf:
        assert pdf.check_pdf_syntax() == []
    picture = owner.get(f"/artworks/{made.json['id']}/renders/link_card?output=jpg")
    assert Image.open(io.BytesIO(picture.data)).size == (1200, 630)
    assert owner.get(f"/artworks/{made.json['id']}/preflight").json == {"findings": [], "passed": True}
    again = owner.get(f"/artworks/{made.json['id']}/renders/a4", headers={"If-None-Match": file.headers["ETag"]})
    assert again.status_code == 304


def test_what_is_locked_is_refused_by_its_name(api, cast, published) -> None:
    version = published()
    owner = api(cast.owner)
    values = {"headline": 3, "lead": "mine", "a4.logo.position": [0, 0]}
    refused = owner.post("/artworks", json={"template_version_id": version["id"], "values": values})
    assert (refused.status_code, refused.json["code"]) == (422, "values_refused")
    assert refused.json["errors"] == {
        "headline": ["must be a text"],
        "lead": ["is not open in this template"],
        "a4.logo.position": ["is not open in this template"],
    }
    assert owner.get("/artworks").json["items"] == []


def test_another_partners_artwork_is_not_there(api, cast, published) -> None:
    made = api(cast.owner).post("/artworks", json={"template_version_id": published()["id"]}).json
    stranger = api(cast.other)
    for path in (f"/artworks/{made['id']}", f"/artworks/{made['id']}/preflight", f"/artworks/{made['id']}/renders/a4"):
        assert stranger.get(path).status_code == 404
    assert stranger.patch(f"/artworks/{made['id']}", json={"values": {}}).status_code == 404
    assert (
        stranger.get(f"/artworks/previews/{made['template_version_id']}/a4?partner_id={cast.north.id}").status_code
        == 404
    )


def test_a_picture_of_another_partner_is_refused(api, cast, published) -> None:
    document = factory.flyer()
    document["variables"]["photo"] = {"type": "image"}
    square = document["formats"]["square"]["elements"]
    square[0] = {
        "id": "photo",
        "type": "image",
        "variable": "photo",
        "box": [0, 0, 1080, 700],
        "open": {"content": True},
    }
    version = published(document)
    foreign = assets.asset(accounts.actor_for(cast.other), factory.photo(300, 200), kind="photo", name="ours")
    for asset_id in (foreign.id, 999_999):
        values = {"values": {"photo": asset_id}}
        refused = api(cast.owner).post("/artworks", json={"template_version_id": version["id"], **values})
        assert (refused.status_code, refused.json["errors"]) == (
            422,
            {"photo": ["There is no such picture among your files or the brand's."]},
        )
    own = assets.asset(accounts.actor_for(cast.owner), factory.photo(300, 200), kind="photo", name="mine")
    made = api(cast.owner).post("/artworks", json={"template_version_id": version["id"], "values": {"photo": own.id}})
    assert made.status_code == 201
    assert api(cast.owner).get(f"/artworks/{made.json['id']}/renders/square").status_code == 200


def test_partners_see_no_drafts_and_change_no_templates(api, cast) -> None:
    made = api(cast.marketing).post("/templates", json={"name": "Draft", "document": factory.flyer()}).json
    owner = api(cast.owner)
    assert owner.get("/templates").json["items"] == []
    assert owner.get(f"/templates/{made['template_id']}").status_code == 404
    assert owner.get(f"/templates/versions/{made['id']}").status_code == 404
    assert owner.post("/artworks", json={"template_version_id": made["id"]}).status_code == 404
    assert owner.post("/templates", json={"name": "Mine", "document": factory.flyer()}).status_code == 403
    assert owner.post(f"/templates/versions/{made['id']}/publish", json={}).status_code == 404
    assert api(cast.finance).post(f"/templates/versions/{made['id']}/publish", json={}).status_code == 403


def test_a_published_version_never_changes_not_even_by_sql(api, cast, published, database_url) -> None:
    version = published()
    marketing = api(cast.marketing)
    frozen = marketing.put(f"/templates/versions/{version['id']}", json={"document": factory.flyer()})
    assert (frozen.status_code, frozen.json["code"]) == (409, "template_version_frozen")
    assert marketing.post(f"/templates/versions/{version['id']}/publish", json={}).status_code == 409
    with psycopg.connect(database_url) as connection, pytest.raises(psycopg.errors.RestrictViolation):
        connection.execute("UPDATE template_versions SET document = '{}'")


def test_a_new_version_leaves_the_old_artwork_as_it_was(api, cast, published) -> None:
    version = published()
    made = api(cast.owner).post("/artworks", json={"template_version_id": version["id"]}).json
    before = api(cast.owner).get(f"/artworks/{made['id']}/renders/letter").data
    marketing = api(cast.marketing)
    draft = marketing.post(f"/templates/{version['template_id']}/versions", json={}).json
    assert (draft["number"], draft["state"]) == (2, "draft")
    assert (
        marketing.post(f"/templates/{version['template_id']}/versions", json={}).json["code"] == "template_draft_exists"
    )
    document = draft["document"]
    document["variables"]["headline"]["default"] = "Another one"
    changed = marketing.put(f"/templates/versions/{draft['id']}", json={"document": document})
    assert changed.json["content_hash"] != draft["content_hash"]
    stale = marketing.put(
        f"/templates/versions/{draft['id']}", json={"document": document}, headers={"If-Match": '"1"'}
    )
    assert stale.status_code == 412
    assert marketing.post(f"/templates/versions/{draft['id']}/publish", json={}).status_code == 200
    assert api(cast.owner).get(f"/artworks/{made['id']}/renders/letter").data == before
    assert api(cast.owner).get(f"/templates/{version['template_id']}").json["published_version_id"] == draft["id"]


def test_a_withdrawn_version_is_produced_no_more(api, cast, published) -> None:
    version = published()
    made = api(cast.owner).post("/artworks", json={"template_version_id": version["id"]}).json
    gone = api(cast.marketing).post(f"/templates/versions/{version['id']}/withdraw", json={"reason": "Old price"})
    assert gone.json["state"] == "withdrawn"
    refused = api(cast.owner).get(f"/artworks/{made['id']}/renders/a4")
    assert (refused.status_code, refused.json["code"]) == (410, "template_withdrawn")
    assert (
        api(cast.owner).post("/artworks", json={"template_version_id": version["id"]}).json["code"]
        == "template_withdrawn"
    )


def test_a_document_that_is_wrong_is_refused_with_its_path(api, cast) -> None:
    document = factory.flyer()
    document["formats"]["a4"]["elements"][3]["box"] = [0, 0, 900, 10]
    answer = api(cast.marketing).post("/templates", json={"name": "Wrong", "document": document})
    assert (answer.status_code, answer.json["code"]) == (422, "template_document_invalid")
    assert answer.json["errors"] == {"formats.a4.elements[3].box": ["reaches over the trimmed edge"]}
    assert api(cast.marketing).get("/templates").json["items"] == []


def test_a_template_is_published_with_the_brands_own_pictures_only(api, cast) -> None:
    for picture, sentence in (
        ({"asset_name": "nowhere"}, "is not among the brand's files, or the rights to it have ended"),
        ({"asset_id": cast.logo.id}, "belongs to a partner"),
    ):
        document = factory.flyer()
        document["images"]["hero"] = picture
        name = f"With {picture}"
        made = api(cast.marketing).post("/templates", json={"name": name, "document": document}).json
        refused = api(cast.marketing).post(f"/templates/versions/{made['id']}/publish", json={})
        assert (refused.status_code, refused.json["errors"]) == (422, {"images.hero": [sentence]})


def test_marketing_looks_at_a_draft_in_any_partners_brand(api, cast) -> None:
    made = api(cast.marketing).post("/templates", json={"name": "Draft", "document": factory.flyer()}).json
    marketing = api(cast.marketing)
    north = marketing.get(f"/artworks/previews/{made['id']}/a4?partner_id={cast.north.id}&output=pdf").data
    south = marketing.get(f"/artworks/previews/{made['id']}/a4?partner_id={cast.south.id}&output=pdf").data
    sample = marketing.get(f"/artworks/previews/{made['id']}/a4?output=pdf").data
    assert "Nordwind Systemhaus" in text_of(north)
    assert "Südstern" in text_of(south)
    assert "Sample Partner" in text_of(sample)


def test_the_schema_of_documents_is_served(api, cast) -> None:
    assert api(cast.owner).get("/templates/schema").json["$defs"]["element"]["required"] == ["type"]


def test_preflight_says_what_would_pass(api, cast, published) -> None:
    document = factory.flyer()
    document["variables"]["headline"]["max_length"] = 900
    made = api(cast.other).post(
        "/artworks", json={"template_version_id": published(document)["id"], "values": {"headline": "word " * 170}}
    )
    found = api(cast.other).get(f"/artworks/{made.json['id']}/preflight").json
    assert found["passed"] is False
    assert {(one["severity"], one["code"], one["element"]) for one in found["findings"]} == {
        ("error", "text_overflow", "headline"),
        ("warning", "logo_missing", "logo"),
    }
    refused = api(cast.other).get(f"/artworks/{made.json['id']}/renders/a4")
    assert (refused.status_code, refused.json["code"], list(refused.json["errors"])) == (
        422,
        "text_overflow",
        ["a4.headline"],
    )


def test_an_e_mail_template_makes_no_artwork(api, cast, published) -> None:
    version = published(factory.email(), name="Mail")
    refused = api(cast.owner).post("/artworks", json={"template_version_id": version["id"]})
    assert refused.json["code"] == "template_makes_no_file"
