"""The pages of templates and artworks, as people use them without any script."""

import io
import json
import re

import pytest
from PIL import Image

from cobranding.artworks import service as artworks
from tcma.infra.db import reading, transaction
from tcma.kernel.actor import SYSTEM
from tcma.kernel.permissions import Role
from tests.factories import accounts, assets
from tests.factories import cobranding as factory


@pytest.fixture
def people(world):
    class People:
        pass

    with transaction(SYSTEM):
        accounts.brand()
        People.partner = accounts.partner("Nordwind Systemhaus", city="Hamburg")
        People.marketing = accounts.user(Role.MARKETING)
        People.owner = accounts.user(Role.OWNER, People.partner)
        People.other = accounts.user(Role.OWNER, accounts.partner("Südstern"))
    assets.asset(accounts.actor_for(People.marketing), factory.photo(800, 550), kind="photo", name="hero")
    assets.asset(accounts.actor_for(People.owner), factory.logo(), kind="logo", name="logo")
    return People


def publish(portal, people, document=None, name="Autumn flyer"):
    """Write, look at and publish a template through the pages; return its id and that of its version."""
    desk = portal(people.marketing)
    made = desk.post("/templates/", data={"name": name, "document": json.dumps(document or factory.flyer())})
    assert made.status_code == 303, made.text
    template_id = int(made.location.rsplit("/", 1)[1])
    page = desk.get(made.location).text
    version_id = int(re.search(r"/templates/versions/(\d+)/publish", page)[1])
    assert desk.post(f"/templates/versions/{version_id}/publish").status_code == 303
    return template_id, version_id


def test_a_partner_finds_a_template_in_its_own_brand_and_makes_it_its_own(portal, people) -> None:
    _, version_id = publish(portal, people)
    browser = portal(people.owner)
    gallery = browser.get("/templates/").text
    assert "Autumn flyer" in gallery
    preview = browser.get(f"/artworks/previews/{version_id}/a4")
    assert (preview.mimetype, Image.open(io.BytesIO(preview.data)).width) == ("image/jpeg", 1240)
    made = browser.post("/artworks/", data={"template_version_id": version_id})
    editor = browser.get(made.location).text
    assert "Headline" in editor
    assert "Your cloud, up and running in a week" in editor
    saved = browser.post(
        made.location,
        data={"name": "For the fair", "values.headline": "Meet us", "values.link": "https://nordwind.example/fair"},
    )
    assert saved.status_code == 303
    assert 'value="Meet us"' in browser.get(made.location).text
    assert "For the fair" in browser.get("/artworks/").text
    file = browser.get(f"{made.location}/renders/a4")
    assert file.headers["Content-Disposition"] == "attachment; filename=for-the-fair-a4.pdf"


def test_what_does_not_fit_is_said_beside_its_field_and_kept(portal, people) -> None:
    _, version_id = publish(portal, people)
    browser = portal(people.owner)
    made = browser.post("/artworks/", data={"template_version_id": version_id})
    answer = browser.post(made.location, data={"name": "x", "values.headline": "y" * 71, "values.legal": "mine"})
    assert answer.status_code == 422
    assert "has 71 characters, 70 are possible" in answer.text
    assert "y" * 71 in answer.text


def test_a_text_that_overflows_is_shown_instead_of_a_broken_picture(portal, people) -> None:
    document = factory.flyer()
    document["variables"]["headline"]["max_length"] = 900
    _, version_id = publish(portal, people, document)
    browser = portal(people.owner)
    made = browser.post("/artworks/", data={"template_version_id": version_id})
    browser.post(made.location, data={"name": "x", "values.headline": "word " * 170})
    page = browser.get(made.location).text
    assert "does not fit into its box" in page
    assert "Say it in fewer words." in page


def test_a_withdrawn_template_says_why_and_offers_the_current_one(portal, people) -> None:
    template_id, version_id = publish(portal, people)
    browser, desk = portal(people.owner), portal(people.marketing)
    made = browser.post("/artworks/", data={"template_version_id": version_id})
    draft = desk.post(f"/templates/{template_id}/versions").location
    newer = int(re.search(r"/versions/(\d+)/edit", draft)[1])
    desk.post(f"/templates/versions/{newer}/publish")
    assert "There is a newer version" in browser.get(made.location).text
    desk.post(f"/templates/versions/{version_id}/withdraw", data={"reason": "The price is old"})
    page = browser.get(made.location).text
    assert "The price is old" in page
    assert "Start again with the current version" in page
    assert browser.get("/artworks/").status_code == 200


def test_a_document_with_a_mistake_comes_back_with_the_place_of_it(portal, people) -> None:
    document = factory.flyer()
    document["formats"]["a4"]["elements"][3]["style"] = "gigantic"
    answer = portal(people.marketing).post("/templates/", data={"name": "New", "document": json.dumps(document)})
    assert answer.status_code == 422
    assert "there is no gigantic under brand.styles" in answer.text
    broken = portal(people.marketing).post("/templates/", data={"name": "New", "document": "{"})
    assert "This is not JSON" in broken.text


def test_marketing_sees_an_e_mail_in_a_partners_brand(portal, people) -> None:
    template_id, version_id = publish(portal, people, factory.email(), name="Mail")
    desk = portal(people.marketing)
    page = desk.get(f"/templates/{template_id}?partner_id={people.partner.id}").text
    assert f"/artworks/previews/{version_id}/email?partner_id={people.partner.id}" in page
    mail = desk.get(f"/artworks/previews/{version_id}/email?partner_id={people.partner.id}")
    assert "Nordwind Systemhaus" in mail.text
    assert "frame-ancestors 'self'; sandbox" in mail.headers["Content-Security-Policy"]
    assert "<script" not in mail.text
    assert "Hello Alex" in mail.text
    assert "{{" not in mail.text


def test_a_partner_never_sees_another_partners_artwork(portal, people) -> None:
    _, version_id = publish(portal, people)
    made = portal(people.owner).post("/artworks/", data={"template_version_id": version_id})
    stranger = portal(people.other)
    assert stranger.get(made.location).status_code == 404
    assert stranger.get(f"{made.location}/renders/a4").status_code == 404
    assert stranger.post(made.location, data={"name": "mine"}).status_code == 404
    assert "Autumn flyer" not in stranger.get("/artworks/").text


def test_the_logo_in_a_mail_is_open_to_everybody_with_its_link_and_to_nobody_without(portal, people, app) -> None:
    _, version_id = publish(portal, people, factory.email(), name="Mail")
    with reading(SYSTEM):
        inputs = artworks.email_inputs(
            SYSTEM, people.partner.id, version_id, {}, {}, links={"main": "https://a.example/"}
        )
    mail = artworks.compose(inputs)
    address = re.search(r'src="http://portal\.brand\.example(/m/[^"]+)"', mail.html)[1]
    answer = portal().get(address)
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "public" in answer.headers["Cache-Control"]
    assert Image.open(io.BytesIO(answer.data)).size == (360, 120)
    assert portal().get(address[:-3] + "abc").status_code == 404
    assert portal().get("/m/nonsense").status_code == 404


def test_a_mail_has_the_logo_for_dark_ground_beside_the_other_one(portal, people, app) -> None:
    _, version_id = publish(portal, people, factory.email(), name="Mail")
    with reading(SYSTEM):
        inputs = artworks.email_inputs(
            SYSTEM, people.partner.id, version_id, {}, {}, links={"main": "https://a.example/"}
        )
    page = artworks.compose(inputs).html
    light, dark = re.findall(r'src="http://portal\.brand\.example(/m/[^"]+)"', page)
    shown = [Image.open(io.BytesIO(portal().get(address).data)) for address in (light, dark)]
    assert [image.size for image in shown] == [(360, 120)] * 2
    assert [image.mode for image in shown] == ["RGB", "RGBA"]


def test_what_a_partner_enters_is_shown_as_text(portal, people) -> None:
    _, version_id = publish(portal, people)
    browser = portal(people.owner)
    made = browser.post("/artworks/", data={"template_version_id": version_id, "name": "<script>alert(1)</script>"})
    assert "<script>alert(1)</script>" not in browser.get(made.location).text
    assert "&lt;script&gt;" in browser.get(made.location).text


def test_a_picture_is_chosen_by_looking_at_it(portal, people) -> None:
    document = factory.flyer()
    document["variables"]["photo"] = {"type": "image", "label": "Picture", "editable": True, "categories": ["team"]}
    document["formats"]["a4"]["elements"][0] |= {"variable": "photo", "open": {"content": True}}
    document["formats"]["a4"]["elements"][0].pop("image", None)
    _, version_id = publish(portal, people, document)
    owner, other = accounts.actor_for(people.owner), accounts.actor_for(people.other)
    fits = assets.asset(owner, factory.photo(820, 540), kind="photo", name="our team", tags=["team"])
    assets.asset(owner, factory.photo(810, 530), kind="photo", name="our car", tags=["car"])
    assets.asset(other, factory.photo(830, 550), kind="photo", name="their team", tags=["team"])
    browser = portal(people.owner)
    made = browser.post("/artworks/", data={"template_version_id": version_id})
    editor = browser.get(made.location).text
    assert f'<img src="/files/{fits.id}/thumbnail"' in editor
    assert "our team" in editor
    assert "our car" not in editor
    assert "their team" not in editor
    saved = browser.post(made.location, data={"name": "For the fair", "values.photo": str(fits.id)})
    assert saved.status_code == 303, saved.text
    assert re.search(rf'name="values.photo" value="{fits.id}" checked', browser.get(made.location).text)
