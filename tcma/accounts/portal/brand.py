"""The brand's own profile."""

from dataclasses import asdict

from flask import url_for
from flask.typing import ResponseReturnValue

from tcma.accounts import service
from tcma.accounts.portal.partners import LOCALES, time_zones
from tcma.accounts.schemas import EditBrand
from tcma.infra.db import reading
from tcma.kernel.actor import authorize
from tcma.kernel.errors import NotFound
from tcma.kernel.permissions import Permission
from tcma.web.guards import current_actor
from tcma.web.pages import FormState, NavItem, portal_blueprint, render, submit

bp = portal_blueprint(
    "brand",
    "tcma.accounts",
    "/brand",
    nav=NavItem("Brand profile", "brand.index", Permission.ACCOUNTS_BRAND_EDIT, "Organization", 75),
)


@bp.get("/")
def index() -> str:
    """Show the profile as a form; before the brand is set up it is empty."""
    actor = current_actor()
    with reading(actor):
        authorize(actor, Permission.ACCOUNTS_BRAND_EDIT)
        try:
            values = asdict(service.brand_profile())
        except NotFound:
            values = {}
    return _page(FormState(values))


@bp.post("/")
def edit() -> ResponseReturnValue:
    """Save the profile."""
    return submit(
        EditBrand(),
        lambda actor, data: service.set_up_brand(actor, **data),
        then=lambda _: url_for("brand.index"),
        again=_page,
        flash="Brand profile saved.",
    )


def _page(form: FormState) -> str:
    return render("accounts/brand.html", form=form, locales=LOCALES, time_zones=time_zones())
