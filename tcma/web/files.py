"""Answer with the bytes of a file that somebody sent or that we drew: right type, nothing guessed, nothing run."""

from collections.abc import Iterable, Iterator
from io import BytesIO

from flask import Response, request, send_file, stream_with_context

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


def stream_response(pieces: Iterable[bytes], size_bytes: int, media_type: str, filename: str) -> Response:
    """Return a large file piece by piece, to be saved; `filename` is one of ours."""
    response = Response(pieces, mimetype=media_type)
    response.content_length = size_bytes
    return _saved(response, filename)


def text_response(text: str, media_type: str, filename: str) -> Response:
    """Return a text in UTF-8, to be saved; `filename` is one of ours."""
    return _saved(Response(text, content_type=f"{media_type}; charset=utf-8"), filename)


def streamed_text(pieces: Iterator[str], media_type: str, filename: str) -> Response:
    """Return a text that may be longer than memory piece by piece, to be saved; `filename` is one of ours."""
    return _saved(Response(stream_with_context(pieces), content_type=f"{media_type}; charset=utf-8"), filename)


def _saved(response: Response, filename: str) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Cache-Control"] = "private, no-store"
    return response
