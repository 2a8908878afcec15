"""What the pages of claims show, and how their forms are run."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from mdf.claims import queries, rules, service
from mdf.claims.model import Claim
from tcma.accounts import service as accounts
from tcma.infra.db import reading
from tcma.kernel.actor import Actor
from tcma.kernel.permissions import Permission
from tcma.web.guards import current_actor
from tcma.web.pages import FormState, NavItem, portal_blueprint, render, submit

bp = portal_blueprint(
    "claims",
    "mdf.claims",
    "/mdf/claims",
    nav=[
        NavItem("Review desk", "claims.desk", Permission.MDF_CLAIM_APPROVE, section="Money", position=31),
        NavItem("Claims", "claims.index", Permission.MDF_CLAIM_READ, section="Money", position=32),
    ],
)

_SAID = {
    "opened": "Opened",
    "evidence": "Evidence added",
    "edited": "Changed",
    "attached": "File attached",
    "detached": "File taken off",
    "submitted": "Submitted",
    "resubmitted": "Put right and submitted again",
    "asked": "Question",
    "answered": "Answer",
    "approved": "Approved",
    "approval_voided": "Approval voided",
    "rejected": "Sent back",
    "disputed": "Disputed",
    "withdrawn": "Withdrawn",
    "expired": "Expired",
    "in_payment": "Put into a payment run",
    "out_of_payment": "Taken out of the payment run",
    "paid": "Paid",
}


def run(
    claim_id: int,
    schema: Any,
    verb: Callable[..., Claim],
    sentence: str,
    *,
    again: Callable[[int, FormState | None], str],
    then: str = "claims.show",
) -> ResponseReturnValue:
    """Run a verb about a claim with a form's fields, and go on to `then`."""
    goes_on = url_for("claims.desk") if then == "claims.desk" else url_for(then, claim_id=claim_id)
    return submit(
        schema,
        lambda actor, data: verb(actor, claim_id, **data),
        then=lambda _: goes_on,
        again=lambda form: again(claim_id, FormState(form.values, beside(form.errors))),
        flash=sentence,
    )


def beside(errors: Mapping[str, list[str]], proof: str = "") -> dict[str, list[str]]:
    """Put the sentences beside the fields of the form."""
    renamed: dict[str, list[str]] = {}
    for field, sentences in errors.items():
        name = field.removesuffix(".value")
        if proof and name in {"file", "proof", "_"}:
            name = f"proof.{proof}"
        renamed.setdefault(name, []).extend(sentences)
    return renamed


def show_page(claim_id: int, form: FormState | None) -> str:
    """Show a claim to the partner that fills it in; the brand sees it as the desk does."""
    actor = current_actor()
    if actor.is_brand:
        return review_page(claim_id, form)
    with reading(actor):
        assessment = service.assess(actor, claim_id)
        claim = assessment.claim
        return render(
            "claims/show.html",
            claim=claim,
            assessment=assessment,
            form=_entered(claim, form),
            said=_said(form),
            may=rules.may(actor, claim.state),
            reasons=rules.REASONS,
            launches=[(launch.id, launch.name) for launch in service.launch_choices(actor, claim)],
            history=history_of(claim),
            question=next((event.note for event in reversed(claim.events) if event.kind == "asked"), ""),
        )


def review_page(claim_id: int, form: FormState | None) -> str:
    """Show a claim beside its documents; a partner sees its own page instead."""
    actor = current_actor()
    if actor.is_partner:
        return show_page(claim_id, form)
    with reading(actor):
        assessment = service.assess(actor, claim_id)
        claim = assessment.claim
        values = {"amount.amount": str(assessment.expected.decimal)}
        waiting = [other.id for other in queries.queue(actor) if other.id != claim.id]
        return render(
            "claims/review.html",
            claim=claim,
            assessment=assessment,
            form=FormState({**values, **(form.values if form else {})}, form.errors if form else {}),
            may=rules.may(actor, claim.state),
            reasons=list(rules.REASONS.items()),
            reason_names=rules.REASONS,
            history=history_of(claim),
            partner=accounts.partner_profile(actor, claim.partner_id),
            others=queries.others_of_partner(actor, claim),
            next_id=waiting[0] if waiting else None,
        )


def _entered(claim: Claim, form: FormState | None) -> FormState:
    """Return the claim as its form holds it, with what was just entered and what is wrong with it."""
    if form is None:
        return FormState(values_of(claim))
    entered = form.values if "supplier" in form.values else {}
    return FormState({**values_of(claim), **entered}, form.errors)


def _said(form: FormState | None) -> FormState:
    """Return what was said with a verb; the form of the claim itself has a note of its own."""
    return FormState() if form is None or "supplier" in form.values else form


def values_of(claim: Claim) -> dict[str, Any]:
    """Return a claim as its form holds it."""
    values: dict[str, Any] = {
        "supplier": claim.supplier,
        "supplier_tax_id": claim.supplier_tax_id,
        "invoice_number": claim.invoice_number,
        "invoiced_on": claim.invoiced_on.isoformat() if claim.invoiced_on else "",
        "note": claim.note,
        **{f"figures.{key}": value for key, value in claim.figures.items()},
    }
    for name, amount in (("net", claim.net), ("tax", claim.tax), ("asked", claim.asked)):
        values[f"{name}.amount"] = "" if amount is None else str(amount.decimal)
    return values


def history_of(claim: Claim) -> list[dict[str, Any]]:
    """Return what happened, the newest first, as a timeline shows it."""
    return [
        {"at": event.at, "title": _SAID.get(event.kind, event.kind), "text": event.note, "actor": event.by_name}
        for event in reversed(claim.events)
    ]


def names(actor: Actor) -> dict[int, str]:
    """Name the partners that the actor may see."""
    return {partner.id: partner.trade_name for partner in accounts.partners(actor)}
