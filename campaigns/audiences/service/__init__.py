"""The verbs on contacts and suppressions, and what sending may ask."""

from campaigns.audiences.queries import AudienceCount, ContactView, Recipient, SuppressionView, consents_of, one_import
from campaigns.audiences.queries import view as contact_view
from campaigns.audiences.service.asking import (
    contacts_for_sending,
    count,
    export_csv,
    has_more_than,
    next_contacts,
    page_of_contacts,
    page_of_counts,
    page_of_imports,
    page_of_suppressions,
)
from campaigns.audiences.service.editing import edit, erase
from campaigns.audiences.service.importing import (
    ReadList,
    add,
    begin_list,
    import_csv,
    read_list,
    take_over,
    take_over_piece,
)
from campaigns.audiences.service.suppressing import (
    address_hash,
    hash_of,
    lift,
    stop_after_complaint,
    suppress,
    suppress_everywhere,
    suppress_for_brand,
    unsubscribe,
)
from campaigns.audiences.service.writing import Prepared, prepared

__all__ = [
    "AudienceCount",
    "ContactView",
    "Prepared",
    "ReadList",
    "Recipient",
    "SuppressionView",
    "add",
    "address_hash",
    "begin_list",
    "consents_of",
    "contact_view",
    "contacts_for_sending",
    "count",
    "edit",
    "erase",
    "export_csv",
    "has_more_than",
    "hash_of",
    "import_csv",
    "lift",
    "next_contacts",
    "one_import",
    "page_of_contacts",
    "page_of_counts",
    "page_of_imports",
    "page_of_suppressions",
    "prepared",
    "read_list",
    "stop_after_complaint",
    "suppress",
    "suppress_everywhere",
    "suppress_for_brand",
    "take_over",
    "take_over_piece",
    "unsubscribe",
]
