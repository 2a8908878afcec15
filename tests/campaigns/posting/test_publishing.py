"""From a launch to a post on a Mastodon server, over real sockets; and everything that can come between."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from campaigns.launches import service as launches
from campaigns.launches import tasks as launch_tasks
from campaigns.launches.errors import LaunchInvalid
from campaigns.launches.rules import LaunchState, TouchState
from campaigns.networks import service as networks
from campaigns.networks.drivers import DRIVERS
from campaigns.networks.drivers.mastodon import Mastodon
from campaigns.networks.rules import Network
from campaigns.posting import service, tasks
from campaigns.posting.rules import LEASE, MOVES, PostState
from campaigns.tracking import service as tracking
from cobranding.templates import service as templates
from tcma.infra.db import reading, session, transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM, Actor
from tests.factories import kits
from tests.factories import networks as make
from tests.speaking import Said


def later(**time):
    return clock.frozen(clock.now() + timedelta(**time))


def told(kind: str) -> int:
    """Count what people were told; each sees only their own."""
    with reading(SYSTEM):
        return session.execute(text("SELECT count(*) FROM audit_entries WHERE action = :a"), {"a": kind}).scalar()


def test_a_launch_posts_its_words_once_with_the_tracked_link(stage, work, only_post) -> None:
    stage.start()
    work()
    (status,) = stage.server.statuses
    post = only_post()
    assert post["text"].startswith("Ask Nordwind in Hamburg: http://portal.brand.example/t/c/")
    assert post["link"] in status["content"]
    assert status["language"] == "en"
    assert (post["state"], post["url"], post["remote_id"]) == ("published", status["url"], "1")
    assert stage.touch.state is TouchState.FINISHED
    with reading(SYSTEM):
        assert launches.one(SYSTEM, stage.launch.id).state is LaunchState.COMPLETED
        assert service.check() == []
        assert tracking.results(SYSTEM, stage.launch.id).posted == 1


def test_a_picture_goes_with_it_and_its_description(pictured, work, only_post) -> None:
    pictured.server.slow_looks = 2
    pictured.start()
    work()
    assert only_post()["state"] == "published"
    assert pictured.server.statuses[0]["media_ids"] == ["1"]
    assert b"A boat of Nordwind" in pictured.server.media["1"]["body"]
    assert b"\xff\xd8\xff" in pictured.server.media["1"]["body"]


def test_each_connected_account_gets_one_post(stage, work) -> None:
    with transaction(stage.partner):
        make.account(stage.partner, server=stage.server.url, subject="110", access="secret")
    stage.start()
    work()
    assert len(stage.server.statuses) == 2


def test_jobs_that_run_twice_post_once(stage, work) -> None:
    launch = stage.start()
    work()
    tasks.fan_out(touch_id=launch.touches[0].id)
    with reading(SYSTEM):
        post_id = session.execute(text("SELECT id FROM social_posts")).scalar_one()
    tasks.publish(partner_id=stage.partner.partner_id, post_id=post_id)
    tasks.publish_due()
    work()
    assert len(stage.server.server.calls("POST", "/api/v1/statuses")) == 1


def test_everything_is_found_again_when_the_broker_was_wiped(stage, work, errands) -> None:
    stage.start()
    errands.clear()
    launch_tasks.tick()
    work(through="campaigns.posting.fan_out")
    errands.clear()
    tasks.publish_due()
    work()
    assert len(stage.server.statuses) == 1


def test_a_post_is_asked_for_once_while_its_job_waits_in_line_and_again_when_that_was_lost(stage, work, errands):
    stage.start()
    work(through="campaigns.posting.fan_out")
    for _ in range(3):
        tasks.publish_due()
    asked = [errand for errand in errands if errand.name == "campaigns.posting.publish"]
    assert len(asked) == 1
    errands.clear()
    with later(minutes=2):
        tasks.publish_due()
        work()
    assert len(stage.server.statuses) == 1


def test_without_an_account_a_person_is_asked_to_share_it_and_may_post_it_later(stage, work, api) -> None:
    with transaction(stage.partner):
        networks.disconnect(stage.partner, stage.account.id)
    launch = stage.start()
    work()
    path = f"/launches/{launch.id}/touches/{launch.touches[0].id}"
    assert stage.server.statuses == []
    assert (stage.touch.state, stage.touch.by_hand) == (TouchState.DUE, True)
    assert api(stage.partner).get(f"{path}/share").json["accounts"] == []
    assert api(stage.partner).post(f"{path}/post").json["code"] == "no_social_account"
    with transaction(stage.partner):
        make.account(stage.partner, server=stage.server.url, subject="109", access="secret")
    assert api(stage.scene.other).post(f"{path}/post").status_code == 404
    assert len(api(stage.partner).get(f"{path}/share").json["accounts"]) == 1
    assert api(stage.partner).post(f"{path}/post").status_code == 204
    work()
    assert len(stage.server.statuses) == 1
    assert stage.touch.state is TouchState.FINISHED
    assert api(stage.partner).post(f"{path}/post").status_code == 409


def test_without_an_account_it_may_be_shared_by_hand(stage, work, api) -> None:
    with transaction(stage.partner):
        networks.disconnect(stage.partner, stage.account.id)
    launch = stage.start()
    work()
    path = f"/launches/{launch.id}/touches/{launch.touches[0].id}"
    assert api(stage.partner).post(f"{path}/shared", json={"network": "Mastodon"}).json["state"] == "finished"


def test_an_account_that_goes_between_due_and_posting_leaves_it_to_a_person(stage, work) -> None:
    stage.start()
    with transaction(stage.partner):
        networks.disconnect(stage.partner, stage.account.id)
    work()
    assert (stage.touch.state, stage.touch.by_hand) == (TouchState.DUE, True)
    assert stage.server.server.asked == []


def test_a_timeout_after_sending_is_unconfirmed_and_reading_back_settles_it(stage, work, impatient, only_post) -> None:
    stage.server.publishes_without_answering = True
    stage.start()
    work()
    assert (only_post()["state"], only_post()["reason"]) == ("unconfirmed", "not_answered")
    assert stage.touch.state is TouchState.FANNED_OUT
    tasks.sweep()
    assert work() == 0
    with later(minutes=1):
        tasks.sweep()
        work()
    post = only_post()
    assert (post["state"], post["url"]) == ("published", stage.server.statuses[0]["url"])
    assert stage.touch.state is TouchState.FINISHED
    assert len(stage.server.server.calls("POST", "/api/v1/statuses")) == 1


def test_what_is_not_there_after_an_hour_failed_and_is_not_posted_again_by_itself(stage, work, impatient, only_post):
    stage.server.server.answers["POST /api/v1/statuses"] = Said(hang=True)
    stage.start()
    work()
    start = clock.now()
    for minutes in range(1, 121):
        with clock.frozen(start + timedelta(minutes=minutes)):
            tasks.publish_due()
            tasks.sweep()
            work()
    assert (only_post()["state"], only_post()["reason"]) == ("failed", "not_found_there")
    assert len(stage.server.server.calls("POST", "/api/v1/statuses")) == 1
    assert len(stage.server.server.calls("GET", "/api/v1/accounts/109/statuses")) == 4


def test_a_network_that_cannot_be_asked_leaves_it_unconfirmed(stage, work, impatient, only_post) -> None:
    stage.server.publishes_without_answering = True
    stage.start()
    work()
    stage.server.server.answers["GET /api/v1/accounts/109/statuses"] = Said({}, 502)
    start = clock.now()
    for minutes in range(1, 30):
        with clock.frozen(start + timedelta(minutes=minutes)):
            tasks.sweep()
            work()
    assert (only_post()["state"], only_post()["looks"]) == ("unconfirmed", 0)


def test_a_network_whose_lists_leave_posts_out_cannot_say_that_it_is_not_there(
    stage, work, impatient, only_post, monkeypatch
) -> None:
    monkeypatch.setitem(DRIVERS, Network.MASTODON, Mastodon(shows_all=False))
    stage.server.server.answers["POST /api/v1/statuses"] = Said(hang=True)
    stage.start()
    work()
    start = clock.now()
    for minutes in range(1, 121):
        with clock.frozen(start + timedelta(minutes=minutes)):
            tasks.sweep()
            work()
    assert (only_post()["state"], only_post()["look_at"]) == ("unconfirmed", None)
    with reading(stage.partner):
        told = session.execute(text("SELECT kind, link FROM notifications")).all()
    assert ("campaigns.post.unconfirmed", f"/posts/{only_post()['id']}") in told


@pytest.mark.parametrize("status", [500, 502, 504])
def test_an_error_of_the_server_at_the_last_step_is_unconfirmed(stage, work, only_post, status) -> None:
    stage.server.server.answers["POST /api/v1/statuses"] = Said({}, status)
    stage.start()
    work()
    assert only_post()["state"] == "unconfirmed"


def test_an_answer_that_cannot_be_read_is_unconfirmed(stage, work, only_post) -> None:
    stage.server.server.answers["POST /api/v1/statuses"] = Said(b"<html>Welcome</html>")
    stage.start()
    work()
    assert only_post()["state"] == "unconfirmed"


def test_a_server_that_wants_patience_is_asked_again_when_it_says_and_posts_once(stage, work, only_post) -> None:
    limit = Said({"error": "Too many requests"}, 429, {"Retry-After": "600"})
    post = stage.server.server.answers["POST /api/v1/statuses"]
    stage.server.server.answers["POST /api/v1/statuses"] = [limit, post]
    stage.start()
    work()
    assert (only_post()["state"], only_post()["reason"]) == ("queued", "throttled")
    with later(seconds=595):
        tasks.publish_due()
        work()
    assert stage.server.statuses == []
    with later(seconds=601):
        tasks.publish_due()
        work()
    assert only_post()["state"] == "published"
    assert len(stage.server.statuses) == 1


def test_a_server_that_is_never_there_is_given_up_on(stage, work, only_post) -> None:
    stage.server.server.answers["POST /api/v1/statuses"] = Said({}, 429)
    stage.start()
    work()
    start = clock.now()
    for hours in range(1, 8):
        with clock.frozen(start + timedelta(hours=hours * 5)):
            tasks.publish_due()
            work()
    assert (only_post()["state"], only_post()["reason"], only_post()["tries"]) == ("failed", "gave_up", 6)


def test_an_upload_that_is_not_answered_published_nothing_and_is_tried_again(pictured, work, only_post) -> None:
    pictured.server.server.answers["POST /api/v2/media"] = Said({}, 503)
    pictured.start()
    work()
    assert (only_post()["state"], only_post()["reason"]) == ("queued", "network_unavailable")
    assert pictured.server.statuses == []


def test_a_refusal_is_told_in_the_networks_words_and_a_person_may_post_again(stage, work, only_post, api) -> None:
    post = stage.server.server.answers["POST /api/v1/statuses"]
    refusal = Said({"error": "Validation failed: Text character limit of 500 exceeded"}, 422)
    stage.server.server.answers["POST /api/v1/statuses"] = [refusal, post]
    stage.start()
    work()
    failed = only_post()
    assert (failed["state"], failed["reason"]) == ("failed", "network_refused")
    assert "character limit" in failed["detail"]
    assert told("campaigns.post.failed") == 1
    assert stage.touch.state is TouchState.FINISHED
    assert api(stage.scene.other).post(f"/posts/{failed['id']}/again").status_code == 404
    assert api(stage.scene.marketing).post(f"/posts/{failed['id']}/again").status_code == 403
    assert api(stage.partner).post(f"/posts/{failed['id']}/again").json["state"] == "queued"
    work()
    assert only_post()["state"] == "published"
    assert api(stage.partner).post(f"/posts/{failed['id']}/again").status_code == 409


def test_a_token_that_was_revoked_there_ends_the_account_and_says_so(stage, work, only_post, api) -> None:
    stage.server.tokens.clear()
    stage.start()
    work()
    assert (only_post()["state"], only_post()["reason"]) == ("failed", "account_lost")
    (account,) = api(stage.partner).get("/social-accounts").json["items"]
    assert account["state"] == "expired"
    assert "Connect it again" in account["trouble"]


def test_nothing_is_posted_while_the_launch_is_paused_and_it_goes_on_afterwards(stage, work, only_post) -> None:
    launch = stage.start()
    work(through="campaigns.posting.fan_out")
    with transaction(stage.partner):
        launches.pause(stage.partner, launch.id)
    work()
    assert only_post()["state"] == "queued"
    assert stage.server.statuses == []
    with transaction(stage.partner):
        launches.resume(stage.partner, launch.id)
    with later(minutes=2):
        tasks.publish_due()
        work()
    assert only_post()["state"] == "published"


def test_nothing_is_posted_for_a_cancelled_launch(stage, work, only_post) -> None:
    launch = stage.start()
    work(through="campaigns.posting.fan_out")
    with transaction(stage.partner):
        launches.cancel(stage.partner, launch.id)
    work()
    assert (only_post()["state"], only_post()["reason"]) == ("failed", "launch_cancelled")
    assert stage.server.server.asked == []


def test_nothing_is_posted_with_a_withdrawn_template(pictured, work, only_post) -> None:
    launch = pictured.start()
    work(through="campaigns.posting.fan_out")
    with transaction(pictured.scene.marketing):
        templates.withdraw(pictured.scene.marketing, launch.touches[0].template_version_id, reason="Wrong price")
    work()
    assert (only_post()["state"], only_post()["reason"]) == ("failed", "template_withdrawn")
    assert pictured.server.server.asked == []


def test_a_post_for_a_disconnected_account_fails_and_says_why(stage, work, only_post) -> None:
    stage.start()
    work(through="campaigns.posting.fan_out")
    with transaction(stage.partner):
        networks.disconnect(stage.partner, stage.account.id)
    work()
    assert (only_post()["state"], only_post()["reason"]) == ("failed", "account_lost")


def claimed(stage, work):
    stage.start()
    work(through="campaigns.posting.fan_out")
    actor = Actor.partner_job(stage.partner.partner_id)
    with reading(SYSTEM):
        post_id = session.execute(text("SELECT id FROM social_posts")).scalar_one()
    with transaction(actor):
        message = service.gather(actor, post_id).message
    with transaction(actor):
        attempt, access = service.claim(actor, post_id, message)
    return actor, attempt, access, message


def test_a_worker_that_died_in_the_moment_leaves_it_unconfirmed_and_it_is_looked_for(stage, work, only_post) -> None:
    _, attempt, access, message = claimed(stage, work)
    service.hand_over(attempt, access, message)
    tasks.sweep()
    assert only_post()["state"] == "publishing"
    with later(seconds=LEASE.total_seconds() + 1):
        tasks.sweep()
        assert (only_post()["state"], only_post()["reason"]) == ("unconfirmed", "worker_lost")
        with later(minutes=2):
            tasks.sweep()
            work()
    assert only_post()["state"] == "published"
    assert len(stage.server.statuses) == 1


def test_what_is_stuck_late_or_waits_for_a_person_is_found(stage, work) -> None:
    claimed(stage, work)

    def codes() -> list[str]:
        with reading(SYSTEM):
            return [finding.code for finding in service.check()]

    assert codes() == []
    with later(hours=1):
        assert codes() == ["stuck"]
        tasks.sweep()
        assert codes() == []
    with transaction(SYSTEM):
        session.execute(text("UPDATE social_posts SET look_at = NULL"))
    assert codes() == ["unconfirmed"]
    with transaction(SYSTEM):
        session.execute(text("UPDATE social_posts SET state = 'queued'"))
    with later(hours=1):
        assert codes() == ["late"]


def test_an_answer_that_comes_after_the_worker_was_given_up_is_still_the_truth(stage, work, only_post) -> None:
    actor, attempt, access, message = claimed(stage, work)
    with later(seconds=LEASE.total_seconds() + 1):
        tasks.sweep()
    outcome = service.hand_over(attempt, access, message)
    with transaction(actor):
        service.settle(actor, attempt, outcome)
    assert only_post()["state"] == "published"


def test_a_post_is_claimed_by_one_worker_alone(stage, work) -> None:
    actor, attempt, _, message = claimed(stage, work)
    with transaction(actor):
        assert service.claim(actor, attempt.post_id, message) is None


def test_many_workers_at_once_post_it_once(stage, work, app) -> None:
    stage.start()
    work(through="campaigns.posting.fan_out")
    with reading(SYSTEM):
        post_id = session.execute(text("SELECT id FROM social_posts")).scalar_one()

    def publish(_number: int) -> None:
        with app.app_context():
            tasks.publish(partner_id=stage.partner.partner_id, post_id=post_id)

    with ThreadPoolExecutor(6) as workers:
        list(workers.map(publish, range(12)))
    assert len(stage.server.server.calls("POST", "/api/v1/statuses")) == 1


def test_who_posted_with_a_template_that_is_withdrawn_is_told(pictured, work) -> None:
    launch = pictured.start()
    work()
    marketing = pictured.scene.marketing
    with transaction(marketing):
        templates.withdraw(marketing, launch.touches[0].template_version_id, reason="Wrong price")
    work()
    with reading(pictured.partner):
        told = session.execute(text("SELECT string_agg(title || body, ' ') FROM notifications")).scalar_one()
    assert "Wrong price" in told


def test_the_database_holds_one_post_per_touch_and_account_and_no_post_on_a_strangers_account(stage, work) -> None:
    stage.start()
    work()
    with transaction(stage.scene.other):
        foreign = make.account(stage.scene.other)
    copy = (
        "INSERT INTO social_posts (partner_id, launch_id, touch_id, social_account_id, network, account, key, state,"
        " reason, retry_at, created_at) SELECT partner_id, launch_id, touch_id, {account}, network, account, key,"
        " 'queued', '', retry_at, created_at FROM social_posts"
    )
    for account in ("social_account_id", str(foreign.id)):
        with pytest.raises(IntegrityError), transaction(SYSTEM):
            session.execute(text(copy.format(account=account)))


def test_words_that_do_not_fit_are_told_before_the_launch(stage) -> None:
    texts = {"en": {"message": "{{partner.trade_name}} " * 60 + "{{link}}"}}
    with transaction(stage.scene.marketing):
        kit = kits.published_kit(stage.scene.marketing, kits.share_touch(channel="mastodon", texts=texts))
    with reading(stage.partner):
        draft = launches.preview(stage.partner, kit_version_id=kit.id)
    (touch,) = draft.write().touches
    assert (touch.room.taken, touch.room.most) == (563, 500)
    assert touch.accounts == (stage.account.handle,)
    with pytest.raises(LaunchInvalid) as refused:
        draft.rehearse()
    assert refused.value.errors == {"values.post.message": ["Mastodon takes 500 characters, and this has 563."]}


def test_words_that_no_longer_fit_at_their_hour_fail_and_are_not_cut(stage, work, only_post) -> None:
    stage.start()
    work(through="campaigns.posting.fan_out")
    with transaction(SYSTEM):
        session.execute(text("UPDATE partners SET city = repeat('x', 600)"))
    work()
    assert (only_post()["state"], only_post()["reason"]) == ("failed", "does_not_fit")
    assert stage.server.server.asked == []


def test_every_state_of_a_post_is_in_the_table_and_nothing_unconfirmed_goes_back() -> None:
    assert set(MOVES) == set(PostState)
    assert PostState.QUEUED not in MOVES[PostState.UNCONFIRMED]
    assert MOVES[PostState.PUBLISHED] == frozenset()
