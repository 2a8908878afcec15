"""One template for many partners: real jobs on the real database and storage, with a failing partner among them."""

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta

import pikepdf
import psycopg
import pypdfium2
import pytest

from cobranding.batches import queries, rules, service, tasks
from cobranding.rendering.preflight import checking
from cobranding.templates import service as templates
from tcma.accounts.rules import Tier
from tcma.infra import storage
from tcma.infra.db import reading, transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM
from tcma.kernel.errors import Unavailable
from tests.factories import accounts, assets
from tests.factories import cobranding as factory

JOBS = {"cobranding.batches.render": tasks.render, "cobranding.batches.pack": tasks.pack}


def work(errands) -> None:
    """Run the jobs that were asked for, and those that they ask for, until none is left."""
    while errands:
        errand = errands.pop(0)
        if errand.name in JOBS:
            JOBS[errand.name](**errand.ids)


def text_of(data: bytes) -> str:
    return " ".join(pypdfium2.PdfDocument(data)[0].get_textpage().get_text_bounded().split())


def items_of(client, batch):
    return {item["partner_id"]: item for item in client.get(f"/batches/{batch['id']}/items").json["items"]}


@pytest.fixture
def many(cast):
    """Four more partners; the third has a name that no box holds."""
    with transaction(SYSTEM):
        return [
            accounts.partner("Alster IT", tier=Tier.SILVER, region="EMEA"),
            accounts.partner("Berg & Tal", tier=Tier.GOLD, region="APAC"),
            accounts.partner("W" * 120, tier=Tier.SILVER, region="EMEA"),
            accounts.partner("=Zulu()", tier=Tier.SILVER, region="EMEA", city="@Wien"),
        ]


@pytest.fixture
def version(published):
    return published()


@pytest.fixture
def start(api, cast, version, errands):
    def start(**more):
        body = {"template_version_id": version["id"], "files": ["a4.pdf"], **more}
        answer = api(cast.marketing).post("/batches", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json

    return start


def test_every_partner_gets_its_own_files_and_a_failing_one_is_reported(api, cast, many, start, errands) -> None:
    batch = start(files=["a4.pdf", "square.jpg"], values={"headline": "Hello"})
    assert (batch["state"], batch["total"], batch["done"]) == ("queued", 6, 0)
    assert api(cast.marketing).get(f"/batches/{batch['id']}/zip").json["code"] == "batch_not_ready"
    work(errands)
    marketing = api(cast.marketing)
    done = marketing.get(f"/batches/{batch['id']}").json
    assert (done["state"], done["rendered"], done["failed"], done["done"]) == ("finished", 5, 1, 6)
    answer = marketing.get(f"/batches/{batch['id']}/zip")
    assert (answer.mimetype, len(answer.data)) == ("application/zip", done["zip_bytes"])
    whole = zipfile.ZipFile(io.BytesIO(answer.data))
    folders = sorted({name.partition("/")[0] for name in whole.namelist() if "/" in name})
    assert len(folders) == 5
    north = f"nordwind-systemhaus-{cast.north.id}"
    assert [name for name in whole.namelist() if name.startswith(north)] == [
        f"{north}/autumn-flyer-a4.pdf",
        f"{north}/autumn-flyer-a4.pdf.manifest.json",
        f"{north}/autumn-flyer-square.jpg",
        f"{north}/autumn-flyer-square.jpg.manifest.json",
    ]
    flyer = whole.read(f"{north}/autumn-flyer-a4.pdf")
    assert "Nordwind Systemhaus" in text_of(flyer)
    assert "Hello" in text_of(flyer)
    with pikepdf.open(io.BytesIO(flyer)) as pdf:
        assert pdf.check_pdf_syntax() == []
    assert "Alster IT" in text_of(whole.read(f"alster-it-{many[0].id}/autumn-flyer-a4.pdf"))
    said = api().post("/verify", data={"file": (io.BytesIO(flyer), "flyer.pdf")}).json
    assert (said["state"], said["partner"], said["recomputed"]) == ("genuine", "Nordwind Systemhaus", True)
    envelope = json.loads(whole.read(f"{north}/autumn-flyer-a4.pdf.manifest.json"))
    assert json.loads(envelope["content"])["partner"]["id"] == cast.north.id


def test_the_brands_own_words_need_no_approval_of_the_brand(api, cast, version, start, errands) -> None:
    marketing = api(cast.marketing)
    marketing.patch(f"/templates/{version['template_id']}", json={"approval": "always"})
    batch = start(values={"headline": "Hello from the brand"})
    work(errands)
    done = marketing.get(f"/batches/{batch['id']}").json
    assert (done["state"], done["failed"]) == ("finished", 0)
    whole = zipfile.ZipFile(io.BytesIO(marketing.get(f"/batches/{batch['id']}/zip").data))
    flyers = [whole.read(name) for name in whole.namelist() if name.endswith(".pdf")]
    assert flyers
    assert all("Hello from the brand" in text_of(flyer) for flyer in flyers)


def test_the_report_lists_the_failure_with_the_findings_of_the_preflight(api, cast, many, start, errands) -> None:
    batch = start()
    work(errands)
    marketing = api(cast.marketing)
    (failed,) = marketing.get(f"/batches/{batch['id']}/items?state=failed").json["items"]
    assert failed["partner_id"] == many[2].id
    with reading(SYSTEM):
        gathered = service.gather(
            SYSTEM,
            many[2].id,
            templates.version(SYSTEM, batch["template_version_id"]),
            files=[rules.FileWanted("a4", "pdf")],
            values={},
            values_by_locale={},
        )
    made = service.produce(gathered)
    assert isinstance(made, service.Failed)
    assert failed["findings"] == list(made.findings)
    assert {finding["code"] for finding in failed["findings"] if finding["severity"] == "error"} == {"text_overflow"}
    report = list(csv.DictReader(io.StringIO(marketing.get(f"/batches/{batch['id']}/report").text)))
    by_partner = {int(line["partner_id"]): line for line in report}
    assert by_partner[many[2].id]["state"] == "failed"
    assert "does not fit" in by_partner[many[2].id]["reason"]
    assert by_partner[many[3].id]["partner"] == "'=Zulu()"
    whole = zipfile.ZipFile(io.BytesIO(marketing.get(f"/batches/{batch['id']}/zip").data))
    assert list(csv.DictReader(io.StringIO(whole.read("report.csv").decode()))) == report


def test_tiers_regions_and_ids_narrow_each_other(api, cast, many, start) -> None:
    assert start()["total"] == 6
    assert start(tiers=["silver"])["total"] == 3
    assert start(tiers=["gold"], regions=["APAC"])["total"] == 1
    assert start(partner_ids=[cast.north.id, many[0].id], tiers=["silver"])["total"] == 1
    body = {"template_version_id": start()["template_version_id"], "files": ["a4.pdf"], "regions": ["LATAM"]}
    assert api(cast.marketing).post("/batches", json=body).json["code"] == "batch_without_partners"


def test_partners_read_their_own_language(api, cast, start, errands) -> None:
    batch = start(values={"headline": "Hello"}, values_by_locale={"de": {"headline": "Guten Tag"}})
    work(errands)
    whole = zipfile.ZipFile(io.BytesIO(api(cast.marketing).get(f"/batches/{batch['id']}/zip").data))
    assert "Guten Tag" in text_of(whole.read(f"nordwind-systemhaus-{cast.north.id}/autumn-flyer-a4.pdf"))
    assert "Hello" in text_of(whole.read(f"sudstern-{cast.south.id}/autumn-flyer-a4.pdf"))


def test_what_is_locked_or_not_there_is_refused_before_anything_starts(api, cast, version, errands) -> None:
    marketing = api(cast.marketing)
    body = {"template_version_id": version["id"], "files": ["a4.pdf"]}
    for more, code in (
        ({"values": {"lead": "mine"}}, "values_refused"),
        ({"values_by_locale": {"de": {"lead": "mine"}}}, "values_refused"),
        ({"files": ["a5.pdf"]}, "unknown_format"),
        ({"files": ["square.pdf"]}, "unknown_format"),
        ({"files": ["a4"]}, "invalid"),
    ):
        assert marketing.post("/batches", json=body | more).json["code"] == code
    assert marketing.get("/batches").json["items"] == []
    assert errands == []


def test_cancelling_in_the_middle_stops_the_rest(api, cast, start, errands, monkeypatch) -> None:
    monkeypatch.setattr(rules, "CLAIM_ROWS", 1)
    monkeypatch.setattr(tasks, "TURN", timedelta(0))
    batch = start()
    first = errands.pop(0)
    JOBS[first.name](**first.ids)
    cancelled = api(cast.marketing).post(f"/batches/{batch['id']}/cancel", json={}).json
    assert (cancelled["state"], cancelled["rendered"], cancelled["skipped"]) == ("cancelled", 1, 1)
    work(errands)
    after = api(cast.marketing).get(f"/batches/{batch['id']}").json
    assert (after["state"], after["rendered"], after["skipped"]) == ("cancelled", 1, 1)
    assert api(cast.marketing).get(f"/batches/{batch['id']}/zip").json["code"] == "batch_files_gone"
    assert api(cast.marketing).post(f"/batches/{batch['id']}/cancel", json={}).json["code"] == "illegal_move"


def test_what_is_made_while_the_batch_is_cancelled_comes_to_nothing(api, cast, start) -> None:
    batch = start()
    with transaction(SYSTEM):
        taken = service.claim(SYSTEM, batch["id"])
    api(cast.marketing).post(f"/batches/{batch['id']}/cancel", json={})
    tasks._work_on(taken)
    assert api(cast.marketing).get(f"/batches/{batch['id']}").json["skipped"] == 2


def test_when_messages_and_a_worker_are_lost_the_sweep_finishes_the_batch(api, cast, start, errands) -> None:
    batch = start()
    with transaction(SYSTEM):
        assert service.claim(SYSTEM, batch["id"]) is not None
    errands.clear()
    tasks.sweep()
    assert errands == []
    with clock.frozen(clock.now() + rules.LEASE + timedelta(seconds=1)):
        tasks.sweep()
        assert len(errands) == rules.LANES
        work(errands)
    assert api(cast.marketing).get(f"/batches/{batch['id']}").json["state"] == "finished"


class SlowClock:
    """Work that takes time by the clock only; while it goes on, the sweep must find nothing to do."""

    def __init__(self, errands) -> None:
        self.errands, self.at = errands, clock.now()

    def slow(self, does):
        def slowly(*given):
            self.at += timedelta(seconds=50)
            tasks.sweep()
            assert self.errands == []
            return does(*given)

        return slowly


@pytest.mark.usefixtures("many")
def test_slow_work_is_not_taken_over_and_done_twice(api, cast, start, errands, monkeypatch) -> None:
    batch = start()
    errands.clear()
    slow = SlowClock(errands)
    monkeypatch.setattr(clock, "now", lambda: slow.at)
    with monkeypatch.context() as patch:
        patch.setattr(service, "produce", slow.slow(service.produce))
        tasks.render(batch_id=batch["id"], lane=1)
    with reading(SYSTEM):
        assert {item.attempts for item in queries.all_items(SYSTEM, batch["id"])} == {1}
    errands.clear()
    monkeypatch.setattr(storage.DirectoryStorage, "get", slow.slow(storage.DirectoryStorage.get))
    tasks.pack(batch_id=batch["id"])
    assert api(cast.marketing).get(f"/batches/{batch['id']}").json["state"] == "finished"


def test_what_was_taken_away_meanwhile_is_not_made_any_further(api, cast, start, errands, monkeypatch) -> None:
    batch = start()
    produce, made = service.produce, []

    def cancelled_meanwhile(gathered):
        made.append(gathered)
        api(cast.marketing).post(f"/batches/{batch['id']}/cancel", json={})
        return produce(gathered)

    monkeypatch.setattr(service, "produce", cancelled_meanwhile)
    monkeypatch.setattr(tasks, "RENEW_AFTER", timedelta(0))
    tasks.render(batch_id=batch["id"], lane=1)
    assert len(made) == 1


def test_files_that_a_killed_worker_kept_without_saying_so_are_deleted_too(
    api, cast, start, errands, monkeypatch
) -> None:
    class Killed(BaseException):
        pass

    def killed(*_):
        raise Killed

    batch = start(partner_ids=[cast.north.id])
    (item,) = api(cast.marketing).get(f"/batches/{batch['id']}/items").json["items"]
    monkeypatch.setattr(service, "settle", killed)
    with pytest.raises(Killed):
        tasks.render(batch_id=batch["id"], lane=1)
    part = rules.part_key(batch["id"], item["id"])
    assert storage.storage().exists(part)
    api(cast.marketing).post(f"/batches/{batch['id']}/cancel", json={})
    with clock.frozen(clock.now() + rules.KEPT_FOR + timedelta(minutes=1)):
        tasks.sweep()
    assert not storage.storage().exists(part)


def test_only_what_is_wanted_is_looked_at_before_it_is_made(api, cast, start, errands, monkeypatch) -> None:
    looked_at, sheet_of = set(), checking.sheet_of

    def seen(fmt, setting):
        looked_at.add(fmt.name)
        return sheet_of(fmt, setting)

    monkeypatch.setattr(checking, "sheet_of", seen)
    start(files=["a4.pdf"])
    work(errands)
    assert looked_at == {"a4"}


def test_a_lost_packing_is_asked_for_again(api, cast, start, errands) -> None:
    batch = start()
    tasks.render(batch_id=batch["id"], lane=1)
    with transaction(SYSTEM):
        assert service.begin_packing(SYSTEM, batch["id"]) is not None
        assert service.begin_packing(SYSTEM, batch["id"]) is None
    errands.clear()
    with clock.frozen(clock.now() + rules.LEASE + timedelta(seconds=1)):
        tasks.sweep()
        work(errands)
    assert api(cast.marketing).get(f"/batches/{batch['id']}").json["state"] == "finished"


def test_a_partner_that_ends_the_worker_each_time_is_given_up(api, cast, start, errands) -> None:
    batch = start(partner_ids=[cast.north.id])
    at = clock.now()
    for _ in range(rules.MOST_ATTEMPTS):
        with clock.frozen(at), transaction(SYSTEM):
            assert service.claim(SYSTEM, batch["id"]) is not None
        at += rules.LEASE + timedelta(seconds=1)
        with clock.frozen(at):
            tasks.sweep()
    work(errands)
    (item,) = api(cast.marketing).get(f"/batches/{batch['id']}/items").json["items"]
    assert (item["state"], item["reason"]) == ("failed", rules.LOST)


def test_a_storage_that_is_away_is_nobodys_failure(api, cast, start, errands, monkeypatch) -> None:
    batch = start()

    def away(*_):
        raise Unavailable

    with monkeypatch.context() as patch:
        patch.setattr(storage.DirectoryStorage, "put", away)
        tasks.render(batch_id=batch["id"], lane=1)
    assert {item["state"] for item in api(cast.marketing).get(f"/batches/{batch['id']}/items").json["items"]} == {
        "queued"
    }
    work(errands)
    assert api(cast.marketing).get(f"/batches/{batch['id']}").json["rendered"] == 2


def test_whatever_is_wrong_with_one_partner_does_not_stop_the_rest(api, cast, start, errands, monkeypatch) -> None:
    produce = service.produce

    def breaks_for_north(gathered):
        if gathered.inputs.partner.trade_name.startswith("Nordwind"):
            raise ZeroDivisionError
        return produce(gathered)

    monkeypatch.setattr(service, "produce", breaks_for_north)
    batch = start()
    work(errands)
    items = items_of(api(cast.marketing), batch)
    assert (items[cast.north.id]["state"], items[cast.north.id]["reason"]) == ("failed", rules.UNEXPECTED)
    assert items[cast.south.id]["state"] == "rendered"


def test_a_withdrawn_template_is_not_made_any_further(api, cast, version, start, errands) -> None:
    batch = start()
    api(cast.marketing).post(f"/templates/versions/{version['id']}/withdraw", json={})
    work(errands)
    done = api(cast.marketing).get(f"/batches/{batch['id']}").json
    assert (done["state"], done["failed"]) == ("finished", 2)


def test_the_zip_of_a_template_that_was_withdrawn_later_is_not_given_out(api, cast, version, start, errands) -> None:
    batch = start()
    work(errands)
    marketing = api(cast.marketing)
    assert marketing.get(f"/batches/{batch['id']}/zip").status_code == 200
    marketing.post(f"/templates/versions/{version['id']}/withdraw", json={})
    assert marketing.get(f"/batches/{batch['id']}/zip").json["code"] == "template_withdrawn"


def test_the_same_batch_twice_gives_the_same_zip(api, cast, start, errands) -> None:
    zips = []
    for _ in range(2):
        batch = start()
        work(errands)
        zips.append(api(cast.marketing).get(f"/batches/{batch['id']}/zip").data)
    assert zips[0] == zips[1]


def test_files_are_deleted_after_some_days(api, cast, start, errands) -> None:
    batch = start()
    work(errands)
    key = f"batches/{batch['id']}/all.zip"
    assert storage.storage().exists(key)
    tasks.sweep()
    assert storage.storage().exists(key)
    with clock.frozen(clock.now() + rules.KEPT_FOR + timedelta(minutes=1)):
        tasks.sweep()
    assert not storage.storage().exists(key)
    assert api(cast.marketing).get(f"/batches/{batch['id']}/zip").json["code"] == "batch_files_gone"
    assert api(cast.marketing).get(f"/batches/{batch['id']}").json["files_until"] is None


def test_partners_see_nothing_of_batches_and_only_marketing_starts_them(api, cast, start, database_url) -> None:
    batch = start()
    assert api(cast.owner).get("/batches").status_code == 403
    assert api(cast.owner).get(f"/batches/{batch['id']}").status_code == 403
    assert api(cast.finance).get(f"/batches/{batch['id']}").status_code == 200
    body = {"template_version_id": batch["template_version_id"], "files": ["a4.pdf"]}
    assert api(cast.finance).post("/batches", json=body).status_code == 403
    assert api(cast.finance).post(f"/batches/{batch['id']}/cancel", json={}).status_code == 403
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SET ROLE tcma_app")
        connection.execute(
            "SELECT set_config('tcma.scope', 'partner', false), set_config('tcma.partner_id', %s, false)",
            [str(cast.north.id)],
        )
        for table in ("render_batches", "render_batch_items"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_a_picture_of_one_partner_is_not_put_into_the_files_of_another(api, cast, published, errands) -> None:
    document = factory.flyer()
    document["variables"]["photo"] = {"type": "image"}
    document["formats"]["square"]["elements"][0] = {
        "id": "photo",
        "type": "image",
        "variable": "photo",
        "box": [0, 0, 1080, 700],
        "open": {"content": True},
    }
    theirs = assets.asset(accounts.actor_for(cast.owner), factory.photo(400, 300), kind="photo", name="theirs")
    version = published(document, name="With a photo")
    body = {"template_version_id": version["id"], "files": ["square.jpg"], "values": {"photo": theirs.id}}
    batch = api(cast.marketing).post("/batches", json=body).json
    work(errands)
    items = items_of(api(cast.marketing), batch)
    assert (items[cast.north.id]["state"], items[cast.south.id]["state"]) == ("rendered", "failed")


def test_marketing_starts_watches_and_takes_a_batch_in_the_portal(portal, cast, many, version, errands) -> None:
    desk = portal(cast.marketing)
    assert "Make it for many partners" in desk.get(f"/templates/{version['template_id']}").text
    form = desk.get(f"/batches/new/{version['id']}").text
    assert "A4 as PDF" in form
    refused = desk.post(f"/batches/new/{version['id']}", data={"name": "None"})
    assert refused.status_code == 422
    made = desk.post(
        f"/batches/new/{version['id']}",
        data={"files": ["a4.pdf"], "tiers": ["silver"], "values.headline": "Meet us", "name": "Silver week"},
    )
    assert made.status_code == 303, made.text
    assert "0 of 3 partners" in desk.get(made.location).text
    work(errands)
    page = desk.get(made.location).text
    assert "3 of 3 partners" in page
    assert "What could not be made" in page
    assert "Say it in fewer words." in page
    whole = zipfile.ZipFile(io.BytesIO(desk.get(f"{made.location}/zip").data))
    assert "Meet us" in text_of(whole.read(f"alster-it-{many[0].id}/autumn-flyer-a4.pdf"))
    assert desk.get(f"{made.location}/report").mimetype == "text/csv"
    assert "Silver week" in desk.get("/batches/").text
    again = desk.post(f"/batches/new/{version['id']}", data={"files": ["a4.pdf"]})
    assert desk.post(f"{again.location}/cancel").status_code == 303


def test_values_of_a_language_go_before_those_for_all_and_of_a_country_before_both() -> None:
    by_locale = {"de": {"b": 2, "c": 2}, "de-AT": {"c": 3}}
    assert rules.values_for("de_AT", {"a": 1, "b": 1, "c": 1}, by_locale) == {"a": 1, "b": 2, "c": 3}
    assert rules.values_for("fr", {"a": 1}, by_locale) == {"a": 1}
    assert replace(rules.FileWanted.read("link_card.jpg"), output="png") == rules.FileWanted("link_card", "png")
