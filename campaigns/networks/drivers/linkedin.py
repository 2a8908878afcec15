"""LinkedIn: pages of organizations, by the versioned API (learn.microsoft.com/linkedin, Community Management)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from campaigns.networks.drivers.protocol import Access, Way
from campaigns.networks.drivers.speaking import (
    NO_APP,
    ask,
    is_said_in,
    listed,
    lives_until,
    optional,
    read,
    say,
    with_query,
)
from campaigns.networks.errors import ConsentRefused, NothingToChoose, Unconfirmed
from campaigns.networks.rules import App, Candidate, Grant, Message, Picture, Published, Tokens

SCOPES: Final = "r_organization_social w_organization_social rw_organization_admin"
# Versions live for about a year; the operator names a newer one in the settings.
VERSION: Final = "202606"
# These may post for an organization.
ROLES: Final = frozenset({"ADMINISTRATOR", "CONTENT_ADMINISTRATOR"})
MOST_PAGES: Final = 30
# The "little text format" of a commentary: these mean something unless a backslash stands before them.
_RESERVED: Final = re.compile(r"[\\|{}@\[\]()<>#*_~]")


@dataclass(frozen=True, slots=True)
class LinkedIn:
    """Speak to LinkedIn in the name of an organization's page."""

    site: str = "https://www.linkedin.com"
    api: str = "https://api.linkedin.com"
    needs_app: bool = True
    asks_for: tuple[str, ...] = ()
    signs_in_there: bool = True
    shows_all: bool = True

    def open(self, server: str, app: App | None, *, callback: str) -> App:
        """Return the operator's registration."""
        del server, callback
        return app or NO_APP

    def sign_in_url(self, way: Way, *, state: str, challenge: str) -> str:
        """Return the page that asks; LinkedIn takes PKCE from apps on phones alone, others prove themselves."""
        del challenge
        return with_query(
            f"{self.site}/oauth/v2/authorization",
            response_type="code",
            client_id=way.app.client_id,
            redirect_uri=way.callback,
            state=state,
            scope=SCOPES,
        )

    def grant(self, way: Way, answer: Mapping[str, str]) -> Grant:
        """Turn the code into tokens, and list the organizations that the person may post for."""
        if not answer.get("code"):
            raise ConsentRefused
        tokens = self._tokens(way.app, grant_type="authorization_code", code=answer["code"], redirect_uri=way.callback)
        roles = ask(
            "GET",
            f"{self.api}/rest/organizationAcls",
            token=tokens.access,
            headers=_versioned(way.app),
            params={"q": "roleAssignee", "state": "APPROVED", "count": "100"},
        )
        urns = [str(one.get("organization", "")) for one in listed(roles, "elements") if one.get("role") in ROLES]
        if not urns:
            raise NothingToChoose
        return Grant(tuple(self._page(way.app, tokens, urn) for urn in dict.fromkeys(urns[:MOST_PAGES])))

    def renew(self, access: Access) -> Tokens:
        """Return a new token; a refresh token keeps its end, which comes a year after the person signed in."""
        return self._tokens(access.app, grant_type="refresh_token", refresh_token=access.tokens.refresh)

    def let_go(self, access: Access) -> None:
        """Do nothing: the token is shared with the other pages of the same grant, and would be lost to them too."""

    def publish(self, access: Access, message: Message) -> Published:
        """Upload the picture and publish on the page."""
        body: dict[str, Any] = {
            "author": access.subject,
            "commentary": escaped(message.text),
            "visibility": "PUBLIC",
            "distribution": {
                "feedDistribution": "MAIN_FEED",
                "targetEntities": [],
                "thirdPartyDistributionChannels": [],
            },
            "lifecycleState": "PUBLISHED",
            "isReshareDisabledByAuthor": False,
        }
        if message.picture is not None:
            image = self._upload(access, message.picture)
            body["content"] = {"media": {"id": image, "altText": message.picture.alt}}
        answer = say(
            "POST", f"{self.api}/rest/posts", token=access.tokens.access, headers=_versioned(access.app), body=body
        )
        urn = answer.headers.get("x-restli-id", "")
        if not urn:
            raise Unconfirmed
        return self._published(urn)

    def find(self, access: Access, message: Message) -> Published | None:
        """Look through the newest posts of the page."""
        answer = ask(
            "GET",
            f"{self.api}/rest/posts",
            token=access.tokens.access,
            headers={**_versioned(access.app), "X-RestLi-Method": "FINDER"},
            params={"q": "author", "author": access.subject, "count": "50", "sortBy": "LAST_MODIFIED"},
        )
        for post in listed(answer, "elements"):
            if is_said_in(message, unescaped(str(post.get("commentary", "")))):
                return self._published(str(post.get("id", "")))
        return None

    def _published(self, urn: str) -> Published:
        return Published(urn, f"{self.site}/feed/update/{quote(urn, safe=':')}/")

    def _upload(self, access: Access, picture: Picture) -> str:
        begun = ask(
            "POST",
            f"{self.api}/rest/images?action=initializeUpload",
            token=access.tokens.access,
            headers=_versioned(access.app),
            body={"initializeUploadRequest": {"owner": access.subject}},
        )
        image, address = read(begun, "value", "image"), read(begun, "value", "uploadUrl")
        kind = {"Content-Type": picture.media_type}
        ask("PUT", address, token=access.tokens.access, headers=kind, content=picture.data, timeout_s=60.0)
        return image

    def _page(self, app: App, tokens: Tokens, urn: str) -> Candidate:
        number = urn.rpartition(":")[2]
        found = ask(
            "GET",
            f"{self.api}/rest/organizations/{quote(number, safe='')}",
            token=tokens.access,
            headers=_versioned(app),
        )
        name, vanity = optional(found, "localizedName") or urn, optional(found, "vanityName")
        return Candidate(urn, name, name, f"{self.site}/company/{quote(vanity or number, safe='')}", self.site, tokens)

    def _tokens(self, app: App, **form: str) -> Tokens:
        sent = {**form, "client_id": app.client_id, "client_secret": app.client_secret}
        answer = ask("POST", f"{self.site}/oauth/v2/accessToken", form=sent)
        refresh, ends = optional(answer, "refresh_token"), lives_until(answer, "expires_in")
        # A renewal that brings no refresh token changes nothing about when a person is needed.
        alone = ends if form["grant_type"] == "authorization_code" else None
        until = lives_until(answer, "refresh_token_expires_in") if refresh else alone
        return Tokens(read(answer, "access_token"), refresh, ends, until)


def escaped(text: str) -> str:
    """Return a text as a commentary that says just that."""
    return _RESERVED.sub(lambda found: f"\\{found[0]}", text)


def unescaped(commentary: str) -> str:
    """Return what a commentary says."""
    return re.sub(r"\\(.)", r"\1", commentary)


def _versioned(app: App) -> dict[str, str]:
    return {"LinkedIn-Version": app.version or VERSION, "X-Restli-Protocol-Version": "2.0.0"}
