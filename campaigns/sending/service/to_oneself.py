"""Send a mail to oneself before anything leaves: made by the same code, byte for byte but for the recipient."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import format_datetime
from typing import Final

from campaigns.kits.rules import TouchChannel
from campaigns.launches.service import PreviewDraft
from campaigns.senders import service as senders
from campaigns.sending.channels import email
from campaigns.sending.errors import NotSentToOneself, TooManyTests
from campaigns.sending.rules import Parcel
from campaigns.sending.service.compose import Draft, FileDraft
from tcma import settings
from tcma.accounts import service as accounts
from tcma.infra import cache, dkim, mail
from tcma.infra.mail import MailError, MailServerUnavailable
from tcma.kernel import clock
from tcma.kernel.actor import Actor
from tcma.kernel.errors import Forbidden, NotFound

TESTS_AN_HOUR: Final = 30


@dataclass(frozen=True, slots=True)
class MailToOneself:
    """A mail to oneself, gathered and not yet written."""

    draft: Draft
    parcel: Parcel

    def send(self) -> str:
        """Write it, hand it over, and return the address it went to. Reaches the network, and no database.

        Raises NotSentToOneself and what keeps the mail from being written.
        """
        letters = self.draft.write().letters({})
        data = b"X-Test: sent by a person to itself\r\n" + email.message(
            letters, self.parcel, date=format_datetime(clock.now()).encode()
        )
        sender = f"no-reply@{settings.current().mail_domain}"
        away: MailError | None = None
        for provider in mail.usable():
            signed = dkim.sign(data, letters.signer, leave_out=provider.rewrites) if letters.signer else data
            try:
                provider.send(sender, self.parcel.email, signed)
            except MailServerUnavailable as error:
                away = error
            except MailError as error:
                raise NotSentToOneself(f"The mail server said: {error.text}") from error
            else:
                return self.parcel.email
        raise NotSentToOneself from away


def mail_to_oneself(actor: Actor, preview: PreviewDraft, touch_key: str, *, locale: str = "") -> MailToOneself:
    """Gather a mail of a preview for whoever asks, as a recipient who reads that locale would get it.

    Raises NotFound when there is no such mail, Forbidden, TooManyTests.
    """
    if actor.user_id is None:
        raise Forbidden
    touch = preview.touch(touch_key)
    if touch.plan.channel is not TouchChannel.EMAIL:
        raise NotFound
    if cache.count_up(f"sending:tests:{actor.user_id}", window_s=3600) > TESTS_AN_HOUR:
        raise TooManyTests
    attached = (touch.plan.attachment or {}).get("mode") == "attach"
    draft = Draft(
        plan=touch.plan,
        mails=touch.mails,
        attached=FileDraft(touch.file, touch.file_format) if attached and touch.file else None,
        signer=senders.signer(actor, touch.plan.sender),
        limits=(),
    )
    name, address = accounts.address_of(actor, actor.user_id)
    first, _, last = name.partition(" ")
    parcel = Parcel(
        delivery_id=0,
        message_id=f"<test-{touch_key}-{clock.now().timestamp():.6f}@{settings.current().mail_domain}>",
        attempts=0,
        email=address,
        first_name=first,
        last_name=last,
        company="",
        locale=locale or touch.plan.partner.locale,
    )
    return MailToOneself(draft, parcel)
