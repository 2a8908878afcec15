"""The few words that every mail needs, in the languages that we have them in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


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


def for_locale(locale: str) -> Words:
    """Return the words of a locale's language, else English."""
    return _WORDS.get(locale.replace("_", "-").partition("-")[0].lower(), _WORDS["en"])
