"""What every mail must carry is in the preview and in the mail alike."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from campaigns.launches import service
from campaigns.launches.service.previewing import FLYER_PLACE
from campaigns.sending import service as sending
from tcma.infra.db import reading, transaction
from tcma.kernel import clock
from tests.factories.launches import Scene, scene


@pytest.fixture(autouse=True)
def noon():
    """Hold the clock: what is due on the first day depends on the hour."""
    with clock.frozen(datetime(2026, 11, 21, 12, 0, tzinfo=UTC)):
        yield


@pytest.fixture
def ready(world, errands) -> Scene:
    return scene()


def test_the_footer_adds_only_what_the_template_forgot(ready):
    with reading(ready.partner):
        draft = service.preview(ready.partner, kit_version_id=ready.kit.id).touch("intro")
    for locale, why in (("en", "because you agreed to hear from Nordwind"), ("de", "Nachrichten von Nordwind")):
        mail = service.compose(draft.plan, locale, draft.mails[locale])
        for body in (mail.html, mail.text):
            assert why in body  # the template names the brand's address, not the partner's
            assert "Hafenstr. 1" in body
            assert body.count("{{unsubscribe_url}}") == 1
        assert mail.html.rstrip().endswith("</html>")


def test_a_template_that_says_it_all_gets_no_footer(ready):
    with reading(ready.partner):
        draft = service.preview(ready.partner, kit_version_id=ready.kit.id).touch("intro")
    said = {**draft.plan.texts["en"], "body": draft.plan.partner.postal_address}
    with reading(ready.partner):
        inputs = service.mail_inputs(
            ready.partner, replace(draft.plan, texts={"en": said}), {"main": "https://brand.example/offer"}
        )
    assert "because you agreed" not in service.compose(draft.plan, "en", inputs["en"]).html


def test_what_is_previewed_is_what_sending_writes(ready):
    with transaction(ready.partner):
        launch = service.launch(ready.partner, kit_version_id=ready.kit.id, values={"intro": {"greeting": "Moin"}})
        touch_id = launch.touches[0].id
    with reading(ready.partner):
        previewed = service.preview_of(ready.partner, launch.id).touch("intro")
    with transaction(ready.partner):
        written = sending.draft(ready.partner, touch_id).write()
    for locale, inputs in previewed.mails.items():
        mail = service.compose(previewed.plan, locale, inputs)
        content = written.contents[locale]
        assert (content.subject, content.html, content.text) == (mail.subject, mail.html, mail.text)
        assert written.targets[locale] == mail.links
        assert FLYER_PLACE not in mail.html


def test_the_brands_and_the_partners_names_never_become_tokens(world, errands):
    ready = scene(street="{{contact.first_name}}")
    with reading(ready.partner):
        draft = service.preview(ready.partner, kit_version_id=ready.kit.id, sender_name="{{unsubscribe_url}}").touch(
            "intro"
        )
    mail = service.compose(draft.plan, "en", draft.mails["en"])
    assert mail.html.count("{{unsubscribe_url}}") == 1
    assert mail.text.count("{{contact.first_name}}") == draft.plan.texts["en"]["body"].count("{{contact.first_name}}")
