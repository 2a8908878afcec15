"""The door for mail servers: return paths are taken, reports heard, and nothing is said to be kept that is not."""

from __future__ import annotations

import asyncio

from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask

from campaigns.feedback import service
from campaigns.feedback.errors import NotOurReturnPath
from tcma.infra.db import reading, transaction
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.errors import DomainError, Unavailable
from tcma.logs import get_logger

log = get_logger(__name__)

LATER = "451 4.3.0 Not now: try again later"


class Mailbox:
    """Answer a mail server that brings reports. Each is written down before it is answered with 250."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    async def handle_RCPT(  # noqa: N802 - aiosmtpd names its hooks after the SMTP command
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take return paths of ours, and nothing else."""
        _ = server, session, options
        answer = await asyncio.to_thread(self._recognize, address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Hear the report for each return path that it came to."""
        _ = server, session
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogateescape")
        return await asyncio.to_thread(self._hear, list(envelope.rcpt_tos), raw)

    def _recognize(self, address: str) -> str:
        with self._app.app_context():
            try:
                with reading(SYSTEM):
                    service.partner_behind(SYSTEM, address)
            except NotOurReturnPath:
                return "550 5.1.1 This is not a return path of ours"
            except Unavailable:
                return LATER
        return "250 2.1.5 OK"

    def _hear(self, addresses: list[str], raw: bytes) -> str:
        with self._app.app_context():
            try:
                for address in addresses:
                    self._hear_one(address, raw)
            except DomainError as error:
                # Kept by whoever brings it: they come again.
                log.warning("report not taken in", code=error.code)
                return LATER
        return "250 2.0.0 Heard"

    def _hear_one(self, address: str, raw: bytes) -> None:
        with reading(SYSTEM):
            partner_id, delivery_id = service.partner_behind(SYSTEM, address)
        actor = Actor.partner_job(partner_id)
        with transaction(actor):
            dead = service.hear(actor, delivery_id, raw=raw)
        if dead is not None:
            with transaction(SYSTEM):
                service.bury(SYSTEM, dead)
