"""A deck from its draft to the file that a partner opens in PowerPoint."""

import io

from pptx import Presentation

from tests.factories import decks


def test_a_partner_makes_a_deck_of_their_own(api, portal, cast, published) -> None:
    version = published(decks.deck(), name="Pitch")
    owner = api(cast.owner)
    values = {"headline": "Our cloud, in your town"}
    made = owner.post("/artworks", json={"template_version_id": version["id"], "values": values}).json
    answer = owner.get(f"/artworks/{made['id']}/renders/slides?output=pptx")
    assert answer.status_code == 200
    assert answer.mimetype.endswith("presentationml.presentation")
    assert ".pptx" in answer.headers["Content-Disposition"]
    presentation = Presentation(io.BytesIO(answer.data))
    texts = {shape.text_frame.text for slide in presentation.slides for shape in slide.shapes if shape.has_text_frame}
    assert values["headline"] in texts
    assert answer.data == owner.get(f"/artworks/{made['id']}/renders/slides?output=pptx").data
    assert "pptx" in portal(cast.owner).get(f"/artworks/{made['id']}").text
    assert "Presentations" in portal(cast.owner).get("/templates/").text


def test_what_the_template_locks_is_refused_in_a_deck_too(api, cast, published) -> None:
    version = published(decks.deck(), name="Pitch")
    answer = api(cast.owner).post(
        "/artworks", json={"template_version_id": version["id"], "values": {"heading": "Mine"}}
    )
    assert answer.status_code == 422
    assert "heading" in answer.json["errors"]
