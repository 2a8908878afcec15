import io
from dataclasses import replace

import pytest

from assets.imaging import accept as accepting
from assets.imaging.limits import LOGO
from assets.library import service as library
from assets.library.rules import AssetKind
from assets.uploads import rules, service
from tcma.accounts.service import actor_of
from tcma.infra.db import db, reading, transaction
from tcma.kernel.actor import SYSTEM
from tcma.kernel.permissions import Role
from tests.factories import accounts
from tests.factories.assets import logo, picture
from tests.factories.fonts import drawn

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><rect width="20" height="10" fill="#0a0"/>%s</svg>'


@pytest.fixture
def owner(world):
    with transaction(SYSTEM):
        accounts.brand()
        return accounts.user(Role.OWNER, accounts.partner())


def send(client, data, name="logo.png", kind="logo", key=None, **fields):
    form = {"file": (io.BytesIO(data), name), "kind": kind, **fields}
    return client.post("/assets", data=form, key=key)


def count(table):
    with transaction(SYSTEM):
        return db.session.execute(db.text(f"SELECT count(*) FROM {table}")).scalar_one()


def test_a_logo_is_checked_measured_and_kept(api, owner):
    answer = send(api(owner), logo(), name="My_logo.png", variant="light", alt_text="Two bars")
    assert answer.status_code == 201
    body = answer.json
    assert body["name"] == "My logo"
    assert (body["kind"], body["variant"], body["alt_text"]) == ("logo", "light", "Two bars")
    assert body["partner_id"] == owner.partner_id
    assert (body["width_px"], body["height_px"]) == (400, 200)
    assert body["measures"]["average_colour"] == "#14285a"
    assert body["measures"]["transparent_share"] == pytest.approx(0.625, abs=0.02)
    content = api(owner).get(f"/assets/{body['id']}/content")
    assert content.mimetype == "image/png"
    assert content.data.startswith(b"\x89PNG")


def test_a_drawing_is_kept_as_pixels(api, owner):
    body = send(api(owner), SVG % b"", name="logo.svg").json
    assert (body["media_type"], body["width_px"], body["height_px"]) == ("image/png", 2000, 1000)


@pytest.mark.parametrize(
    ("data", "name", "kind", "code", "word"),
    [
        (b"", "logo.png", "logo", "file_empty", "empty"),
        (b"not a picture at all", "logo.png", "logo", "file_not_recognized", "PNG, JPEG"),
        (SVG % b"<script>alert(1)</script>", "logo.svg", "logo", "svg_script", "script"),
        (
            SVG % b'<image href="https://x.example/a.png"/>',
            "logo.svg",
            "logo",
            "svg_external_reference",
            "another address",
        ),
        (picture(), "logo.jpg", "logo", "file_name_contradicts_content", "rename"),
        (SVG % b"", "photo.svg", "photo", "file_wrong_type", "accepted here"),
        (picture(), "proof.png", "document", "file_wrong_type", "PDF"),
        (picture()[:40], "logo.png", "logo", "file_broken", "damaged"),
    ],
)
def test_a_bad_file_is_refused_with_its_reason_and_leaves_nothing(  # noqa: PLR0917 -- one row of the table above
    api, owner, data, name, kind, code, word
):
    answer = send(api(owner), data, name=name, kind=kind)
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert answer.json["code"] == code
    assert word in answer.json["errors"]["file"][0]
    assert count("assets") == count("uploads") == 0


def test_a_file_that_is_too_large_is_refused_with_the_limit(api, owner, monkeypatch):
    monkeypatch.setitem(rules.LIMITS, AssetKind.LOGO, replace(LOGO, max_bytes=100))
    answer = send(api(owner), logo())
    assert (answer.status_code, answer.json["code"]) == (422, "file_too_large")
    assert "at most" in answer.json["errors"]["file"][0]


def test_a_form_without_a_file_or_with_unknown_fields_is_refused(api, owner):
    assert api(owner).post("/assets", data={"kind": "logo"}).json["errors"] == {"file": ["Choose a file."]}
    assert "kind" in send(api(owner), logo(), kind="banana").json["errors"]
    assert "owner" in send(api(owner), logo(), owner="5").json["errors"]


def test_only_a_logo_has_variants_and_rights_end_after_they_begin(api, owner):
    assert "variant" in send(api(owner), picture(), kind="photo", variant="dark").json["errors"]
    window = {"rights_from_on": "2027-02-01", "rights_until_on": "2027-01-01"}
    assert "rights_until_on" in send(api(owner), picture(), kind="photo", **window).json["errors"]
    assert count("assets") == 0


def test_a_repeated_key_keeps_one_file_and_another_body_is_a_conflict(api, owner):
    first = send(api(owner), logo(), key="once")
    again = send(api(owner), logo(), key="once")
    other = send(api(owner), logo(colour=(1, 2, 3, 255)), key="once")
    assert first.json == again.json
    assert other.status_code == 409
    assert count("assets") == 1


def test_a_file_name_is_reduced_to_what_can_be_shown(api, owner):
    body = send(api(owner), logo(), name="../../etc/\u202epasswd<script>.png").json
    assert body["name"] == "passwd<script>"


def test_finance_may_look_but_not_upload(api, owner):
    with transaction(SYSTEM):
        finance = accounts.user(Role.FINANCE)
    assert send(api(finance), logo()).status_code == 403


def test_nobody_uploads_without_signing_in(api, owner):
    assert send(api(), logo()).status_code == 401


def test_what_came_in_is_remembered(api, owner):
    send(api(owner), logo(), name="Original name.png")
    with transaction(SYSTEM):
        row = db.session.execute(db.text("SELECT filename, media_type, received_by FROM uploads")).one()
    assert tuple(row) == ("Original name.png", "image/png", owner.id)


def test_a_file_is_kept_as_the_kind_it_was_checked_for_and_as_no_other(owner):
    actor = actor_of(owner)
    checked = service.check(picture(), "bill.png", "proof")
    with transaction(actor):
        with pytest.raises(TypeError, match="kind"):
            service.receive(actor, checked, kind="logo")
        assert service.receive(actor, checked).kind is AssetKind.PROOF


def test_a_file_that_finds_no_place_is_to_be_sent_again(api, owner, monkeypatch):
    monkeypatch.setattr(accepting, "WAIT_S", 0.01)
    client = api(owner)
    with accepting._place(), accepting._place():
        answer = send(client, logo())
        assert answer.status_code == 503
        assert answer.json["code"] == "files_busy"
        assert count("assets") == 0
    assert send(client, logo()).status_code == 201


def test_only_the_brand_sends_typefaces_and_only_it_gets_their_files(api, owner):
    with transaction(SYSTEM):
        marketing = accounts.user(Role.MARKETING)
    data = drawn()
    assert send(api(owner), data, name="squares.ttf", kind="font").json["code"] == "forbidden"
    answer = send(api(marketing), data, name="squares.ttf", kind="font", tags="house, headline")
    body = answer.json
    assert (answer.status_code, body["name"], body["media_type"]) == (201, "Squares Bold Italic", "font/ttf")
    assert (body["measures"]["family"], body["measures"]["is_variable"]) == ("Squares", False)
    assert body["measures"]["scripts"] == {"Latin": 26}
    assert body["tags"] == ["headline", "house"]
    path = f"/assets/{body['id']}"
    content = api(marketing).get(f"{path}/content")
    assert content.headers["Content-Disposition"].startswith("attachment")
    assert content.data[:4] == b"\0\1\0\0"
    assert api(owner).get(f"{path}/thumbnail").mimetype == "image/png"
    refused = api(owner).get(f"{path}/content")
    assert (refused.status_code, refused.json["code"]) == (403, "font_kept_inside")


def test_a_refused_typeface_leaves_nothing(api, owner):
    with transaction(SYSTEM):
        marketing = accounts.user(Role.MARKETING)
    answer = send(api(marketing), drawn()[:500], name="squares.ttf", kind="font")
    assert (answer.status_code, answer.json["code"]) == (422, "font_broken")
    assert count("assets") == count("uploads") == 0


def test_the_drawing_of_a_logo_is_kept_and_given_to_nobody_outside(api, owner):
    actor = actor_of(owner)
    body = send(api(owner), SVG % b'<rect x="5" y="2" width="10" height="6"/>', name="logo.svg").json
    with reading(actor):
        found = library.partner_logo(actor, actor.partner_id)
    assert found.vector.media_type == "image/svg+xml"
    assert library.read(found.vector).startswith(b"<ns0:svg")
    assert found.ink_box == (0.25, 0.2, 0.75, 0.8)
    assert found.colours[0].startswith("#")
    assert "vector" not in body
    for path in ("content", "thumbnail"):
        assert api(owner).get(f"/assets/{body['id']}/{path}").mimetype != "image/svg+xml"


def test_a_white_box_is_told_of_on_the_page(api, portal, owner):
    made = send(api(owner), picture(colour=(255, 255, 255), file_format="JPEG"), name="logo.jpg").json
    assert "stands on a white box" in portal(owner).get(f"/files/{made['id']}").text
