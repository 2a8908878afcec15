"""The broker's two lists: what is prompt goes first, and whoever works can see that somebody waits."""

import pytest

from tcma.infra import broker, cache
from tcma.infra.jobs import Errand, Urgency


@pytest.fixture
def empty_lists(app) -> None:
    with cache.redis() as client:
        client.delete(*broker._LISTS.values())


def test_whoever_works_sees_the_most_urgent_kind_of_job_that_waits(empty_lists) -> None:
    assert (broker.waiting(), broker.length()) == (None, 0)
    broker.send([Errand("campaigns.sending.send", {"partner_id": 1, "turn_id": 1})])
    assert (broker.waiting(), broker.length()) == (Urgency.PATIENT, 1)
    broker.send([Errand("campaigns.sending.send_few", {"partner_id": 1, "turn_id": 1})])
    assert (broker.waiting(), broker.length()) == (Urgency.PROMPT, 2)


def test_a_worker_takes_the_prompt_job_first_though_it_came_last(empty_lists) -> None:
    broker.send([Errand("campaigns.sending.send", {"partner_id": 1, "turn_id": 1})])
    broker.send([Errand("campaigns.sending.send_few", {"partner_id": 2, "turn_id": 1})])
    with broker.celery.connection_for_read() as connection, connection.SimpleQueue(broker._QUEUE) as queue:
        names = [queue.get(timeout=5).headers["task"] for _ in range(2)]
    assert names == ["campaigns.sending.send_few", "campaigns.sending.send"]
