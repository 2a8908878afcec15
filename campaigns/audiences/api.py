"""The JSON doors of audiences: counts for everybody, contacts and suppressions for their partner."""

from __future__ import annotations

from typing import Any

from flask import Response

from campaigns.audiences import queries, rules, service
from campaigns.audiences.schemas import (
    AddContact,
    AddSuppression,
    AudienceOut,
    ConsentsOut,
    ContactOut,
    ContactQuery,
    EditContact,
    ImportContacts,
    ImportOut,
    ImportReportOut,
    SuppressionOut,
)
from tcma.infra.db import reading
from tcma.kernel.actor import authorize
from tcma.kernel.permissions import Permission
from tcma.web.api import api_blueprint, perform, show, show_page
from tcma.web.fields import ListQuery, page_of
from tcma.web.guards import current_actor

audiences = api_blueprint("audiences", __name__, "/audiences")
contacts = api_blueprint("contacts", __name__, "/contacts")
suppressions = api_blueprint("suppressions", __name__, "/suppressions")

blueprints = (audiences, contacts, suppressions)


@audiences.route("", methods=["GET"])
@audiences.arguments(ListQuery, location="query")
@audiences.response(200, page_of(AudienceOut))
def index(query: dict[str, Any]) -> Response:
    """Count the contacts of each partner; the brand never sees more than this."""
    return show_page(lambda actor: service.page_of_counts(actor, **query), AudienceOut)


@audiences.route("/<int:partner_id>", methods=["GET"])
@audiences.response(200, AudienceOut)
def one(partner_id: int) -> Response:
    """Count the contacts of a partner."""
    return show(lambda actor: service.count(actor, partner_id), AudienceOut)


@contacts.route("", methods=["GET"])
@contacts.arguments(ContactQuery, location="query")
@contacts.response(200, page_of(ContactOut))
def list_contacts(query: dict[str, Any]) -> Response:
    """List contacts, newest first."""
    return show_page(lambda actor: service.page_of_contacts(actor, **query), ContactOut)


@contacts.route("", methods=["POST"])
@contacts.arguments(AddContact)
@contacts.response(201, ContactOut)
def add(payload: dict[str, Any]) -> Response:
    """Add one contact, or bring it up to date."""
    return perform(lambda actor: service.add(actor, **payload), ContactOut, status=201)


@contacts.route("/<int:contact_id>", methods=["GET"])
@contacts.response(200, ContactOut)
def one_contact(contact_id: int) -> Response:
    """Show a contact."""
    return show(lambda actor: queries.view(actor, contact_id), ContactOut)


@contacts.route("/<int:contact_id>", methods=["PATCH"])
@contacts.arguments(EditContact)
@contacts.response(200, ContactOut)
def edit(payload: dict[str, Any], contact_id: int) -> Response:
    """Change a contact."""
    return perform(lambda actor: service.edit(actor, contact_id, **payload), ContactOut)


@contacts.route("/<int:contact_id>", methods=["DELETE"])
@contacts.response(204)
def erase(contact_id: int) -> Response:
    """Forget a contact; a keyed hash keeps it from coming back."""
    return perform(lambda actor: service.erase(actor, contact_id), None, status=204)


@contacts.route("/<int:contact_id>/consents", methods=["GET"])
@contacts.response(200, ConsentsOut)
def consents(contact_id: int) -> Response:
    """Show what a contact agreed to, when, and on which words."""
    return show(lambda actor: {"items": queries.consents_of(actor, contact_id)}, ConsentsOut)


@contacts.route("/import", methods=["POST"])
@contacts.arguments(ImportContacts, location="multipart")
@contacts.response(201, ImportReportOut)
def import_contacts(form: dict[str, Any]) -> Response:
    """Take over a CSV file: multipart/form-data with `file` and `consent_source`; answers with a report, row by row."""
    authorize(current_actor(), Permission.CAMPAIGNS_CONTACT_IMPORT)
    sent = form.pop("file")
    text = rules.decode(sent.stream.read(rules.MAX_FILE_BYTES + 1))
    sent.stream.seek(0)
    # Outside of the transaction: a long list takes a while to check.
    read = service.read_list(text)
    return perform(
        lambda actor: service.take_over(actor, read, filename=sent.filename or "", **form), ImportReportOut, status=201
    )


@contacts.route("/imports", methods=["GET"])
@contacts.arguments(ListQuery, location="query")
@contacts.response(200, page_of(ImportOut))
def imports(query: dict[str, Any]) -> Response:
    """List imports, newest first."""
    return show_page(lambda actor: service.page_of_imports(actor, **query), ImportOut)


@contacts.route("/imports/<int:import_id>", methods=["GET"])
@contacts.response(200, ImportReportOut)
def one_import(import_id: int) -> Response:
    """Show the report of an import."""
    return show(lambda actor: queries.one_import(actor, import_id), ImportReportOut)


@contacts.route("/export", methods=["GET"])
@contacts.response(200, content_type="text/csv")
def export() -> Response:
    """Download all contacts as CSV; no cell of it can start a formula."""
    actor = current_actor()
    with reading(actor):
        written = "".join(service.export_csv(actor))
    return csv_response(written, "contacts.csv")


@suppressions.route("", methods=["GET"])
@suppressions.arguments(ListQuery, location="query")
@suppressions.response(200, page_of(SuppressionOut))
def list_suppressions(query: dict[str, Any]) -> Response:
    """List the addresses that the partner must not mail, newest first."""
    return show_page(lambda actor: service.page_of_suppressions(actor, **query), SuppressionOut)


@suppressions.route("", methods=["POST"])
@suppressions.arguments(AddSuppression)
@suppressions.response(201, SuppressionOut)
def suppress(payload: dict[str, Any]) -> Response:
    """Stop all mail of the partner to an address."""
    return perform(lambda actor: service.suppress(actor, payload["email"]), SuppressionOut, status=201)


@suppressions.route("/<int:suppression_id>", methods=["DELETE"])
@suppressions.response(204)
def lift(suppression_id: int) -> Response:
    """Remove a suppression that was made by hand."""
    return perform(lambda actor: service.lift(actor, suppression_id), None, status=204)


def csv_response(written: str, filename: str) -> Response:
    """Answer with a file to download."""
    response = Response(written, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
