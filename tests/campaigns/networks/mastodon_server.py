"""Mastodon as its documentation describes it: registrations, sign-in with PKCE, media, posts, one post for one key."""

import base64
import hashlib
import html
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.speaking import Asked, Said, Server


@dataclass
class MastodonServer:
    server: Server
    username: str = "nordwind"
    apps: dict[str, str] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    media: dict[str, dict[str, Any]] = field(default_factory=dict)
    statuses: list[dict[str, Any]] = field(default_factory=list)
    by_key: dict[str, dict[str, Any]] = field(default_factory=dict)
    publishes_without_answering: bool = False
    slow_looks: int = 0

    def __post_init__(self) -> None:
        self.server.answers |= {
            "POST /api/v1/apps": self._register,
            "POST /oauth/token": self._token,
            "POST /oauth/revoke": self._revoke,
            "GET /api/v1/accounts/verify_credentials": self._whoami,
            "POST /api/v2/media": self._upload,
            "POST /api/v1/statuses": self._post,
            "GET /api/v1/accounts/109/statuses": lambda asked: self._guarded(asked) or list(reversed(self.statuses)),
        }

    @property
    def url(self) -> str:
        return self.server.url

    def sign_in(self, sign_in_url: str) -> dict[str, str]:
        """Do what the person does at the server, and return what the server sends them back with."""
        parts = urlsplit(sign_in_url)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{self.url}/oauth/authorize"
        assert query["client_id"] in self.apps
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_hex(8)
        self.codes[code] = query
        return {"code": code, "state": query["state"]}

    def _register(self, asked: Asked) -> Said:
        client_id = secrets.token_hex(8)
        self.apps[client_id] = asked.form["redirect_uris"]
        return Said({"client_id": client_id, "client_secret": f"secret of {client_id}", "name": "TCMA"})

    def _token(self, asked: Asked) -> Said:
        form = asked.form
        granted = self.codes.pop(form["code"], None)
        if granted is None or form["client_secret"] != f"secret of {form['client_id']}":
            return Said({"error": "invalid_grant", "error_description": "The authorization grant is invalid."}, 400)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != granted["code_challenge"]:
            return Said({"error": "invalid_grant"}, 400)
        token = secrets.token_hex(16)
        self.tokens.add(token)
        return Said({"access_token": token, "token_type": "Bearer", "scope": granted["scope"], "created_at": 1})

    def _revoke(self, asked: Asked) -> Said:
        self.tokens.discard(asked.form["token"])
        return Said({})

    def _guarded(self, asked: Asked) -> Said | None:
        return None if asked.token in self.tokens else Said({"error": "The access token is invalid"}, 401)

    def _whoami(self, asked: Asked) -> Said:
        profile = {"id": "109", "username": self.username, "display_name": "Nordwind GmbH", "url": f"{self.url}/@n"}
        return self._guarded(asked) or Said(profile)

    def _upload(self, asked: Asked) -> Said:
        if refused := self._guarded(asked):
            return refused
        media_id = str(len(self.media) + 1)
        self.media[media_id] = {"body": asked.body}
        self.server.answers[f"GET /api/v1/media/{media_id}"] = self._look
        return Said({"id": media_id, "url": None}, 202) if self.slow_looks else Said({"id": media_id, "url": "x"})

    def _look(self, asked: Asked) -> Said:
        self.slow_looks -= 1
        media_id = asked.path.rpartition("/")[2]
        return Said({"id": media_id, "url": None}, 206) if self.slow_looks > 0 else Said({"id": media_id, "url": "x"})

    def _post(self, asked: Asked) -> Said:
        if refused := self._guarded(asked):
            return refused
        key = asked.headers["idempotency-key"]
        if key not in self.by_key:
            number = str(len(self.statuses) + 1)
            text = html.escape(asked.json["status"]).replace("\n\n", "</p><p>").replace("\n", "<br>")
            self.by_key[key] = {
                "id": number,
                "url": f"{self.url}/@n/{number}",
                "content": f"<p>{text}</p>",
                "media_ids": asked.json.get("media_ids", []),
                "language": asked.json.get("language"),
            }
            self.statuses.append(self.by_key[key])
        return Said(hang=True) if self.publishes_without_answering else Said(self.by_key[key])
