"""What may come in at all, before anybody looks at it: how large, how deep, and which characters."""

import json
from typing import Any

from flask import Flask, request
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest

from tcma.web.guards import is_public

# Only a form with files may be larger than this; strangers send a name and a password, and a file to be verified.
LARGEST_BODY = 1024 * 1024
LARGEST_BODY_OF_A_STRANGER = 16 * 1024
MOST_FORM_PARTS = 2000


def install(app: Flask) -> None:
    """Bound every request of the app."""

    @app.before_request
    def bound_the_request() -> None:
        request.max_form_parts = MOST_FORM_PARTS
        view = app.view_functions.get(request.endpoint or "")
        if request.endpoint is not None and is_public(app, request.endpoint) and not hasattr(view, "takes_file"):
            request.max_content_length = LARGEST_BODY_OF_A_STRANGER
        elif request.mimetype != "multipart/form-data":
            request.max_content_length = LARGEST_BODY
        if "\0" in request.path or "%00" in request.query_string.decode("latin-1"):
            raise BadRequest("The address holds a character that cannot be stored.")


class StrictParser(FlaskParser):
    """Read arguments; a name that a schema does not know is refused wherever it stands, in the query too."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {}

    def _raw_load_json(self, req: Any) -> Any:
        try:
            data = super()._raw_load_json(req)
            text = json.dumps(data, ensure_ascii=False, default=str)
            text.encode()
        except UnicodeEncodeError:
            raise BadRequest("The body holds half a character (a lone surrogate).") from None
        except json.JSONDecodeError:
            raise
        except (RecursionError, ValueError):
            raise BadRequest("The body is nested too deeply, or holds a number with too many digits.") from None
        if "\\u0000" in text:
            raise BadRequest("The body holds a character that cannot be stored (NUL).")
        return data
