"""The pages of batches: start one, watch it, take the zip."""

from typing import Any

from flask import Response, url_for
from flask.typing import ResponseReturnValue

from cobranding.artworks import rules as artworks
from cobranding.artworks import service as rendering
from cobranding.batches import queries, service
from cobranding.batches.queries import BatchView
from cobranding.batches.rules import ItemState
from cobranding.batches.schemas import CancelBatch, CreateBatch
from cobranding.rendering.document.model import Document
from cobranding.templates import service as templates
from tcma.accounts import service as accounts
from tcma.accounts.rules import Tier
from tcma.infra.db import reading
from tcma.infra.storage import storage
from tcma.kernel.actor import Actor, Scope, authorize
from tcma.kernel.permissions import Permission
from tcma.web.files import stream_response, text_response
from tcma.web.guards import current_actor
from tcma.web.pages import FormState, NavItem, portal_blueprint, query_id, render, submit

bp = portal_blueprint(
    "batches",
    __name__,
    "/batches",
    nav=NavItem(
        "Batches",
        "batches.index",
        Permission.COBRANDING_BATCH_READ,
        section="Brand",
        position=25,
        scope=Scope.BRAND,
    ),
)


@bp.get("/")
def index() -> ResponseReturnValue:
    """Show the batches."""
    actor = current_actor()
    with reading(actor):
        return render("batches/index.html", batches=queries.page_of(actor, limit=24, after=query_id("after")))


@bp.get("/new/<int:version_id>")
def new(version_id: int) -> ResponseReturnValue:
    """Show the form for a batch of a template version."""
    return _form(version_id, None)


@bp.post("/new/<int:version_id>")
def create(version_id: int) -> ResponseReturnValue:
    """Start a batch."""
    return submit(
        CreateBatch(exclude=("template_version_id",)),
        lambda actor, data: _create(actor, version_id, data),
        then=lambda batch: url_for("batches.show", batch_id=batch.id),
        again=lambda form: _form(version_id, form),
        flash="Started. You can leave this page; the work goes on.",
    )


@bp.get("/<int:batch_id>")
def show(batch_id: int) -> ResponseReturnValue:
    """Show how far a batch has come, and what went wrong."""
    actor = current_actor()
    with reading(actor):
        batch = queries.one(actor, batch_id)
        failed = queries.items(actor, batch_id, limit=50, after=query_id("after"), state=ItemState.FAILED)
        return render(
            "batches/show.html",
            batch=batch,
            template=templates.version(actor, batch.template_version_id),
            failed=failed,
            partners={partner.id: partner.trade_name for partner in accounts.partners(actor)},
        )


@bp.post("/<int:batch_id>/cancel")
def cancel(batch_id: int) -> ResponseReturnValue:
    """Make nothing further."""
    return submit(
        CancelBatch(),
        lambda actor, _data: service.cancel(actor, batch_id),
        then=lambda batch: url_for("batches.show", batch_id=batch.id),
        flash="Cancelled. Nothing further is made.",
    )


@bp.get("/<int:batch_id>/report")
def report(batch_id: int) -> Response:
    """Give what became of each partner."""
    actor = current_actor()
    with reading(actor):
        text = service.report(actor, batch_id)
    return text_response(text, "text/csv", f"batch-{batch_id}.csv")


@bp.get("/<int:batch_id>/zip")
def whole(batch_id: int) -> Response:
    """Give all files."""
    actor = current_actor()
    with reading(actor):
        batch, filename = service.zip_file(actor, batch_id)
    return stream_response(storage().chunks(batch.zip_key), batch.zip_bytes, "application/zip", filename)


def _create(actor: Actor, version_id: int, data: dict[str, Any]) -> BatchView:
    """Read the form's values in the types of the template."""
    document = templates.document_of(templates.version(actor, version_id))
    values = artworks.from_form(document, data.pop("values"))
    return service.create(actor, template_version_id=version_id, values=values, **data)


def _form(version_id: int, form: FormState | None) -> str:
    actor = current_actor()
    with reading(actor):
        version = templates.version(actor, version_id)
        authorize(actor, Permission.COBRANDING_BATCH_CREATE)
        document = templates.document_of(version)
        partners = accounts.partners(actor)
        return render(
            "batches/new.html",
            version=version,
            files=_files(document),
            fields=[variable for variable in document.variables.values() if variable.editable],
            locales=sorted({locale for each in document.variables.values() for locale in each.default if locale}),
            partners=[(partner.id, partner.trade_name) for partner in partners],
            regions=sorted({partner.region for partner in partners if partner.region}),
            tiers=list(Tier),
            form=form or FormState({"files": _files(document)[0][:1] if document.formats else []}),
        )


def _files(document: Document) -> list[tuple[str, str]]:
    return [
        (f"{fmt.name}.{output}", f"{fmt.label} as {output.upper()}")
        for fmt in document.formats.values()
        for output in rendering.outputs_of(fmt)
    ]
