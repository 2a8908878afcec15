"""Facebook: pages, by the Graph API (developers.facebook.com/docs/pages-api)."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from campaigns.networks.drivers.protocol import Access, Way
from campaigns.networks.drivers.speaking import NO_APP, ask, is_said_in, listed, read, read_said, say, with_query
from campaigns.networks.errors import (
    AccessLost,
    ConsentRefused,
    NetworkRefused,
    NothingToChoose,
    Throttled,
    Unconfirmed,
)
from campaigns.networks.rules import App, Candidate, Grant, Message, Picture, Published, Tokens
from tcma.infra import http

SCOPES: Final = "pages_show_list,pages_manage_posts,pages_read_engagement"
# Versions live for about two years; the operator names a newer one in the settings.
VERSION: Final = "v25.0"
MAY_POST: Final = "CREATE_CONTENT"
# developers.facebook.com/docs/graph-api/guides/error-handling: what a code means, where the status is 400 for all.
_LOST: Final = frozenset({"102", "190", "463", "467"})
_TOO_OFTEN: Final = frozenset({"4", "17", "32", "341", "613", "80001"})
_BROKEN: Final = frozenset({"1", "2"})
WAIT_S: Final = 900.0


@dataclass(frozen=True, slots=True)
class Facebook:
    """Speak to Facebook in the name of a page."""

    site: str = "https://www.facebook.com"
    api: str = "https://graph.facebook.com"
    needs_app: bool = True
    asks_for: tuple[str, ...] = ()
    signs_in_there: bool = True
    # Its lists leave posts out: what is not found may be there all the same.
    shows_all: bool = False

    def open(self, server: str, app: App | None, *, callback: str) -> App:
        """Return the operator's registration."""
        del server, callback
        return app or NO_APP

    def sign_in_url(self, way: Way, *, state: str, challenge: str) -> str:
        """Return the page that asks; the service proves itself with its secret."""
        del challenge
        return with_query(
            f"{self.site}/{_version(way.app)}/dialog/oauth",
            response_type="code",
            client_id=way.app.client_id,
            redirect_uri=way.callback,
            state=state,
            scope=SCOPES,
        )

    def grant(self, way: Way, answer: Mapping[str, str]) -> Grant:
        """Turn the code into a token that lives long, and list the pages: their own tokens then do not end."""
        if not answer.get("code"):
            raise ConsentRefused
        brief = self._token(way.app, code=answer["code"], redirect_uri=way.callback)
        long = self._token(way.app, grant_type="fb_exchange_token", fb_exchange_token=brief)
        fields = {"fields": "id,name,access_token,link,tasks", "limit": "100"}
        found = self._ask(way.app, long, "GET", "me/accounts", params=fields)
        pages = tuple(
            Candidate(
                subject=str(page["id"]),
                handle=str(page.get("name", "")),
                name=str(page.get("name", "")),
                url=str(page.get("link", "")),
                server=self.site,
                tokens=Tokens(str(page["access_token"])),
            )
            for page in listed(found, "data")
            if MAY_POST in page.get("tasks", ()) and page.get("id") and page.get("access_token")
        )
        if not pages:
            raise NothingToChoose
        return Grant(pages)

    def renew(self, access: Access) -> Tokens:
        """Return the token as it is: a page's token lives until somebody ends it."""
        return access.tokens

    def let_go(self, access: Access) -> None:
        """Do nothing: Facebook takes back all pages of a grant at once, and others may still be connected."""

    def publish(self, access: Access, message: Message) -> Published:
        """Upload the picture without showing it, and publish it with the words."""
        form = {"message": message.text}
        if message.picture is not None:
            form["attached_media[0]"] = json.dumps({"media_fbid": self._upload(access, message.picture)})
        elif message.link:
            form["link"] = message.link
        token = access.tokens.access
        form["appsecret_proof"] = _proof(access.app, token)
        try:
            answer = say("POST", self._at(access.app, f"{access.subject}/feed"), token=token, form=form)
        except NetworkRefused as error:
            if error.word in _BROKEN:
                raise Unconfirmed from error
            raise _meaning(error) from error
        post_id = read_said(answer, "id")
        return Published(post_id, f"{self.site}/{post_id}")

    def find(self, access: Access, message: Message) -> Published | None:
        """Look through the newest posts of the page."""
        fields = {"fields": "id,message,permalink_url", "limit": "50"}
        answer = self._ask(access.app, access.tokens.access, "GET", f"{access.subject}/published_posts", params=fields)
        for post in listed(answer, "data"):
            if is_said_in(message, str(post.get("message", ""))):
                return Published(str(post.get("id", "")), str(post.get("permalink_url", "")))
        return None

    def _upload(self, access: Access, picture: Picture) -> str:
        token = access.tokens.access
        form = {
            "published": "false",
            "alt_text_custom": picture.alt,
            "appsecret_proof": _proof(access.app, token),
        }
        file = http.File(picture.filename, picture.media_type, picture.data)
        path = f"{access.subject}/photos"
        try:
            answer = ask(
                "POST",
                self._at(access.app, path),
                token=token,
                form=form,
                files={"source": file},
                timeout_s=60.0,
            )
        except NetworkRefused as error:
            raise _meaning(error) from error
        return read(answer, "id")

    def _token(self, app: App, **form: str) -> str:
        sent = {**form, "client_id": app.client_id, "client_secret": app.client_secret}
        return read(ask("POST", self._at(app, "oauth/access_token"), form=sent), "access_token")

    def _ask(self, app: App, token: str, method: str, path: str, *, params: Mapping[str, Any]) -> http.Answer:
        proven = {**params, "appsecret_proof": _proof(app, token)}
        try:
            return ask(method, self._at(app, path), token=token, params=proven)
        except NetworkRefused as error:
            raise _meaning(error) from error

    def _at(self, app: App, path: str) -> str:
        return f"{self.api}/{_version(app)}/{path}"


def _meaning(error: NetworkRefused) -> Exception:
    """Return what an error of the Graph API means by its code."""
    if error.word in _LOST:
        return AccessLost()
    if error.word in _TOO_OFTEN:
        return Throttled(WAIT_S)
    return error


def _proof(app: App, token: str) -> str:
    """Return the proof that a token is used by the app that it was given to."""
    return hmac.new(app.client_secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def _version(app: App) -> str:
    return app.version or VERSION
