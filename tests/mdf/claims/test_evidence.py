"""What the service ran itself is proof of performance: the partner adds only the invoice."""

import pytest

from campaigns.launches import service as launches
from campaigns.launches.errors import LaunchNotFound
from campaigns.sending import service as sending
from mdf.claims import service as claims
from mdf.claims.errors import ClaimIncomplete
from mdf.claims.rules import ClaimState
from tcma.infra.db import reading, transaction
from tests.factories import claims as make
from tests.factories import kits
from tests.factories.launches import scene


@pytest.fixture
def made(world, errands):
    """A launch that only waits for the partner to share its post."""
    found = scene(lambda _: kits.share_touch())
    with transaction(found.partner):
        found.launch = launches.launch(found.partner, kit_version_id=found.kit.id)
        found.touch_id = found.launch.touches[0].id
    return found


def only_the_invoice(case):
    """A claim to which everything is attached but the proof of performance."""
    invoice = make.proof(case.owner)
    with transaction(case.owner):
        claim = claims.open_claim(case.owner, case.request_id)
        claims.edit(case.owner, claim.id, **make.invoice())
        claims.attach(case.owner, claim.id, proof="invoice", asset_id=invoice)
        return claim.id


def test_a_launch_that_ran_stands_in_for_the_proof_of_performance(made):
    case = make.case(owner=made.partner)
    claim_id = only_the_invoice(case)
    with reading(case.owner):
        claim = claims.assess(case.owner, claim_id).claim
        assert [choice.id for choice in claims.launch_choices(case.owner, claim)] == [made.launch.id]
    with transaction(case.owner):
        claims.add_evidence(case.owner, claim_id, launch_id=made.launch.id)
    with pytest.raises(ClaimIncomplete) as refusal, transaction(case.owner):
        claims.submit(case.owner, claim_id)  # nothing left yet: it is no proof of anything
    assert set(refusal.value.errors) == {"proof.report"}

    with transaction(case.owner):
        sending.mark_shared(case.owner, made.launch.id, made.touch_id)
    with transaction(case.owner):
        claim = claims.submit(case.owner, claim_id)
    assert claim.state is ClaimState.SUBMITTED
    assert claim.evidence[0]["has_run"] is True
    assert "1 posts shared" in claim.evidence[0]["value"]


def test_evidence_that_comes_after_an_approval_voids_it(made):
    case = make.case(owner=made.partner)
    claim_id = make.approved(case)
    with transaction(case.owner):
        claim = claims.add_evidence(case.owner, claim_id, launch_id=made.launch.id)
    assert (claim.state, claim.approval, claim.approved) == (ClaimState.SUBMITTED, None, None)


def test_another_partners_launch_is_no_evidence(made):
    case = make.case(owner=made.other)
    claim_id = only_the_invoice(case)
    with pytest.raises(LaunchNotFound), transaction(case.owner):
        claims.add_evidence(case.owner, claim_id, launch_id=made.launch.id)


def test_evidence_is_added_through_the_api(made, api):
    case = make.case(owner=made.partner)
    claim_id = only_the_invoice(case)
    client = api(case.owner)
    answer = client.post(f"/mdf/claims/{claim_id}/evidence", json={"launch_id": made.launch.id})
    assert answer.status_code == 201
    assert answer.json["evidence"][0]["launch_id"] == made.launch.id
    again = client.post(f"/mdf/claims/{claim_id}/evidence", json={"launch_id": made.launch.id})
    assert len(again.json["evidence"]) == 1
    assert client.post(f"/mdf/claims/{claim_id}/evidence", json={"launch_id": 0}).status_code == 422
