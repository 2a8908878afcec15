"""The verbs on contacts and suppressions, and what sending may ask."""

from campaigns.audiences.queries import AudienceCount, ContactView, Recipient, SuppressionView
from campaigns.audiences.service.asking import (
    contacts_for_sending,
    count,
    export_csv,
    mailable,
    page_of_contacts,
    page_of_counts,
    page_of_imports,
    page_of_suppressions,
)
from campaigns.audiences.service.editing import edit, erase
from campaigns.audiences.service.importing import add, import_csv
from campaigns.audiences.service.suppressing import hash_of, lift, suppress, unsubscribe

__all__ = [
    "AudienceCount",
    "ContactView",
    "Recipient",
    "SuppressionView",
    "add",
    "contacts_for_sending",
    "count",
    "edit",
    "erase",
    "export_csv",
    "hash_of",
    "import_csv",
    "lift",
    "mailable",
    "page_of_contacts",
    "page_of_counts",
    "page_of_imports",
    "page_of_suppressions",
    "suppress",
    "unsubscribe",
]
