"""Answer with the bytes of a file that somebody sent or that we drew: right type, nothing guessed, nothing run."""

from io import BytesIO

from flask import Response, request, send_file

# A file is shown by the browser or saved; it never runs, never loads anything, and never acts as a page of ours.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
_SHOWN = frozenset({"image/png", "image/jpeg", "image/webp"})


def file_response(data: bytes, media_type: str, filename: str, *, etag: str | None = None) -> Response:
    """Return a file: pictures are shown in place, everything else is offered to be saved."""
    response = send_file(
        BytesIO(data),
        mimetype=media_type,
        as_attachment=media_type not in _SHOWN,
        download_name=filename,
        etag=etag or False,
        conditional=False,
    )
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-cache"  # asked for again each time: permission may have ended
    if etag:
        response.make_conditional(request)
    return response
