"""The pages of payments: finance's payment runs, and what a partner was paid."""

from collections.abc import Callable
from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from mdf.payments import queries, service
from mdf.payments.schemas import ListPayments, PrepareBatch, SayWhy, SettlePayment
from tcma.accounts import service as accounts
from tcma.infra.db import reading
from tcma.kernel import clock
from tcma.kernel.actor import authorize
from tcma.kernel.permissions import Permission
from tcma.web.fields import Empty
from tcma.web.files import file_response
from tcma.web.guards import current_actor
from tcma.web.pages import FormState, NavItem, portal_blueprint, render, submit

bp = portal_blueprint(
    "payments",
    __name__,
    "/mdf/payments",
    nav=NavItem("Payments", "payments.index", Permission.MDF_PAYMENT_READ, section="Money", position=33),
)


@bp.get("/")
def index() -> str:
    """List payment runs to finance, and a partner's own payments to the partner."""
    actor = current_actor()
    query = ListPayments(unknown="exclude").load({name: value for name, value in request.args.items() if value})
    with reading(actor):
        authorize(actor, Permission.MDF_PAYMENT_READ)
        if actor.is_partner:
            return render("payments/own.html", page=queries.page_of(actor, **query))
        waiting = len(service.payable_claims(actor))
        return render("payments/index.html", page=queries.batches_page(actor, after=query["after"]), waiting=waiting)


@bp.get("/new")
def new() -> str:
    """Show what can be put into a payment run."""
    return _new(None)


@bp.post("/batches")
def prepare() -> ResponseReturnValue:
    """Prepare a payment run."""
    return submit(
        PrepareBatch(),
        lambda actor, data: service.prepare(actor, **data),
        then=lambda batch: url_for("payments.batch", batch_id=batch.id),
        again=_new,
        flash="Prepared. Somebody else releases it.",
    )


@bp.get("/batches/<int:batch_id>")
def batch(batch_id: int) -> str:
    """Show a payment run with its items."""
    return _batch(batch_id, None)


@bp.post("/batches/<int:batch_id>/release")
def release(batch_id: int) -> ResponseReturnValue:
    """Release a run as a second person."""
    return _run(batch_id, service.release, "Released. It can go to the bank.")


@bp.post("/batches/<int:batch_id>/export")
def export(batch_id: int) -> ResponseReturnValue:
    """Mark a run as gone to the bank."""
    return _run(batch_id, service.export, "Exported. Download the file for your bank.")


@bp.post("/batches/<int:batch_id>/cancel")
def cancel(batch_id: int) -> ResponseReturnValue:
    """Give up a run."""
    return submit(
        SayWhy(),
        lambda actor, data: service.cancel(actor, batch_id, **data),
        then=lambda batch: url_for("payments.batch", batch_id=batch.id),
        again=lambda form: _batch(batch_id, form),
        flash="Cancelled. Its claims can go into another run.",
    )


@bp.get("/batches/<int:batch_id>/file.csv")
def bank_file(batch_id: int) -> Response:
    """Give the file of an exported run."""
    actor = current_actor()
    with reading(actor):
        name, text = service.bank_file(actor, batch_id)
    return file_response(text.encode(), "text/csv; charset=utf-8", name)


@bp.get("/<int:payment_id>")
def show(payment_id: int) -> str:
    """Show one payment."""
    return _show(payment_id, None)


@bp.post("/<int:payment_id>/settle")
def settle(payment_id: int) -> ResponseReturnValue:
    """Mark an item as paid by the bank."""
    return submit(
        SettlePayment(),
        lambda actor, data: service.settle(actor, payment_id, **data),
        then=lambda payment: url_for("payments.batch", batch_id=payment.batch_id),
        again=lambda form: _show(payment_id, form),
        flash="Settled.",
    )


@bp.post("/<int:payment_id>/fail")
def fail(payment_id: int) -> ResponseReturnValue:
    """Mark an item as refused by the bank."""
    return submit(
        SayWhy(),
        lambda actor, data: service.fail(actor, payment_id, **data),
        then=lambda payment: url_for("payments.batch", batch_id=payment.batch_id),
        again=lambda form: _show(payment_id, form),
        flash="Marked as failed. The claim can go into another run.",
    )


@bp.get("/<int:payment_id>/statement.pdf")
def statement(payment_id: int) -> Response:
    """Give the statement of what was paid."""
    actor = current_actor()
    with reading(actor):
        facts = service.payment_facts(actor, payment_id)
    return file_response(service.render_statement(facts), "application/pdf", f"payment-{payment_id}.pdf")


def _run(batch_id: int, verb: Callable[..., Any], sentence: str) -> ResponseReturnValue:
    return submit(
        Empty(),
        lambda actor, _: verb(actor, batch_id),
        then=lambda batch: url_for("payments.batch", batch_id=batch.id),
        again=lambda form: _batch(batch_id, form),
        flash=sentence,
    )


def _new(form: FormState | None) -> str:
    actor = current_actor()
    with reading(actor):
        authorize(actor, Permission.MDF_PAYMENT_PREPARE)
        payable = service.payable_claims(actor)
        return render(
            "payments/new.html",
            by_currency={
                currency: [claim for claim in payable if claim.amount.currency == currency]
                for currency in sorted({claim.amount.currency for claim in payable})
            },
            names={partner.id: partner.trade_name for partner in accounts.partners(actor)},
            form=form or FormState({"pay_on": clock.today().isoformat()}),
        )


def _batch(batch_id: int, form: FormState | None) -> str:
    actor = current_actor()
    with reading(actor):
        found = queries.batch(actor, batch_id)
        return render(
            "payments/batch.html",
            batch=found,
            form=form or FormState({"paid_on": clock.today().isoformat()}),
            names={partner.id: partner.trade_name for partner in accounts.partners(actor)},
            may_release=service.may_release(actor, found),
        )


def _show(payment_id: int, form: FormState | None) -> str:
    actor = current_actor()
    with reading(actor):
        return render(
            "payments/show.html",
            payment=queries.one(actor, payment_id),
            form=form or FormState({"paid_on": clock.today().isoformat()}),
        )
