"""The JSON door of payments: batches and their items."""

from typing import Any

from flask import Response

from mdf.payments import queries, service
from mdf.payments.schemas import (
    BatchOut,
    ListBatches,
    ListPayables,
    ListPayments,
    PayablesOut,
    PaymentOut,
    PrepareBatch,
    SayWhy,
    SettlePayment,
)
from tcma.infra.db import reading
from tcma.web.api import api_blueprint, perform_once, show, show_page
from tcma.web.fields import page_of
from tcma.web.files import file_response
from tcma.web.guards import current_actor

bp = api_blueprint("payments", __name__, "/mdf/payments")


@bp.route("", methods=["GET"])
@bp.arguments(ListPayments, location="query")
@bp.response(200, page_of(PaymentOut))
def index(query: dict[str, Any]) -> Response:
    """List payment items, newest first."""
    return show_page(lambda actor: queries.page_of(actor, **query), PaymentOut)


@bp.route("/payable", methods=["GET"])
@bp.arguments(ListPayables, location="query")
@bp.response(200, PayablesOut)
def payable(query: dict[str, Any]) -> Response:
    """List the approved claims that can be put into a batch, those that are due first."""
    return show(lambda actor: {"items": service.payable_claims(actor, **query)}, PayablesOut)


@bp.route("/<int:payment_id>", methods=["GET"])
@bp.response(200, PaymentOut)
def one(payment_id: int) -> Response:
    """Show one item."""
    return show(lambda actor: queries.one(actor, payment_id), PaymentOut)


@bp.route("/<int:payment_id>/settle", methods=["POST"])
@bp.arguments(SettlePayment)
@bp.response(200, PaymentOut)
def settle(payload: dict[str, Any], payment_id: int) -> Response:
    """Mark an item as paid by the bank. Needs an Idempotency-Key."""
    return perform_once(lambda actor: service.settle(actor, payment_id, **payload), PaymentOut)


@bp.route("/<int:payment_id>/fail", methods=["POST"])
@bp.arguments(SayWhy)
@bp.response(200, PaymentOut)
def fail(payload: dict[str, Any], payment_id: int) -> Response:
    """Mark an item as refused by the bank. Needs an Idempotency-Key."""
    return perform_once(lambda actor: service.fail(actor, payment_id, **payload), PaymentOut)


@bp.route("/<int:payment_id>/statement.pdf", methods=["GET"])
@bp.response(200, content_type="application/pdf")
def statement(payment_id: int) -> Response:
    """Give the statement of what was paid."""
    actor = current_actor()
    with reading(actor):
        facts = service.payment_facts(actor, payment_id)
    return file_response(service.render_statement(facts), "application/pdf", f"payment-{payment_id}.pdf")


@bp.route("/batches", methods=["GET"])
@bp.arguments(ListBatches, location="query")
@bp.response(200, page_of(BatchOut))
def batches(query: dict[str, Any]) -> Response:
    """List batches, newest first."""
    return show_page(lambda actor: queries.batches_page(actor, **query), BatchOut)


@bp.route("/batches", methods=["POST"])
@bp.arguments(PrepareBatch)
@bp.response(201, BatchOut)
def prepare(payload: dict[str, Any]) -> Response:
    """Put approved claims of one currency into a new batch. Needs an Idempotency-Key."""
    return perform_once(lambda actor: service.prepare(actor, **payload), BatchOut, status=201)


@bp.route("/batches/<int:batch_id>", methods=["GET"])
@bp.response(200, BatchOut)
def batch(batch_id: int) -> Response:
    """Show a batch with its items."""
    return show(lambda actor: queries.batch(actor, batch_id), BatchOut)


@bp.route("/batches/<int:batch_id>/release", methods=["POST"])
@bp.response(200, BatchOut)
def release(batch_id: int) -> Response:
    """Release a batch for the bank, as a second person. Needs an Idempotency-Key."""
    return perform_once(lambda actor: service.release(actor, batch_id), BatchOut)


@bp.route("/batches/<int:batch_id>/export", methods=["POST"])
@bp.response(200, BatchOut)
def export(batch_id: int) -> Response:
    """Mark a released batch as gone to the bank. Needs an Idempotency-Key."""
    return perform_once(lambda actor: service.export(actor, batch_id), BatchOut)


@bp.route("/batches/<int:batch_id>/cancel", methods=["POST"])
@bp.arguments(SayWhy)
@bp.response(200, BatchOut)
def cancel(payload: dict[str, Any], batch_id: int) -> Response:
    """Give up a batch that did not go to the bank. Needs an Idempotency-Key."""
    return perform_once(lambda actor: service.cancel(actor, batch_id, **payload), BatchOut)


@bp.route("/batches/<int:batch_id>/file.csv", methods=["GET"])
@bp.response(200, content_type="text/csv")
def bank_file(batch_id: int) -> Response:
    """Give the file of an exported batch; the same bytes each time."""
    actor = current_actor()
    with reading(actor):
        name, text = service.bank_file(actor, batch_id)
    return file_response(text.encode(), "text/csv; charset=utf-8", name)
