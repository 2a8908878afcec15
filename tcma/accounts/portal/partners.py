"""Partners and their profiles."""

from typing import Any
from zoneinfo import available_timezones

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from tcma.accounts import queries, service
from tcma.accounts.model import Partner
from tcma.accounts.rules import Tier
from tcma.accounts.schemas import CreatePartnerForm, PartnerForm, RetierPartner
from tcma.infra.db import reading, session
from tcma.kernel.actor import Actor, Scope, authorize
from tcma.kernel.permissions import Permission
from tcma.web.guards import current_actor
from tcma.web.pages import FormState, NavItem, portal_blueprint, render, submit

LOCALES = [
    ("en", "English"),
    ("de", "Deutsch"),
    ("fr", "Français"),
    ("es", "Español"),
    ("ar", "العربية"),
    ("hi", "हिन्दी"),
    ("th", "ไทย"),
]
NETWORKS = ("linkedin", "facebook", "x", "mastodon", "bluesky", "instagram")

bp = portal_blueprint(
    "partners",
    "tcma.accounts",
    "/partners",
    nav=[
        NavItem("Partners", "partners.index", Permission.ACCOUNTS_PARTNER_READ, "Organization", 60, Scope.BRAND),
        NavItem("Profile", "partners.mine", Permission.ACCOUNTS_PARTNER_READ, "Organization", 60, Scope.PARTNER),
    ],
)


@bp.get("/")
def index() -> ResponseReturnValue:
    """List partners."""
    actor = current_actor()
    if actor.is_partner:
        return redirect(url_for("partners.mine"))
    with reading(actor):
        return render("accounts/partners.html", partners=queries.partners(actor))


@bp.get("/mine")
def mine() -> ResponseReturnValue:
    """Show a partner its own profile."""
    actor = current_actor()
    if actor.partner_id is None:
        return redirect(url_for("partners.index"))
    return show(actor.partner_id)


@bp.get("/<int:partner_id>")
def show(partner_id: int) -> str:
    """Show a profile, as a form for those who may edit it."""
    actor = current_actor()
    with reading(actor):
        partner = queries.partner(actor, partner_id)
        return _profile_page(partner, FormState(_profile_values(partner)))


@bp.post("/<int:partner_id>")
def edit(partner_id: int) -> ResponseReturnValue:
    """Save a profile."""

    def save(actor: Actor, data: dict[str, Any]) -> Partner:
        return service.edit_partner(actor, partner_id, expected_revision=data.pop("revision"), **data)

    def again(form: FormState) -> str:
        with reading(current_actor()):
            return _profile_page(queries.partner(current_actor(), partner_id), form)

    return submit(PartnerForm(), save, then=_where, again=again, flash="Profile saved.")


@bp.post("/<int:partner_id>/tier")
def retier(partner_id: int) -> ResponseReturnValue:
    """Put a partner into another tier."""
    return submit(
        RetierPartner(),
        lambda actor, data: service.retier_partner(actor, partner_id, **data),
        then=_where,
        flash="Tier changed.",
    )


@bp.get("/new")
def new() -> str:
    """Ask for a new partner's profile."""
    authorize(current_actor(), Permission.ACCOUNTS_PARTNER_CREATE)
    return _profile_page(None, FormState({"locale": "en", "time_zone": "Europe/Berlin"}))


@bp.post("/new")
def create() -> ResponseReturnValue:
    """Take a partner into the program."""
    return submit(
        CreatePartnerForm(),
        lambda actor, data: _flushed(service.create_partner(actor, **data)),
        then=lambda partner: url_for("partners.show", partner_id=partner.id),
        again=lambda form: _profile_page(None, form),
        flash="Partner added. Now invite the person who runs its marketing.",
    )


def _flushed(partner: Partner) -> Partner:
    session.flush()
    return partner


def _where(partner: Partner) -> str:
    mine_too = partner.id == current_actor().partner_id
    return url_for("partners.mine") if mine_too else url_for("partners.show", partner_id=partner.id)


def _profile_values(partner: Partner) -> dict[str, Any]:
    names = set(PartnerForm().fields) - {"specialties", "social"}
    values = {name: getattr(partner, name) for name in names}
    values["specialties"] = "\n".join(partner.specialties)
    return values | {f"social.{network}": handle for network, handle in partner.social.items()}


def _profile_page(partner: Partner | None, form: FormState) -> str:
    return render(
        "accounts/profile.html",
        partner=partner,
        form=form,
        tiers=[(tier.value, tier.value.capitalize()) for tier in Tier],
        locales=LOCALES,
        networks=NETWORKS,
        time_zones=time_zones(),
    )


def time_zones() -> list[str]:
    """Return the names that are offered while somebody types a time zone."""
    return sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))
