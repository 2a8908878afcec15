"""The API doors of funds and of allocations."""

from typing import Any

from flask import Response

from mdf.funds import service
from mdf.funds.schemas import (
    AddBudget,
    AllocateFrom,
    AllocationOut,
    AllocationsQuery,
    CreateFund,
    FundOut,
    FundsQuery,
    TakeBack,
)
from tcma.web.api import api_blueprint, perform_once, show, show_page
from tcma.web.fields import page_of

funds = api_blueprint("funds", __name__, "/mdf/funds")
allocations = api_blueprint("allocations", __name__, "/mdf/allocations")


@funds.route("/", methods=["GET"])
@funds.arguments(FundsQuery, location="query")
@funds.response(200, page_of(FundOut))
def list_funds(query: dict[str, Any]) -> Response:
    """List funds and where their money stands."""
    return show_page(lambda actor: service.page_of(actor, **query), FundOut)


@funds.route("/", methods=["POST"])
@funds.arguments(CreateFund)
@funds.response(201, FundOut)
def create_fund(payload: dict[str, Any]) -> Response:
    """Begin a fund, with its first budget if one is given."""
    return perform_once(lambda actor: service.create(actor, **payload), FundOut, status=201)


@funds.route("/<int:fund_id>", methods=["GET"])
@funds.response(200, FundOut)
def show_fund(fund_id: int) -> Response:
    """Show a fund and where its money stands."""
    return show(lambda actor: service.one(actor, fund_id), FundOut)


@funds.route("/<int:fund_id>/budget", methods=["POST"])
@funds.arguments(AddBudget)
@funds.response(200, FundOut)
def add_budget(payload: dict[str, Any], fund_id: int) -> Response:
    """Put more money into a fund."""
    return perform_once(lambda actor: service.budget(actor, fund_id, **payload), FundOut)


@allocations.route("/", methods=["GET"])
@allocations.arguments(AllocationsQuery, location="query")
@allocations.response(200, page_of(AllocationOut))
def list_allocations(query: dict[str, Any]) -> Response:
    """List allocations and where they stand; a partner sees its own."""
    return show_page(lambda actor: service.allocations_page(actor, **query), AllocationOut)


@allocations.route("/", methods=["POST"])
@allocations.arguments(AllocateFrom)
@allocations.response(201, AllocationOut)
def allocate(payload: dict[str, Any]) -> Response:
    """Give a partner a share of a fund, or more of it."""
    fund_id = payload.pop("fund_id")
    return perform_once(lambda actor: service.allocate(actor, fund_id, **payload), AllocationOut, status=201)


@allocations.route("/<int:allocation_id>", methods=["GET"])
@allocations.response(200, AllocationOut)
def show_allocation(allocation_id: int) -> Response:
    """Show an allocation and where it stands."""
    return show(lambda actor: service.allocation(actor, allocation_id), AllocationOut)


@allocations.route("/<int:allocation_id>/take-back", methods=["POST"])
@allocations.arguments(TakeBack)
@allocations.response(200, AllocationOut)
def take_back(payload: dict[str, Any], allocation_id: int) -> Response:
    """Return part of what is available to the fund."""
    return perform_once(lambda actor: service.take_back(actor, allocation_id, **payload), AllocationOut)
