"""What LinkedIn, Facebook and X answer, as their documentation shows it."""

from typing import Any

from tests.speaking import Asked, Said, Server

ORGANIZATION = "urn:li:organization:2414183"
SHARE = "urn:li:share:6844785523593134080"


def linkedin(server: Server) -> None:
    """Community Management API: organizationAcls, organizations, images, posts."""
    acl = {"roleAssignee": "urn:li:person:4Q", "state": "APPROVED"}
    server.answers |= {
        "POST /oauth/v2/accessToken": {
            "access_token": "AQX",
            "expires_in": 5184000,
            "refresh_token": "AQY",
            "refresh_token_expires_in": 31536000,
            "scope": "r_organization_social,w_organization_social",
        },
        "GET /rest/organizationAcls": {
            "elements": [
                {**acl, "role": "ADMINISTRATOR", "organization": ORGANIZATION},
                {**acl, "role": "CONTENT_ADMINISTRATOR", "organization": "urn:li:organization:77"},
                {**acl, "role": "ANALYST", "organization": "urn:li:organization:99"},
            ],
            "paging": {"count": 100, "start": 0},
        },
        "GET /rest/organizations/2414183": {"id": 2414183, "localizedName": "Nordwind GmbH", "vanityName": "nordwind"},
        "GET /rest/organizations/77": {"id": 77, "localizedName": "Nordwind Süd", "vanityName": "nordwind-sued"},
        "POST /rest/images": {
            "value": {
                "uploadUrlExpiresAt": 1650567510704,
                "uploadUrl": f"{server.url}/dms-uploads/C4E10AQFoyyAjHPMQuQ/uploaded-image/0",
                "image": "urn:li:image:C4E10AQFoyyAjHPMQuQ",
            }
        },
        "PUT /dms-uploads/C4E10AQFoyyAjHPMQuQ/uploaded-image/0": Said(b"", 201),
        "POST /rest/posts": Said(b"", 201, {"x-restli-id": SHARE}),
        "GET /rest/posts": {"elements": [], "paging": {"count": 50, "start": 0}},
    }


def facebook(server: Server) -> None:
    """Graph API: oauth/access_token, me/accounts, photos, feed, published_posts."""
    at = "/v25.0"
    page = {"name": "Nordwind", "category": "Boats", "link": "https://www.facebook.com/nordwind"}
    server.answers |= {
        f"POST {at}/oauth/access_token": _token,
        f"GET {at}/me/accounts": {
            "data": [
                {**page, "id": "546349135390552", "access_token": "EAApage", "tasks": ["CREATE_CONTENT", "MANAGE"]},
                {**page, "id": "111", "access_token": "EAAother", "tasks": ["ANALYZE"]},
            ]
        },
        f"POST {at}/546349135390552/photos": {"id": "17843"},
        f"POST {at}/546349135390552/feed": {"id": "546349135390552_1116689038356556"},
        f"GET {at}/546349135390552/published_posts": {"data": []},
    }


def _token(asked: Asked) -> dict[str, Any]:
    kind = asked.form.get("grant_type", "")
    token = "long" if kind == "fb_exchange_token" and asked.form["fb_exchange_token"] == "brief" else "brief"
    return {"access_token": token, "token_type": "bearer", "expires_in": 5183944}


def graph_error(code: int, message: str, status: int = 400) -> Said:
    return Said({"error": {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A"}}, status)


def x(server: Server) -> None:
    """X API v2: oauth2/token, users/me, media/upload, media/metadata, tweets."""
    server.answers |= {
        "POST /2/oauth2/token": {
            "token_type": "bearer",
            "expires_in": 7200,
            "access_token": "access 1",
            "scope": "tweet.read tweet.write users.read media.write offline.access",
            "refresh_token": "refresh 1",
        },
        "POST /2/oauth2/revoke": {"revoked": True},
        "GET /2/users/me": {"data": {"id": "2244994945", "name": "Nordwind", "username": "nordwind"}},
        "POST /2/media/upload": {
            "data": {"id": "1146654567674912769", "media_key": "3_1", "expires_after_secs": 86400}
        },
        "POST /2/media/metadata": {"data": {"id": "1146654567674912769"}},
        "POST /2/tweets": Said({"data": {"id": "1445880548472328192", "text": "News"}}, 201),
        "GET /2/users/2244994945/tweets": {"meta": {"result_count": 0}},
    }


def problem(title: str, detail: str, status: int) -> Said:
    """Return an error as X writes it."""
    return Said({"title": title, "detail": detail, "status": status, "type": "about:blank"}, status)
