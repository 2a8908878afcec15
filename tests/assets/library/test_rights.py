"""The rights to a file: from when, until when, where, and in what."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from assets.library import rules, service
from assets.library.errors import RightsNotRunning
from assets.library.rules import RightsChannel
from tcma.accounts.service import actor_of
from tcma.infra.db import reading, session
from tcma.kernel import clock
from tests.factories.assets import asset, picture

TODAY = date(2026, 11, 26)


@dataclass
class File:
    name: str = "hero"
    rights_from_on: date | None = None
    rights_until_on: date | None = None
    rights_regions: list[str] = field(default_factory=list)
    rights_channels: list[str] = field(default_factory=list)


@pytest.mark.parametrize(
    ("file", "asked", "sentence"),
    [
        (File(), {"region": "EMEA", "channel": "print"}, ""),
        (File(rights_until_on=TODAY), {}, ""),
        (File(rights_until_on=date(2026, 3, 3)), {}, "The rights to “hero” ended on 3 March 2026."),
        (File(rights_from_on=date(2027, 1, 1)), {}, "The rights to “hero” begin on 1 January 2027."),
        (File(rights_regions=["EMEA"]), {"region": " emea"}, ""),
        (File(rights_regions=["EMEA"]), {}, ""),
        (
            File(rights_regions=["APAC", "EMEA"]),
            {"region": "LATAM"},
            "“hero” may be used in APAC, EMEA only, not in LATAM.",
        ),
        (
            File(rights_regions=["EMEA"]),
            {"region": ""},
            "“hero” may be used in EMEA only, and this partner has no region in its profile.",
        ),
        (File(rights_channels=["print"]), {"channel": "print"}, ""),
        (File(rights_channels=["print"]), {}, ""),
        (
            File(rights_channels=["print", "screen"]),
            {"channel": "email"},
            "“hero” may be used in print, the screen only, not in e-mail.",
        ),
    ],
)
def test_why_a_file_may_not_be_used_is_said_with_its_name(file, asked, sentence):
    assert rules.rights_problem(file, TODAY, **asked) == sentence


DAYS = st.none() | st.dates(date(2026, 11, 20), date(2026, 12, 2))


@given(
    start=DAYS,
    end=DAYS,
    regions=st.lists(st.sampled_from(["EMEA", "APAC"]), unique=True),
    channels=st.lists(st.sampled_from([one.value for one in RightsChannel]), unique=True),
    region=st.none() | st.sampled_from(["", "EMEA", "LATAM"]),
    channel=st.none() | st.sampled_from(RightsChannel),
)
def test_a_file_may_be_used_exactly_when_every_one_of_its_limits_allows_it(  # noqa: PLR0917 -- one column each
    start, end, regions, channels, region, channel
):
    file = File("x", start, end, regions, channels)
    may = (
        rules.rights_run(TODAY, start, end)
        and (region is None or not regions or region in regions)
        and (channel is None or not channels or channel in channels)
    )
    assert (rules.rights_problem(file, TODAY, region=region, channel=channel) == "") == may


def test_a_partner_sees_files_of_its_region_and_of_no_other(api, crowd):
    marketing = actor_of(crowd["marketing"])
    asset(marketing, picture(), kind="photo", name="everywhere")
    asset(marketing, picture(), kind="photo", name="here", rights_regions=["Emea", "apac"])
    asset(marketing, picture(), kind="photo", name="elsewhere", rights_regions=["LATAM"])

    def names(person):
        return [item["name"] for item in api(crowd[person]).get("/assets").json["items"]]

    assert names("a") == ["here", "everywhere"]
    assert names("b") == ["everywhere"]
    assert len(names("marketing")) == 3


def test_rights_are_edited_by_the_owner_and_the_change_is_on_record(api, crowd):
    made = asset(actor_of(crowd["marketing"]), picture(), kind="photo", name="hero")
    client = api(crowd["marketing"])
    change = {
        "rights_from_on": "2026-01-01",
        "rights_until_on": "2999-12-31",
        "rights_regions": ["dach", "EMEA", " emea "],
        "rights_channels": ["social", "print", "social"],
    }
    body = client.patch(f"/assets/{made.id}", json=change).json
    assert (body["rights_from_on"], body["rights_until_on"]) == ("2026-01-01", "2999-12-31")
    assert (body["rights_regions"], body["rights_channels"]) == (["DACH", "EMEA"], ["print", "social"])
    with reading(actor_of(crowd["finance"])):
        entry = session.execute(
            text("SELECT before, after FROM audit_entries WHERE action = 'assets.asset.edited'")
        ).one()
    assert entry.before["rights_until_on"] is None
    assert (entry.after["rights_until_on"], entry.after["rights_regions"]) == ("2999-12-31", ["DACH", "EMEA"])
    open_end = client.patch(f"/assets/{made.id}", json={"rights_until_on": None}).json
    assert (open_end["rights_from_on"], open_end["rights_until_on"]) == ("2026-01-01", None)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"rights_from_on": "2027-02-01", "rights_until_on": "2027-01-01"}, "rights_until_on"),
        ({"rights_channels": ["radio"]}, "rights_channels.0"),
        ({"rights_regions": ["x" * 61]}, "rights_regions"),
        ({"rights_until_on": "soon"}, "rights_until_on"),
    ],
)
def test_rights_that_make_no_sense_are_refused_with_their_field(api, crowd, change, name):
    made = asset(actor_of(crowd["a"]))
    answer = api(crowd["a"]).patch(f"/assets/{made.id}", json=change)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [name]


def test_the_page_changes_rights_and_empties_them_again(portal, api, crowd):
    made = asset(actor_of(crowd["a"]), name="mark", tags=["old"])
    browser, path = portal(crowd["a"]), f"/files/{made.id}"
    full = {
        "name": "mark",
        "variant": "any",
        "alt_text": "",
        "tags": "sea, sky",
        "rights_from_on": "2026-01-01",
        "rights_until_on": "2026-02-01",
        "rights_regions": "emea, dach",
        "rights_channels": ["print", "email"],
    }
    assert browser.post(path, data=full).status_code == 303
    page = browser.get(path).text
    assert "ended on 1 February 2026" in page
    assert "DACH, EMEA" in page
    kept = api(crowd["a"]).get(f"/assets/{made.id}").json
    assert (kept["tags"], kept["rights_channels"]) == (["sea", "sky"], ["print", "email"])
    emptied = {name: "" for name in full if name != "rights_channels"} | {"name": "mark", "variant": "any"}
    assert browser.post(path, data=emptied).status_code == 303
    kept = api(crowd["a"]).get(f"/assets/{made.id}").json
    assert (kept["tags"], kept["rights_regions"], kept["rights_channels"]) == ([], [], [])
    assert (kept["rights_from_on"], kept["rights_until_on"]) == (None, None)


def test_whoever_makes_something_of_files_is_told_which_may_not_be_used(crowd):
    marketing, a, today = actor_of(crowd["marketing"]), actor_of(crowd["a"]), clock.today()
    good = asset(marketing, picture(), kind="photo", name="good", rights_regions=["EMEA"])
    ended = asset(marketing, picture(), kind="photo", name="ended", rights_until_on=today - timedelta(days=1))
    afar = asset(marketing, picture(), kind="photo", name="afar", rights_regions=["LATAM"])
    printed = asset(marketing, picture(), kind="photo", name="printed", rights_channels=["print"])
    own = asset(a, picture(), kind="photo", name="own", rights_regions=["LATAM"])
    theirs = asset(actor_of(crowd["b"]), picture(), kind="photo", name="theirs", rights_until_on=date(2000, 1, 1))
    ids = [each.id for each in (good, ended, afar, printed, own, theirs)]
    with reading(a):
        found = service.rights_problems(a, ids, partner_id=a.partner_id, channel="email")
        assert set(found) == {ended.id, afar.id, printed.id}
        assert "“ended”" in found[ended.id]
        assert "not in e-mail" in found[printed.id]
        with pytest.raises(RightsNotRunning, match="“afar”"):
            service.require_rights(a, ids, partner_id=a.partner_id)
        service.require_rights(a, [good.id, own.id], partner_id=a.partner_id, channel="social")
    with reading(marketing):
        assert set(service.rights_problems(marketing, ids)) == {ended.id, theirs.id}
