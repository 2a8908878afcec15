"""The pages of lists: give a file, say what its columns mean, watch it being taken over."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.audiences import service as audiences
from campaigns.imports import service
from campaigns.imports.errors import ListUnreadable
from campaigns.imports.rules import LARGEST_BYTES, MEANINGS, MOST_ROWS, ListState
from campaigns.imports.schemas import StartListForm
from campaigns.imports.service import ContactList, Received, problems_csv
from tcma.infra.db import reading
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.errors import Unavailable
from tcma.kernel.permissions import Permission
from tcma.web.fields import Empty
from tcma.web.files import streamed_text
from tcma.web.guards import current_actor, large_upload
from tcma.web.pages import FormState, portal_blueprint, render, submit

bp = portal_blueprint("contact_lists", __name__, "/contacts/lists")

SHOWN_PROBLEMS = 100


@bp.get("/new")
def new() -> str:
    """Ask for a file."""
    return _new(FormState())


@bp.post("/")
@large_upload(LARGEST_BYTES)
def give() -> ResponseReturnValue:
    """Keep the file, and ask what its columns mean."""
    authorize(current_actor(), Permission.CAMPAIGNS_CONTACT_IMPORT)
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _new(FormState({}, {"file": ["Choose a CSV or XLSX file."]})), 422
    try:
        received = Received.store(sent.stream)
    except ListUnreadable as problem:
        return _new(FormState({}, {"file": [problem.detail]})), 422
    sent.stream.seek(0)
    name = sent.filename
    return submit(
        Empty(unknown="exclude"),
        lambda actor, _data: service.receive(actor, received, filename=name),
        then=lambda made: url_for("contact_lists.show", list_id=made.id),
        again=_new,
    )


@bp.get("/<int:list_id>")
def show(list_id: int) -> str:
    """Ask what the columns mean; later show how far it is, and what came of it."""
    return _show(list_id, FormState())


@bp.get("/<int:list_id>/progress")
def progress(list_id: int) -> Response:
    """Say how far it is, for the page that shows it."""
    with reading(current_actor()):
        found = service.one(current_actor(), list_id)
        return jsonify(percent=found.percent, text=_progress(found), running=found.state is ListState.RUNNING)


@bp.post("/<int:list_id>/start")
def start(list_id: int) -> ResponseReturnValue:
    """Have it taken over."""
    return submit(
        StartListForm(),
        lambda actor, data: _start(actor, list_id, data),
        then=lambda made: url_for("contact_lists.show", list_id=made.id),
        again=lambda form: _show(list_id, form),
    )


@bp.post("/<int:list_id>/cancel")
def cancel(list_id: int) -> ResponseReturnValue:
    """Take nothing more over."""
    return submit(
        Empty(),
        lambda actor, _data: service.cancel(actor, list_id),
        then=lambda made: url_for("contact_lists.show", list_id=made.id),
        again=lambda form: _show(list_id, form),
        flash="Cancelled. What was taken over stays.",
    )


@bp.get("/<int:list_id>/problems.csv")
def problems(list_id: int) -> Response:
    """Download every row that was left out."""
    return streamed_text(problems_csv(current_actor(), list_id), "text/csv", f"list-{list_id}-problems.csv")


def _start(actor: Actor, list_id: int, data: dict[str, Any]) -> ContactList:
    data.pop("agreed")
    return service.start(actor, list_id, **data)


def _new(form: FormState) -> str:
    authorize(current_actor(), Permission.CAMPAIGNS_CONTACT_IMPORT)
    with reading(current_actor()):
        lists = service.page_of(current_actor(), limit=20).items
    return render(
        "contact_lists/new.html", form=form, lists=lists, most_mb=LARGEST_BYTES // 1024 // 1024, most_rows=MOST_ROWS
    )


def _show(list_id: int, form: FormState) -> str:
    actor = current_actor()
    with reading(actor):
        found = service.one(actor, list_id)
        report = audiences.one_import(actor, found.import_id) if found.import_id else None
        left_out = service.problems_of(actor, list_id, limit=SHOWN_PROBLEMS) if found.problems else []
    rows: list[list[str]] = []
    if found.state is ListState.WAITING:
        try:
            rows = service.samples(found)
        except (Unavailable, ListUnreadable):
            rows = []
    return render(
        "contact_lists/show.html",
        list=found,
        report=report,
        left_out=left_out,
        rows=rows,
        progress=_progress(found),
        meanings=_meanings(found),
        form=form,
    )


def _progress(found: ContactList) -> str:
    return f"{max(found.done_rows - 1, 0):,} rows read, {found.problems:,} left out"


def _meanings(found: ContactList) -> list[list[tuple[str, str]]]:
    """Return for each column what it can mean: one of ours, or a field of one's own called as the column is."""
    ours = [(one, one.replace("_", " ").capitalize()) for one in MEANINGS]
    choices = []
    for name, meaning in zip(found.header, found.columns, strict=True):
        own = meaning if meaning.startswith("attributes.") else f"attributes.{name.lower()[:40]}"
        choices.append([*ours, (own, f"A field of our own: {own.removeprefix('attributes.')}")])
    return choices
