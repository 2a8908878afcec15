"""The pages of audiences: a partner's contacts, imports and suppressions; for the brand, counts."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.audiences import queries, rules, service
from campaigns.audiences.errors import FileUnreadable
from campaigns.audiences.schemas import AddContact, AddSuppression, ContactQuery, EditContact, ImportForm
from tcma.infra.db import reading
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission
from tcma.web.fields import Empty, ListQuery
from tcma.web.guards import current_actor
from tcma.web.pages import FormState, NavItem, form_values, portal_blueprint, render, submit

audiences = portal_blueprint(
    "audiences",
    __name__,
    "/audiences",
    nav=NavItem("Audience", "audiences.index", Permission.CAMPAIGNS_AUDIENCE_READ, section="Campaigns", position=30),
)
contacts = portal_blueprint("contacts", __name__, "/contacts")
suppressions = portal_blueprint("suppressions", __name__, "/suppressions")

blueprints = (audiences, contacts, suppressions)

# More rows than this make a page that nobody reads; the file with all of them is one click away.
SHOWN_ERRORS = 200


@audiences.get("/")
def index() -> ResponseReturnValue:
    """Show the counts to the brand, and a partner its contacts."""
    actor = current_actor()
    if actor.is_partner:
        return redirect(url_for("contacts.index"))
    query = ListQuery(unknown="exclude").load({name: value for name, value in request.args.items() if value})
    with reading(actor):
        return render("audiences/counts.html", page=service.page_of_counts(actor, **query))


@contacts.get("/")
def list_contacts() -> ResponseReturnValue:
    """List contacts."""
    actor = current_actor()
    if not actor.is_partner:
        return redirect(url_for("audiences.index"))
    query = ContactQuery(unknown="exclude").load({name: value for name, value in request.args.items() if value})
    with reading(actor):
        found = service.page_of_contacts(actor, **query)
        return render(
            "audiences/contacts.html", page=found, query=query, count=service.count(actor, actor.partner_id or 0)
        )


contacts.add_url_rule("/", endpoint="index", view_func=list_contacts)


@contacts.get("/new")
def new() -> ResponseReturnValue:
    """Show the form for one contact."""
    return render("audiences/new.html", form=FormState())


@contacts.post("/")
def add() -> ResponseReturnValue:
    """Add one contact."""
    return submit(
        AddContact(),
        lambda actor, data: service.add(actor, **data),
        then=lambda contact: url_for("contacts.show", contact_id=contact.id),
        again=lambda form: render("audiences/new.html", form=form),
        flash="Saved.",
    )


@contacts.get("/<int:contact_id>")
def show(contact_id: int) -> ResponseReturnValue:
    """Show one contact and what it agreed to."""
    return _contact_page(contact_id)


@contacts.post("/<int:contact_id>")
def edit(contact_id: int) -> ResponseReturnValue:
    """Change a contact."""
    return submit(
        EditContact(),
        lambda actor, data: service.edit(actor, contact_id, **data),
        then=lambda contact: url_for("contacts.show", contact_id=contact.id),
        again=lambda form: _contact_page(contact_id, form),
        flash="Saved.",
    )


@contacts.post("/<int:contact_id>/erase")
def erase(contact_id: int) -> ResponseReturnValue:
    """Forget a contact."""
    return submit(
        Empty(),
        lambda actor, data: service.erase(actor, contact_id),  # noqa: ARG005 - takes nothing
        then=lambda nothing: url_for("contacts.index"),  # noqa: ARG005 - there is nothing left to show
        flash="Erased. An import will not bring this address back.",
    )


@contacts.get("/import")
def import_page() -> ResponseReturnValue:
    """Show the form for a file of contacts, and the files before it."""
    return _import_page(FormState())


@contacts.post("/import")
def import_contacts() -> ResponseReturnValue:
    """Take over a file of contacts."""
    authorize(current_actor(), Permission.CAMPAIGNS_CONTACT_IMPORT)
    try:
        # Outside of the transaction: a long list takes a while to check.
        read = _read_list()
    except FileUnreadable as error:
        return _import_page(FormState(form_values(), error.errors)), 422
    return submit(
        ImportForm(),
        lambda actor, data: _take_over(actor, read, data),
        then=lambda report: url_for("contacts.report", import_id=report.id),
        again=_import_page,
    )


@contacts.get("/imports/<int:import_id>")
def report(import_id: int) -> ResponseReturnValue:
    """Show what became of a file, row by row."""
    actor = current_actor()
    with reading(actor):
        return render("audiences/report.html", report=queries.one_import(actor, import_id), most=SHOWN_ERRORS)


@contacts.get("/imports/<int:import_id>/errors.csv")
def errors(import_id: int) -> Response:
    """Download every row that was not taken over, with its reason."""
    actor = current_actor()
    with reading(actor):
        found = queries.one_import(actor, import_id)
        rows = [(one["row"], one["field"], one["reason"]) for one in found.errors]
    return _download("".join(rules.write_csv(("row", "field", "reason"), rows)), f"import-{import_id}-errors.csv")


@contacts.get("/export.csv")
def export() -> Response:
    """Download all contacts; no cell of it can start a formula."""
    actor = current_actor()
    with reading(actor):
        written = "".join(service.export_csv(actor))
    return _download(written, "contacts.csv")


@suppressions.get("/")
def list_suppressions() -> ResponseReturnValue:
    """List the addresses that must not be mailed."""
    return _suppressions_page(FormState())


suppressions.add_url_rule("/", endpoint="index", view_func=list_suppressions)


@suppressions.post("/")
def suppress() -> ResponseReturnValue:
    """Stop all mail to an address."""
    return submit(
        AddSuppression(),
        lambda actor, data: service.suppress(actor, data["email"]),
        then=lambda suppression: url_for("suppressions.index"),  # noqa: ARG005 - the list shows it
        again=_suppressions_page,
        flash="Nothing is mailed to this address any more.",
    )


@suppressions.post("/<int:suppression_id>/lift")
def lift(suppression_id: int) -> ResponseReturnValue:
    """Remove a suppression that was made by hand."""
    return submit(
        Empty(),
        lambda actor, data: service.lift(actor, suppression_id),  # noqa: ARG005 - takes nothing
        then=lambda nothing: url_for("suppressions.index"),  # noqa: ARG005 - there is nothing left to show
        again=_suppressions_page,
        flash="Removed. This address can be mailed again if there is consent.",
    )


def _read_list() -> service.ReadList | None:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return None
    text = rules.decode(sent.stream.read(rules.MAX_FILE_BYTES + 1))
    sent.stream.seek(0)
    return service.read_list(text)


def _take_over(actor: Actor, read: service.ReadList | None, data: dict[str, Any]) -> Any:
    sent = data.pop("file")
    data.pop("agreed")
    if read is None:
        raise FileUnreadable(errors={"file": ["Choose a CSV file."]})
    return service.take_over(actor, read, filename=sent.filename or "", **data)


def _import_page(form: FormState) -> str:
    actor = current_actor()
    with reading(actor):
        authorize(actor, Permission.CAMPAIGNS_CONTACT_IMPORT)
        return render(
            "audiences/import.html",
            form=form,
            imports=service.page_of_imports(actor, limit=10).items,
            most_rows=rules.MAX_ROWS,
            most_mb=rules.MAX_FILE_BYTES // 1024 // 1024,
        )


def _contact_page(contact_id: int, form: FormState | None = None) -> str:
    actor = current_actor()
    with reading(actor):
        contact = queries.view(actor, contact_id)
        entered = {name: getattr(contact, name) for name in ("first_name", "last_name", "company", "locale")}
        return render(
            "audiences/contact.html",
            contact=contact,
            consents=queries.consents_of(actor, contact_id),
            form=form or FormState(entered),
        )


def _suppressions_page(form: FormState) -> str:
    actor = current_actor()
    query = ListQuery(unknown="exclude").load({name: value for name, value in request.args.items() if value})
    with reading(actor):
        return render("audiences/suppressions.html", page=service.page_of_suppressions(actor, **query), form=form)


def _download(written: str, filename: str) -> Response:
    response = Response(written, mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    return response
