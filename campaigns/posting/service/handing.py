"""Hand a post over to its network: one attempt, and what every way of failing means. Reaches no database."""

from __future__ import annotations

from datetime import timedelta

from campaigns.networks import service as networks
from campaigns.networks.errors import AccessLost, NetworkUnavailable, Throttled, Unconfirmed
from campaigns.networks.rules import Message
from campaigns.networks.service import Access
from campaigns.posting.rules import Attempt, Outcome, PostState, Reason
from tcma.kernel.errors import DomainError
from tcma.logs import get_logger

log = get_logger(__name__)

UNEXPECTED = "Something unexpected happened while this was posted. The service's log says what."


def hand_over(attempt: Attempt, access: Access, message: Message) -> Outcome:
    """Publish a message, and return what became of it."""
    try:
        published = networks.driver_of(attempt.network).publish(access, message)
    except Unconfirmed as error:
        return Outcome(PostState.UNCONFIRMED, Reason.NOT_ANSWERED, error.detail)
    except NetworkUnavailable as error:
        wait = timedelta(seconds=error.wait_s) if isinstance(error, Throttled) else None
        return Outcome(PostState.QUEUED, Reason.THROTTLED if wait else Reason.NETWORK_UNAVAILABLE, error.detail, wait)
    except AccessLost as error:
        return Outcome(PostState.FAILED, Reason.ACCOUNT_LOST, error.detail)
    except DomainError as error:
        return Outcome(PostState.FAILED, Reason.NETWORK_REFUSED, error.detail)
    except Exception:
        # Whatever it was, it may have happened after the post was public.
        log.exception("post not accounted for", post_id=attempt.post_id)
        return Outcome(PostState.UNCONFIRMED, Reason.NOT_ANSWERED, UNEXPECTED)
    return Outcome(PostState.PUBLISHED, published=published)
