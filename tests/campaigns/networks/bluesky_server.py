"""A server of the AT protocol as its documentation describes it: sessions, blobs, records under keys."""

import base64
import hashlib
import itertools
import json
import re
from dataclasses import dataclass, field
from typing import Any

from tcma.kernel import clock
from tests.speaking import Asked, Said, Server

DID = "did:plc:nordwind"
APP_PASSWORD = "abcd-efgh-ijkl-mnop"
_numbers = itertools.count(1)


def jwt(scope: str, lives_s: int) -> str:
    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    claims = {"scope": scope, "sub": DID, "exp": int(clock.now().timestamp()) + lives_s, "jti": next(_numbers)}
    return f"{part({'typ': 'JWT'})}.{part(claims)}.signature"


@dataclass
class BlueskyServer:
    server: Server
    passwords: dict[str, str] = field(
        default_factory=lambda: {APP_PASSWORD: "com.atproto.appPass", "the main one": "com.atproto.access"}
    )
    access: set[str] = field(default_factory=set)
    refresh: set[str] = field(default_factory=set)
    blobs: dict[str, Asked] = field(default_factory=dict)
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    publishes_without_answering: bool = False

    def __post_init__(self) -> None:
        calls = {
            "POST server.createSession": self._create_session,
            "POST server.refreshSession": self._refresh_session,
            "POST server.deleteSession": self._delete_session,
            "POST repo.uploadBlob": self._upload,
            "POST repo.createRecord": self._create_record,
            "GET repo.getRecord": self._get_record,
        }
        for name, answer in calls.items():
            verb, _, method = name.partition(" ")
            self.server.answers[f"{verb} /xrpc/com.atproto.{method}"] = answer

    @property
    def url(self) -> str:
        return self.server.url

    def session(self, scope: str = "com.atproto.appPass") -> dict[str, str]:
        pair = {"accessJwt": jwt(scope, 7200), "refreshJwt": jwt("com.atproto.refresh", 90 * 86400)}
        self.access.add(pair["accessJwt"])
        self.refresh.add(pair["refreshJwt"])
        return pair

    def _create_session(self, asked: Asked) -> Said:
        scope = self.passwords.get(asked.json["password"])
        if asked.json["identifier"] != "nordwind.bsky.social" or scope is None:
            return Said({"error": "AuthenticationRequired", "message": "Invalid identifier or password"}, 401)
        document = {"id": DID, "service": [{"id": "#atproto_pds", "serviceEndpoint": self.url}]}
        return Said({"did": DID, "handle": "nordwind.bsky.social", "didDoc": document, **self.session(scope)})

    def _refresh_session(self, asked: Asked) -> Said:
        if asked.token not in self.refresh:
            return Said({"error": "ExpiredToken", "message": "Token has been revoked"}, 400)
        self.refresh.discard(asked.token)
        return Said({"did": DID, "handle": "nordwind.bsky.social", **self.session()})

    def _delete_session(self, asked: Asked) -> Said:
        self.refresh.discard(asked.token)
        return Said(b"")

    def _guarded(self, asked: Asked) -> Said | None:
        refused = Said({"error": "InvalidToken", "message": "Token could not be verified"}, 401)
        return None if asked.token in self.access else refused

    def _upload(self, asked: Asked) -> Said:
        if refused := self._guarded(asked):
            return refused
        link = hashlib.sha256(asked.body).hexdigest()
        self.blobs[link] = asked
        media_type = asked.headers["content-type"]
        return Said(
            {"blob": {"$type": "blob", "ref": {"$link": link}, "mimeType": media_type, "size": len(asked.body)}}
        )

    def _create_record(self, asked: Asked) -> Said:
        if refused := self._guarded(asked):
            return refused
        body = asked.json
        assert body["repo"] == DID
        assert re.fullmatch(r"[234567abcdefghij][234567a-z]{12}", body["rkey"])
        if body["rkey"] in self.records:
            return Said({"error": "InvalidRequest", "message": "Record already exists"}, 400)
        self.records[body["rkey"]] = body["record"]
        if self.publishes_without_answering:
            return Said(hang=True)
        return Said({"uri": f"at://{DID}/{body['collection']}/{body['rkey']}", "cid": "bafy"})

    def _get_record(self, asked: Asked) -> Said:
        key = asked.query["rkey"]
        if key not in self.records:
            return Said({"error": "RecordNotFound", "message": f"Could not locate record: {key}"}, 400)
        return Said({"uri": f"at://{DID}/app.bsky.feed.post/{key}", "value": self.records[key]})
