"""The mails that the sandbox caught, to look at without signing in: there while a sandbox is, never in production."""

from __future__ import annotations

from email.message import EmailMessage, MIMEPart
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from flask import Response, make_response, request
from flask.typing import ResponseReturnValue

from tcma import settings
from tcma.infra import sandbox_smtp
from tcma.infra.sandbox_smtp import CaughtMail
from tcma.kernel.errors import NotFound
from tcma.web.guards import current_actor, public
from tcma.web.pages import portal_blueprint, render

bp = portal_blueprint("sandbox", __name__, "/sandbox/mail")


@bp.before_request
def only_from_this_machine() -> None:
    """Show mails to strangers on this machine only: some hold links that sign people in."""
    if not ip_address(request.remote_addr or "0.0.0.0").is_loopback:  # noqa: S104 - an address to compare with
        current_actor()


PAGE_ROWS: Final = 50
# Looked through at most for one recipient: the sandbox holds files, not a database.
MOST_LOOKED_THROUGH: Final = 5000
# What a browser may show by itself; anything else is only ever saved.
SHOWN: Final = frozenset({"application/pdf", "image/gif", "image/jpeg", "image/png", "image/webp"})
# The mail of a stranger inside our page: no script, no form, no frame; links open elsewhere.
MAIL_POLICY: Final = (
    "default-src 'none'; img-src 'self' http: https: data:; style-src 'unsafe-inline'; frame-ancestors 'self'; "
    "base-uri 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """List the caught mails, newest first; `to` narrows to a recipient, `after` is the last name of the page before."""
    directory = _directory()
    wanted, after = request.args.get("to", "").strip().lower(), request.args.get("after", "")
    names = [name for name in sandbox_smtp.names(directory) if not after or name < after]
    mails: list[CaughtMail] = []
    if wanted:
        for mail in sandbox_smtp.headers(directory, names[:MOST_LOOKED_THROUGH]):
            if wanted in str(mail.message.get("X-Envelope-To", "")).lower():
                mails.append(mail)
            if len(mails) > PAGE_ROWS:
                break
    else:
        mails = list(sandbox_smtp.headers(directory, names[: PAGE_ROWS + 1]))
    shown, more = mails[:PAGE_ROWS], len(mails) > PAGE_ROWS
    return render(
        "sandbox/index.html", mails=shown, next=shown[-1].name if more else None, wanted=wanted, number=len(names)
    )


@bp.get("/<name>")
@public
def show(name: str) -> ResponseReturnValue:
    """Show one mail: headers, both bodies, attachments."""
    mail = _one(name)
    text, page = mail.message.get_body(("plain",)), mail.message.get_body(("html",))
    return render(
        "sandbox/show.html",
        mail=mail,
        headers=[(key, str(value)) for key, value in mail.message.items()],
        text=_content(text) if text is not None else "",
        has_page=page is not None,
        attachments=_attachments(mail.message),
    )


@bp.get("/<name>/html")
@public
def page(name: str) -> ResponseReturnValue:
    """Answer with the HTML of a mail, to stand in a frame that can do nothing."""
    body = _one(name).message.get_body(("html",))
    if body is None:
        raise NotFound
    response = make_response('<base target="_blank"><style>html{background:#fff}</style>' + _content(body))
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@bp.get("/<name>/attachments/<int:number>")
@public
def attachment(name: str, number: int) -> ResponseReturnValue:
    """Answer with one attachment, counted from 1."""
    found = list(_one(name).message.iter_attachments())
    if not 1 <= number <= len(found):
        raise NotFound
    part = found[number - 1]
    media_type = part.get_content_type()
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        raise NotFound
    response = Response(data, mimetype=media_type if media_type in SHOWN else "application/octet-stream")
    how = "inline" if media_type in SHOWN else "attachment"
    response.headers.set("Content-Disposition", how, filename=part.get_filename() or f"attachment-{number}")
    return response


@bp.get("/<name>/source")
@public
def source(name: str) -> ResponseReturnValue:
    """Answer with the mail as it came."""
    _one(name)
    data = (_directory() / f"{name}.eml").read_bytes()
    return Response(data, content_type="text/plain; charset=utf-8")


def _directory() -> Path:
    directory = settings.current().sandbox_mail_dir
    if directory is None:
        raise NotFound
    return directory


def _one(name: str) -> CaughtMail:
    found = sandbox_smtp.read(_directory(), name)
    if found is None:
        raise NotFound
    return found


def _content(part: MIMEPart) -> str:
    content = part.get_content()
    return content if isinstance(content, str) else ""


def _attachments(message: EmailMessage) -> list[dict[str, object]]:
    found = []
    for number, part in enumerate(message.iter_attachments(), start=1):
        data = part.get_payload(decode=True)
        found.append(
            {
                "number": number,
                "filename": part.get_filename() or f"attachment-{number}",
                "media_type": part.get_content_type(),
                "size": len(data) if isinstance(data, bytes) else 0,
            }
        )
    return found
