"""What a template says to everybody is set before it is published."""

import pytest

from cobranding.templates import service
from tcma.infra.db import reading, transaction
from tcma.kernel.errors import StaleEdit
from tests.factories import accounts
from tests.factories import cobranding as factory


def flyer_saying(text) -> dict:
    raw = factory.flyer()
    next(each for each in raw["formats"]["a4"]["elements"] if each["id"] == "lead")["text"] = text
    return raw


@pytest.fixture
def draft(api, cast):
    def make(document) -> dict:
        return api(cast.marketing).post("/templates", json={"name": "Flyer", "document": document}).json

    return make


@pytest.mark.parametrize(
    ("german", "said"),
    [("Viel zu lang " * 200, "does not fit into its box"), ("Unser 漢", "no character “漢”")],
    ids=["overflow", "glyph"],
)
def test_locked_text_that_cannot_be_set_is_not_published(  # noqa: PLR0917 -- fixtures, and one row of the table above
    api, portal, cast, draft, german, said
) -> None:
    made = draft(flyer_saying({"en": "Short", "de": german}))
    refused = api(cast.marketing).post(f"/templates/versions/{made['id']}/publish", json={})
    assert (refused.status_code, refused.json["code"]) == (422, "template_document_invalid")
    [(place, [sentence])] = refused.json["errors"].items()
    assert place == "formats.a4.elements[5].text.de"
    assert said in sentence
    assert "a4.lead" in refused.json["detail"]
    page = portal(cast.marketing).post(f"/templates/versions/{made['id']}/publish", data={})
    assert page.status_code == 422
    assert "a4.lead" in page.text
    assert api(cast.marketing).get(f"/templates/versions/{made['id']}").json["state"] == "draft"


def test_a_default_that_does_not_fit_is_not_published_either(api, cast, draft) -> None:
    raw = factory.flyer()
    raw["variables"]["headline"] |= {"max_length": 900, "default": {"en": "Word " * 150}}
    refused = api(cast.marketing).post(f"/templates/versions/{draft(raw)['id']}/publish", json={})
    assert {place.partition(".text")[0] for place in refused.json["errors"]} >= {"formats.a4.elements[3]"}


def test_whoever_may_not_publish_is_told_that_and_nothing_else(api, cast, draft) -> None:
    made = draft(flyer_saying({"en": "漢"}))
    assert api(cast.finance).post(f"/templates/versions/{made['id']}/publish", json={}).status_code == 403
    assert api(cast.owner).post(f"/templates/versions/{made['id']}/publish", json={}).status_code == 404


def test_what_was_saved_after_the_proof_is_not_published(api, cast, draft) -> None:
    made = draft(factory.flyer())
    marketing = accounts.actor_for(cast.marketing)
    with reading(marketing):
        proved = service.to_publish(marketing, made["id"])
    api(cast.marketing).put(f"/templates/versions/{made['id']}", json={"document": flyer_saying({"en": "漢"})})
    with pytest.raises(StaleEdit), transaction(marketing):
        service.publish(marketing, made["id"], expected_revision=proved.revision)
