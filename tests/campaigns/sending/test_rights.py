"""A mail with a picture whose rights have ended is not sent, and every recipient's row says why."""

from datetime import timedelta

from sqlalchemy import text

from assets.library import service as library
from campaigns.launches import service as launches
from campaigns.sending import tasks
from cobranding.templates import service as templates
from tcma.infra.db import reading, session, transaction
from tcma.kernel import clock
from tests.factories import assets, kits
from tests.factories.launches import Scene, scene


def with_picture(made: Scene) -> int:
    """Launch a kit whose mail shows a picture of the brand, and return the picture's id."""
    hero = assets.asset(made.marketing, assets.picture(size=(600, 300)), kind="photo", name="hero")
    document = kits.email_document()
    document["images"] = {"hero": {"asset_id": hero.id, "alt": "Hills"}}
    image = '<mj-image src="{{image.hero}}" alt="Hills" /><mj-text>{{greeting}}'
    document["email"]["mjml"] = kits.MJML.replace("<mj-text>{{greeting}}", image)
    with transaction(made.marketing):
        draft = templates.create(made.marketing, name="With a picture", document=document)
        kit = kits.published_kit(made.marketing, kits.email_touch(templates.publish(made.marketing, draft.id).id))
    with transaction(made.partner):
        launches.launch(made.partner, kit_version_id=kit.id)
    return hero.id


def test_what_was_to_leave_stays_and_says_which_rights_ended(world, errands, mailbox, work) -> None:
    made = scene(contacts=3)
    hero_id = with_picture(made)
    work(through="campaigns.sending.fan_out")
    errands[:] = [errand for errand in errands if errand.name.startswith("campaigns.")]
    with transaction(made.marketing):
        library.edit(made.marketing, hero_id, rights_until_on=clock.today() - timedelta(days=1))
    work()
    for hours in (1, 2, 3):
        with clock.frozen(clock.now() + timedelta(hours=hours)):
            tasks.sweep()
            work()
    assert mailbox.recipients == []
    with reading(made.partner):
        rows = session.execute(text("SELECT state, reason, detail FROM deliveries")).all()
    assert {(row.state, row.reason) for row in rows} == {("failed", "cannot_be_built")}
    assert len(rows) == 3
    assert all("The rights to “hero” ended on" in row.detail for row in rows)


def test_a_mail_whose_picture_may_be_used_leaves(world, errands, mailbox, work) -> None:
    made = scene(contacts=3)
    with_picture(made)
    work()
    assert len(mailbox.recipients) == 3
