"""The JSON door of lists of contacts."""

from __future__ import annotations

from typing import Any

from flask import Response

from campaigns.imports import service
from campaigns.imports.rules import LARGEST_BYTES
from campaigns.imports.schemas import GiveList, ListOut, StartList
from campaigns.imports.service import Received, problems_csv
from tcma.kernel.actor import authorize
from tcma.kernel.permissions import Permission
from tcma.web.api import api_blueprint, perform, show, show_page
from tcma.web.fields import Empty, ListQuery, page_of
from tcma.web.files import streamed_text
from tcma.web.guards import current_actor, large_upload

bp = api_blueprint("contact_lists", __name__, "/contacts/lists")


@bp.route("", methods=["GET"])
@bp.arguments(ListQuery, location="query")
@bp.response(200, page_of(ListOut))
def index(query: dict[str, Any]) -> Response:
    """List the files of contacts that were given, newest first."""
    return show_page(lambda actor: service.page_of(actor, **query), ListOut)


@bp.route("", methods=["POST"])
@bp.arguments(GiveList, location="multipart")
@bp.response(201, ListOut)
@large_upload(LARGEST_BYTES)
def give(form: dict[str, Any]) -> Response:
    """Give a file of contacts, CSV or XLSX, of a million rows and more: multipart/form-data with `file`.

    Answers with the names of its columns and what they seem to mean; nothing is taken over before it is started.
    """
    authorize(current_actor(), Permission.CAMPAIGNS_CONTACT_IMPORT)
    sent = form["file"]
    received = Received.store(sent.stream)
    sent.stream.seek(0)
    return perform(lambda actor: service.receive(actor, received, filename=sent.filename or ""), ListOut, status=201)


@bp.route("/<int:list_id>", methods=["GET"])
@bp.response(200, ListOut)
def one(list_id: int) -> Response:
    """Show a list, and how far it is."""
    return show(lambda actor: service.one(actor, list_id), ListOut)


@bp.route("/<int:list_id>/start", methods=["POST"])
@bp.arguments(StartList)
@bp.response(200, ListOut)
def start(payload: dict[str, Any], list_id: int) -> Response:
    """Say what the columns mean and where the consent comes from, and have the list taken over."""
    return perform(lambda actor: service.start(actor, list_id, **payload), ListOut)


@bp.route("/<int:list_id>/cancel", methods=["POST"])
@bp.arguments(Empty)
@bp.response(200, ListOut)
def cancel(_payload: dict[str, Any], list_id: int) -> Response:
    """Take nothing more over; what was taken over stays."""
    return perform(lambda actor: service.cancel(actor, list_id), ListOut)


@bp.route("/<int:list_id>/problems.csv", methods=["GET"])
def problems(list_id: int) -> Response:
    """Download every row that was left out, with its column and the reason."""
    return streamed_text(problems_csv(current_actor(), list_id), "text/csv", f"list-{list_id}-problems.csv")
