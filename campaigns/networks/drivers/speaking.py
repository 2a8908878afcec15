"""What every driver says the same way: one request, its answer, and what an answer's status means."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urlencode

from campaigns.networks.errors import AccessLost, NetworkRefused, NetworkUnavailable, Throttled, Unconfirmed
from campaigns.networks.rules import App, Message
from tcma.infra import http
from tcma.kernel import clock

NO_APP: Final = App("", "")
_FIRST_WAIT_S, _LONGEST_WAIT_S = 60.0, 86_400.0
# Where networks say until when to wait, beside Retry-After.
_RESETS: Final = ("x-rate-limit-reset", "ratelimit-reset", "x-ratelimit-reset")


def ask(
    method: str, url: str, *, token: str = "", headers: Mapping[str, str] | None = None, **sent: Any
) -> http.Answer:
    """Send a request that publishes nothing, and return its answer if it is a good one.

    Raises NetworkUnavailable, Throttled, AccessLost, NetworkRefused.
    """
    try:
        answer = http.send(method, url, headers=_headers(token, headers), **sent)
    except http.OutcomeUnknown as error:
        raise NetworkUnavailable from error
    except (http.HostUnavailable, http.AddressRefused) as error:
        raise NetworkUnavailable(error.detail) from error
    return accepted(answer)


def say(
    method: str, url: str, *, token: str = "", headers: Mapping[str, str] | None = None, **sent: Any
) -> http.Answer:
    """Send the one request that makes a post public, and return its answer if it is a good one.

    Raises what `ask` raises when nothing was published for certain, else Unconfirmed.
    """
    try:
        answer = http.send(method, url, headers=_headers(token, headers), **sent)
    except http.OutcomeUnknown as error:
        raise Unconfirmed from error
    except (http.HostUnavailable, http.AddressRefused) as error:
        raise NetworkUnavailable(error.detail) from error
    if answer.status >= 500:
        # It may have broken after it had published.
        raise Unconfirmed
    return accepted(answer)


def accepted(answer: http.Answer) -> http.Answer:
    """Return a good answer, and turn any other into what it means."""
    if answer.status < 300:
        return answer
    if answer.status == 429 or (answer.status == 503 and "retry-after" in answer.headers):
        raise Throttled(wait_s(answer))
    if answer.status == 401:
        raise AccessLost
    if answer.status < 400 or answer.status >= 500:
        raise NetworkUnavailable
    raise NetworkRefused(words(answer) or f"The network answered with status {answer.status}.", word=word(answer))


def wait_s(answer: http.Answer) -> float:
    """Return how long a network wants us to wait: seconds, a date, or an instant of its own; bounded."""
    now = clock.now()
    given = answer.headers.get("retry-after", "").strip()
    until: datetime | None = None
    if given.isdecimal():
        until = now + timedelta(seconds=min(int(given), int(_LONGEST_WAIT_S)))
    elif given:
        until = _instant(given)
    for name in _RESETS:
        until = until or _instant(answer.headers.get(name, ""))
    seconds = (until - now).total_seconds() if until else _FIRST_WAIT_S
    return min(max(seconds, 1.0), _LONGEST_WAIT_S)


def _instant(text: str) -> datetime | None:
    try:
        if text.strip().isdecimal():
            return datetime.fromtimestamp(int(text), UTC)
        found = datetime.fromisoformat(text) if text[:1].isdecimal() else parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, OSError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def word(answer: http.Answer) -> str:
    """Return a network's word for what is wrong, such as RecordNotFound; nothing when it has none."""
    body = answer.json()
    error = body.get("error") if isinstance(body, Mapping) else None
    found = error.get("code") if isinstance(error, Mapping) else error
    return str(found) if isinstance(found, str | int) else ""


def words(answer: http.Answer) -> str:
    """Return a network's own words about what is wrong, shortened; they are shown to the partner as text."""
    body = answer.json()
    if not isinstance(body, Mapping):
        return ""
    error = body.get("error")
    said = [error.get("message")] if isinstance(error, Mapping) else []
    said += [body.get(name) for name in ("error_description", "message", "detail", "error", "title")]
    return next((word for word in said if isinstance(word, str) and word), "")[:300]


def read(answer: http.Answer, *path: str | int) -> str:
    """Return a text or number deep in an answer, as text. Raises NetworkUnavailable when it is not there."""
    found: Any = answer.json()
    for step in path:
        try:
            found = found[step]
        except (KeyError, IndexError, TypeError) as error:
            raise NetworkUnavailable("The network gave an answer that could not be read.") from error
    if not isinstance(found, str | int) or isinstance(found, bool):
        raise NetworkUnavailable("The network gave an answer that could not be read.")
    return str(found)


def read_said(answer: http.Answer, *path: str | int) -> str:
    """Return what a network calls a post that it has accepted. Raises Unconfirmed when it cannot be read."""
    try:
        return read(answer, *path)
    except NetworkUnavailable as error:
        raise Unconfirmed from error


def listed(answer: http.Answer, *path: str) -> list[Mapping[str, Any]]:
    """Return the objects of a list in an answer; none when there is no such list."""
    found: Any = answer.json()
    for step in path:
        found = found.get(step) if isinstance(found, Mapping) else None
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def lives_until(answer: http.Answer, name: str) -> datetime | None:
    """Return the instant that an answer gives as seconds from now, if it does."""
    body = answer.json()
    seconds = body.get(name) if isinstance(body, Mapping) else None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < 10**9:
        return None
    return clock.now() + timedelta(seconds=seconds)


def optional(answer: http.Answer, name: str) -> str:
    """Return a text of an answer, or nothing."""
    body = answer.json()
    found = body.get(name) if isinstance(body, Mapping) else None
    return found if isinstance(found, str) else ""


def squeezed(text: str) -> str:
    """Return a text whose blanks do not matter."""
    return " ".join(text.split())


def is_said_in(message: Message, text: str) -> bool:
    """Tell whether a text found at a network is a message: the same words, or the link that is its touch's own."""
    found = squeezed(text)
    return found == squeezed(message.text) or bool(message.link and message.link in found)


def with_query(url: str, **query: str) -> str:
    """Return an address with a query."""
    return f"{url}?{urlencode(query)}"


def new_verifier() -> str:
    """Return a PKCE verifier (RFC 7636): 256 random bits."""
    return secrets.token_urlsafe(32)


def challenge_of(verifier: str) -> str:
    """Return the S256 challenge of a PKCE verifier."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _headers(token: str, headers: Mapping[str, str] | None) -> dict[str, str]:
    bearer = {"Authorization": f"Bearer {token}"} if token else {}
    return {"Accept": "application/json", **bearer, **(headers or {})}
