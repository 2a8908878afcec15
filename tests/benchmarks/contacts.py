"""Contacts by the hundred thousand, written by the database itself: what is measured begins after them."""

from sqlalchemy import text

from tcma.infra.db import session
from tcma.kernel.actor import Actor

_CONTACTS = text(
    """
    INSERT INTO contacts (partner_id, email, email_normalized, address_hash, first_name, last_name, company, locale,
        attributes, created_at, updated_at)
    SELECT :partner_id, address, address, sha256(convert_to(address, 'UTF8')), 'Ana' || n, 'Doe', 'Doe & Co', '', '{}',
        now(), now()
    FROM generate_series(1, :number) AS n,
        LATERAL (SELECT format('contact%s.%s@people.example', n, CAST(:partner_id AS bigint)) AS address) AS made
    """
)
_CONSENTS = text(
    """
    INSERT INTO consents (partner_id, contact_id, channel, scope, source, given_at)
    SELECT partner_id, id, 'email', 'partner', 'bench', now() FROM contacts WHERE partner_id = :partner_id
    """
)


def add_contacts(actor: Actor, number: int) -> None:
    """Give a partner so many contacts, each with a live consent. Call inside its transaction."""
    session.execute(_CONTACTS, {"partner_id": actor.partner_id, "number": number})
    session.execute(_CONSENTS, {"partner_id": actor.partner_id})
