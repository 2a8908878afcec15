"""A campaign's way, through the API of the running service: published once, launched in a partner's name, answered."""

import re

import httpx
import pytest

from tests import story
from tests.factories.cobranding import flyer
from tests.running import wait_until

BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
}
ONE_CLICK = "List-Unsubscribe=One-Click"


def _upload(person, data, filename, media_type, **fields):
    return person.post("/assets", files={"file": (filename, data, media_type)}, data=fields)["id"]


def _published(person, path, document, name):
    draft = person.post(path, {"name": name, "document": document})
    return person.post(f"{path}/versions/{draft['id']}/publish", {})["id"]


@pytest.fixture(scope="module")
def kit(cast):
    """A kit that the brand published."""
    _upload(cast.marketing, story.photo(), "hero.jpg", "image/jpeg", kind="photo", name="hero")
    email = _published(cast.marketing, "/templates", story.email_document(), "Cloud mail")
    leaflet = _published(cast.marketing, "/templates", flyer(), "Cloud flyer")
    kit = cast.marketing.post(
        "/kits", {"name": "Cloud week", "document": story.kit_document(email=email, flyer=leaflet)}
    )
    return cast.marketing.post(f"/kits/{kit['id']}/versions/{kit['draft_version_id']}/publish", {})


@pytest.fixture(scope="module")
def launch(cast, kit):
    """The kit, launched by a partner with its logo and its contacts."""
    _upload(cast.owner, story.logo(), "logo.png", "image/png", kind="logo", name="Nordwind")
    imported = cast.owner.post(
        "/contacts/import",
        files={"file": ("contacts.csv", story.contacts_csv(), "text/csv")},
        data={"consent_source": "Newsletter form", "consent_text": "Yes, write to me"},
    )
    assert imported["created"] == 4
    assert [(error["row"], error["field"]) for error in imported["errors"]] == [(6, "email")]
    plan = {"kit_version_id": kit["id"]}
    preview = cast.owner.post("/launches/preview", plan)
    assert preview["recipients"] == 4
    assert "Nordwind Systemhaus" in preview["touches"][0]["mails"][0]["html"]
    return cast.owner.post("/launches", plan)


@pytest.fixture(scope="module")
def mails(service, cast, launch):
    """What reached the three recipients whose addresses work."""
    return {
        address: wait_until(lambda address=address: service.mails(address), f"A mail to {address}")[0]
        for address, *_ in story.CONTACTS
    }


pytestmark = pytest.mark.xdist_group("service")


def test_each_recipient_gets_one_mail_in_the_partners_name(service, mails):
    for address, first_name, _, company in story.CONTACTS:
        mail = mails[address]
        assert len(service.mails(address)) == 1
        assert mail["Subject"] == f"{first_name}, your cloud by Friday"
        assert "Nordwind Systemhaus" in mail["From"]
        assert mail["To"].addresses[0].addr_spec == address
        html = mail.get_body(("html",)).get_content()
        text = mail.get_body(("plain",)).get_content()
        for part in (html, text):
            assert f"Dear {first_name}, a word for {company}." in part
            assert "Hafenstr. 7" in part
            assert "{{" not in part
        assert "brand.example/offer" not in html, "the link is not tracked"


def test_a_mail_carries_what_receivers_ask_for(mails):
    seen = set()
    for mail in mails.values():
        assert mail["List-Unsubscribe-Post"] == ONE_CLICK
        assert re.search(r"<https?://[^>]+>", mail["List-Unsubscribe"])
        assert mail["Feedback-ID"]
        assert mail["Message-ID"] not in seen
        assert mail["X-Envelope-From"] not in seen, "the return path does not tell the recipients apart"
        seen |= {mail["Message-ID"], mail["X-Envelope-From"]}


def test_an_address_that_is_unknown_fails_alone_and_says_why(cast, launch, mails):
    path = f"/launches/{launch['id']}/results"
    results = wait_until(
        lambda: (found := cast.owner.get(path))["failed"] == 1 and found["sent"] == 3 and found, "The last delivery"
    )
    assert results["recipients"] == 4
    (failed,) = cast.owner.get("/deliveries/", launch_id=launch["id"], state="failed")["items"]
    assert failed["recipient"] == story.REFUSED[0]
    assert "User unknown" in failed["detail"]


def test_the_flyer_behind_the_link_carries_the_partner(mails):
    html = mails["ann@customer-one.example"].get_body(("html",)).get_content()
    link = re.search(r'href="([^"]+)"[^>]*>\s*The flyer', html)
    assert link, html

    answer = httpx.get(link[1].replace("&amp;", "&"), headers=BROWSER, follow_redirects=True)

    assert answer.headers["Content-Type"] == "application/pdf"
    text = story.text_of(answer.content)
    assert "Nordwind Systemhaus" in text
    assert "up and running in a week" in " ".join(text.split())


def test_the_picture_to_share_shows_the_partners_logo(cast, launch):
    touch = next(touch for touch in launch["touches"] if touch["channel"] == "share")
    path = f"/launches/{launch['id']}/touches/{touch['id']}/share"

    share = cast.owner.get(path)
    picture = cast.owner.get(f"{path}/square")

    assert share["text"].startswith("Ask Nordwind Systemhaus in Hamburg: http")
    assert 0.005 < story.share_of_colour(picture, story.LOGO_COLOUR) < 0.1


def test_a_click_leads_on_and_counts_once_as_a_person(cast, launch, mails):
    html = mails["bob@customer-two.example"].get_body(("html",)).get_content()
    links = re.findall(r'href="(http[^"]+/t/c/[^"]+)"[^>]*>\s*Read more', html)
    assert links, html

    def clicked():
        answers = [
            httpx.get(links[0], headers=headers) for headers in (BROWSER, BROWSER, {"User-Agent": "Googlebot/2.1"})
        ]
        assert {answer.headers["Location"] for answer in answers} == {"https://brand.example/offer"}
        return cast.owner.get(f"/launches/{launch['id']}/results")["clicked"]

    # Whoever clicks within a second of the sending is taken for a machine, so the first try may not count.
    assert wait_until(clicked, "The count of the click") == 1


def test_a_forged_link_leads_nowhere(service):
    assert httpx.get(f"{service.url}/t/c/forged-token", headers=BROWSER).status_code in (404, 410, 422)


def test_looking_at_the_way_out_does_not_unsubscribe_and_one_click_does(cast, launch, mails):
    way_out = re.search(r"<(https?://[^>]+)>", mails["cem@customer-three.example"]["List-Unsubscribe"])[1]

    assert httpx.get(way_out, headers=BROWSER).status_code == 200
    assert httpx.head(way_out, headers=BROWSER).status_code == 200
    assert cast.owner.get("/contacts", search="cem@")["items"][0]["standing"] == "mailable"

    left = httpx.post(way_out, content=ONE_CLICK, headers={"Content-Type": "application/x-www-form-urlencoded"})

    assert left.status_code in (200, 204)
    assert cast.owner.get("/contacts", search="cem@")["items"][0]["standing"] == "suppressed"
    assert cast.owner.get(f"/launches/{launch['id']}/results")["unsubscribed"] == 1


def test_the_brand_sees_counts_and_no_addresses(cast, launch):
    results = cast.marketing.get(f"/launches/{launch['id']}/results")
    answer = cast.marketing.http.get("/api/v1/contacts")

    assert results["sent"] == 3
    assert answer.status_code in (403, 404) or answer.json()["items"] == []


def test_every_file_and_every_delivery_is_accounted_for(service):
    service.command("check", "deliveries")
