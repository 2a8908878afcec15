import io

import pytest

from tcma.accounts.service import actor_of
from tcma.infra.db import transaction
from tcma.kernel.actor import SYSTEM
from tcma.kernel.permissions import Role
from tests.factories import accounts
from tests.factories.assets import asset, logo


@pytest.fixture
def owner(world):
    with transaction(SYSTEM):
        accounts.brand()
        return accounts.user(Role.OWNER, accounts.partner("Anker"))


def upload(browser, data, name="logo.png", **fields):
    form = {"file": (io.BytesIO(data), name), "kind": "logo", "variant": "any", **fields}
    return browser.post("/files/new", data=form, content_type="multipart/form-data")


def test_a_logo_goes_from_the_form_to_the_list(portal, owner):
    browser = portal(owner)
    answer = upload(browser, logo(), name="Anker logo.png", _key="k1")
    assert answer.status_code == 303
    page = browser.get(answer.headers["Location"]).text
    assert "Anker logo" in page
    assert "400 × 200 pixels" in page
    listed = browser.get("/files/").text
    assert "Anker logo" in listed
    assert "On dark backgrounds" in listed


def test_the_same_form_sent_twice_keeps_one_file(portal, owner):
    browser = portal(owner)
    first, second = upload(browser, logo(), _key="k1"), upload(browser, logo(), _key="k1")
    assert first.headers["Location"] == second.headers["Location"]


def test_a_refused_file_is_explained_at_its_field_and_the_entries_are_kept(portal, owner):
    answer = upload(portal(owner), b"hello", name="logo.png", alt_text="Our anchor")
    assert answer.status_code == 422
    assert "This is not a picture or document we can read." in answer.text
    assert "Our anchor" in answer.text


def test_a_form_without_a_file_says_so(portal, owner):
    answer = portal(owner).post("/files/new", data={"kind": "logo", "variant": "any"})
    assert answer.status_code == 422
    assert "Choose a file." in answer.text


def test_a_name_can_be_changed_and_a_file_archived(portal, owner):
    made = asset(actor_of(owner), name="old name")
    browser = portal(owner)
    data = {"name": "new name", "variant": "dark", "alt_text": ""}
    assert browser.post(f"/files/{made.id}", data=data).status_code == 303
    assert "new name" in browser.get(f"/files/{made.id}").text
    assert browser.post(f"/files/{made.id}", data=data | {"name": ""}).status_code == 422
    assert browser.post(f"/files/{made.id}/archive", data={}).status_code == 303
    assert "offered nowhere any more" in browser.get(f"/files/{made.id}").text
    assert browser.post(f"/files/{made.id}/archive", data={}).status_code == 409


def test_pictures_are_shown_with_their_policy(portal, owner):
    made = asset(actor_of(owner))
    for path in ("content", "thumbnail"):
        answer = portal(owner).get(f"/files/{made.id}/{path}")
        assert answer.mimetype == "image/png"
        assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_foreign_files_are_not_there(portal, owner):
    with transaction(SYSTEM):
        other = accounts.user(Role.OWNER, accounts.partner("Bake"))
    made = asset(actor_of(other))
    for path in ("", "/content", "/thumbnail"):
        assert portal(owner).get(f"/files/{made.id}{path}").status_code == 404
    assert portal(owner).post(f"/files/{made.id}/archive", data={}).status_code == 404
