"""Audiences, contacts and suppressions through their JSON doors."""

import io

import pytest

from campaigns.audiences import rules
from tcma.infra.db import session, transaction
from tcma.kernel.actor import SYSTEM
from tcma.kernel.permissions import Role
from tests.factories import accounts


@pytest.fixture
def doors(api):
    with transaction(SYSTEM):
        accounts.brand()
        north, south = accounts.partner("Nordwind"), accounts.partner("Südstern")
        people = (accounts.user(Role.OWNER, north), accounts.user(Role.OWNER, south), accounts.user(Role.ADMIN))
    return [api(person) for person in people]


def upload(door, data: bytes, name: str = "people.csv", key: str | None = None, **form):
    body = {"file": (io.BytesIO(data), name), "consent_source": "trade fair", **form}
    answer = door.post("/contacts/import", data=body, content_type="multipart/form-data", key=key)
    answer.request.environ["wsgi.input"].close()  # the test client spools a large body into a file and leaves it open
    return answer


def test_a_file_is_imported_with_a_report_and_listed(doors):
    north, south, _ = doors
    answer = upload(north, b"email,first_name\na@example.com,Anna\nbroken,Bo\n")
    assert answer.status_code == 201
    report = answer.json
    assert (report["created"], report["updated"], report["skipped"], report["filename"]) == (1, 0, 1, "people.csv")
    assert report["errors"] == [{"row": 3, "field": "email", "reason": report["errors"][0]["reason"]}]
    (contact,) = north.get("/contacts").json["items"]
    assert (contact["email"], contact["first_name"], contact["standing"]) == ("a@example.com", "Anna", "mailable")
    (consent,) = north.get(f"/contacts/{contact['id']}/consents").json["items"]
    assert (consent["source"], consent["evidence"]) == ("trade fair", {"import_id": report["id"], "row": 2})
    assert north.get(f"/contacts/imports/{report['id']}").json == report
    assert "errors" not in north.get("/contacts/imports").json["items"][0]
    assert south.get("/contacts").json["items"] == []
    assert south.get(f"/contacts/{contact['id']}").status_code == 404
    assert south.get(f"/contacts/{contact['id']}/consents").status_code == 404
    assert south.get(f"/contacts/imports/{report['id']}").status_code == 404


def test_the_same_key_answers_again_and_another_file_under_it_is_a_conflict(doors):
    north, _, _ = doors
    first = upload(north, b"email\na@example.com\n", key="one")
    again = upload(north, b"email\na@example.com\n", key="one")
    assert (again.json, again.headers["Idempotent-Replayed"]) == (first.json, "true")
    assert upload(north, b"email\nb@example.com\n", key="one").status_code == 409
    assert len(north.get("/contacts").json["items"]) == 1


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (b"", "file"),
        (b"name\nAnna\n", "file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "file"),
        (b"email\n" + b"a@example.com\n" * 50_001, "file"),
        (b"email\n" + b"x" * (10 * 1024 * 1024), "file"),
    ],
)
def test_a_file_that_is_no_list_is_refused_and_nothing_is_kept(doors, data, field):
    north, _, _ = doors
    answer = upload(north, data)
    assert answer.status_code == 422, answer.text
    assert field in answer.json["errors"]
    assert north.get("/contacts").json["items"] == []
    assert north.get("/contacts/imports").json["items"] == []


def test_a_list_is_read_and_checked_before_the_transaction_begins(doors, monkeypatch):
    real, acting = rules.read_contacts, []

    def read_contacts(text, *, today):
        acting.append(bool(session.info.get("acting")))
        return real(text, today=today)

    monkeypatch.setattr(rules, "read_contacts", read_contacts)
    assert upload(doors[0], b"email\na@example.com\n").status_code == 201
    assert upload(doors[2], b"email\na@example.com\n").status_code == 403
    assert acting == [False]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"consent_source": ""}, "consent_source"),
        ({"consent_scope": "world"}, "consent_scope"),
        ({"extra": "1"}, "extra"),
    ],
)
def test_an_import_says_where_the_consent_comes_from(doors, form, field):
    north, _, _ = doors
    answer = upload(north, b"email\na@example.com\n", **form)
    assert (answer.status_code, field in answer.json["errors"]) == (422, True)


def test_a_contact_is_added_changed_and_erased(doors):
    north, south, _ = doors
    added = north.post("/contacts", json={"email": "A@example.com", "first_name": "Anna", "consent_source": "phone"})
    assert (added.status_code, added.json["standing"]) == (201, "mailable")
    path = f"/contacts/{added.json['id']}"
    assert north.patch(path, json={"company": "Öz AG"}).json["company"] == "Öz AG"
    for answer in (south.patch(path, json={"company": "X"}), south.delete(path)):
        assert answer.status_code == 404
    assert north.delete(path).status_code == 204
    assert north.get(path).status_code == 404
    assert upload(north, b"email\na@example.com\n").json["suppressed"] == 1


@pytest.mark.parametrize("email", ["", "x", "a@b", "a@example.com\nBcc: b@example.com", 7, None])
def test_what_is_no_address_becomes_no_contact_and_no_suppression(doors, email):
    north, _, _ = doors
    assert north.post("/contacts", json={"email": email, "consent_source": "phone"}).status_code == 422
    assert north.post("/suppressions", json={"email": email}).status_code == 422
    assert north.get("/contacts").json["items"] == []
    assert north.get("/suppressions").json["items"] == []


def test_a_suppressed_address_is_shown_while_it_is_a_contact_and_can_be_lifted(doors):
    north, south, _ = doors
    upload(north, b"email\na@example.com\n")
    suppressed = north.post("/suppressions", json={"email": "A@EXAMPLE.com"})
    assert (suppressed.status_code, suppressed.json["email"]) == (201, "a@example.com")
    assert north.post("/suppressions", json={"email": "b@example.com"}).json["email"] is None
    assert north.get("/contacts?standing=suppressed").json["items"][0]["email"] == "a@example.com"
    assert south.get("/suppressions").json["items"] == []
    path = f"/suppressions/{suppressed.json['id']}"
    assert south.delete(path).status_code == 404
    assert north.delete(path).status_code == 204
    assert north.get("/contacts").json["items"][0]["standing"] == "mailable"


def test_lists_go_page_by_page_and_can_be_searched(doors):
    north, _, _ = doors
    upload(north, b"email,company\n" + b"".join(b"p%d@example.com,Firm_%d\n" % (n, n) for n in range(7)))
    first = north.get("/contacts?limit=5").json
    rest = north.get(f"/contacts?limit=5&after={first['next']}").json
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (5, 2, None)
    assert [one["email"] for one in north.get("/contacts?search=firm_3").json["items"]] == ["p3@example.com"]
    assert north.get("/contacts?search=%25").json["items"] == []
    for question in ("limit=0", "limit=x", "after=0", "standing=dead", "surprise=1"):
        assert north.get(f"/contacts?{question}").status_code == 422


def test_the_brand_reads_counts_and_nothing_else(doors):
    north, south, brand = doors
    upload(north, b"email,consent\na@example.com,yes\nb@example.com,no\n")
    counts = {one["partner_name"]: one for one in brand.get("/audiences").json["items"]}
    assert (counts["Nordwind"]["contacts"], counts["Nordwind"]["mailable"]) == (2, 1)
    assert counts["Südstern"]["contacts"] == 0
    partner_id = counts["Nordwind"]["partner_id"]
    assert brand.get(f"/audiences/{partner_id}").json["mailable"] == 1
    assert [one["partner_name"] for one in north.get("/audiences").json["items"]] == ["Nordwind"]
    assert south.get(f"/audiences/{partner_id}").status_code == 404
    contact_id = north.get("/contacts").json["items"][0]["id"]
    for path in ("/contacts", "/contacts/imports", "/suppressions"):
        assert brand.get(path).status_code == 403
    assert brand.get(f"/contacts/{contact_id}").status_code == brand.get("/contacts/0").status_code == 403
    assert brand.get("/contacts/export").status_code in {403, 422}


def test_the_export_is_safe_to_open(doors):
    north, _, _ = doors
    upload(north, b"email,first_name,company\na@example.com,=1+1,@SUM(A1)\n")
    answer = north.get("/contacts/export")
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "a@example.com,'=1+1,Doe" in answer.text or ",'=1+1," in answer.text
    assert ",'@SUM(A1)," in answer.text
