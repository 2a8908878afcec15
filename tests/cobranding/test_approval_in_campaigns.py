"""A launch is no side door: it brings the brand's own words, or words that the brand has approved."""

from functools import partial

import pytest

from campaigns.launches import service as launches
from cobranding.artworks import service as artworks
from cobranding.artworks.rules import RejectionCode
from cobranding.rendering.errors import ValuesMissing
from cobranding.templates import service as templates
from cobranding.templates.rules import ApprovalPolicy
from tcma.infra.db import reading, transaction
from tcma.kernel.errors import Invalid
from tests.clients import api_client
from tests.factories import assets, kits
from tests.factories import cobranding as factory
from tests.factories.launches import scene

FORMAT = "link_card"


@pytest.fixture
def staged(world, errands):
    """A kit of an e-mail with a flyer, and a picture to share; the brand always looks at the flyer."""
    made = scene(lambda _: kits.share_touch(), contacts=1, locale="de")
    assets.asset(made.marketing, factory.photo(400, 300), kind="photo", name="hero")
    with transaction(made.marketing):
        flyer = templates.publish(
            made.marketing, templates.create(made.marketing, name="Flyer", document=factory.flyer()).id
        )
        mail = kits.email_template(made.marketing)
        made.kit = kits.published_kit(
            made.marketing,
            kits.email_touch(mail, attachment={"template_version_id": flyer.id, "format": "a4", "mode": "attach"}),
            kits.share_touch(template_version_id=flyer.id, format=FORMAT),
        )
    made.flyer, made.mail_id = flyer, mail
    _policy(made, flyer.template_id, ApprovalPolicy.ALWAYS)
    return made


def _policy(made, template_id, approval):
    with transaction(made.marketing):
        templates.edit(made.marketing, template_id, approval=approval)


def launch(made, values):
    with transaction(made.partner):
        return launches.launch(made.partner, kit_version_id=made.kit.id, values=values)


def approved(made, actor, values, **fields):
    with transaction(actor):
        artwork = artworks.create(actor, template_version_id=made.flyer.id, values=values, **fields)
        artworks.submit(actor, artwork.id)
    with transaction(made.marketing):
        artworks.approve(made.marketing, artwork.id, seen=artwork.values_hash)
    return artwork


@pytest.mark.parametrize("touch", ["intro", "post"])
def test_words_that_nobody_at_the_brand_has_seen_are_refused_beside_their_field(staged, touch) -> None:
    with pytest.raises(Invalid) as refused:
        launch(staged, {touch: {"headline": "Half price"}})
    assert list(refused.value.errors) == [f"values.{touch}.headline"]
    assert "Make an artwork with these words and submit it" in refused.value.detail


def test_the_brands_own_words_go_out_without_an_approval(staged) -> None:
    assert launch(staged, {}).id
    same = {"headline": "Ihre Cloud, startklar in einer Woche", "link": "https://halden.example/start"}
    assert launch(staged, {"intro": same, "post": same}).id


@pytest.mark.parametrize("locale", ["", "de"])
def test_words_of_an_approved_artwork_go_out(staged, locale) -> None:
    values = {"headline": "Half price"}
    approved(staged, staged.partner, values, locale=locale)
    assert launch(staged, {"intro": values, "post": values}).id
    with pytest.raises(Invalid):
        launch(staged, {"post": {"headline": "Half price!"}})


def test_an_approval_in_another_language_or_of_another_partner_does_not_count(staged) -> None:
    values = {"headline": "Half price"}
    approved(staged, staged.partner, values, locale="en")
    approved(staged, staged.other, values)
    with pytest.raises(Invalid):
        launch(staged, {"post": values})


def test_words_that_were_sent_back_later_do_not_go_out(staged) -> None:
    values = {"headline": "Half price"}
    approved(staged, staged.partner, values)
    with transaction(staged.partner):
        again = artworks.create(staged.partner, template_version_id=staged.flyer.id, values=values)
        artworks.submit(staged.partner, again.id)
    with transaction(staged.marketing):
        sent_back = {"code": RejectionCode.OFFER, "reason": "It has ended.", "seen": again.values_hash}
        artworks.reject(staged.marketing, again.id, **sent_back)
    with pytest.raises(Invalid):
        launch(staged, {"post": values})


def test_after_the_first_approved_use_a_partner_launches_with_its_own_words(staged) -> None:
    _policy(staged, staged.flyer.template_id, ApprovalPolicy.FIRST_USE)
    with pytest.raises(Invalid):
        launch(staged, {"post": {"headline": "Anything"}})
    approved(staged, staged.partner, {"headline": "Something else"})
    assert launch(staged, {"post": {"headline": "Anything"}}).id


def test_an_e_mail_under_approval_carries_the_brands_own_words_only(staged) -> None:
    with reading(staged.marketing):
        template_id = templates.version(staged.marketing, staged.mail_id).template_id
    _policy(staged, template_id, ApprovalPolicy.ALWAYS)
    with pytest.raises(Invalid) as refused:
        launch(staged, {"intro": {"greeting": "Cheap!"}})
    assert refused.value.errors == {
        "values.intro.greeting": [
            "The brand looks at what partners write into "
            + template_name(staged)
            + " before it is used. Leave the brand's own words as they are."
        ]
    }
    assert launch(staged, {"intro": {"greeting": "See you soon"}}).id


def template_name(made):
    with reading(made.marketing):
        return templates.version(made.marketing, made.mail_id).name


def test_a_policy_that_came_after_the_launch_holds_back_the_file_that_was_not_given_out(staged, app) -> None:
    _policy(staged, staged.flyer.template_id, ApprovalPolicy.NONE)
    begun = launch(staged, {"post": {"headline": "Half price"}})
    touch = next(touch for touch in begun.touches if touch.key == "post")
    share = partial(api_client(app, staged.partner).get, f"/launches/{begun.id}/touches/{touch.id}/share/{FORMAT}")
    before = share()
    _policy(staged, staged.flyer.template_id, ApprovalPolicy.ALWAYS)
    after = share()
    assert (before.status_code, after.status_code, after.json["code"]) == (200, 422, "words_not_approved")


def test_a_campaign_does_not_send_what_only_shows_what_to_write(staged) -> None:
    document = factory.flyer()
    document["variables"]["headline"]["must_change"] = True
    with transaction(staged.marketing):
        flyer = templates.publish(
            staged.marketing, templates.create(staged.marketing, name="Say it yourself", document=document).id
        )
    partner_id = staged.partner.partner_id
    with reading(staged.partner), pytest.raises(ValuesMissing, match="in your own words: “Headline”"):
        artworks.render_inputs(staged.partner, partner_id, flyer.id, {})
    with reading(staged.partner):
        inputs = artworks.render_inputs(staged.partner, partner_id, flyer.id, {"headline": "Meet us in Hamburg"})
    assert inputs.values == {"headline": "Meet us in Hamburg"}
