"""Long lists, taken over by the real jobs: nobody lost, nobody counted twice, whatever is killed in between."""

import io
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import text

from campaigns.audiences import service as audiences
from campaigns.imports import service, tasks
from campaigns.imports.errors import ListNotFound, ListStarted, ListUnreadable
from campaigns.imports.service import Received
from tcma.accounts.model import User
from tcma.infra.db import reading, session, transaction
from tcma.infra.storage import StorageUnavailable
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.errors import Forbidden
from tcma.kernel.permissions import BRAND_ROLES, Role
from tests.clients import api_client, browser
from tests.factories import accounts as make

HEADER = "Email;Vorname;Shoe size;Consent"


@pytest.fixture
def people(world, errands) -> dict[str, Actor]:
    with transaction(SYSTEM):
        make.brand()
        return {
            "north": make.actor_for(make.user(Role.OWNER, make.partner("Nord"))),
            "south": make.actor_for(make.user(Role.OWNER, make.partner("Süd"))),
            "brand": make.actor_for(make.user(Role.ADMIN, roles=sorted(BRAND_ROLES))),
        }


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch) -> None:
    monkeypatch.setattr(tasks, "PIECE_ROWS", 10)


def lines(count: int, *, first: int = 0) -> str:
    return "".join(f"kim{n}@x.example.com;Kim{n};{n};yes\n" for n in range(first, first + count))


def given(actor: Actor, data: str | bytes, filename: str = "list.csv"):
    source = io.BytesIO(data.encode() if isinstance(data, str) else data)
    received = Received.store(source)
    with transaction(actor):
        return service.receive(actor, received, filename=filename)


def started(actor: Actor, data: str | bytes, **fields):
    made = given(actor, data)
    with transaction(actor):
        return service.start(actor, made.id, columns=made.columns, consent_source="Trade fair", **fields)


def found(actor: Actor, list_id: int):
    with reading(actor):
        row = service.one(actor, list_id)
        report = audiences.one_import(actor, row.import_id)
        session.expunge_all()
        return row, report


def contacts(actor: Actor) -> dict[str, tuple[str, dict]]:
    with reading(actor):
        rows = session.execute(text("SELECT email, first_name, attributes FROM contacts ORDER BY id"))
        return {email: (first_name, attributes) for email, first_name, attributes in rows}


def test_a_list_is_taken_over_with_a_report_and_consent_row_by_row(people, work):
    made = started(people["north"], f"{HEADER}\n{lines(25)}nonsense;X;;yes\nlou@x.example.com;Lou;;no\n")
    assert work() >= 1
    row, report = found(people["north"], made.id)
    assert (row.state, row.percent, row.done_rows, row.problems) == ("done", 100, 28, 1)
    assert (report.created, report.updated, report.skipped, report.without_consent) == (26, 0, 1, 1)
    assert contacts(people["north"])["kim7@x.example.com"] == ("Kim7", {"shoe size": "7"})
    with reading(people["north"]):
        (problem,) = service.problems_of(people["north"], made.id)
        assert (problem.row, problem.field) == (27, "email")
        consents = session.scalar(text("SELECT count(*) FROM consents"))
        evidence = session.scalar(text("SELECT evidence FROM consents ORDER BY id LIMIT 1"))
    assert consents == 25
    assert evidence == {"import_id": report.id, "row": 2}
    assert "taken over" in _notices(people["north"])[0]


def _notices(actor: Actor) -> list[str]:
    with reading(SYSTEM):
        return list(session.scalars(text("SELECT title FROM notifications WHERE kind = 'campaigns.list.done'")))


def test_an_address_that_comes_again_in_a_later_piece_is_left_out_and_named(people, work):
    made = started(people["north"], f"{HEADER}\n{lines(25)}KIM3@x.example.com;Other;;yes\n")
    work()
    row, report = found(people["north"], made.id)
    assert (report.created, report.updated, report.skipped, row.problems) == (25, 0, 1, 1)
    assert contacts(people["north"])["kim3@x.example.com"][0] == "Kim3"


def test_a_second_list_brings_people_up_to_date(people, work):
    started(people["north"], f"{HEADER}\n{lines(12)}")
    work()
    made = started(people["north"], "Email;Vorname\nkim3@x.example.com;Kimberley\nnew@x.example.com;New\n")
    work()
    _, report = found(people["north"], made.id)
    assert (report.created, report.updated) == (1, 1)
    assert contacts(people["north"])["kim3@x.example.com"] == ("Kimberley", {"shoe size": "3"})


def test_whoever_unsubscribed_stays_so_through_a_long_list(people, work):
    with transaction(people["north"]):
        audiences.suppress(people["north"], "kim3@x.example.com")
    made = started(people["north"], f"{HEADER}\n{lines(12)}")
    work()
    _, report = found(people["north"], made.id)
    assert (report.created, report.suppressed) == (12, 1)


@pytest.mark.parametrize("dies_at", [1, 2, 3])
def test_a_worker_that_dies_in_the_middle_loses_nobody_and_counts_nobody_twice(people, work, monkeypatch, dies_at):
    made = started(people["north"], f"{HEADER}\n{lines(35)}")
    real, calls = service.take_over, []

    def die(actor, shift, *, piece, given):
        calls.append(piece.end_row)
        if len(calls) == dies_at:
            raise SystemExit
        return real(actor, shift, piece=piece, given=given)

    monkeypatch.setattr(service, "take_over", die)
    with pytest.raises(SystemExit):
        work()
    monkeypatch.setattr(service, "take_over", real)
    tasks.sweep()
    assert work() == 0, "nobody takes over from a worker that may still be alive"
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        tasks.sweep()
        work()
    row, report = found(people["north"], made.id)
    assert (row.state, report.created, report.updated, report.skipped) == ("done", 35, 0, 0)
    assert len(contacts(people["north"])) == 35


def test_a_lost_message_is_asked_for_again(people, work, errands):
    made = started(people["north"], f"{HEADER}\n{lines(5)}")
    errands.clear()
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        tasks.sweep()
        work()
    assert found(people["north"], made.id)[0].state == "done"


def test_a_job_that_comes_twice_does_its_work_once(people, work):
    made = started(people["north"], f"{HEADER}\n{lines(25)}")
    with transaction(people["north"]):
        first = service.begin(people["north"], made.id)
        assert first is not None
        assert service.begin(people["north"], made.id) is None
    tasks.take_over(partner_id=people["north"].partner_id, list_id=made.id)
    assert contacts(people["north"]) == {}


def test_a_long_list_takes_turns(people, work, monkeypatch):
    monkeypatch.setattr(tasks, "TURN", timedelta(0))
    made = started(people["north"], f"{HEADER}\n{lines(35)}")
    assert work() >= 4
    row, report = found(people["north"], made.id)
    assert (row.state, report.created) == ("done", 35)


def test_a_list_that_is_cancelled_keeps_what_was_taken_over_and_takes_no_more(people, work, monkeypatch, errands):
    monkeypatch.setattr(tasks, "TURN", timedelta(0))
    made = started(people["north"], f"{HEADER}\n{lines(35)}")
    work(through="campaigns.imports.take_over")
    with transaction(people["north"]):
        service.cancel(people["north"], made.id)
    work()
    assert len(contacts(people["north"])) == 10
    assert found(people["north"], made.id)[0].state == "cancelled"


def test_a_workbook_is_taken_over_like_any_list(people, work):
    book = openpyxl.Workbook()
    for row in (["E-Mail", "Vorname", "Shoe size"], *([f"kim{n}@x.example.com", f"Kim{n}", n] for n in range(15))):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    made = started(people["north"], out.getvalue())
    work()
    row, report = found(people["north"], made.id)
    assert (row.state, report.created) == ("done", 15)
    assert contacts(people["north"])["kim14@x.example.com"] == ("Kim14", {"shoe size": "14"})


def test_a_file_in_utf_16_is_read_too(people, work):
    made = started(people["north"], "Email\tVorname\nzoë@x.example.com\tZoë\nkim@x.example.com\tKïm\n".encode("utf-16"))
    work()
    row, report = found(people["north"], made.id)
    assert (report.created, row.problems) == (1, 1)
    assert contacts(people["north"])["kim@x.example.com"][0] == "Kïm"


def test_a_storage_that_is_away_is_waited_for(people, work, monkeypatch):
    made = started(people["north"], f"{HEADER}\n{lines(5)}")

    def away(_self, _key):
        raise StorageUnavailable

    with monkeypatch.context() as patch:
        patch.setattr("tcma.infra.storage.DirectoryStorage.open", away)
        work()
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        tasks.sweep()
        work()
    assert found(people["north"], made.id)[0].state == "done"


def test_a_person_decides_what_the_columns_mean(people, work):
    made = given(people["north"], "Kontakt,Ansprache\nkim@x.example.com,Kim\n")
    assert made.columns == ["attributes.kontakt", "attributes.ansprache"]
    with transaction(people["north"]):
        service.start(people["north"], made.id, columns=["email", "first_name"], consent_source="Fair")
    work()
    assert contacts(people["north"]) == {"kim@x.example.com": ("Kim", {})}
    with pytest.raises(ListStarted), transaction(people["north"]):
        service.start(people["north"], made.id, columns=["email", ""], consent_source="Fair")


def test_a_file_that_is_no_list_is_refused_before_it_is_kept(people):
    for data in (b"", b"PK\x03\x04no workbook", b"\x00\x01\x02"):
        with pytest.raises(ListUnreadable):
            given(people["north"], data)


def test_neither_another_partner_nor_anybody_at_the_brand_sees_a_list(people, work, app):
    made = started(people["north"], f"{HEADER}\n{lines(5)}nonsense;;;\n")
    work()
    for who in ("south", "brand"):
        with reading(people[who]):
            for table in ("contact_lists", "contact_list_problems", "contacts", "contact_imports", "consents"):
                assert session.scalars(text(f"SELECT 1 FROM {table}")).all() == []
    with pytest.raises(ListNotFound), reading(people["south"]):
        service.one(people["south"], made.id)
    with pytest.raises((Forbidden, ListNotFound)), reading(people["brand"]):
        service.one(people["brand"], made.id)


def person(actor: Actor) -> User:
    with reading(SYSTEM):
        return session.get_one(User, actor.user_id)


def test_the_api_takes_a_list_from_the_file_to_the_errors(people, work, app):
    client = api_client(app, person(people["north"]))
    body = {"file": (io.BytesIO(f"{HEADER}\n{lines(3)}=cmd();X;;yes\n".encode()), "list.csv")}
    made = client.post("/contacts/lists", data=body, content_type="multipart/form-data").json
    assert made["columns"] == ["email", "first_name", "attributes.shoe size", "consent"]
    answer = client.post(
        f"/contacts/lists/{made['id']}/start", json={"columns": made["columns"], "consent_source": "Fair"}
    )
    assert answer.json["state"] == "running"
    work()
    done = client.get(f"/contacts/lists/{made['id']}").json
    assert (done["state"], done["percent"], done["problems"]) == ("done", 100, 1)
    assert client.get(f"/contacts/imports/{done['import_id']}").json["created"] == 3
    problems = client.get(f"/contacts/lists/{made['id']}/problems.csv").text
    assert problems.splitlines()[1].startswith("5,email,")


def test_the_pages_lead_from_the_file_to_what_came_of_it(people, work, app):
    client = browser(app, person(people["north"]))
    body = {"file": (io.BytesIO(f"{HEADER}\n{lines(3)}".encode()), "list.csv")}
    path = client.post("/contacts/lists/", data=body, content_type="multipart/form-data").location
    page = client.get(path).text
    assert "kim0@x.example.com" in page
    assert '<option value="email" selected>' in page
    fields = {"columns.0": "email", "columns.1": "first_name", "columns.2": "-", "columns.3": "consent"}
    assert client.post(f"{path}/start", data={**fields, "consent_source": "Fair"}).status_code == 422
    assert client.post(f"{path}/start", data={**fields, "consent_source": "Fair", "agreed": "true"}).status_code == 303
    assert client.get(f"{path}/progress").json["running"] is True
    assert "data-progress" in client.get(path).text
    work()
    assert client.get(f"{path}/progress").json == {"percent": 100, "text": "3 rows read, 0 left out", "running": False}
    assert contacts(people["north"])["kim1@x.example.com"] == ("Kim1", {})


def test_a_file_may_be_larger_than_other_bodies_for_those_who_are_signed_in(people, app, monkeypatch):
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1000)
    body = {"file": (io.BytesIO(f"{HEADER}\n{lines(1000)}".encode()), "list.csv")}
    answer = api_client(app, person(people["north"])).post(
        "/contacts/lists", data=body, content_type="multipart/form-data"
    )
    assert answer.status_code == 201
