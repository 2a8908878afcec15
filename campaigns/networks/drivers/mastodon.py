"""Mastodon: many servers, at each of which the service registers itself (docs.joinmastodon.org)."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from campaigns.networks.drivers.protocol import Access, Way
from campaigns.networks.drivers.speaking import ask, is_said_in, listed, optional, read, read_said, say, with_query
from campaigns.networks.errors import ConsentRefused, NetworkUnavailable
from campaigns.networks.rules import App, Candidate, Grant, Message, Picture, Published, Tokens
from tcma.infra import http

SCOPES: Final = "read:accounts read:statuses write:statuses write:media"
# A picture is ready at once on nearly every server; a slow one is asked this often.
LOOKS, LOOK_EVERY_S = 10, 1.0
_TAG: Final = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Mastodon:
    """Speak to one of Mastodon's servers, and to others that speak its language."""

    pause: Callable[[float], None] = time.sleep
    needs_app: bool = False
    asks_for: tuple[str, ...] = ("server",)
    signs_in_there: bool = True
    shows_all: bool = True

    def open(self, server: str, app: App | None, *, callback: str) -> App:
        """Register the service: anew each time, since servers forget registrations that nobody has used."""
        del app
        form = {"client_name": "TCMA", "redirect_uris": callback, "scopes": SCOPES}
        answer = ask("POST", f"{server}/api/v1/apps", form=form)
        return App(read(answer, "client_id"), read(answer, "client_secret"))

    def sign_in_url(self, way: Way, *, state: str, challenge: str) -> str:
        """Return the page of the server that asks its person."""
        return with_query(
            f"{way.server}/oauth/authorize",
            response_type="code",
            client_id=way.app.client_id,
            redirect_uri=way.callback,
            scope=SCOPES,
            state=state,
            code_challenge=challenge,
            code_challenge_method="S256",
        )

    def grant(self, way: Way, answer: Mapping[str, str]) -> Grant:
        """Turn the code into a token, and ask whose it is."""
        if not answer.get("code"):
            raise ConsentRefused
        form = {
            "grant_type": "authorization_code",
            "code": answer["code"],
            "client_id": way.app.client_id,
            "client_secret": way.app.client_secret,
            "redirect_uri": way.callback,
            "code_verifier": way.verifier,
            "scope": SCOPES,
        }
        token = read(ask("POST", f"{way.server}/oauth/token", form=form), "access_token")
        found = ask("GET", f"{way.server}/api/v1/accounts/verify_credentials", token=token)
        host = way.server.partition("://")[2]
        handle = f"@{read(found, 'username')}@{host}"
        name, url = optional(found, "display_name") or handle, optional(found, "url")
        return Grant((Candidate(read(found, "id"), handle, name, url, way.server, Tokens(token)),))

    def renew(self, access: Access) -> Tokens:
        """Return the token as it is: it lives until it is revoked."""
        return access.tokens

    def let_go(self, access: Access) -> None:
        """Revoke the token."""
        app = access.app
        form = {"client_id": app.client_id, "client_secret": app.client_secret, "token": access.tokens.access}
        ask("POST", f"{access.server}/oauth/revoke", form=form)

    def publish(self, access: Access, message: Message) -> Published:
        """Upload the picture and publish; the server itself drops a second request with the same key for an hour."""
        body: dict[str, Any] = {"status": message.text, "visibility": "public"}
        language = message.locale.partition("-")[0]
        if len(language) == 2:  # ISO 639-1 alone is understood
            body["language"] = language
        if message.picture is not None:
            body["media_ids"] = [self._upload(access, message.picture)]
        answer = say(
            "POST",
            f"{access.server}/api/v1/statuses",
            token=access.tokens.access,
            headers={"Idempotency-Key": message.key},
            body=body,
        )
        return Published(read_said(answer, "id"), optional(answer, "url"))

    def find(self, access: Access, message: Message) -> Published | None:
        """Look through the newest posts of the account for the words, or for the link that is this post's own."""
        answer = ask(
            "GET",
            f"{access.server}/api/v1/accounts/{access.subject}/statuses",
            token=access.tokens.access,
            params={"limit": "40", "exclude_reblogs": "true"},
        )
        for status in listed(answer):
            if is_said_in(message, plain(str(status.get("content", "")))):
                return Published(str(status.get("id", "")), str(status.get("url") or ""))
        return None

    def _upload(self, access: Access, picture: Picture) -> str:
        token = access.tokens.access
        file = http.File(picture.filename, picture.media_type, picture.data)
        form = {"description": picture.alt}
        answer = ask(
            "POST", f"{access.server}/api/v2/media", token=token, form=form, files={"file": file}, timeout_s=60.0
        )
        media_id = read(answer, "id")
        for _ in range(LOOKS):
            # 202 and 206: it is still being looked at, and cannot be posted yet.
            if answer.status == 200:
                return media_id
            self.pause(LOOK_EVERY_S)
            answer = ask("GET", f"{access.server}/api/v1/media/{media_id}", token=token)
        if answer.status == 200:
            return media_id
        raise NetworkUnavailable("The server takes long to look at the picture. Nothing was published.")


def plain(content: str) -> str:
    """Return the words of a post that the server gives as HTML."""
    lines = content.replace("<br>", "\n").replace("<br/>", "\n").replace("<br />", "\n").replace("</p><p>", "\n\n")
    return html.unescape(_TAG.sub("", lines))
