"""What both sides of the pages share: the blueprint, mails and files as answers, and which language comes first."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from campaigns.kits.rules import pick_locale
from campaigns.launches.service import PreviewDraft
from tcma.kernel.permissions import Permission
from tcma.web.pages import NavItem, portal_blueprint

bp = portal_blueprint(
    "launches",
    "campaigns.launches",
    "/launches",
    nav=NavItem("Launches", "launches.index", Permission.CAMPAIGNS_LAUNCH_READ, section="Campaigns", position=20),
)

# A mail shown in a frame: nothing in it can run or reach out, and only our own pages may frame it.
MAIL_POLICY = (
    "default-src 'none'; img-src 'self' https: data:; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
)


def mail_of(draft: PreviewDraft, key: str, locale: str) -> Response:
    """Answer with a touch's mail in one locale, for a frame. Raises NotFound."""
    response = Response(draft.touch(key).write().mail(locale).html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def file_of(draft: PreviewDraft, key: str) -> Response:
    """Answer with a touch's picture or attachment, in the format that is asked for. Raises NotFound."""
    rendered = draft.touch(key).write_file(request.args.get("format", ""))
    response = Response(rendered.data, mimetype=rendered.media_type)
    how = "attachment" if request.args.get("download") else "inline"
    response.headers.set("Content-Disposition", how, filename=rendered.filename)
    return response


def shown_locale(own: str) -> Any:
    """Return which of a touch's mails is shown first: the one in the partner's language."""
    return lambda touch: pick_locale(
        own, [mail.locale for mail in touch.mails], touch.mails[0].locale if touch.mails else ""
    )
