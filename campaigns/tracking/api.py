"""Results through the API."""

from __future__ import annotations

from flask import Response

from campaigns.tracking import service
from campaigns.tracking.schemas import ResultsOut
from tcma.web.api import api_blueprint, show

bp = api_blueprint("results", __name__, "/launches")


@bp.route("/<int:launch_id>/results", methods=["GET"])
@bp.response(200, ResultsOut)
def results(launch_id: int) -> Response:
    """Show what came of a launch, counted in people."""
    return show(lambda actor: service.results(actor, launch_id), ResultsOut)
