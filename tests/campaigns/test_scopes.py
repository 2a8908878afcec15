"""A token reads what it was made for, and nothing else that its owner could read."""

import pytest
from sqlalchemy import text

from campaigns.launches import service as launches
from campaigns.sending import service as sending
from tcma.accounts.service import issue_token
from tcma.infra.db import reading, session, transaction
from tcma.kernel.permissions import Permission
from tests.clients import ApiClient
from tests.factories import audiences, kits
from tests.factories.launches import Scene, scene

READS = {
    "/contacts": Permission.CAMPAIGNS_CONTACT_READ,
    "/contacts/{contact}": Permission.CAMPAIGNS_CONTACT_READ,
    "/contacts/{contact}/consents": Permission.CAMPAIGNS_CONTACT_READ,
    "/contacts/imports": Permission.CAMPAIGNS_CONTACT_READ,
    "/contacts/imports/{report}": Permission.CAMPAIGNS_CONTACT_READ,
    "/contacts/export": Permission.CAMPAIGNS_CONTACT_READ,
    "/suppressions": Permission.CAMPAIGNS_SUPPRESSION_READ,
    "/launches": Permission.CAMPAIGNS_LAUNCH_READ,
    "/launches/{launch}": Permission.CAMPAIGNS_LAUNCH_READ,
    "/deliveries": Permission.CAMPAIGNS_DELIVERY_READ,
    "/deliveries/{delivery}": Permission.CAMPAIGNS_DELIVERY_READ,
    "/posts": Permission.CAMPAIGNS_POST_READ,
    "/social-accounts": Permission.CAMPAIGNS_ACCOUNT_READ,
    "/social-accounts/networks": Permission.CAMPAIGNS_ACCOUNT_READ,
    "/kits": Permission.CAMPAIGNS_KIT_READ,
    "/kits/{kit}": Permission.CAMPAIGNS_KIT_READ,
    "/kits/{kit}/versions": Permission.CAMPAIGNS_KIT_READ,
    "/kits/{kit}/versions/{version}": Permission.CAMPAIGNS_KIT_READ,
}


@pytest.fixture
def made(errands, mailbox, work) -> Scene:
    ready = scene(kits.email_touch, contacts=0)
    with transaction(ready.partner):
        report = audiences.contacts(ready.partner, "ann@example.com")
        launch = launches.launch(ready.partner, kit_version_id=ready.kit.id)
    work()
    with reading(ready.partner):
        ready.ids = {
            "report": report.id,
            "launch": launch.id,
            "contact": session.scalar(text("SELECT id FROM contacts")),
            "delivery": session.scalar(text("SELECT id FROM deliveries")),
            "kit": ready.kit.kit_id,
            "version": ready.kit.id,
        }
    return ready


def client(app, made: Scene, *scopes: Permission) -> ApiClient:
    with transaction(made.partner):
        token, _ = issue_token(made.partner, name="narrow", scopes=frozenset(scopes))
    return ApiClient(app.test_client(), token)


def test_a_token_for_something_else_reads_nothing_here(made, app) -> None:
    foreign = client(app, made, Permission.MDF_CLAIM_READ)
    answers = {path: foreign.get(path.format(**made.ids)).status_code for path in READS}
    assert answers == dict.fromkeys(READS, 403)


def test_the_one_permission_that_is_named_is_enough(made, app) -> None:
    answers = {
        path: client(app, made, needed).get(path.format(**made.ids)).status_code for path, needed in READS.items()
    }
    assert answers == dict.fromkeys(READS, 200)


def test_who_may_read_deliveries_and_no_contacts_sees_no_address(made, app) -> None:
    (found,) = client(app, made, Permission.CAMPAIGNS_DELIVERY_READ).get("/deliveries").json["items"]
    assert (found["state"], found["recipient"]) == ("sent", "")
    with reading(made.partner):
        assert sending.deliveries(made.partner).items[0].recipient == "ann@example.com"
