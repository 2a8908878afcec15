import re

import pytest

from tcma.accounts import queries, service, signin
from tcma.accounts.model import SingleUseLink
from tcma.infra.db import reading, session, transaction
from tcma.kernel.actor import SYSTEM
from tcma.kernel.permissions import Role
from tests.factories import accounts as make

PASSWORD = "a long sentence of my own"


@pytest.fixture
def aurelia(world):
    with transaction(SYSTEM):
        return make.brand()


@pytest.fixture
def olga(aurelia):
    with transaction(SYSTEM):
        person = make.user(Role.OWNER, make.partner("Nordwind"), email="olga@nordwind.example", name="Olga")
    signin.set_password(person.id, PASSWORD)
    with reading(SYSTEM):
        return queries.user(SYSTEM, person.id)


@pytest.fixture
def ada(aurelia):
    with transaction(SYSTEM):
        return make.user(Role.ADMIN, name="Ada")


def _sign_in(browser, **fields):
    return browser.post(
        "/sign-in", data={"email": "olga@nordwind.example", "password": PASSWORD, "next": "/", **fields}
    )


def test_a_stranger_is_led_to_the_sign_in_page_and_back(portal, olga):
    browser = portal()

    refused = browser.get("/partners/mine")
    page = browser.get(refused.location)
    entered = _sign_in(browser, next="/partners/mine")

    assert refused.location == "/sign-in?next=%2Fpartners%2Fmine"
    assert 'value="/partners/mine"' in page.text
    assert entered.location == "/partners/mine"
    assert "Nordwind" in browser.get(entered.location).text


def test_an_unknown_address_and_a_wrong_password_get_the_same_answer(portal, olga):
    wrong = _sign_in(portal(), password="not the password")
    unknown = _sign_in(portal(), email="olga@nowhere.example")

    assert wrong.status_code == unknown.status_code == 422
    assert _comparable(wrong) == _comparable(unknown)
    assert "do not go together" in wrong.text


def _comparable(page):
    return re.sub(r'name="_key" value="[^"]*"', "", page.text).replace("nordwind", "nowhere")


def test_a_password_is_never_written_back_into_a_page(portal, olga):
    assert "not the password" not in _sign_in(portal(), password="not the password").text


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_to_pages_of_ours_only(portal, olga, target):
    assert _sign_in(portal(), next=target).location == "/"


def test_signing_out_ends_the_session(portal, olga):
    browser = portal(olga)

    browser.post("/sign-out")

    assert browser.get("/").location.startswith("/sign-in")


def test_an_invitation_works_once(portal, ada):
    with transaction(SYSTEM):
        partner = make.partner("Südstern")
    invited = portal(ada).post(
        "/people/",
        data={"email": "ben@suedstern.example", "name": "Ben", "roles": "owner", "partner_id": str(partner.id)},
    )
    with reading(SYSTEM):
        link = session.query(SingleUseLink).one()
        token = service.link_token(link)
    browser = portal()

    page = browser.get(f"/invitation/{token}")
    weak = browser.post(f"/invitation/{token}", data={"password": "short"})
    accepted = browser.post(f"/invitation/{token}", data={"password": PASSWORD})
    again = portal().post(f"/invitation/{token}", data={"password": "another long sentence"})

    assert invited.location == "/people/"
    assert "ben@suedstern.example" in page.text
    assert weak.status_code == 422
    assert "at least 12 characters" in weak.text
    assert accepted.location == "/"
    assert "Hello Ben" in browser.get("/").text
    assert again.status_code == 422
    assert "used already" in again.text


def test_an_invitation_is_no_password_reset(portal, ada):
    with transaction(SYSTEM):
        service.invite(SYSTEM, email="eve@brand.example", name="Eve", roles=[Role.FINANCE])
        link = session.query(SingleUseLink).one()
    assert portal().get(f"/reset/{service.link_token(link)}").status_code == 422


def test_asking_for_a_reset_tells_nobody_who_is_here(portal, olga):
    known = portal().post("/forgotten", data={"email": "olga@nordwind.example"})
    unknown = portal().post("/forgotten", data={"email": "nobody@nordwind.example"})

    assert known.status_code == unknown.status_code == 200
    assert known.text == unknown.text
    with reading(SYSTEM):
        assert session.query(SingleUseLink).one().user_id == olga.id


def test_a_profile_is_saved_with_every_field_blanked_ones_too(portal, olga):
    browser = portal(olga)
    everything = {
        "legal_name": "Nordwind IT GmbH",
        "trade_name": "Nordwind IT",
        "contact_person": "",
        "email": "hello@nordwind.example",
        "specialties": "Cloud\n  Security \n\n",
        "social.linkedin": "nordwind-it",
        "social.x": "",
        "time_zone": "Europe/Vienna",
    }

    saved = browser.post(f"/partners/{olga.partner_id}", data=everything)

    with reading(SYSTEM):
        partner = queries.partner(SYSTEM, olga.partner_id)
        assert partner.legal_name == "Nordwind IT GmbH"
        assert partner.contact_person == ""
        assert partner.specialties == ["Cloud", "Security"]
        assert partner.social == {"linkedin": "nordwind-it"}
        assert partner.time_zone == "Europe/Vienna"
    assert saved.location == "/partners/mine"
    assert "Profile saved." in browser.get("/partners/mine").text


def test_a_wrong_time_zone_is_named_beside_its_field_and_nothing_is_saved(portal, olga):
    page = portal(olga).post(f"/partners/{olga.partner_id}", data={"trade_name": "Changed", "time_zone": "Mars/Phobos"})

    assert page.status_code == 422
    assert "Mars/Phobos&#39; is not a time zone" in page.text
    assert 'value="Changed"' in page.text
    with reading(SYSTEM):
        assert queries.partner(SYSTEM, olga.partner_id).trade_name == "Nordwind"


def test_a_stale_tab_does_not_overwrite_a_newer_profile(portal, olga):
    browser = portal(olga)
    browser.post(f"/partners/{olga.partner_id}", data={"revision": "1", "trade_name": "First"})

    stale = browser.post(f"/partners/{olga.partner_id}", data={"revision": "1", "trade_name": "Second"})

    assert stale.status_code == 412
    assert "newer version" in stale.text
    with reading(SYSTEM):
        assert queries.partner(SYSTEM, olga.partner_id).trade_name == "First"


def test_a_foreign_profile_is_not_there(portal, olga):
    with transaction(SYSTEM):
        other = make.partner("Südstern")

    assert portal(olga).get(f"/partners/{other.id}").status_code == 404
    assert portal(olga).post(f"/partners/{other.id}", data={"trade_name": "Mine"}).status_code == 404
    assert portal(olga).get("/partners/0").status_code == 404


def test_a_marketer_reads_the_profile_without_a_form(portal, olga):
    with transaction(SYSTEM):
        partner = queries.partner(SYSTEM, olga.partner_id)
        marketer = make.user(Role.MARKETER, partner)

    page = portal(marketer).get("/partners/mine")

    assert "Nordwind GmbH" in page.text
    assert 'name="legal_name"' not in page.text


def test_a_brand_adds_a_partner_and_changes_its_tier(portal, ada):
    browser = portal(ada)

    added = browser.post(
        "/partners/new",
        data={"legal_name": "Polar AS", "trade_name": "Polar", "tier": "silver", "time_zone": "Europe/Oslo"},
    )
    retiered = browser.post(f"{added.location}/tier", data={"tier": "platinum"})

    assert retiered.location == added.location
    with reading(SYSTEM):
        (partner,) = queries.partners(SYSTEM)
        assert (partner.trade_name, partner.tier) == ("Polar", "platinum")


def test_an_owner_invites_only_into_the_own_organization(portal, olga):
    with transaction(SYSTEM):
        other = make.partner("Südstern")
    form = {"email": "mia@nordwind.example", "name": "Mia", "roles": "marketer", "partner_id": str(other.id)}

    portal(olga).post("/people/", data=form)

    with reading(SYSTEM):
        assert queries.user_by_email("mia@nordwind.example").partner_id == olga.partner_id


def test_a_role_that_is_not_ones_to_give_is_refused_in_the_form(portal, olga):
    page = portal(olga).post("/people/", data={"email": "mia@nordwind.example", "name": "Mia", "roles": "finance"})

    assert page.status_code in (403, 422)
    with reading(SYSTEM):
        assert queries.user_by_email("mia@nordwind.example") is None


def test_a_suspended_person_is_signed_out_at_once(portal, ada, olga):
    browser = portal(olga)
    assert browser.get("/").status_code == 200

    portal(ada).post(f"/people/{olga.id}/suspend")

    assert browser.get("/").location.startswith("/sign-in")


def test_a_token_is_shown_once_and_can_be_revoked(portal, app, olga):
    browser = portal(olga)

    page = browser.post("/tokens/", data={"name": "CRM", "lives_days": "30", "scopes": "accounts:partner:read"})
    secret = page.text.split('id="new-token">')[1].split("<")[0]
    headers = {"Authorization": f"Bearer {secret}"}
    works = app.test_client().get(f"/api/v1/partners/{olga.partner_id}", headers=headers)
    narrow = app.test_client().get("/api/v1/users/", headers=headers)
    with reading(SYSTEM):
        (token,) = queries.tokens(make.actor_for(olga))
    later = browser.get("/tokens/")
    browser.post(f"/tokens/{token.id}/revoke")
    ended = app.test_client().get(f"/api/v1/partners/{olga.partner_id}", headers=headers)

    assert works.status_code == 200
    assert narrow.status_code == 403
    assert "CRM" in later.text
    assert secret not in later.text
    assert ended.status_code == 401


def test_a_changed_password_keeps_this_browser_and_ends_the_others(portal, olga):
    here, there = portal(olga), portal(olga)

    wrong = here.post("/password", data={"present": "wrong", "password": "an even longer sentence"})
    changed = here.post("/password", data={"present": PASSWORD, "password": "an even longer sentence"})

    assert wrong.status_code == 422
    assert changed.location == "/"
    assert here.get("/").status_code == 200
    assert there.get("/").location.startswith("/sign-in")


def test_a_form_without_its_token_is_refused(app, portal, olga):
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        refused = portal(olga).post(
            "/people/", data={"email": "mia@nordwind.example", "name": "Mia", "roles": "marketer"}
        )
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert refused.status_code == 400


def test_the_same_form_sent_twice_has_one_effect(portal, olga):
    browser = portal(olga)
    form = {"email": "mia@nordwind.example", "name": "Mia", "roles": "marketer", "_key": "the-same-press"}

    first = browser.post("/people/", data=form)
    second = browser.post("/people/", data=form)

    assert first.location == second.location == "/people/"
    with reading(SYSTEM):
        assert len(queries.user_page(SYSTEM).items) == 2


def test_an_admin_sets_up_the_brand_and_nobody_else_does(portal, olga, world):
    profile = {
        "name": "Halden",
        "legal_name": "Halden AG",
        "postal_address": "Bahnhofstr. 1, 8001 Zürich, CH",
        "email": "hello@halden.example",
        "web": "https://halden.example",
        "time_zone": "Europe/Zurich",
    }
    with transaction(SYSTEM):
        ada = make.user(Role.ADMIN)

    wrong = portal(ada).post("/brand/", data=profile | {"web": "halden.example"})
    saved = portal(ada).post("/brand/", data=profile)
    refused = portal(olga).post("/brand/", data=profile | {"name": "Mine"})

    assert wrong.status_code == 422
    assert "beginning with https://" in wrong.text
    assert saved.location == "/brand/"
    assert refused.status_code == 403
    with reading(SYSTEM):
        assert service.brand_profile().name == "Halden"
