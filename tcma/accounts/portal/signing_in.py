"""Signing in and out, invitations, and forgotten passwords: mostly for those who are not signed in yet."""

from urllib.parse import urlsplit

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from tcma.accounts import signin, visits
from tcma.accounts.portal.forms import load, refused
from tcma.accounts.rules import LinkPurpose
from tcma.accounts.schemas import AskForReset, ChangePassword, PortalSignIn, UseLink
from tcma.kernel.errors import DomainError, Invalid
from tcma.web.guards import actor_or_none, current_actor, public
from tcma.web.pages import FormState, portal_blueprint, render, say
from tcma.web.problems import status_of

_PURPOSES = {"invitation": LinkPurpose.INVITATION, "reset": LinkPurpose.PASSWORD_RESET}

bp = portal_blueprint("accounts", "tcma.accounts", "")


def _own_page(target: str) -> str:
    """Return a target if it is a page of ours, and the start page if it leads away."""
    try:
        parts = urlsplit(target.replace("\\", "/"))
    except ValueError:
        return "/"
    stays = not parts.scheme and not parts.netloc and target.startswith("/") and not target.startswith("//")
    return target if stays else "/"


@bp.get("/sign-in")
@public
def sign_in_form() -> ResponseReturnValue:
    """Ask for the address and the password."""
    target = _own_page(request.args.get("next", "/"))
    actor = actor_or_none()
    if actor is not None and not actor.is_narrowed:
        return redirect(target, code=303)
    return render("accounts/sign_in.html", form=FormState({"next": target}))


@bp.post("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Let somebody in."""
    try:
        entered = load(PortalSignIn())
        target = _own_page(entered.pop("next"))
        signin.start_session(signin.sign_in(**entered, network=request.remote_addr or ""))
    except DomainError as error:
        return render("accounts/sign_in.html", form=refused(error)), status_of(error)
    return redirect(target, code=303)


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End this browser's session."""
    signin.end_session(current_actor())
    return redirect(url_for("accounts.sign_in_form"), code=303)


@bp.get("/forgotten")
@public
def forgotten_form() -> str:
    """Ask where to send the reset."""
    return render("accounts/forgotten.html", form=None, sent=False)


@bp.post("/forgotten")
@public
def forgotten() -> ResponseReturnValue:
    """Send a reset if the address is somebody's; the answer is the same for everybody."""
    try:
        signin.ask_for_reset(**load(AskForReset()), network=request.remote_addr or "")
    except DomainError as error:
        return render("accounts/forgotten.html", form=refused(error), sent=False), status_of(error)
    return render("accounts/forgotten.html", form=None, sent=True)


@bp.get("/<any(invitation,reset):purpose>/<token>")
@public
def link_form(purpose: str, token: str) -> str:
    """Show what a single-use link is for; looking at it uses nothing up."""
    email = signin.whose_link(token=token, purpose=_PURPOSES[purpose])
    return render("accounts/link.html", form=None, purpose=purpose, token=token, email=email)


@bp.post("/<any(invitation,reset):purpose>/<token>")
@public
def use_link(purpose: str, token: str) -> ResponseReturnValue:
    """Set the password, and sign in."""
    try:
        actor = signin.use_link(token=token, purpose=_PURPOSES[purpose], **load(UseLink()))
    except Invalid as error:
        page = render("accounts/link.html", form=refused(error), purpose=purpose, token=token, email="")
        return page, status_of(error)
    signin.start_session(actor)
    say("Welcome." if purpose == "invitation" else "Your new password is set.")
    return redirect("/", code=303)


@bp.get("/visit/<token>")
@public
def visit_form(token: str) -> str:
    """Show whose link this is; looking at it uses nothing up."""
    return render("accounts/visit.html", email=visits.whose_visit(token), token=token)


@bp.post("/visit/<token>")
@public
def visit(token: str) -> ResponseReturnValue:
    """Let its person in, to look and launch."""
    return redirect(_own_page(visits.begin_visit(token)), code=303)


@bp.get("/password")
def password_form() -> str:
    """Ask for the present password and a new one."""
    return render("accounts/password.html", form=None)


@bp.post("/password")
def change_password() -> ResponseReturnValue:
    """Set a new password; this browser stays signed in, others do not."""
    actor = current_actor()
    try:
        signin.change_password(actor, **load(ChangePassword()))
    except Invalid as error:
        return render("accounts/password.html", form=refused(error)), status_of(error)
    signin.start_session(actor)
    say("Your new password is set.")
    return redirect("/", code=303)
