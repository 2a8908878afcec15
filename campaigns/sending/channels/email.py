"""E-mail: fill in the compiled letter for each parcel, hand it to the server, and read the answer."""

from __future__ import annotations

import html
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.utils import format_datetime

from campaigns.kits.rules import pick_locale
from campaigns.sending import rules
from campaigns.sending.channels import addresses, mime
from campaigns.sending.channels.letter import Letter
from campaigns.sending.rules import DeliveryState, Outcome, Parcel, Reason, Verdict
from tcma.infra import buckets, dkim
from tcma.infra.buckets import Bucket
from tcma.infra.dkim import Signer
from tcma.infra.mail import Mail, MailError, MailLost, MailRefused, Provider
from tcma.kernel import clock
from tcma.logs import get_logger

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Letters:
    """A touch, compiled: one letter per locale, with the tracked links that stand in it by their numbers."""

    partner_id: int
    touch_id: int
    by_locale: Mapping[str, Letter]
    pages: Mapping[str, str]  # the HTML of each, for "view in the browser"
    links: Mapping[str, tuple[int | str, ...]]  # a target that nobody wrote down stands for itself
    partner_locale: str
    default_locale: str
    signer: Signer | None = None
    counts_opens: bool = True
    limits: tuple[Bucket, ...] = ()  # those of the sending domain and of the partner

    def locale_for(self, wanted: str) -> str:
        """Return the recipient's locale (unknown: the partner's), else its language, else the default."""
        return pick_locale(wanted or self.partner_locale, self.by_locale, self.default_locale)


def message(letters: Letters, parcel: Parcel, *, date: bytes) -> bytes:
    """Return the whole mail for one parcel; `date` as RFC 5322 writes it.

    Raises ValueError when the address cannot stand in a header.
    """
    locale = letters.locale_for(parcel.locale)
    filled = values(letters, parcel, locale)
    heads = (
        (b"Date", date),
        (b"Message-ID", parcel.message_id.encode()),
        (b"To", mime.mailbox("", parcel.email)),
        # RFC 8058: both lines, and a POST to the address unsubscribes without another question.
        (b"List-Unsubscribe", f"<{filled['unsubscribe_url']}>".encode()),
        (b"List-Unsubscribe-Post", b"List-Unsubscribe=One-Click"),
    )
    return letters.by_locale[locale].to(heads, filled)


def values(letters: Letters, parcel: Parcel, locale: str) -> dict[str, str]:
    """Return what the letter's holes are filled with for one recipient."""
    partner_id, delivery_id = letters.partner_id, parcel.delivery_id
    filled = {
        "contact.first_name": parcel.first_name,
        "contact.last_name": parcel.last_name,
        "contact.company": parcel.company,
        "unsubscribe_url": addresses.unsubscribe(partner_id, delivery_id),
        "view_url": addresses.view(partner_id, delivery_id),
        "pixel": "",
    }
    if letters.counts_opens:
        pixel = addresses.opened(partner_id, delivery_id)
        filled["pixel"] = f'<img src="{pixel}" width="1" height="1" alt="">'
    for number, link in enumerate(letters.links[locale]):
        filled[f"link:{number}"] = link if isinstance(link, str) else addresses.click(partner_id, delivery_id, link)
    return filled


def page(letters: Letters, parcel: Parcel) -> str:
    """Return the mail of one recipient as a page, without the pixel: to look at it here is no open."""
    locale = letters.locale_for(parcel.locale)
    filled = {name: html.escape(value) for name, value in values(letters, parcel, locale).items()}
    return mime.fill_text(letters.pages[locale], filled | {"pixel": ""})


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What became of a part; `may_go_on` is false when the mail server is away."""

    outcomes: list[Outcome]
    may_go_on: bool


def hand_over(providers: Iterable[Provider], letters: Letters, parcels: Sequence[Parcel]) -> HandedOver:
    """Hand a part to the first mail server, and what never left because it is away to the next.

    Every parcel gets an outcome; one bad address fails alone.
    """
    outcomes: dict[int, Outcome] = {}
    silent = False
    for number, provider in enumerate(providers):
        waiting = [each for each in range(len(parcels)) if each not in outcomes]
        # The tokens of the first were taken before the part was claimed.
        if number and (waiting := waiting[: buckets.take(len(waiting), provider.buckets).granted]) == []:
            continue
        silent = _hand_to(provider, letters, parcels, waiting, outcomes)
        if len(outcomes) == len(parcels):
            break
    held = [number for number in range(len(parcels)) if number not in outcomes]
    if held:
        log.warning("mail server unavailable", touch_id=letters.touch_id, held_back=len(held))
    for number in held:
        outcomes[number] = _held_back(parcels[number])
    return HandedOver([outcomes[number] for number in range(len(parcels))], may_go_on=not held and not silent)


def _hand_to(
    provider: Provider,
    letters: Letters,
    parcels: Sequence[Parcel],
    numbers: Sequence[int],
    outcomes: dict[int, Outcome],
) -> bool:
    """Hand parcels to one mail server, and tell whether it fell silent over one of them."""
    silent = False
    for mail, answer in provider.lanes().send_each(_write_each(provider, letters, parcels, numbers, outcomes)):
        parcel = parcels[mail.number]
        if isinstance(answer, MailLost):
            log.warning("mail server gave no answer", delivery_id=parcel.delivery_id, reason=answer.text)
            silent = True
        outcomes[mail.number] = read_answer(parcel, answer)
    if silent:
        provider.fell_silent()
    elif any(number not in outcomes for number in numbers):
        provider.failed()
    else:
        provider.fared_well()
    return silent


def _write_each(
    provider: Provider,
    letters: Letters,
    parcels: Sequence[Parcel],
    numbers: Iterable[int],
    outcomes: dict[int, Outcome],
) -> Iterator[Mail]:
    """Yield the mail of each parcel, signed; one that cannot be written has its outcome at once."""
    at = format_datetime(clock.now()).encode()
    for number in numbers:
        parcel = parcels[number]
        try:
            data = message(letters, parcel, date=at)
        except ValueError as error:
            verdict = Verdict(DeliveryState.FAILED, Reason.CANNOT_BE_BUILT, rules.without_addresses(str(error)))
            outcomes[number] = Outcome(parcel.delivery_id, verdict, parcel.attempts + 1)
        else:
            if letters.signer is not None:
                data = dkim.sign(data, letters.signer, leave_out=provider.rewrites)
            yield Mail(number, addresses.return_path(parcel.delivery_id), parcel.email, data)


def read_answer(parcel: Parcel, answer: str | MailError) -> Outcome:
    """Return what a server's words, or its silence, make of a parcel."""
    attempts = parcel.attempts + 1
    if isinstance(answer, str):
        verdict = Verdict(DeliveryState.SENT, Reason.NONE, rules.without_addresses(answer))
        return Outcome(parcel.delivery_id, verdict, attempts)
    if isinstance(answer, MailLost):
        return Outcome(parcel.delivery_id, rules.lost(answer.text), attempts)
    if isinstance(answer, MailRefused):
        return Outcome(parcel.delivery_id, rules.refused(answer.code, answer.enhanced_code, answer.text), attempts)
    # Deferred; or it is this address that breaks the connection: then it waits longer each time, and holds up nobody.
    verdict = rules.deferred(answer.code, answer.enhanced_code, answer.text, attempts=attempts)
    return Outcome(parcel.delivery_id, verdict, attempts, rules.back_off(attempts, _jitter()))


def _held_back(parcel: Parcel) -> Outcome:
    """Put a parcel back that never left: nobody's attempt."""
    verdict = Verdict(DeliveryState.DEFERRED, Reason.MAIL_SERVER_UNAVAILABLE)
    return Outcome(parcel.delivery_id, verdict, parcel.attempts, rules.OUTAGE_PAUSE)


def _jitter() -> float:
    return random.random()  # noqa: S311 - spreads load, protects nothing
