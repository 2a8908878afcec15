"""Results through the API."""

from __future__ import annotations

from typing import Any

from flask import Response

from campaigns.tracking import service
from campaigns.tracking.schemas import AdoptionOut, DisclosureOut, ResultsOut, SeriesOut, SeriesQuery
from tcma.infra.db import reading
from tcma.web.api import api_blueprint, perform, show
from tcma.web.fields import Empty
from tcma.web.files import streamed_text, text_response
from tcma.web.guards import current_actor

bp = api_blueprint("results", __name__, "/launches")
people = api_blueprint("disclosures", __name__, "/contacts")
adoptions = api_blueprint("adoptions", __name__, "/kits")


@bp.route("/<int:launch_id>/results", methods=["GET"])
@bp.response(200, ResultsOut)
def results(launch_id: int) -> Response:
    """Show what came of a launch, counted in people."""
    return show(lambda actor: service.results(actor, launch_id), ResultsOut)


@adoptions.route("/<int:kit_id>/adoption", methods=["GET"])
@adoptions.response(200, AdoptionOut)
def adoption(kit_id: int) -> Response:
    """Show who of the partners has seen, launched and finished a kit, for the brand."""
    return show(lambda actor: service.adoption(actor, kit_id), AdoptionOut)


@people.route("/<int:contact_id>/disclosure", methods=["POST"])
@people.arguments(Empty)
@people.response(200, DisclosureOut)
def disclose(_payload: dict[str, Any], contact_id: int) -> Response:
    """Gather everything that is kept about a contact, for the person who asks; asking is written down."""
    return perform(lambda actor: service.disclose(actor, contact_id), DisclosureOut)


@bp.route("/<int:launch_id>/results/series", methods=["GET"])
@bp.arguments(SeriesQuery, location="query")
@bp.response(200, SeriesOut)
def series(query: dict[str, Any], launch_id: int) -> Response:
    """Show what came of a launch over time, by the hour or by the day."""
    return show(lambda actor: {"items": service.series(actor, launch_id, **query)}, SeriesOut)


@bp.route("/<int:launch_id>/results.csv", methods=["GET"])
def counts(launch_id: int) -> Response:
    """Download every delivery of a launch, counted by touch, state and reason."""
    with reading(current_actor()):
        return text_response(
            service.counts_csv(current_actor(), launch_id), "text/csv", f"launch-{launch_id}-results.csv"
        )


@bp.route("/<int:launch_id>/recipients.csv", methods=["GET"])
def recipients(launch_id: int) -> Response:
    """Download the recipients of a launch, for the partner whose they are."""
    rows = service.recipients_csv(current_actor(), launch_id)
    return streamed_text(rows, "text/csv", f"launch-{launch_id}-recipients.csv")
