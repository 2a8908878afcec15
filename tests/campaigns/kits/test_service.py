"""Kits from the drawing board to the gallery and back."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from campaigns.kits import queries, service
from campaigns.kits.errors import (
    DraftExists,
    KitDocumentInvalid,
    KitIncomplete,
    KitNameTaken,
    KitNotFound,
    KitVersionFrozen,
)
from campaigns.kits.model import KitVersion
from campaigns.kits.rules import KitVersionState
from cobranding.templates import service as templates
from tcma.infra.db import reading, session, transaction
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.errors import Forbidden, StaleEdit
from tcma.kernel.permissions import Role
from tcma.kernel.states import IllegalMove
from tests.factories import accounts, kits


@dataclass
class People:
    marketing: Actor
    finance: Actor
    partner: Actor


@pytest.fixture
def people(world, errands) -> People:
    with transaction(SYSTEM):
        accounts.brand()
        return People(
            marketing=accounts.actor_for(accounts.user(Role.MARKETING)),
            finance=accounts.actor_for(accounts.user(Role.FINANCE)),
            partner=accounts.actor_for(accounts.user(Role.OWNER, accounts.partner("Nordwind"))),
        )


def test_a_draft_is_the_brands_secret_until_it_is_published(people):
    with transaction(people.marketing):
        version_id = kits.draft_kit(people.marketing, summary="Autumn")
    with reading(people.partner):
        assert queries.page_of_kits(people.partner).items == []
        with pytest.raises(KitNotFound):
            queries.version(people.partner, version_id)
    with transaction(people.marketing):
        service.publish(people.marketing, version_id)
    with reading(people.partner):
        (kit,) = queries.offered(people.partner)
        assert kit.published_version_id == version_id
        assert [touch["key"] for touch in kit.published.touches] == ["intro", "post"]


def test_publishing_tells_the_partners(people):
    with transaction(people.marketing):
        kits.published_kit(people.marketing)
    with reading(people.partner):
        assert session.execute(text("SELECT kind FROM notifications")).scalars().all() == ["campaigns.kit.published"]


def test_a_new_version_starts_as_a_copy_and_retires_the_one_before(people):
    with transaction(people.marketing):
        first = kits.published_kit(people.marketing)
        second = service.start_version(people.marketing, first.kit_id)
        assert (second.number, second.document) == (2, first.document)
        with pytest.raises(DraftExists):
            service.start_version(people.marketing, first.kit_id)
        service.publish(people.marketing, second.id)
        assert queries.version(people.marketing, first.id).state is KitVersionState.RETIRED
    with reading(people.partner):
        (kit,) = queries.offered(people.partner)
        assert kit.published_version_id == second.id


def test_a_published_version_does_not_change_not_even_behind_the_services_back(people):
    with transaction(people.marketing):
        published = kits.published_kit(people.marketing)
    with pytest.raises(KitVersionFrozen), transaction(people.marketing):
        service.save_draft(people.marketing, published.id, document={"default_locale": "en", "touches": []})
    with pytest.raises(DBAPIError, match="does not change"), transaction(SYSTEM):
        session.execute(update(KitVersion).where(KitVersion.id == published.id).values(document={"touches": []}))


def test_a_stale_edit_is_refused(people):
    with transaction(people.marketing):
        version_id = kits.draft_kit(people.marketing)
        seen = queries.version(people.marketing, version_id).revision
        document = {"default_locale": "en", "touches": [kits.share_touch()]}
        service.save_draft(people.marketing, version_id, document=document, expected_revision=seen)
    with pytest.raises(StaleEdit), transaction(people.marketing):
        service.save_draft(people.marketing, version_id, document=document, expected_revision=seen)


def test_a_refused_save_leaves_the_draft_as_it_was(people):
    with transaction(people.marketing):
        version_id = kits.draft_kit(people.marketing)
        before = queries.version(people.marketing, version_id).document
    bad = kits.share_touch(texts={"en": {"message": "{{contact.password}}"}})
    with pytest.raises(KitDocumentInvalid), transaction(people.marketing):
        service.save_draft(people.marketing, version_id, document={"default_locale": "en", "touches": [bad]})
    with reading(people.marketing):
        assert queries.version(people.marketing, version_id).document == before


def test_one_touch_is_put_and_removed_without_losing_other_locales(people):
    with transaction(people.marketing):
        version_id = kits.draft_kit(people.marketing)
        touch = queries.version(people.marketing, version_id).touches[1]
        service.put_touch(people.marketing, version_id, touch={**touch, "texts": {"de": {"message": "Hallo"}}})
        saved = queries.version(people.marketing, version_id)
        assert set(saved.touches[1]["texts"]) == {"en", "de"}
        service.remove_touch(people.marketing, version_id, key="post")
        assert [one["key"] for one in queries.version(people.marketing, version_id).touches] == ["intro"]


def test_a_kit_is_published_only_with_published_templates_of_the_right_kind(people):
    with transaction(people.marketing):
        draft = templates.create(people.marketing, name="Draft", document=kits.email_document())
        for template_version_id in (draft.id, 999_999):
            version_id = kits.draft_kit(people.marketing, kits.email_touch(template_version_id))
            with pytest.raises(KitIncomplete) as refused:
                service.publish(people.marketing, version_id)
            assert "touches.0.template_version_id" in refused.value.errors


def test_withdrawing_asks_for_the_launches_to_be_stopped(people, errands):
    with transaction(people.marketing):
        published = kits.published_kit(people.marketing)
        errands.clear()
    with transaction(people.marketing):
        withdrawn = service.withdraw(people.marketing, published.id, reason="Wrong price")
    assert (withdrawn.state, withdrawn.withdrawn_reason) == (KitVersionState.WITHDRAWN, "Wrong price")
    assert ("campaigns.launches.stop_withdrawn", {"kit_version_id": published.id}) in [(e.name, e.ids) for e in errands]
    with reading(people.partner):
        assert queries.offered(people.partner) == []


def test_two_touches_removed_at_once_are_both_gone(people, app):
    with transaction(people.marketing):
        version_id = kits.draft_kit(people.marketing)

    def remove(key: str) -> None:
        with app.app_context(), transaction(people.marketing):
            service.remove_touch(people.marketing, version_id, key=key)

    with ThreadPoolExecutor(1) as pool:
        with transaction(people.marketing):
            queries.version_for_update(people.marketing, version_id)
            other = pool.submit(remove, "intro")
            until_somebody_waits_for_a_lock()
            service.remove_touch(people.marketing, version_id, key="post")
        other.result()
    with reading(people.marketing):
        assert queries.version(people.marketing, version_id).touches == []


def until_somebody_waits_for_a_lock() -> None:
    for _ in range(200):
        if session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
            return
        time.sleep(0.02)
    pytest.fail("nobody waits")


def test_two_kits_do_not_share_a_name(people):
    with transaction(people.marketing):
        service.create(people.marketing, name="Autumn")
    with pytest.raises(KitNameTaken), transaction(people.marketing):
        service.create(people.marketing, name=" Autumn ")


VERBS = {
    "publish": service.publish,
    "retire": service.retire,
    "withdraw": lambda actor, version_id: service.withdraw(actor, version_id, reason="x"),
}
SUCCEEDS = {
    ("publish", "draft"),
    ("retire", "published"),
    ("withdraw", "published"),
    ("withdraw", "retired"),
}


@pytest.mark.parametrize("state", [state.value for state in KitVersionState])
@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_in_every_state_by_every_role(people, verb, state):
    with transaction(people.marketing):
        version_id = kits.draft_kit(people.marketing)
    with transaction(SYSTEM):
        session.execute(update(KitVersion).where(KitVersion.id == version_id).values(state=state))
    with pytest.raises(Forbidden), transaction(people.finance):
        VERBS[verb](people.finance, version_id)
    refusal = KitNotFound if state == "draft" else Forbidden
    with pytest.raises(refusal), transaction(people.partner):
        VERBS[verb](people.partner, version_id)
    if (verb, state) in SUCCEEDS:
        with transaction(people.marketing):
            VERBS[verb](people.marketing, version_id)
    else:
        with pytest.raises(IllegalMove), transaction(people.marketing):
            VERBS[verb](people.marketing, version_id)
