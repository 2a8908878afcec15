"""The main job in a real browser: marketing, a partner, a channel manager and finance, one after the other.

Everything that a person does is done in Chromium. The results are looked at where they end up: in the recipient's mail,
in the PDF, in the pixels of the picture, in the ledger's sums.
"""

import json
import re
from datetime import timedelta

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests import story
from tests.factories.cobranding import flyer
from tests.running import wait_until
from tests.story import TODAY, money

pytestmark = pytest.mark.xdist_group("browser")
INVOICE = "RE-2026-77"


def _upload(page: Page, name: str, media_type: str, data: bytes, *, kind: str, label: str) -> None:
    page.goto("/files/new")
    page.get_by_label("File", exact=True).set_input_files({"name": name, "mimeType": media_type, "buffer": data})
    page.get_by_label("What is it?").select_option(label=kind)
    page.get_by_label("Name", exact=False).first.fill(label)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(label)


def _publish_template(page: Page, name: str, document: dict) -> None:
    page.goto("/templates/new")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Document").fill(json.dumps(document))
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published").first).to_be_visible()


def _fill(page: Page, fields: dict[str, str]) -> None:
    for label, value in fields.items():
        page.get_by_role("textbox", name=label).or_(page.get_by_label(label)).first.fill(value)


def _choose(select: Locator, beginning: str) -> None:
    option = select.locator("option", has_text=re.compile(beginning))
    select.select_option(option.first.get_attribute("value"))


def test_marketing_publishes_a_kit(signed_in, cast):
    page = signed_in("marketing@brand.example")
    _upload(page, "hero.jpg", "image/jpeg", story.photo(), kind="Photo", label="hero")
    _publish_template(page, "Cloud mail", story.email_document())
    _publish_template(page, "Cloud flyer", flyer())

    page.goto("/kits/")
    page.get_by_role("link", name=re.compile("new kit|first kit", re.IGNORECASE)).first.click()
    _fill(page, {"Name": "Cloud week", "Summary": "A mail with your flyer, and a post."})
    page.get_by_role("button", name="Start the kit").click()
    mail, post = story.kit_document(email=1, flyer=2)["touches"]

    page.get_by_role("link", name="Add a mail").click()
    _fill(page, {"Short name": "invitation", "Title": "Invitation", "Where the link leads": mail["link_url"]})
    _fill(page, {place.capitalize(): text for place, text in mail["texts"]["en"].items()})
    template, file = page.get_by_role("combobox", name="Template").all()
    _choose(template, "Cloud mail")
    _choose(file, "Cloud flyer")
    page.get_by_role("textbox", name="Format").fill("a4")
    page.get_by_label("Time", exact=True).fill("00:00")
    page.get_by_role("button", name="Save").click()

    page.get_by_role("link", name="Add a post to share by hand").click()
    _fill(page, {"Short name": "post", "Title": "Post", "Where the link leads": post["link_url"]})
    _fill(page, {"Message": post["texts"]["en"]["message"]})
    _choose(page.get_by_role("combobox", name="Template"), "Cloud flyer")
    page.get_by_label("Format of the picture").fill("square")
    page.get_by_label("Time", exact=True).fill("00:01")
    page.get_by_role("button", name="Save").click()

    page.get_by_role("button", name="Publish to all partners").click()
    expect(page.get_by_text("Published").first).to_be_visible()


def test_a_partner_launches_it_with_one_click(signed_in, service, cast):
    page = signed_in("owner@partner-a.example")
    _upload(page, "logo.png", "image/png", story.logo(), kind="Logo", label="Nordwind logo")

    page.goto("/contacts/import")
    contacts = {"name": "contacts.csv", "mimeType": "text/csv", "buffer": story.contacts_csv().encode()}
    page.get_by_label("File", exact=True).set_input_files(contacts)
    page.get_by_label("Where the consent").fill("Newsletter form")
    page.get_by_label("These people agreed").check()
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("main")).to_contain_text("6")

    page.goto("/")
    page.get_by_role("link", name=re.compile("Cloud week")).first.click()
    page.get_by_role("link", name="Launch in our name").click()
    expect(page.get_by_role("main")).to_contain_text("4 people with consent will get the mails")
    frame = page.frame_locator("iframe").first
    expect(frame.get_by_text("Your cloud by Friday").first).to_be_visible()
    expect(frame.get_by_role("img", name="Nordwind Systemhaus")).to_be_visible()
    page.get_by_role("button", name="Launch", exact=True).last.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cloud week")

    mails = wait_until(lambda: service.mails("ann@customer-one.example"), "The mail to Ann")
    assert len(mails) == 1
    assert mails[0]["Subject"] == "Ann, your cloud by Friday"
    assert "Nordwind Systemhaus" in mails[0]["From"]
    assert mails[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mails[0]["Feedback-ID"]
    assert "Hafenstr. 7" in mails[0].get_body(("plain",)).get_content()

    html = mails[0].get_body(("html",)).get_content()
    link = re.search(r'href="([^"]+)"[^>]*>\s*The flyer', html)[1].replace("&amp;", "&")
    answer = httpx.get(link, follow_redirects=True, headers={"User-Agent": "Mozilla/5.0 Firefox/130.0"})
    assert "Nordwind Systemhaus" in story.text_of(answer.content)


def test_the_sandbox_shows_the_mail_as_its_recipient_sees_it(signed_in, service, cast):
    wait_until(lambda: service.mails("bob@customer-two.example"), "The mail to Bob")
    page = signed_in("marketing@brand.example")

    page.goto("/sandbox/mail?to=bob")
    page.get_by_role("link", name="Bob, your cloud by Friday").first.click()

    frame = page.frame_locator("iframe").first
    expect(frame.get_by_text("Dear Bob, a word for Customer Two.")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("List-Unsubscribe")


def test_the_picture_to_share_has_the_partners_logo(signed_in, cast):
    page = signed_in("owner@partner-a.example")
    page.goto("/launches/")
    page.get_by_role("link", name="Cloud week").first.click()
    page.get_by_role("link", name="Share it now").click()
    expect(page.get_by_label("Text for your post")).to_have_value(
        re.compile("Ask Nordwind Systemhaus in Hamburg: http")
    )

    with page.expect_download() as caught:
        page.get_by_role("link", name="Square").click()
    picture = caught.value.path().read_bytes()

    assert 0.005 < story.share_of_colour(picture, story.LOGO_COLOUR) < 0.1
    page.get_by_label("Where").first.fill("LinkedIn")
    page.get_by_role("button", name="I have shared it").click()
    expect(page.get_by_role("main")).to_contain_text("it counts as shared")


def test_a_partner_asks_for_money(signed_in, cast):
    page = signed_in("owner@partner-a.example")
    page.goto("/mdf/requests/new")
    start = TODAY() + timedelta(days=1)
    _choose(page.get_by_label("Activity"), "E-mail campaign")
    _fill(page, {"Title": "Cloud week", "Starts on": str(start), "Ends on": str(start + timedelta(days=7))})
    for row, (kind, what, amount) in enumerate(
        (("Media", "Sending", "1500.00"), ("Production", "Photos", "500.00")), 1
    ):
        _choose(page.get_by_label(f"Kind of cost {row}"), kind)
        page.get_by_label(f"Description {row}").fill(what)
        page.get_by_label(f"Amount {row}", exact=False).last.fill(amount)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("main")).to_contain_text("1,000.00")
    page.get_by_role("button", name=re.compile("Submit")).click()
    expect(page.get_by_text("Submitted").first).to_be_visible()


def test_a_channel_manager_approves_it(signed_in, cast):
    page = signed_in("channel@brand.example")
    page.get_by_role("link", name=re.compile("Decide: Cloud week")).click()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Approved").first).to_be_visible()


def test_a_partner_claims_what_it_cost(signed_in, cast):
    page = signed_in("owner@partner-a.example")
    page.get_by_role("link", name=re.compile("Cloud week.*Claim what you spent")).click()
    page.get_by_text("Claim what it cost").click()
    if page.get_by_role("button", name="Start the claim").count():
        page.get_by_role("button", name="Start the claim").click()
    for proof, name, media_type, data in (
        ("Invoice", "invoice.pdf", "application/pdf", story.invoice(INVOICE, "1,800.00")),
        ("Report of results", "report.png", "image/png", story.report()),
    ):
        part = page.locator(
            "form", has=page.locator(f"input[name=proof][value={'invoice' if proof == 'Invoice' else 'report'}]")
        )
        part.locator("input[type=file]").set_input_files({"name": name, "mimeType": media_type, "buffer": data})
        part.get_by_role("button", name="Upload").click()
        expect(page.get_by_role("heading", name=proof).get_by_text("attached")).to_be_attached()
    _fill(page, {"Supplier": "Print & Post KG", "Invoice number": INVOICE, "Invoice date": str(TODAY())})
    page.get_by_label("Net, before tax").fill("1800.00")
    page.get_by_label("Leads").fill("12")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("900.00")
    page.get_by_role("button", name=re.compile("Submit")).click()
    expect(page.get_by_text("Submitted").first).to_be_visible()


def test_finance_approves_in_part_and_another_one_pays(signed_in, service, cast):
    page = signed_in("finance@brand.example")
    page.get_by_role("link", name=re.compile("Review: Cloud week")).click()
    page.get_by_label("Payout").fill("850.00")
    page.get_by_label("Reason, if less is approved").select_option("cost_excluded")
    page.get_by_label("Note to the partner").fill("Postage is not paid")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Approved").first).to_be_visible()

    treasurer = signed_in("treasurer@brand.example")
    treasurer.goto("/mdf/payments/new")
    treasurer.get_by_role("button", name="Prepare the run in EUR").click()
    expect(treasurer.get_by_role("main")).to_contain_text("850.00")
    expect(treasurer.get_by_role("button", name="Release")).to_have_count(0)
    run = treasurer.url

    service.invite(cast.admin, "second@brand.example", "Sam Second", "finance")
    second = signed_in("second@brand.example")
    second.goto(run)
    second.get_by_role("button", name="Release").click()
    second.get_by_role("button", name="Export for the bank").click()
    second.get_by_role("button", name="Paid today").click()
    expect(second.get_by_text("Settled").first).to_be_visible()


def test_the_partner_sees_the_money_and_the_ledger_balances(signed_in, service, cast):
    page = signed_in("owner@partner-a.example")
    expect(page.get_by_role("link", name=re.compile("^Paid"))).to_contain_text("850.00")
    page.goto("/mdf/claims/")
    expect(page.get_by_role("cell", name="Paid")).to_be_visible()

    assert all(
        total == 0 for _, total in service.ask("SELECT currency, sum(amount_minor) FROM ledger_postings GROUP BY 1")
    )
    paid = cast.finance.get("/mdf/ledger/accounts", fund_id=cast.fund_id, kind="paid")["items"]
    assert [account["balance"] for account in paid] == [money("850.00")]
    service.command("check", "ledger")
