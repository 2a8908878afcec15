"""X: accounts, by version 2 of its API with OAuth 2.0 and PKCE (docs.x.com)."""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from campaigns.networks.drivers.protocol import Access, Way
from campaigns.networks.drivers.speaking import (
    NO_APP,
    ask,
    is_said_in,
    listed,
    lives_until,
    optional,
    read,
    read_said,
    say,
    with_query,
)
from campaigns.networks.errors import ConsentRefused
from campaigns.networks.rules import App, Candidate, Grant, Message, Picture, Published, Tokens
from tcma.infra import http

SCOPES: Final = "tweet.read tweet.write users.read media.write offline.access"


@dataclass(frozen=True, slots=True)
class X:
    """Speak to X."""

    site: str = "https://x.com"
    api: str = "https://api.x.com"
    needs_app: bool = True
    asks_for: tuple[str, ...] = ()
    signs_in_there: bool = True
    shows_all: bool = True

    def open(self, server: str, app: App | None, *, callback: str) -> App:
        """Return the operator's registration."""
        del server, callback
        return app or NO_APP

    def sign_in_url(self, way: Way, *, state: str, challenge: str) -> str:
        """Return the page that asks."""
        return with_query(
            f"{self.site}/i/oauth2/authorize",
            response_type="code",
            client_id=way.app.client_id,
            redirect_uri=way.callback,
            scope=SCOPES,
            state=state,
            code_challenge=challenge,
            code_challenge_method="S256",
        )

    def grant(self, way: Way, answer: Mapping[str, str]) -> Grant:
        """Turn the code into tokens, and ask whose they are."""
        if not answer.get("code"):
            raise ConsentRefused
        tokens = self._tokens(
            way.app,
            grant_type="authorization_code",
            code=answer["code"],
            redirect_uri=way.callback,
            code_verifier=way.verifier,
        )
        found = ask("GET", f"{self.api}/2/users/me", token=tokens.access)
        username, name = read(found, "data", "username"), read(found, "data", "name")
        return Grant(
            (Candidate(read(found, "data", "id"), f"@{username}", name, f"{self.site}/{username}", self.site, tokens),)
        )

    def renew(self, access: Access) -> Tokens:
        """Return new tokens: they live for two hours, and each refresh token is used once."""
        return self._tokens(access.app, grant_type="refresh_token", refresh_token=access.tokens.refresh)

    def let_go(self, access: Access) -> None:
        """Revoke the tokens."""
        form = {"token": access.tokens.refresh or access.tokens.access, "client_id": access.app.client_id}
        ask("POST", f"{self.api}/2/oauth2/revoke", headers=_basic(access.app), form=form)

    def publish(self, access: Access, message: Message) -> Published:
        """Upload the picture, describe it, and publish."""
        body: dict[str, Any] = {"text": message.text}
        if message.picture is not None:
            body["media"] = {"media_ids": [self._upload(access, message.picture)]}
        answer = say("POST", f"{self.api}/2/tweets", token=access.tokens.access, body=body)
        return self._published(access, read_said(answer, "data", "id"))

    def find(self, access: Access, message: Message) -> Published | None:
        """Look through the newest posts of the account; links in them are X's own, which say where they lead."""
        answer = ask(
            "GET",
            f"{self.api}/2/users/{access.subject}/tweets",
            token=access.tokens.access,
            params={"max_results": "50", "tweet.fields": "entities", "exclude": "retweets,replies"},
        )
        for post in listed(answer, "data"):
            text = html.unescape(str(post.get("text", "")))
            entities = post.get("entities")
            urls = entities.get("urls", ()) if isinstance(entities, Mapping) else ()
            for url in urls:
                text = text.replace(str(url.get("url", "\0")), str(url.get("expanded_url", "")))
            if is_said_in(message, text):
                return self._published(access, str(post.get("id", "")))
        return None

    def _published(self, access: Access, post_id: str) -> Published:
        return Published(post_id, f"{self.site}/{access.handle.lstrip('@')}/status/{post_id}")

    def _upload(self, access: Access, picture: Picture) -> str:
        token = access.tokens.access
        answer = ask(
            "POST",
            f"{self.api}/2/media/upload",
            token=token,
            form={"media_category": "tweet_image", "media_type": picture.media_type},
            files={"media": http.File(picture.filename, picture.media_type, picture.data)},
            timeout_s=60.0,
        )
        media_id = read(answer, "data", "id")
        described = {"id": media_id, "metadata": {"alt_text": {"text": picture.alt}}}
        ask("POST", f"{self.api}/2/media/metadata", token=token, body=described)
        return media_id

    def _tokens(self, app: App, **form: str) -> Tokens:
        sent = {**form, "client_id": app.client_id}
        answer = ask("POST", f"{self.api}/2/oauth2/token", headers=_basic(app), form=sent)
        ends = lives_until(answer, "expires_in")
        return Tokens(read(answer, "access_token"), optional(answer, "refresh_token"), ends)


def _basic(app: App) -> dict[str, str]:
    pair = base64.b64encode(f"{app.client_id}:{app.client_secret}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}
