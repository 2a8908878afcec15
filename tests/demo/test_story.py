import io
import subprocess
import sys
from collections import Counter
from contextlib import closing
from decimal import Decimal

import pypdfium2
import pytest
from PIL import Image

from mdf.claims.service import ClaimState
from mdf.requests.service import RequestState
from tcma.demo import story
from tests.running import PASSWORD, ROOT, running_service
from tests.walker import sign_in, walk

pytestmark = pytest.mark.xdist_group("story")

CHOSEN = {"TCMA_DEMO_PASSWORD": PASSWORD}


@pytest.fixture(scope="module")
def service():
    with running_service() as running:
        yield running


def tell(service):
    done = subprocess.run(
        [sys.executable, "-m", "tcma.cli", "demo", "--at", service.url],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={
            "PATH": "/usr/bin:/bin",
            "HOME": str(service.folder),
            **service.environment,
            "TCMA_DEMO_PASSWORD": PASSWORD,
        },
    )
    assert done.returncode == 0, done.stdout + done.stderr[-4000:]
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def told(service):
    return tell(service)


@pytest.fixture(scope="module")
def owner(service, told):
    return service.person("owner@partner-a.example")


def sums(service):
    """What is there, by table: a second telling must not change it."""
    tables = (
        "launches",
        "deliveries",
        "mdf_requests",
        "mdf_claims",
        "payments",
        "ledger_postings",
        "assets",
        "artworks",
    )
    known = {name for (name,) in service.ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    return {table: service.ask(f"SELECT count(*) FROM {table}") for table in known if table.endswith(tables)}


def test_every_page_has_something_true_to_show(service, told):
    def states(table):
        return {state for (state,) in service.ask(f"SELECT DISTINCT state FROM {table}")}

    def count(table):
        return service.ask(f"SELECT count(*) FROM {table}")[0][0]

    assert states("mdf_requests") == {state.value for state in RequestState}
    assert states("mdf_claims") == {state.value for state in ClaimState} - {"reversed"}  # nobody paid wrongly yet
    assert states("launches") >= {"scheduled", "cancelled"}
    # The picture to share is due at ten in the partner's city: before that, the launch still runs.
    assert states("launches") & {"running", "completed"}
    assert states("mdf_payment_batches") == {"draft", "settled"}
    assert (count("partners"), count("templates"), count("kits"), count("mdf_funds")) == (6, 5, 2, 2)
    assert {owned for (owned,) in service.ask("SELECT count(*) FROM contacts GROUP BY partner_id")} == {500}
    assert len(service.ask("SELECT DISTINCT time_zone FROM partners")) == 6


def test_the_mails_really_left_once_for_each_recipient_and_carry_both_marks(service, owner):
    launch = next(one for one in owner.get("/launches")["items"] if one["name"] == "Tasting week")
    results = owner.get(f"/launches/{launch['id']}/results")
    assert results["states"] == {"sent": results["recipients"]}
    assert results["recipients"] > 450
    mails = [mail for mail in service.mails("@") if mail["List-Unsubscribe-Post"]]
    arrived = Counter(mail["X-Envelope-To"] for mail in mails)
    assert len(arrived) == results["recipients"]
    assert set(arrived.values()) == {1}
    mail = mails[0]
    page = mail.get_body(("html",)).get_content()
    assert mail["From"].startswith("Nordwind")
    assert mail["List-Unsubscribe"].startswith("<http")
    assert "Speicherstraße 18, 20457 Hamburg" in page
    assert "{{" not in page + mail.get_body(("plain",)).get_content() + mail["Subject"]


def test_the_flyer_carries_the_partners_words_and_the_picture_its_logo(owner):
    artwork = owner.get("/artworks")["items"][0]
    flyer = owner.get(f"/artworks/{artwork['id']}/renders/a4")
    text = pypdfium2.PdfDocument(flyer)[0].get_textpage().get_text_bounded()
    for words in ("Hamburg spricht", "Nordwind Bürotechnik", "Speicherstraße 18", "+49 40 5550 142"):
        assert words in text
    launch = next(one for one in owner.get("/launches")["items"] if one["name"] == "Tasting week")
    touch = next(one for one in launch["touches"] if one["channel"] == "share")
    data = owner.get(f"/launches/{launch['id']}/touches/{touch['id']}/share/1200x630")
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    assert picture.size == (1200, 630)
    card = picture.crop((52, 488, 312, 592))
    colours = [pixel for _, pixel in sorted(card.getcolors(2**16), reverse=True)]
    assert min(colours[0]) > 245  # the white card
    assert any(sum(pixel) < 200 and pixel[2] > pixel[0] for pixel in colours)  # the partner's dark blue letters


def test_the_money_went_its_way_and_the_ledger_balances(service, owner):
    claim = next(one for one in owner.get("/mdf/claims")["items"] if one["title"] == story.TITLE)
    assert (claim["state"], claim["approved"]["amount"]) == ("paid", "640.00")
    assert not claim["approvals"][0]["in_full"]
    finance = service.person("finance@brand.example")
    for fund in finance.get("/mdf/funds")["items"]:
        accounts = finance.get("/mdf/ledger/accounts", fund_id=fund["id"], limit=200)["items"]
        assert sum(Decimal(one["balance"]["amount"]) for one in accounts) == 0
    payment = finance.get("/mdf/payments", claim_id=claim["id"])["items"][0]
    batch = finance.get(f"/mdf/payments/batches/{payment['batch_id']}")
    assert batch["state"] == "settled"
    assert batch["prepared_by_name"] != batch["released_by_name"]


def test_what_is_printed_names_figures_and_addresses(service, told):
    text = "\n".join(told)
    for words in ("mails delivered", "Files rendered", "Finance paid EUR 640.00", "balances"):
        assert words in text
    assert sum(line.strip().startswith(service.url) for line in told) == 10


def test_telling_it_again_changes_nothing(service, told):
    before = sums(service), len(service.mails("@"))
    assert tell(service) == told
    assert (sums(service), len(service.mails("@"))) == before


@pytest.mark.parametrize(
    "who", ["owner@partner-a", "owner@partner-b", "marketing@brand", "channel@brand", "finance@brand"]
)
def test_every_link_that_a_person_can_follow_leads_somewhere(service, told, who):
    with closing(sign_in(service.url, f"{who}.example", PASSWORD)) as browser:
        found = walk(browser)
    assert len(found) > 60
    assert {path: status for path, status in found.items() if status != 200} == {}
