"""What the doctor reads in the DNS, who may claim a name, what a From line says, how a warm-up grows."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.senders import rules
from campaigns.senders.errors import DomainInvalid, SenderInvalid
from campaigns.senders.rules import Facts, Identity, KeyFacts, KeyState, Standing
from campaigns.senders.rules.from_line import harmless
from campaigns.senders.rules.warm_up import RAMP, allowance, buckets_of
from tcma.infra.resolver import WrittenResolver

KEY = KeyFacts("tcma1-1", "rsa", "QUJDRA==", KeyState.WAITING)
FACTS = Facts("nord.example", "tcma-verify=abc", (KEY,), "mail.brand.example")
GOOD = {
    ("TXT", "_tcma.nord.example"): ["tcma-verify=abc"],
    ("TXT", "tcma1-1._domainkey.nord.example"): ["v=DKIM1; k=rsa; p=QUJD RA=="],
    ("TXT", "_dmarc.nord.example"): ["v=DMARC1; p=reject; adkim=s"],
    ("TXT", "nord.example"): ["v=spf1 include:spf.host.example -all", "something else"],
    ("TXT", "spf.host.example"): ["v=spf1 ip4:192.0.2.0/24 ~all"],
    ("MX", "nord.example"): ["mx.nord.example"],
    ("MX", "mail.brand.example"): ["mx.brand.example"],
    ("TXT", "mail.brand.example"): ["v=spf1 a -all"],
}


def look(*, broken: frozenset[str] = frozenset()):
    return rules.examine(WrittenResolver(GOOD, broken), FACTS)


def with_record(kind: str, name: str, *texts: str):
    return rules.examine(WrittenResolver({**GOOD, (kind, name): texts}), FACTS)


def found(report, check: str):
    return next(finding for finding in report.findings if finding.check == check)


def test_a_domain_with_every_record_may_send_and_nothing_is_to_be_pasted():
    report = look()
    assert report.may_send
    assert report.published == {"tcma1-1"}
    assert {finding.standing for finding in report.findings} == {Standing.PASS}
    assert not any(finding.record for finding in report.findings)


def test_a_domain_without_records_is_told_what_to_paste_and_where():
    report = rules.examine(WrittenResolver({}), FACTS)
    assert not report.may_send
    assert (found(report, "ownership").record_name, found(report, "ownership").record) == (
        "_tcma.nord.example",
        "tcma-verify=abc",
    )
    key = found(report, "dkim")
    assert (key.record_name, key.record) == ("tcma1-1._domainkey.nord.example", "v=DKIM1; k=rsa; p=QUJDRA==")
    assert found(report, "dmarc").record == "v=DMARC1; p=none"
    assert found(report, "spf").record.startswith("v=spf1 ")


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        (["v=DKIM1; k=rsa; p=QUJDRA"], "another one"),
        (["v=DKIM1; p=QUJDRA==", "v=DKIM1; p=QUJDRA=="], "2 records"),
        (["v=DKIM1; p="], "Something else"),
        (["hello"], "Something else"),
    ],
)
def test_a_key_that_was_pasted_wrongly_is_named_and_lets_nothing_leave(texts, says):
    report = with_record("TXT", "tcma1-1._domainkey.nord.example", *texts)
    assert says in found(report, "dkim").seen
    assert found(report, "dkim").standing is Standing.FAIL
    assert not report.may_send


@pytest.mark.parametrize(
    ("record", "standing"),
    [
        ("v=DMARC1; p=none", Standing.PASS),
        ("v=DMARC1;p=quarantine;adkim=r", Standing.PASS),
        ("v=DMARC1; p=sometimes", Standing.FAIL),
        ("v=DMARC1", Standing.FAIL),
    ],
)
def test_a_dmarc_policy_is_read_as_receivers_read_it(record, standing):
    assert found(with_record("TXT", "_dmarc.nord.example", record), "dmarc").standing is standing


def test_two_dmarc_records_count_as_a_failure():
    report = with_record("TXT", "_dmarc.nord.example", "v=DMARC1; p=none", "v=DMARC1; p=reject")
    assert found(report, "dmarc").standing is Standing.FAIL


def test_the_policy_of_the_organization_counts_for_a_name_below_it():
    facts = dataclasses.replace(FACTS, domain="news.nord.example", keys=())
    records = {("TXT", "_dmarc.nord.example"): ["v=DMARC1; p=none; sp=reject"]}
    finding = found(rules.examine(WrittenResolver(records), facts), "dmarc")
    assert finding.standing is Standing.FAIL
    assert "is refused" in finding.meaning


@pytest.mark.parametrize(
    ("record", "says"),
    [
        ("v=spf1 " + " ".join(f"include:i{n}.example" for n in range(11)) + " -all", "10 look-ups"),
        ("v=spf1 include:nord.example -all", "in a circle"),
        ("v=spf1 include:nothing.example -all", "no SPF record"),
        ("v=spf1 ipv4:1.2.3.4 -all", "cannot read"),
        ("v=spf1 include: -all", "names nothing"),
    ],
)
def test_an_spf_record_that_counts_for_nothing_is_explained(record, says):
    records = {**GOOD, ("TXT", "nord.example"): [record]}
    records |= {("TXT", f"i{n}.example"): ["v=spf1 -all"] for n in range(11)}
    finding = found(rules.examine(WrittenResolver(records), FACTS), "spf")
    assert finding.standing is Standing.WARN
    assert says in finding.seen


def test_a_name_server_that_does_not_answer_is_no_reason_to_stop():
    report = look(broken=frozenset({"_tcma.nord.example"}))
    assert found(report, "ownership").standing is Standing.UNANSWERED
    assert not report.is_certain
    assert look(broken=frozenset({"_dmarc.nord.example"})).is_certain


@pytest.mark.parametrize(
    ("given", "name"),
    [("Nord.Example.COM.", "nord.example.com"), ("bücher.example", "xn--bcher-kva.example"), (" a-b.de ", "a-b.de")],
)
def test_a_domain_is_kept_in_one_spelling(given, name):
    assert rules.read_domain(given, of_the_service="mail.brand.example", by_partner=True) == name


@pytest.mark.parametrize(
    "given",
    ["", "nord", "co.uk", "github.io", "192.0.2.1", "-a.de", "a b.de", "x" * 64 + ".de", "a..de", "*.de", "a/b.de"],
)
def test_a_name_under_which_nobody_can_send_is_refused(given):
    with pytest.raises(DomainInvalid) as refusal:
        rules.read_domain(given, of_the_service="mail.brand.example", by_partner=True)
    assert refusal.value.errors["name"]


@pytest.mark.parametrize("given", ["mail.brand-portal.com", "brand-portal.com", "x.BRAND-portal.com"])
def test_no_partner_claims_the_domain_of_the_service(given):
    with pytest.raises(DomainInvalid, match="the portal's own"):
        rules.read_domain(given, of_the_service="mail.brand-portal.com", by_partner=True)
    assert rules.read_domain(given, of_the_service="mail.brand-portal.com", by_partner=False)


@pytest.mark.parametrize("name", ["", "a@b.de", "Kim <x>", "Kim\r\nBcc: x", "Kim\u202egnp", "x" * 79, "Kim\u200bMeyer"])
def test_a_name_that_could_be_taken_for_something_else_is_refused(name):
    with pytest.raises(SenderInvalid):
        rules.read_name(name)


WANTED = Identity("Nordwind", "kim@nord.example", "Hafenstr. 1", "")


def line(*, own=None, shared=None, wanted: Identity = WANTED):
    return rules.choose(
        wanted,
        own_domains=own or {},
        shared_domains=shared or {},
        service_domain="mail.brand.example",
        safe_local="nordwind.7",
    )


def test_under_a_verified_domain_of_its_own_a_partner_writes_as_itself():
    chosen = line(own={"nord.example": 3})
    assert (chosen.address, chosen.reply_to, chosen.domain_id) == ("kim@nord.example", "", 3)


def test_without_one_the_address_is_safe_and_answers_reach_the_partner():
    chosen = line()
    assert (chosen.name, chosen.address) == ("Nordwind", "nordwind.7@mail.brand.example")
    assert (chosen.reply_to, chosen.domain_id) == ("kim@nord.example", None)


def test_under_a_domain_of_the_brand_no_partner_writes_as_somebody_of_the_brand():
    wanted = dataclasses.replace(WANTED, address="ceo@news.brand.example")
    chosen = line(shared={"news.brand.example": 9}, wanted=wanted)
    assert (chosen.address, chosen.domain_id) == ("nordwind.7@news.brand.example", 9)


def test_a_domain_below_a_verified_one_is_not_verified():
    assert line(own={"example": 1, "other.example": 2}).address.endswith("@mail.brand.example")


@given(st.text(max_size=200))
def test_a_shown_name_never_holds_an_address_or_a_line_break(text):
    shown = harmless(text)
    assert not set(shown) & set("@<>＠\r\n\u2028\u202e")


@given(st.text(max_size=100), st.integers(1, 10**9))
def test_a_safe_local_part_is_one_in_every_case(name, number):
    local = rules.safe_local_part(name, number)
    assert rules.read_sender_address(f"{local}@mail.brand.example") == f"{local}@mail.brand.example"


BEGAN = datetime(2026, 3, 1, 22, tzinfo=UTC)


def test_a_warm_up_grows_every_few_days_and_ends():
    volumes = [allowance(BEGAN, BEGAN + timedelta(days=day)) for day in range(40)]
    per_day = [one.per_day if one else None for one in volumes]
    assert per_day[:4] == [400, 400, 800, 800]
    assert [volume for volume in per_day if volume] == sorted(volume for volume in per_day if volume)
    assert per_day[29:] == [None] * 11
    assert {volume for volume in per_day if volume} == {volume for _day, volume in RAMP}


def test_a_day_of_the_warm_up_ends_at_midnight_whenever_it_began():
    today = allowance(BEGAN, BEGAN)
    assert today is not None
    assert today.next_at == datetime(2026, 3, 2, tzinfo=UTC)
    (by_hour, by_day) = buckets_of(5, None, today, BEGAN)
    assert (by_hour.capacity, by_day.capacity, by_day.ends_in_s) == (50, 400, 7200)
    assert by_day.key == "warm-up:5:2026-03-01"


def test_who_has_sent_before_needs_no_warm_up():
    assert allowance(None, BEGAN) is None
    assert buckets_of(5, None, None, BEGAN) == []
    assert [one.key for one in buckets_of(5, 3600, None, BEGAN)] == ["domain:5"]
