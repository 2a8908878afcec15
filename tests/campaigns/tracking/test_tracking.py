"""What recipients do: followed only to where the touch points, counted as people, and let go at once."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from campaigns.launches import service as launches
from campaigns.tracking import service as tracking
from tcma.infra import crypto
from tcma.infra.db import reading, session, transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM
from tests.factories import kits
from tests.factories.launches import Scene, scene

BASE = "http://portal.brand.example"
BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
MANY_LINKS = """<mjml><mj-body><mj-section><mj-column><mj-text>{{text.headline}} {{text.body}}
<a href="https://brand.example/one">1</a> <a href="https://brand.example/two">2</a> <a href="https://brand.example/three">3</a>
<a href="{{view_url}}">Browser</a></mj-text><mj-button href="{{link.main}}">{{text.button}}</mj-button>
<mj-text><a href="{{unsubscribe_url}}">Out</a></mj-text></mj-column></mj-section></mj-body></mjml>"""


@pytest.fixture
def sent(errands, mailbox, work, monkeypatch, app):
    """Two recipients with their mail, looked at an hour after it was sent."""
    monkeypatch.setattr(kits, "MJML", MANY_LINKS)
    made = scene(kits.email_touch, contacts=2)
    with transaction(made.partner):
        made.launch = launches.launch(made.partner, kit_version_id=made.kit.id)
    work()
    assert len(mailbox.caught) == 2
    with clock.frozen(clock.now() + timedelta(hours=1)):
        yield made


def html(mailbox, recipient: str = "person0@example.com") -> str:
    return mailbox.to(recipient).get_body(("html",)).get_content()


def links(mailbox, recipient: str = "person0@example.com") -> list[str]:
    return list(dict.fromkeys(re.findall(rf"{BASE}(/t/c/[\w-]+)", html(mailbox, recipient))))


def pixel(mailbox, recipient: str = "person0@example.com") -> str:
    return re.search(rf"{BASE}(/t/o/[\w-]+\.gif)", html(mailbox, recipient))[1]


def way_out(mailbox, recipient: str = "person0@example.com") -> str:
    return mailbox.to(recipient)["List-Unsubscribe"].strip("<>").removeprefix(BASE)


def results(made: Scene):
    with reading(made.partner):
        return tracking.results(made.partner, made.launch.id)


def events() -> list[tuple[str, str]]:
    with reading(SYSTEM):
        rows = session.execute(text("SELECT kind, made_by FROM tracking_events ORDER BY id"))
        return [(kind, made_by) for kind, made_by in rows]


def test_a_click_leads_to_the_target_and_counts_one_person_however_often(sent, mailbox, app) -> None:
    client = app.test_client()
    targets = [client.get(link, headers={"User-Agent": BROWSER}).location for link in links(mailbox)[:1] * 3]
    assert targets == ["https://brand.example/one"] * 3
    found = results(sent)
    assert (found.clicked, found.opened) == (1, 1), "who clicked has opened, even with images off"
    assert events() == [("click", "person")] * 3


def test_each_link_leads_to_its_own_target_and_nowhere_else(sent, mailbox, app) -> None:
    targets = {app.test_client().get(link).location for link in links(mailbox)}
    assert targets == {f"https://brand.example/{name}" for name in ("one", "two", "three", "offer")}


@pytest.mark.parametrize(
    "path",
    ["/t/c/https://evil.example", "/t/c/abc", "/t/o/abc.gif", "/u/abc", "/t/v/abc", "/t/f/abc", "/t/c/" + "A" * 400],
)
def test_an_address_that_we_did_not_make_leads_nowhere(sent, app, path) -> None:
    answer = app.test_client().get(path)
    assert answer.status_code in {404, 422}
    assert "evil.example" not in (answer.location or "")
    assert events() == []


def test_a_token_is_good_for_one_purpose_only(sent, mailbox, app) -> None:
    click_token = links(mailbox)[0].rpartition("/")[2]
    assert app.test_client().post(f"/u/{click_token}").status_code == 422
    changed = click_token[:-2] + ("A" if click_token[-2] != "A" else "B") + click_token[-1]
    assert app.test_client().get(f"/t/c/{changed}").status_code == 422


def test_a_signed_token_that_names_another_partners_link_finds_nothing(sent, mailbox, app) -> None:
    with reading(SYSTEM):
        link_id = session.scalar(text("SELECT min(id) FROM tracked_links"))
    foreign = crypto.sign("campaigns.click", sent.other.partner_id, 0, link_id)
    assert app.test_client().get(f"/t/c/{foreign}").status_code == 404


def test_the_pixel_counts_an_open_and_is_never_cached(sent, mailbox, app) -> None:
    answer = app.test_client().get(pixel(mailbox), headers={"User-Agent": BROWSER})
    assert answer.mimetype == "image/gif"
    assert answer.data.startswith(b"GIF89a")
    assert "no-store" in answer.headers["Cache-Control"]
    app.test_client().get(pixel(mailbox, "person1@example.com"), headers={"User-Agent": BROWSER})
    assert (results(sent).opened, results(sent).clicked) == (2, 0)


def test_machines_are_kept_and_not_counted(sent, mailbox, app) -> None:
    client = app.test_client()
    client.get(links(mailbox)[0], headers={"User-Agent": GOOGLEBOT})
    client.head(links(mailbox)[0], headers={"User-Agent": BROWSER})
    client.get(pixel(mailbox), headers={"User-Agent": "Mozilla/5.0"})
    client.get(pixel(mailbox), headers={"User-Agent": BROWSER, "Sec-Purpose": "prefetch"})
    assert events() == [("click", "crawler"), ("click", "head"), ("open", "prefetch"), ("open", "prefetch")]
    assert (results(sent).opened, results(sent).clicked) == (0, 0)


def test_a_scanner_that_follows_every_link_in_one_moment_is_no_person(sent, mailbox, app) -> None:
    for link in links(mailbox):
        app.test_client().get(link, headers={"User-Agent": BROWSER})
    assert {made_by for _, made_by in events()} == {"burst"}
    assert results(sent).clicked == 0
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        app.test_client().get(links(mailbox)[0], headers={"User-Agent": BROWSER})
    assert results(sent).clicked == 1


def test_a_click_in_the_moment_of_delivery_is_no_person(sent, mailbox, app) -> None:
    with reading(SYSTEM):
        sent_at = session.scalar(text("SELECT min(sent_at) FROM deliveries"))
    with clock.frozen(sent_at + timedelta(milliseconds=300)):
        app.test_client().get(links(mailbox)[0], headers={"User-Agent": BROWSER})
    assert events() == [("click", "haste")]


def test_looking_at_the_way_out_never_unsubscribes(sent, mailbox, app) -> None:
    client = app.test_client()
    page = client.get(way_out(mailbox), headers={"User-Agent": BROWSER})
    assert "Nordwind" in page.get_data(as_text=True)
    assert client.head(way_out(mailbox)).status_code == 200
    with reading(sent.partner):
        assert session.scalar(text("SELECT count(*) FROM suppressions")) == 0
    assert results(sent).unsubscribed == 0


def test_one_post_unsubscribes_at_once_without_cookies_or_sign_in(sent, mailbox, app) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = app.test_client(use_cookies=False).post(
            way_out(mailbox), data={"List-Unsubscribe": "One-Click"}, headers={"User-Agent": "Google-Mail"}
        )
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert answer.status_code == 200
    with reading(sent.partner):
        assert session.scalar(text("SELECT count(*) FROM suppressions")) == 1
        live = "SELECT count(*) FROM consents WHERE withdrawn_at IS NULL"
        assert session.scalar(text(live)) == 1
    assert results(sent).unsubscribed == 1
    assert app.test_client().post(way_out(mailbox)).status_code == 200
    assert results(sent).unsubscribed == 1
    assert "You are unsubscribed" in app.test_client().get(way_out(mailbox)).get_data(as_text=True)


def test_who_left_is_not_in_the_next_launch(sent, mailbox, app, work) -> None:
    app.test_client().post(way_out(mailbox))
    mailbox.caught.clear()
    with transaction(sent.partner):
        launches.launch(sent.partner, kit_version_id=sent.kit.id)
    work()
    assert mailbox.recipients == ["person1@example.com"]


def test_an_erased_recipient_can_still_leave_and_sees_no_mail(sent, mailbox, app) -> None:
    out, view = way_out(mailbox), re.search(rf"{BASE}(/t/v/[\w-]+)", html(mailbox))[1]
    assert app.test_client().get(view).status_code == 200
    with transaction(sent.partner):
        session.execute(text("DELETE FROM contacts WHERE email = 'person0@example.com'"))
    assert app.test_client().post(out).status_code == 200
    assert app.test_client().get(view).status_code == 404


def test_the_mail_as_a_page_is_the_mail_with_scripts_forbidden_and_counts_no_open(sent, mailbox, app) -> None:
    view = re.search(rf"{BASE}(/t/v/[\w-]+)", html(mailbox))[1]
    answer = app.test_client().get(view, headers={"User-Agent": BROWSER})
    page = answer.get_data(as_text=True)
    assert "Dear Person0" in page
    assert way_out(mailbox) in page
    assert "/t/o/" not in page
    assert "{{" not in page
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert results(sent).opened == 0


def test_looking_at_a_mail_as_a_page_writes_nothing(sent, mailbox, app) -> None:
    view = re.search(rf"{BASE}(/t/v/[\w-]+)", html(mailbox))[1]
    with transaction(SYSTEM):
        session.execute(text("DELETE FROM tracked_links WHERE url = 'https://brand.example/one'"))
    page = app.test_client().get(view, headers={"User-Agent": BROWSER}).get_data(as_text=True)
    assert 'href="https://brand.example/one"' in page
    assert "/t/c/" in page
    with reading(SYSTEM):
        assert session.scalar(text("SELECT count(*) FROM tracked_links")) == 3


def test_the_page_that_says_goodbye_is_rendered_after_the_commit(sent, mailbox, app, monkeypatch) -> None:
    def break_off(*_names, **_values):
        raise RuntimeError

    monkeypatch.setattr("campaigns.tracking.portal.render", break_off)
    assert app.test_client().post(way_out(mailbox)).status_code == 500
    assert results(sent).unsubscribed == 1


def test_network_addresses_are_not_kept_in_the_clear(sent, mailbox, app) -> None:
    app.test_client().get(
        links(mailbox)[0], headers={"User-Agent": BROWSER}, environ_overrides={"REMOTE_ADDR": "203.0.113.77"}
    )
    with reading(SYSTEM):
        kept = session.scalar(text("SELECT row_to_json(e)::text FROM tracking_events e"))
    assert "203.0.113.77" not in kept


def test_one_address_cannot_fill_the_table(sent, mailbox, app, monkeypatch) -> None:
    monkeypatch.setattr("campaigns.tracking.service.following.MOST_EVENTS", 5)
    for _ in range(9):
        assert app.test_client().get(pixel(mailbox), headers={"User-Agent": BROWSER}).status_code == 200
    assert len(events()) == 5


def test_one_printed_code_cannot_fill_the_table_either_and_still_leads_on(sent, mailbox, app, monkeypatch) -> None:
    monkeypatch.setattr("campaigns.tracking.service.following.MOST_PRINTED_EVENTS", 5)
    with reading(SYSTEM):
        first, second = session.scalars(text("SELECT id FROM tracked_links ORDER BY id LIMIT 2"))
    for link_id in [first] * 9 + [second]:
        path = "/t/c/" + crypto.sign("campaigns.click", sent.partner.partner_id, 0, link_id)
        assert app.test_client().get(path, headers={"User-Agent": BROWSER}).status_code == 302
    assert len(events()) == 6, "each link has a limit of its own"


def test_the_brand_reads_counts_and_another_partner_nothing(sent, mailbox, app, api) -> None:
    app.test_client().get(links(mailbox)[0], headers={"User-Agent": BROWSER})
    path = f"/launches/{sent.launch.id}/results"
    seen = api(sent.marketing).get(path)
    assert seen.status_code == 200
    assert (seen.json["recipients"], seen.json["sent"], seen.json["clicked"]) == (2, 2, 1)
    assert sum(seen.json["states"].values()) == seen.json["recipients"]
    assert "example.com" not in seen.get_data(as_text=True)
    assert api(sent.other).get(path).status_code == 404
    with reading(sent.other):
        assert session.scalar(text("SELECT count(*) FROM tracking_events")) == 0
