"""The public door: a file behind a signed link, for people without sign-in."""

from flask import Response

from assets.library import service
from assets.library.errors import ShareBusy
from tcma.infra import cache
from tcma.infra.db import transaction
from tcma.kernel.actor import SYSTEM
from tcma.web.files import file_response
from tcma.web.guards import public
from tcma.web.pages import portal_blueprint

MOST_AN_HOUR = 300
HOUR_S = 3_600

bp = portal_blueprint("links", "assets.library", "/s")


@bp.get("/<string:token>")
@public
def shared(token: str) -> Response:
    """Give the file behind a link; the signature in its address is the permission, until it ends."""
    share_id = service.share_of(token)
    if cache.count_up(f"assets:share:{share_id}", window_s=HOUR_S) > MOST_AN_HOUR:
        raise ShareBusy
    with transaction(SYSTEM):
        file = service.open_share(share_id)
    response = file_response(service.read(file), file.media_type, file.filename, etag=file.etag)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
