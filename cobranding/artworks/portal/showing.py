"""Pictures to look at: of an artwork, of a template in a partner's brand; and those that mails show to everybody."""

from flask import Response, request

from cobranding.artworks import service
from cobranding.artworks.portal.views import bp, pictures
from cobranding.artworks.schemas import LookQuery, PreviewQuery
from tcma.infra.db import reading
from tcma.kernel.actor import SYSTEM
from tcma.web.files import file_response
from tcma.web.guards import current_actor, public

HOSTED_FOR_S = 7 * 24 * 3600
"""How long a mail program may keep a picture; a new logo has a new address."""


@bp.get("/<int:artwork_id>/preview/<string:format_key>")
def look(artwork_id: int, format_key: str) -> Response:
    """Show a page of one format of an artwork as a picture to look at, approved or not."""
    actor = current_actor()
    query = LookQuery(unknown="exclude").load({name: value for name, value in request.args.items() if value})
    with reading(actor):
        inputs = service.look_inputs(actor, artwork_id)
    made = service.look(inputs, format_key, page=query["page"])
    return file_response(made.data, made.media_type, made.filename, etag=made.etag)


@bp.get("/previews/<int:version_id>/<string:format_key>")
def preview(version_id: int, format_key: str) -> Response:
    """Show a template version in a partner's brand."""
    actor = current_actor()
    query = PreviewQuery(unknown="exclude").load({name: value for name, value in request.args.items() if value})
    service.check_preview(actor, query["output"])
    with reading(actor):
        inputs = service.preview_inputs(actor, version_id, partner_id=query["partner_id"])
    made = service.sample(inputs, format_key, query["output"], page=query["page"])
    return file_response(made.data, made.media_type, made.filename, etag=made.etag)


@bp.get("/previews/<int:version_id>/email")
def preview_email(version_id: int) -> Response:
    """Show a template version's e-mail in a partner's brand, as a page that can do nothing."""
    actor = current_actor()
    query = PreviewQuery(unknown="exclude").load({name: value for name, value in request.args.items() if value})
    with reading(actor):
        inputs = service.preview_email_inputs(actor, version_id, partner_id=query["partner_id"])
    response = Response(service.as_seen(service.compose(inputs)), mimetype="text/html")
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; img-src 'self' https: data:; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
    )
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@pictures.get("/<string:token>")
@public
def hosted(token: str) -> Response:
    """Give a picture that a mail shows; the signature in its address is the permission."""
    with reading(SYSTEM):
        found = service.hosted_picture(token)
    data, media_type = service.picture_file(found)
    response = Response(data, mimetype=media_type)
    response.headers["Cache-Control"] = f"public, max-age={HOSTED_FOR_S}"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
