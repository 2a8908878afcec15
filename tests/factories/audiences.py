"""Contacts for tests; call inside `with transaction(actor)` of a partner's person."""

from campaigns.audiences import service
from campaigns.audiences.model import ContactImport
from tcma.kernel.actor import Actor


def contacts(actor: Actor, *emails: str, consent_source: str = "web form") -> ContactImport:
    lines = ["email,first_name,last_name,company"]
    lines += [f"{email},{email.split('@')[0].title()},Doe,Doe & Co" for email in emails]
    return service.import_csv(actor, "\n".join(lines), consent_source=consent_source)
