"""Bluesky: accounts kept by many servers, opened with a password for apps (atproto.com, docs.bsky.app)."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import regex

from campaigns.networks.drivers.protocol import Access, Way
from campaigns.networks.drivers.speaking import NO_APP, ask, listed, read, read_said, say
from campaigns.networks.errors import AccessLost, NetworkRefused, NetworkUnavailable
from campaigns.networks.rules import (
    LIMITS,
    LINK,
    App,
    Candidate,
    Grant,
    Message,
    Network,
    Picture,
    Published,
    Tokens,
    short,
)
from tcma.infra import http
from tcma.kernel import clock

COLLECTION: Final = "app.bsky.feed.post"
SITE: Final = "https://bsky.app"
_ALPHABET: Final = "234567abcdefghijklmnopqrstuvwxyz"
_TAG: Final = regex.compile(r"(?<![\w#])#(?=[^\s]*\p{L})([\p{L}\p{N}_]{1,64})")


@dataclass(frozen=True, slots=True)
class Bluesky:
    """Speak to the server that keeps an account."""

    needs_app: bool = False
    asks_for: tuple[str, ...] = ("server", "identifier", "password")
    signs_in_there: bool = False
    shows_all: bool = True

    def open(self, server: str, app: App | None, *, callback: str) -> App:
        """Return nothing in particular: whoever has a password for apps needs no registration."""
        del server, callback
        return app or NO_APP

    def sign_in_url(self, way: Way, *, state: str, challenge: str) -> str:
        """Return the server: nobody is sent there."""
        del state, challenge
        return way.server

    def grant(self, way: Way, answer: Mapping[str, str]) -> Grant:
        """Open a session with a password for apps; the password itself is not kept."""
        body = {"identifier": answer.get("identifier", "").strip().lstrip("@"), "password": answer.get("password", "")}
        try:
            found = ask("POST", _call(way.server, "server.createSession"), body=body)
        except AccessLost as error:
            raise NetworkRefused(
                "Bluesky does not know this handle with this password. Make a password for apps in Bluesky's settings."
            ) from error
        tokens = _tokens(found)
        if _claims(tokens.access).get("scope") == "com.atproto.access":
            self._end(way.server, tokens)
            raise NetworkRefused(
                "This is the password that you sign in with: never give it away."
                " Make a password for apps in Bluesky's settings."
            )
        did, handle = read(found, "did"), read(found, "handle")
        server = _kept_at(found) or way.server
        return Grant((Candidate(did, f"@{handle}", handle, f"{SITE}/profile/{did}", server, tokens),))

    def renew(self, access: Access) -> Tokens:
        """Return a new pair: the old one is worth nothing afterwards."""
        return _tokens(ask("POST", _call(access.server, "server.refreshSession"), token=access.tokens.refresh))

    def let_go(self, access: Access) -> None:
        """End the session."""
        self._end(access.server, access.tokens)

    def publish(self, access: Access, message: Message) -> Published:
        """Upload the picture, and write the record under the post's own key, so that there is one at most."""
        token = access.tokens.access
        record = record_of(message)
        if message.picture is not None:
            record["embed"] = self._embed(access, message.picture)
        body = {"repo": access.subject, "collection": COLLECTION, "rkey": record_key(message), "record": record}
        try:
            answer = say("POST", _call(access.server, "repo.createRecord"), token=token, body=body)
        except NetworkRefused:
            # Refused as well when it is there already, from a try whose answer was lost.
            found = self.find(access, message)
            if found is None:
                raise
            return found
        return Published(read_said(answer, "uri"), _page(access, message))

    def find(self, access: Access, message: Message) -> Published | None:
        """Look under the post's own key."""
        params = {"repo": access.subject, "collection": COLLECTION, "rkey": record_key(message)}
        try:
            answer = ask("GET", _call(access.server, "repo.getRecord"), token=access.tokens.access, params=params)
        except NetworkRefused as error:
            if error.word != "RecordNotFound":
                raise
            return None
        return Published(read(answer, "uri"), _page(access, message))

    def _embed(self, access: Access, picture: Picture) -> dict[str, Any]:
        answer = ask(
            "POST",
            _call(access.server, "repo.uploadBlob"),
            token=access.tokens.access,
            headers={"Content-Type": picture.media_type},
            content=picture.data,
            timeout_s=60.0,
        )
        body = answer.json()
        blob = body.get("blob") if isinstance(body, Mapping) else None
        if not isinstance(blob, Mapping):
            raise NetworkUnavailable
        ratio = {"width": picture.width, "height": picture.height}
        return {
            "$type": "app.bsky.embed.images",
            "images": [{"alt": picture.alt, "image": dict(blob), "aspectRatio": ratio}],
        }

    def _end(self, server: str, tokens: Tokens) -> None:
        ask("POST", _call(server, "server.deleteSession"), token=tokens.refresh)


def record_of(message: Message) -> dict[str, Any]:
    """Return the record of a post: its words, with links shown short as Bluesky itself shows them."""
    text, facets = "", []
    at = 0
    for found in regex.finditer(f"{LINK.pattern}|{_TAG.pattern}", message.text):
        text += message.text[at : found.start()]
        said = found.group()
        shown = said if said.startswith("#") else short(said, LIMITS[Network.BLUESKY])
        feature = (
            {"$type": "app.bsky.richtext.facet#tag", "tag": said[1:]}
            if said.startswith("#")
            else {"$type": "app.bsky.richtext.facet#link", "uri": said}
        )
        start = len(text.encode())
        text += shown
        facets.append({"index": {"byteStart": start, "byteEnd": len(text.encode())}, "features": [feature]})
        at = found.end()
    return {
        "$type": COLLECTION,
        "text": text + message.text[at:],
        "facets": facets,
        "langs": [message.locale],
        "createdAt": clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }


def record_key(message: Message) -> str:
    """Return the key of a post's record, always the same: a TID of the time when the post was made (atproto.com)."""
    micros = int(message.made_at.astimezone(UTC).timestamp() * 1_000_000)
    number = (micros & (2**53 - 1)) << 10 | message.number % 1024
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(60, -1, -5))


def _call(server: str, name: str) -> str:
    return f"{server}/xrpc/com.atproto.{name}"


def _page(access: Access, message: Message) -> str:
    return f"{SITE}/profile/{access.subject}/post/{record_key(message)}"


def _tokens(answer: http.Answer) -> Tokens:
    access, refresh = read(answer, "accessJwt"), read(answer, "refreshJwt")
    return Tokens(access, refresh, _ends(access), _ends(refresh))


def _claims(token: str) -> Mapping[str, Any]:
    """Return what a token says about itself; it is the server's to check, not ours."""
    part = token.split(".")[1] if token.count(".") == 2 else ""
    try:
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, binascii.Error):
        return {}
    return claims if isinstance(claims, Mapping) else {}


def _ends(token: str) -> datetime | None:
    ends = _claims(token).get("exp")
    return datetime.fromtimestamp(ends, UTC) if isinstance(ends, int) and 0 < ends < 2**33 else None


def _kept_at(answer: http.Answer) -> str:
    """Return the server that keeps the account, as its identity document says."""
    for service in listed(answer, "didDoc", "service"):
        endpoint = str(service.get("serviceEndpoint", ""))
        if str(service.get("id", "")).endswith("#atproto_pds") and endpoint.startswith(("https://", "http://")):
            return endpoint.rstrip("/")
    return ""
