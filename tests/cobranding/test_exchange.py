"""Versions are held against each other, exported as one zip and imported again, in the API and in the portal."""

import hashlib
import io
import json
import zipfile

import pypdfium2
import pytest
from sqlalchemy import func, select

from assets.library.model import Asset
from assets.uploads import service as uploads
from cobranding.templates.model import Template
from tcma.infra.db import reading, session, transaction
from tcma.kernel.actor import SYSTEM
from tcma.kernel.permissions import Role
from tests.clients import empty
from tests.cobranding.conftest import Cast
from tests.factories import accounts, assets
from tests.factories import cobranding as factory


def counted() -> tuple[int, int]:
    with reading(SYSTEM):
        return tuple(session.scalar(select(func.count()).select_from(table)) for table in (Template, Asset))


def as_file(data: bytes) -> dict:
    return {"file": (io.BytesIO(data), "template.zip")}


def exact_hero(cast: Cast) -> Asset:
    """A hero that is kept byte for byte whenever it comes in: PNG is written exactly."""
    picture = assets.picture(size=(300, 200), colour=(10, 90, 160))
    return assets.asset(accounts.actor_for(cast.marketing), picture, kind="photo", name="hero")


def test_a_template_goes_out_and_in_again_and_makes_the_same_file(api, cast, published, database_url) -> None:
    exact_hero(cast)
    version = published()
    marketing = api(cast.marketing)
    exported = marketing.get(f"/templates/versions/{version['id']}/export")
    assert (exported.status_code, exported.mimetype) == (200, "application/zip")
    assert "autumn-flyer-v1.zip" in exported.headers["Content-Disposition"]
    assert marketing.get(f"/templates/versions/{version['id']}/export").data == exported.data
    with zipfile.ZipFile(io.BytesIO(exported.data)) as archive:
        assert archive.namelist() == ["manifest.json", "document.json", "images/hero.png"]
        assert json.loads(archive.read("document.json"))["images"]["hero"] == {
            "asset_name": "hero",
            "alt": "Hills under a blue sky",
        }
    before = marketing.get(f"/artworks/previews/{version['id']}/a4?output=pdf").data

    empty(database_url)
    with transaction(SYSTEM):
        accounts.brand()
        again = accounts.user(Role.MARKETING)
    assert counted() == (0, 0)
    elsewhere = api(again)
    made = elsewhere.post("/templates/import", data=as_file(exported.data))
    assert made.status_code == 201, made.json
    assert (made.json["name"], made.json["state"], counted()) == ("Autumn flyer", "draft", (1, 1))
    assert elsewhere.post(f"/templates/versions/{made.json['id']}/publish", json={}).status_code == 200
    after = elsewhere.get(f"/artworks/previews/{made.json['id']}/a4?output=pdf").data
    assert after == before
    assert "Sample Partner" in pypdfium2.PdfDocument(after)[0].get_textpage().get_text_bounded()


def test_what_the_library_has_is_not_added_again_and_a_zip_can_be_the_next_draft(api, cast, published) -> None:
    version = published()
    marketing = api(cast.marketing)
    data = marketing.get(f"/templates/versions/{version['id']}/export").data
    templates, files = counted()
    made = marketing.post("/templates/import", data=as_file(data) | {"template_id": str(version["template_id"])})
    assert made.status_code == 201, made.json
    assert (made.json["template_id"], made.json["number"]) == (version["template_id"], 2)
    assert made.json["document"]["images"]["hero"]["asset_id"] == cast.hero.id
    assert counted() == (templates, files)
    taken = marketing.post("/templates/import", data=as_file(data))
    assert (taken.status_code, taken.json["code"]) == (409, "template_name_taken")
    named = marketing.post("/templates/import", data=as_file(data) | {"name": "Winter flyer"})
    assert (named.status_code, named.json["name"]) == (201, "Winter flyer")


def spoiled(data: bytes, name: str, content: bytes, *, honest: bool) -> bytes:
    """Put other bytes in the place of a file; honest: the manifest names their hash."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {each: archive.read(each) for each in archive.namelist()} | {name: content}
    if honest:
        manifest = json.loads(files["manifest.json"])
        digest = hashlib.sha256(content).hexdigest()
        if name == "document.json":
            manifest["document"] = digest
        else:
            next(each for each in manifest["files"] if each["path"] == name)["sha256"] = digest
        files["manifest.json"] = json.dumps(manifest).encode()
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for each, held in files.items():
            archive.writestr(each, held)
    return written.getvalue()


def without_hero() -> bytes:
    raw = factory.flyer()
    del raw["images"]["hero"]
    return json.dumps(raw).encode()


@pytest.mark.parametrize(
    ("name", "content", "honest", "code"),
    [
        ("images/hero.jpg", b"MZ\x90 a program", True, "file_not_recognized"),
        ("images/hero.jpg", b"other", False, "template_bundle_invalid"),
        ("document.json", b"[]", True, "template_document_invalid"),
        ("document.json", without_hero(), True, "template_document_invalid"),
        ("notes.txt", b"hello", False, "template_bundle_invalid"),
    ],
)
def test_a_bad_zip_is_refused_with_its_reason_and_leaves_no_row(  # noqa: PLR0917 -- fixtures, and one row of the table
    api, cast, published, name, content, honest, code
) -> None:
    marketing = api(cast.marketing)
    data = marketing.get(f"/templates/versions/{published()['id']}/export").data
    before = counted()
    refused = marketing.post("/templates/import", data=as_file(spoiled(data, name, content, honest=honest)))
    assert refused.status_code == 422
    assert refused.json["code"] == code
    assert counted() == before


def test_only_who_may_edit_templates_takes_them_out_and_in(api, cast, published, monkeypatch) -> None:
    version = published()
    data = api(cast.marketing).get(f"/templates/versions/{version['id']}/export").data
    monkeypatch.setattr(uploads, "check", lambda *_: pytest.fail("looked into a file of somebody who may not import"))
    for person in (cast.owner, cast.finance):
        assert api(person).get(f"/templates/versions/{version['id']}/export").status_code == 403
        assert api(person).post("/templates/import", data=as_file(data)).status_code == 403


def test_a_version_is_held_against_the_one_before(api, cast, published) -> None:
    version = published()
    marketing = api(cast.marketing)
    alone = marketing.get(f"/templates/versions/{version['id']}/diff")
    assert (alone.status_code, alone.json["code"]) == (404, "template_nothing_before")
    document = version["document"]
    document["variables"]["headline"]["editable"] = False
    for fmt in document["formats"].values():
        next(each for each in fmt["elements"] if each["id"] == "headline").pop("open")
    document["formats"]["a4"]["elements"][5]["text"]["de"] = "Kürzer."
    draft = marketing.post(f"/templates/{version['template_id']}/versions", json={"document": document}).json
    found = marketing.get(f"/templates/versions/{draft['id']}/diff").json
    assert (found["version_id"], found["against_id"]) == (draft["id"], version["id"])
    told = {each["path"]: (each["lock"], each["sentence"]) for each in found["changes"]}
    assert told["variables.headline.editable"] == ("closed", "takes “Headline” away from partners")
    assert told["formats.a4.elements[3].open.content"] == ("closed", "locks the content of “Headline”")
    assert told["formats.a4.elements[5].text.de"][0] == ""
    assert api(cast.owner).get(f"/templates/versions/{draft['id']}/diff").status_code == 404
    back = marketing.get(f"/templates/versions/{version['id']}/diff?against={draft['id']}").json
    assert ("variables.headline.editable", "opened") in {(each["path"], each["lock"]) for each in back["changes"]}


def test_the_portal_shows_the_differences_and_takes_a_zip(api, portal, cast, published) -> None:
    version = published()
    marketing = portal(cast.marketing)
    draft = api(cast.marketing).post(f"/templates/{version['template_id']}/versions", json={}).json
    page = marketing.get(f"/templates/versions/{draft['id']}/diff")
    assert "Nothing differs" in page.text
    assert f"/artworks/previews/{draft['id']}/a4" in page.text
    assert f"/artworks/previews/{version['id']}/a4" in page.text
    data = marketing.get(f"/templates/versions/{version['id']}/export").data
    assert "Import a template" in marketing.get("/templates/import").text
    wrong = marketing.post("/templates/import", data=as_file(b"no zip"))
    assert wrong.status_code == 422
    assert "this is no zip" in wrong.text
    made = marketing.post("/templates/import", data=as_file(data) | {"name": "Spring flyer"})
    assert made.status_code == 303
    assert "Spring flyer" in marketing.get(made.headers["Location"]).text
