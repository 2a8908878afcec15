"""Is a file genuine? Asked by strangers through the API and the page, on the real database."""

import base64
import hashlib
import io
import json
import resource
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pikepdf
import psycopg
import pypdfium2
import pytest
from PIL import Image

from cobranding.manifests import rules
from cobranding.manifests.rules import QUESTIONS_PER_NETWORK
from cobranding.rendering import codes, engine, manifest
from tcma.infra import crypto
from tcma.infra.db import transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM
from tcma.kernel.permissions import Role
from tests.factories import accounts
from tests.factories import cobranding as factory
from tests.factories.hostile import document_that_unpacks


@pytest.fixture
def artwork(api, cast, published):
    body = {"template_version_id": published()["id"], "name": "For the fair", "values": {"headline": "Hallo Hamburg"}}
    return api(cast.owner).post("/artworks", json=body).json


@pytest.fixture
def download(api, cast, artwork):
    def take(format_key="a4", output=None):
        path = f"/artworks/{artwork['id']}/renders/{format_key}" + (f"?output={output}" if output else "")
        return api(cast.owner).get(path)

    return take


@pytest.fixture
def verdict(api):
    def ask(data: bytes):
        answer = api().post("/verify", data={"file": (io.BytesIO(data), "whatever.bin")})
        assert answer.status_code == 200, answer.text
        return answer.json

    return ask


@pytest.mark.parametrize(
    ("format_key", "output"), [("a4", "pdf"), ("a4", "jpg"), ("link_card", "jpg"), ("square", "png")]
)
def test_a_downloaded_file_is_genuine(download, verdict, format_key, output) -> None:
    file = download(format_key, output)
    assert codes.code_in(file.data) == file.headers["X-TCMA-Manifest"]
    said = verdict(file.data)
    assert (said["state"], said["recomputed"], said["not_recomputed_because"]) == ("genuine", True, "")
    assert (said["template"], said["version_number"]) == ("Autumn flyer", 1)
    assert (said["brand"], said["partner"]) == ("Aurelia", "Nordwind Systemhaus")
    assert "Hallo" not in json.dumps(said)


def test_the_code_alone_tells_of_the_file_that_carries_it_however_it_is_written(api, download) -> None:
    code = download().headers["X-TCMA-Manifest"]
    written = f" {code[:4]}-{code[4:8]}-{code[8:]} ".lower().replace("0", "o").replace("1", "l")
    for each in (code, written):
        said = api().get(f"/verify/{each}").json
        assert (said["state"], said["recomputed"]) == ("genuine", True)
    assert api().get("/verify/AAAAAAAAAAAA").json["state"] == "unknown"
    assert api().get("/verify/nonsense").json["state"] == "unknown"


def test_one_changed_byte_makes_it_altered(download, verdict) -> None:
    data = bytearray(download().data)
    data[len(data) // 2] ^= 1
    said = verdict(bytes(data))
    assert (said["state"], said["partner"], said["template"]) == ("altered", "Nordwind Systemhaus", "Autumn flyer")


def test_a_pdf_that_was_edited_and_saved_again_is_altered(download, verdict) -> None:
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(download().data)) as pdf:
        pdf.pages[0].Rotate = 90
        pdf.save(written, compress_streams=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert verdict(written.getvalue())["state"] == "altered"


def test_the_files_of_strangers_are_opened_in_a_process_of_their_own(download, verdict, monkeypatch) -> None:
    def opened_here(*_args, **_named):
        raise AssertionError("a file of a stranger was opened in the server")

    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(download().data)) as pdf:
        pdf.save(written, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    for name in ("pikepdf.open", "pikepdf.Pdf.open", "pypdfium2.PdfDocument", "PIL.Image.open"):
        monkeypatch.setattr(name, opened_here)
    monkeypatch.setattr(engine, "render", lambda *_args, **_named: SimpleNamespace(etag="made again"))
    assert verdict(written.getvalue())["state"] == "altered"


def test_a_document_that_unpacks_to_gigabytes_is_unknown_and_takes_no_memory_of_ours(api, cast, verdict) -> None:
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert verdict(document_that_unpacks(1000))["state"] == "unknown"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb < 100_000


def test_what_carries_no_code_of_ours_is_unknown(download, verdict) -> None:
    again = io.BytesIO()
    Image.open(io.BytesIO(download("link_card").data)).save(again, "PNG")
    for data in (b"", b"%PDF-1.7 broken", b"TCMACode:ZZZZZZZZZZZZ", again.getvalue()):
        assert verdict(data)["state"] == "unknown"


def test_the_same_file_twice_has_one_manifest_and_another_language_has_another(api, cast, download, artwork) -> None:
    first, second = download(), download()
    assert first.data == second.data
    owner = api(cast.owner)
    assert [each["code"] for each in owner.get("/manifests").json["items"]] == [first.headers["X-TCMA-Manifest"]]
    owner.patch(f"/artworks/{artwork['id']}", json={"locale": "en"})
    other = download().headers["X-TCMA-Manifest"]
    assert other != first.headers["X-TCMA-Manifest"]
    assert len(owner.get("/manifests").json["items"]) == 2


def test_a_manifest_says_what_the_file_was_made_of_and_its_signature_holds(api, cast, download, artwork) -> None:
    file = download()
    envelope = api(cast.owner).get(f"/artworks/{artwork['id']}/renders/a4/manifest?output=pdf").json
    assert api(cast.owner).get(f"/manifests/{file.headers['X-TCMA-Manifest']}").json == envelope
    content = json.loads(envelope["content"])
    assert content["file"] == {
        "sha256": hashlib.sha256(file.data).hexdigest(),
        "size_bytes": len(file.data),
        "media_type": "application/pdf",
    }
    assert content["values"] == {"headline": "Hallo Hamburg"}
    assert content["images"]["hero"]["sha256"] == cast.hero.sha256
    assert {name: told["sha256"] for name, told in content["logos"].items()} == {"light": cast.logo.mark["sha256"]}
    assert {font["family"] for font in content["fonts"]} == {"inter"}
    assert content["partner"]["trade_name"] == "Nordwind Systemhaus"
    with pikepdf.open(io.BytesIO(file.data)) as pdf:
        embedded = {
            hashlib.sha256(font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()).hexdigest()
            for font in pdf.pages[0].Resources.Font.values()
        }
    assert {font["sha256"] for font in content["fonts"]} <= embedded
    (key,) = api().get("/manifests/keys").json["items"]
    public, signature = base64.b64decode(key["public_key"]), base64.b64decode(envelope["signature"])
    assert crypto.is_signed_by(public, signature, envelope["content"].encode())
    assert not crypto.is_signed_by(public, signature, envelope["content"].replace("Hallo", "Hello").encode())


def test_a_record_that_was_changed_is_not_trusted(download, verdict, database_url) -> None:
    file = download()
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SELECT set_config('tcma.scope', 'system', false)")
        connection.execute("UPDATE manifests SET content = replace(content, 'Nordwind', 'Südwind')")
    said = verdict(file.data)
    assert (said["state"], said["partner"]) == ("unknown", "")
    assert "signature does not hold" in said["sentence"]


def test_a_newer_version_makes_it_superseded_and_withdrawing_says_why(api, cast, published, download, verdict) -> None:
    file = download()
    marketing = api(cast.marketing)
    template = marketing.get("/templates").json["items"][0]
    first = template["published_version_id"]
    second = marketing.post(f"/templates/{template['id']}/versions", json={}).json["id"]
    assert verdict(file.data)["state"] == "genuine"
    marketing.post(f"/templates/versions/{second}/publish", json={})
    said = verdict(file.data)
    assert (said["state"], said["successor_number"], said["recomputed"]) == ("superseded", 2, True)
    marketing.post(f"/templates/versions/{first}/withdraw", json={"reason": "The price is wrong."})
    said = verdict(file.data)
    assert (said["state"], said["withdrawn_reason"], said["successor_number"], said["recomputed"]) == (
        "withdrawn",
        "The price is wrong.",
        2,
        True,
    )


def test_it_stays_genuine_after_the_partner_moved_and_the_logo_was_put_away(api, cast, download, verdict) -> None:
    file = download()
    api(cast.owner).patch(f"/partners/{cast.north.id}", json={"city": "Bremen"})
    api(cast.owner).post(f"/assets/{cast.logo.id}/archive", json={})
    assert (verdict(file.data)["state"], verdict(file.data)["recomputed"]) == ("genuine", True)


def test_what_cannot_be_made_again_is_genuine_by_its_signature_and_says_so(download, verdict, monkeypatch) -> None:
    file = download()
    monkeypatch.setattr(manifest, "ENGINE", "0 of long ago")
    said = verdict(file.data)
    assert (said["state"], said["recomputed"]) == ("genuine", False)
    assert "another edition" in said["not_recomputed_because"]


def test_a_new_key_signs_and_the_old_one_goes_on_verifying(api, cast, download, verdict) -> None:
    with transaction(SYSTEM):
        admin = accounts.user(Role.ADMIN)
    before = download()
    made = api(admin).post("/manifests/keys", json={})
    assert made.status_code == 201
    after = download("letter")
    assert (verdict(before.data)["state"], verdict(after.data)["state"]) == ("genuine", "genuine")
    used = {each["code"]: each["key_id"] for each in api(cast.owner).get("/manifests").json["items"]}
    assert used[after.headers["X-TCMA-Manifest"]] == made.json["id"]
    assert used[before.headers["X-TCMA-Manifest"]] != made.json["id"]
    assert api(cast.marketing).post("/manifests/keys", json={}).status_code == 403


def test_what_a_revoked_key_signed_afterwards_is_not_trusted_until_it_is_issued_anew(api, cast, download, verdict):
    with transaction(SYSTEM):
        admin = accounts.user(Role.ADMIN)
    old, young = clock.now() - timedelta(days=9), clock.now() - timedelta(days=1)
    with clock.frozen(old):
        before = download()
    with clock.frozen(young):
        after = download("letter")
    (key,) = api().get("/manifests/keys").json["items"]
    since = (clock.now() - timedelta(days=3)).isoformat()
    path = f"/manifests/keys/{key['id']}/revoke"
    refused = api(admin).post(path, json={"since": (clock.now() + timedelta(days=3)).isoformat()})
    assert refused.json["code"] == "signing_key_revoked_too_late"
    assert api(admin).post(path, json={"since": since}).status_code == 200
    assert api(admin).post(path, json={}).json["code"] == "signing_key_revoked"
    assert verdict(before.data)["state"] == "genuine"
    assert verdict(after.data)["state"] == "unknown"
    assert download("letter").data == after.data
    assert verdict(after.data)["state"] == "genuine"


def test_nobody_sees_the_manifests_of_another_partner(api, cast, download) -> None:
    code = download().headers["X-TCMA-Manifest"]
    stranger = api(cast.other)
    assert stranger.get("/manifests").json["items"] == []
    assert stranger.get(f"/manifests/{code}").status_code == 404
    assert [each["code"] for each in api(cast.marketing).get("/manifests").json["items"]] == [code]


def test_row_security_hides_manifests_and_keys_even_when_a_question_forgets(download, cast, database_url) -> None:
    download()
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SET ROLE tcma_app")
        for partner_id, seen in ((cast.north.id, 1), (cast.south.id, 0)):
            connection.execute(
                "SELECT set_config('tcma.scope', 'partner', false), set_config('tcma.partner_id', %s, false)",
                [str(partner_id)],
            )
            assert connection.execute("SELECT count(*) FROM manifests").fetchone() == (seen,)
            assert connection.execute("SELECT count(*) FROM signing_keys").fetchone() == (0,)


def test_a_template_prints_where_the_file_is_verified(api, cast, published) -> None:
    document = factory.flyer()
    legal = document["formats"]["a4"]["elements"][-1]
    legal |= {"text": "{{verify_url}}", "box": [18, 283, 150, 8]}
    code = next(each for each in document["formats"]["square"]["elements"] if each["id"] == "code")
    code |= {"link": "{{verify_url}}", "open": {}}
    made = api(cast.owner).post("/artworks", json={"template_version_id": published(document)["id"]}).json
    file = api(cast.owner).get(f"/artworks/{made['id']}/renders/a4")
    address = f"http://portal.brand.example/verify/{file.headers['X-TCMA-Manifest']}"
    with pikepdf.open(io.BytesIO(file.data)) as pdf:
        assert str(pdf.docinfo["/TCMACode"]) == file.headers["X-TCMA-Manifest"]
    assert address in pypdfium2.PdfDocument(file.data)[0].get_textpage().get_text_bounded()
    assert api().post("/verify", data={"file": (io.BytesIO(file.data), "x.pdf")}).json["state"] == "genuine"
    square = api(cast.owner).get(f"/artworks/{made['id']}/renders/square")
    assert api().post("/verify", data={"file": (io.BytesIO(square.data), "x.jpg")}).json["recomputed"] is True
    preview = api(cast.owner).get(f"/artworks/previews/{made['template_version_id']}/a4?output=pdf")
    assert "X-TCMA-Manifest" not in preview.headers
    assert codes.code_in(preview.data) == ""


def test_strangers_use_the_page(portal, download) -> None:
    file = download()
    page = portal().get("/verify/")
    assert "Is this file genuine?" in page.text
    answer = portal().post("/verify/", data={"file": (io.BytesIO(file.data), "flyer.pdf")})
    assert "Genuine" in answer.text
    assert "Nordwind Systemhaus" in answer.text
    assert "came out the same" in answer.text
    code = file.headers["X-TCMA-Manifest"]
    assert portal().get(f"/verify/?code={code}").location == f"/verify/{code}"
    assert "let us look at the file itself" in portal().get(f"/verify/{code}").text
    assert portal().post("/verify/", data={}).status_code == 422


def test_whoever_asks_too_often_waits(api, portal, download) -> None:
    for _ in range(QUESTIONS_PER_NETWORK):
        assert api().get("/verify/AAAAAAAAAAAA").status_code == 200
    refused = api().get("/verify/AAAAAAAAAAAA")
    assert (refused.status_code, refused.json["code"]) == (503, "too_many_questions")
    assert "Wait a few minutes" in portal().post("/verify/", data={"file": (io.BytesIO(b"x"), "x.pdf")}).text


def test_whoever_has_a_whole_network_of_addresses_is_one_asker(api, world, monkeypatch) -> None:
    monkeypatch.setattr(rules, "QUESTIONS_PER_NETWORK", 2)
    answers = [
        api().get("/verify/AAAAAAAAAAAA", environ_base={"REMOTE_ADDR": address}).status_code
        for address in ("2001:db8:7:7::1", "2001:db8:7:7::2", "2001:db8:7:7:ffff::3", "2001:db8:7:8::1")
    ]
    assert answers == [200, 200, 503, 200]
    assert rules.network_of("::ffff:192.0.2.7") == rules.network_of("192.0.2.7") == "192.0.2.7"
    assert rules.network_of("fe80::1%eth0") == "fe80::/64"


def test_admins_look_after_the_keys_in_the_portal(portal, download) -> None:
    with transaction(SYSTEM):
        admin = accounts.user(Role.ADMIN)
    download()
    desk = portal(admin)
    assert desk.get("/signing-keys/").text.count('scope="row"') == 1
    assert desk.post("/signing-keys/").status_code == 303
    assert desk.get("/signing-keys/").text.count('scope="row"') == 2


AGAIN = """
import hashlib, sys
from cobranding.rendering import engine, manifest
from tcma.infra import crypto
from cobranding.rendering.codes import code_of
from tests.factories import cobranding as factory
from tests.factories.hostile import document_that_unpacks
crypto.configure("a secret for tests only, 32 characters or more")
inputs = factory.inputs()
identity = manifest.TemplateIdentity(1, "Autumn flyer", 2, 3)
for name, output in (("a4", "pdf"), ("a4", "png"), ("link_card", "jpg")):
    statement = manifest.statement_of(
        inputs, inputs.document.formats[name], output, template=identity, partner_id=7, verify_at="https://x.example/verify"
    )
    code = code_of(crypto.keyed_hash("test", manifest.canonical(statement).decode()))
    file = engine.render(manifest.with_code(inputs, code, "https://x.example/verify"), name, output)
    print(code, hashlib.sha256(file.data).hexdigest())
"""


def test_two_processes_give_the_same_code_and_the_same_bytes() -> None:
    said = [
        subprocess.run(
            [sys.executable, "-c", AGAIN],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin"},
        ).stdout
        for seed in ("1", "2")
    ]
    assert said[0] == said[1]
    assert len(said[0].splitlines()) == 3


def test_the_code_is_in_the_file_and_gone_from_the_next() -> None:
    inputs = factory.inputs()
    plain = engine.render(inputs, "a4").data
    marked = engine.render(replace(inputs, code="0123456789AB"), "a4").data
    assert codes.code_in(marked) == "0123456789AB"
    assert codes.code_in(plain) == ""
    assert engine.render(inputs, "a4").data == plain


def test_a_code_is_found_whatever_bytes_follow_it() -> None:
    for following in range(256):
        assert codes.code_in(b"\x89PNG tEXtTCMACode\x000123456789AB" + bytes([following, 0])) == "0123456789AB"


def test_inputs_come_back_out_of_their_statement() -> None:
    inputs = factory.inputs(values={"headline": "Hi"})
    fmt = inputs.document.formats["a4"]
    identity = manifest.TemplateIdentity(1, "Autumn flyer", 2, 3)
    statement = manifest.statement_of(
        inputs, fmt, "pdf", template=identity, partner_id=7, verify_at="https://x.example"
    )
    ordered = manifest.with_code(inputs, "0123456789AB", "https://x.example")
    file = engine.render(ordered, "a4")
    issue = manifest.Issue(clock.now(), 1)
    content = json.loads(
        manifest.canonical(manifest.manifest_of(statement, code="0123456789AB", file=file, issue=issue))
    )
    read = {picture.sha256: picture.read for picture in [*inputs.logos.values(), *inputs.images.values()]}
    assert manifest.files_in(content) == set(read)
    again = manifest.inputs_from(content, inputs.document, read)
    assert engine.render(again, "a4").data == file.data


def test_a_file_that_is_too_large_is_refused_and_other_bodies_stay_small(app, api, world) -> None:
    assert api().post("/verify", data={"file": (io.BytesIO(b"x" * 31 * 1024 * 1024), "x.pdf")}).status_code == 413
    assert api().post("/verify", data=b"x" * 2 * 1024 * 1024, content_type="application/json").status_code in {413, 422}
    assert api().post("/verify", data={"file": (io.BytesIO(b"x" * 1024 * 1024), "x.pdf")}).json["state"] == "unknown"
