"""How far a kit has come among the partners: who saw, launched and finished it, in counts and for the brand alone."""

import pytest

from campaigns.launches import service as launches
from campaigns.tracking import service
from tcma.accounts.model import User
from tcma.infra.db import reading, session, transaction
from tcma.kernel.actor import SYSTEM
from tcma.kernel.errors import Forbidden
from tests.clients import api_client, browser
from tests.factories import kits
from tests.factories.launches import Scene, scene


@pytest.fixture
def made(world, errands, mailbox) -> Scene:
    return scene(kits.email_touch, lambda _template: kits.share_touch(day_offset=1), contacts=2)


def person(actor) -> User:
    with reading(SYSTEM):
        return session.get_one(User, actor.user_id)


def adoption(made: Scene):
    with reading(made.marketing):
        return service.adoption(made.marketing, made.kit.kit_id)


def test_a_partner_that_looks_at_a_kit_has_seen_it_once(made, app):
    assert (adoption(made).seen, adoption(made).launched) == (0, 0)
    for _ in range(2):
        browser(app, person(made.partner)).get(f"/kits/{made.kit.kit_id}")
    browser(app, person(made.marketing)).get(f"/kits/{made.kit.kit_id}")
    found = adoption(made)
    assert (found.seen, found.launched, len(found.partners)) == (1, 0, 2)
    (seen,) = [one for one in found.partners if one.seen_at]
    assert seen.name == "Nordwind"


def test_launches_and_what_came_of_them_are_counted_by_partner_and_by_touch(made, work):
    with transaction(made.partner):
        launches.launch(made.partner, kit_version_id=made.kit.id, leave_out=["post"])
        launches.launch(made.partner, kit_version_id=made.kit.id)
    work()
    found = adoption(made)
    (nord,) = [one for one in found.partners if one.launches]
    assert (nord.launches, nord.finished, nord.sent) == (2, 1, 4)
    assert (found.launched, found.finished) == (1, 1)
    mail = next(one for one in found.touches if one.key == "intro")
    assert (mail.launches, mail.sent) == (2, 4)


def test_no_partner_sees_how_others_do(made, app):
    with pytest.raises(Forbidden), reading(made.partner):
        service.adoption(made.partner, made.kit.kit_id)
    assert api_client(app, person(made.partner)).get(f"/kits/{made.kit.kit_id}/adoption").status_code == 403


def test_the_page_and_the_api_show_the_same(made, app, work):
    with transaction(made.partner):
        launches.launch(made.partner, kit_version_id=made.kit.id)
    work()
    body = api_client(app, person(made.marketing)).get(f"/kits/{made.kit.kit_id}/adoption").json
    page = browser(app, person(made.marketing)).get(f"/kits/{made.kit.kit_id}/adoption").text
    assert body["launched"] == 1
    assert "Nordwind" in page
    assert "person0" not in page
