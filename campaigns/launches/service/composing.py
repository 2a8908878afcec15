"""Write a mail: what the template says, and below it what the law asks for and the template forgot. Pure."""

from __future__ import annotations

import html as markup
import re
from dataclasses import dataclass, replace
from typing import Final

from campaigns.launches.queries import TouchPlan
from cobranding.artworks import service as artworks

_TAG: Final = re.compile(r"<[^<>]*>")
_WAY_OUT: Final = re.compile(r"\{\{\s*unsubscribe_url\s*\}\}")
_STYLE: Final = "font:12px/1.5 sans-serif;color:#555;text-align:center;padding:16px"


@dataclass(frozen=True, slots=True)
class Words:
    """Say why somebody gets this, and how to stop it."""

    why: str
    unsubscribe: str


_WORDS: Final = {
    "cs": Words("Tento e-mail dostáváte, protože jste souhlasili se zasíláním zpráv od {sender}.", "Odhlásit odběr"),
    "da": Words("Du får denne mail, fordi du har sagt ja til at høre fra {sender}.", "Afmeld"),
    "de": Words("Sie erhalten diese E-Mail, weil Sie Nachrichten von {sender} zugestimmt haben.", "Abmelden"),
    "en": Words("You get this mail because you agreed to hear from {sender}.", "Unsubscribe"),
    "es": Words("Recibe este correo porque aceptó recibir mensajes de {sender}.", "Darse de baja"),
    "fr": Words("Vous recevez cet e-mail car vous avez accepté les messages de {sender}.", "Se désabonner"),
    "it": Words("Riceve questa e-mail perché ha acconsentito a ricevere messaggi da {sender}.", "Annulla l'iscrizione"),
    "nl": Words("U ontvangt deze e-mail omdat u hebt ingestemd met berichten van {sender}.", "Afmelden"),
    "pl": Words("Otrzymujesz tę wiadomość, ponieważ zgodziłeś się na wiadomości od {sender}.", "Wypisz się"),
    "pt": Words("Recebe este e-mail porque aceitou receber mensagens de {sender}.", "Cancelar subscrição"),
    "sv": Words("Du får detta mejl för att du har sagt ja till att höra från {sender}.", "Avsluta prenumerationen"),
}


def compose(plan: TouchPlan, locale: str, inputs: artworks.MailInputs) -> artworks.CompiledEmail:
    """Write a touch's mail in one locale, with the recipient's tokens left in it: the same for preview and sending.

    Raises ValuesRefused, ValuesMissing.
    """
    mail = artworks.compose(inputs)
    said = words_for(locale)
    why = said.why.format(sender=_inert(plan.sender.name))
    address = _inert(plan.sender.postal_address or plan.brand.postal_address)
    lines_html, lines_text = [], []
    if not _says(mail, address):
        lines_html.append(f"{markup.escape(why)}<br>{markup.escape(address)}")
        lines_text.append(f"{why}\n{address}")
    if not _WAY_OUT.search(mail.html):
        lines_html.append(f'<a href="{{{{unsubscribe_url}}}}">{markup.escape(said.unsubscribe)}</a>')
    if not _WAY_OUT.search(mail.text):
        lines_text.append(f"{said.unsubscribe}: {{{{unsubscribe_url}}}}")
    page, text = mail.html, mail.text
    if lines_html:
        block = f'<div class="quiet" style="{_STYLE}">{"<br>".join(lines_html)}</div>'
        before, tag, after = page.rpartition("</body>")
        page = f"{before}{block}{tag}{after}" if tag else page + block
    if lines_text:
        text = text.rstrip("\n") + "\n\n-- \n" + "\n".join(lines_text) + "\n"
    return replace(mail, html=page, text=text)


def words_for(locale: str) -> Words:
    """Return the words of a locale's language, else English."""
    return _WORDS.get(locale.replace("_", "-").partition("-")[0].lower(), _WORDS["en"])


def _says(mail: artworks.CompiledEmail, postal_address: str) -> bool:
    """Tell whether each line of the address stands in both bodies, whatever the layout between them."""
    plain = " ".join(markup.unescape(_TAG.sub(" ", mail.html)).split())
    flat = " ".join(mail.text.split())
    parts = [" ".join(part.split()) for part in postal_address.split(", ") if part.strip()]
    return bool(parts) and all(part in plain and part in flat for part in parts)


def _inert(text: str) -> str:
    return text.replace("{{", "{ {").replace("}}", "} }")
