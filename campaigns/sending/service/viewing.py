"""The mail of one recipient as a page."""

from __future__ import annotations

from campaigns.audiences import service as audiences
from campaigns.sending import queries
from campaigns.sending.channels.email import page
from campaigns.sending.rules import Parcel
from campaigns.sending.service.compose import Draft, draft
from campaigns.sending.service.hand_over import addressed, templates_of
from cobranding.templates import service as templates
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.errors import NotFound
from tcma.kernel.permissions import Permission

__all__ = ["page", "page_draft"]


def page_draft(actor: Actor, delivery_id: int) -> tuple[Draft, Parcel]:
    """Gather what the page of a delivery is made of.

    Raises NotFound, also when the contact was erased; Forbidden, TemplateGone.
    """
    found = queries.one(actor, delivery_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_READ, found)
    for version_id in templates_of(actor, found.touch_id):
        templates.present_version(actor, version_id)
    people = audiences.contacts_for_sending(actor, [found.contact_id] if found.contact_id else [])
    if not people:
        raise NotFound
    return draft(actor, found.touch_id), addressed(found, people[0])
