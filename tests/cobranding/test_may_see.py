"""A token that was scoped to something else sees no files, no templates and no artworks."""

import pytest

from assets.library import queries as library
from assets.uploads import queries as uploads
from cobranding.artworks import queries as artworks
from cobranding.templates import queries as templates
from tcma.accounts.service import actor_of, issue_token
from tcma.infra.db import reading, session, transaction
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.errors import Forbidden
from tcma.kernel.permissions import Permission
from tests.clients import ApiClient

QUESTIONS = {
    "files": (library.visible_to, Permission.ASSETS_ASSET_READ),
    "uploads": (uploads.visible_to, Permission.ASSETS_ASSET_READ),
    "artworks": (artworks.visible_to, Permission.COBRANDING_ARTWORK_READ),
    "templates": (templates.visible_to, Permission.COBRANDING_TEMPLATE_READ),
    "versions": (templates.visible_versions, Permission.COBRANDING_TEMPLATE_READ),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_each_question_asks_for_its_permission(cast, name) -> None:
    question, permission = QUESTIONS[name]
    for person in (cast.owner, cast.marketing):
        everything_else = frozenset(Permission) - {permission}
        with pytest.raises(Forbidden):
            question(actor_of(person, only=everything_else))
        question(actor_of(person, only=frozenset({permission})))


@pytest.mark.parametrize("name", QUESTIONS)
def test_jobs_and_the_service_itself_may_see(world, name) -> None:
    question, _ = QUESTIONS[name]
    for actor in (SYSTEM, Actor.partner_job(1)):
        with reading(actor):
            assert session.scalars(question(actor)).all() == []


def test_a_narrow_token_is_told_what_it_lacks(app, api, cast, published) -> None:
    version = published()
    made = api(cast.owner).post("/artworks", json={"template_version_id": version["id"]}).json
    owner = actor_of(cast.owner)
    with transaction(owner):
        token, _ = issue_token(owner, name="claims", scopes=frozenset({Permission.MDF_CLAIM_READ}))
    narrow = ApiClient(app.test_client(), token)
    for path in (
        "/assets",
        f"/assets/{cast.logo.id}/content",
        "/templates",
        f"/templates/versions/{version['id']}",
        "/artworks",
        f"/artworks/{made['id']}/renders/a4",
        f"/artworks/previews/{version['id']}/a4",
    ):
        assert narrow.get(path).status_code == 403, path


def test_reading_as_the_partners_job_gives_its_artworks(api, cast, published) -> None:
    api(cast.owner).post("/artworks", json={"template_version_id": published()["id"]})
    job = Actor.partner_job(cast.north.id)
    with reading(job):
        assert len(artworks.page_of(job).items) == 1
