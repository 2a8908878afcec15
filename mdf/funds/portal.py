"""The pages of funds: the brand's budgets, and a partner's wallet. Every amount leads to its postings."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from mdf.funds import service
from mdf.funds.errors import FundNotFound
from mdf.funds.schemas import AddBudget, Allocate, CreateFundForm, TakeBack
from mdf.programs import service as programs
from tcma.accounts import service as accounts
from tcma.infra.db import reading
from tcma.kernel.actor import Scope, authorize
from tcma.kernel.permissions import Permission
from tcma.web.guards import current_actor
from tcma.web.pages import FormState, NavItem, portal_blueprint, render, submit

bp = portal_blueprint(
    "funds",
    __name__,
    "/mdf/funds",
    nav=[
        NavItem("Funds", "funds.index", Permission.MDF_FUND_READ, "Money", 10, Scope.BRAND),
        NavItem("Wallet", "funds.wallet", Permission.MDF_ALLOCATION_READ, "Money", 10, Scope.PARTNER),
    ],
)


@bp.get("/")
def index() -> ResponseReturnValue:
    """List funds and where their money stands; a partner sees its wallet instead."""
    actor = current_actor()
    if actor.is_partner:
        return redirect(url_for("funds.wallet"))
    with reading(actor):
        return render("funds/index.html", funds=service.page_of(actor, limit=200))


@bp.get("/wallet")
def wallet() -> ResponseReturnValue:
    """Show a partner what it has, where it stands, and until when."""
    actor = current_actor()
    if actor.partner_id is None:
        return redirect(url_for("funds.index"))
    with reading(actor):
        return render("funds/wallet.html", lines=service.allocations_page(actor, limit=200).items)


@bp.get("/new")
def new() -> ResponseReturnValue:
    """Ask for a new fund."""
    return _new(FormState())


@bp.post("/new")
def create() -> ResponseReturnValue:
    """Begin a fund."""
    return submit(
        CreateFundForm(),
        lambda actor, data: service.create(actor, **data),
        then=lambda fund: url_for("funds.show", fund_id=fund.id),
        again=_new,
        flash="Fund created.",
    )


@bp.get("/<int:fund_id>")
def show(fund_id: int) -> ResponseReturnValue:
    """Show a fund, its allocations and where the money stands."""
    return _show(fund_id, FormState())


@bp.post("/<int:fund_id>/budget")
def add_budget(fund_id: int) -> ResponseReturnValue:
    """Put more money into a fund."""
    return submit(
        AddBudget(),
        lambda actor, data: service.budget(actor, fund_id, **data),
        then=lambda fund: url_for("funds.show", fund_id=fund.id),
        again=lambda form: _show(fund_id, form),
        flash="Budget added.",
    )


@bp.post("/<int:fund_id>/allocate")
def allocate(fund_id: int) -> ResponseReturnValue:
    """Give a partner a share of a fund."""
    return submit(
        Allocate(),
        lambda actor, data: service.allocate(actor, fund_id, **data),
        then=lambda allocation: url_for("funds.show", fund_id=allocation.fund_id),
        again=lambda form: _show(fund_id, form),
        flash="Allocated.",
    )


@bp.get("/allocations/<int:allocation_id>")
def show_allocation(allocation_id: int) -> ResponseReturnValue:
    """Show a partner's share of a fund."""
    return _show_allocation(allocation_id, FormState())


@bp.post("/allocations/<int:allocation_id>/take-back")
def take_back(allocation_id: int) -> ResponseReturnValue:
    """Return part of what is available to the fund."""
    return submit(
        TakeBack(),
        lambda actor, data: service.take_back(actor, allocation_id, **data),
        then=lambda allocation: url_for("funds.show_allocation", allocation_id=allocation.id),
        again=lambda form: _show_allocation(allocation_id, form),
        flash="Taken back.",
    )


def _new(form: FormState) -> str:
    actor = current_actor()
    authorize(actor, Permission.MDF_FUND_CREATE)
    with reading(actor):
        return render("funds/new.html", form=form, programs=list(programs.names(actor).items()))


def _show(fund_id: int, form: FormState) -> str:
    actor = current_actor()
    with reading(actor):
        fund = service.one(actor, fund_id)
        return render(
            "funds/show.html",
            fund=fund,
            form=form,
            allocations=service.allocations_page(actor, fund_id=fund_id, limit=200),
            partners=[(partner.id, partner.trade_name) for partner in accounts.partners(actor)],
        )


def _show_allocation(allocation_id: int, form: FormState) -> str:
    actor = current_actor()
    with reading(actor):
        allocation = service.allocation(actor, allocation_id)
        try:
            fund = service.one(actor, allocation.fund_id)
        except FundNotFound:
            fund = None  # the whole fund is the brand's own business
        return render("funds/allocation.html", allocation=allocation, fund=fund, form=form)
