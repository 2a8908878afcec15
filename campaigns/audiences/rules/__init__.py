"""Contacts, consent and suppression: the words, the addresses, the files."""

from campaigns.audiences.rules.addresses import Address, read_address
from campaigns.audiences.rules.csv_files import (
    MAX_CUSTOM_FIELDS,
    MAX_FILE_BYTES,
    MAX_ROWS,
    ContactFile,
    ContactRow,
    RowError,
    RowProblem,
    decode,
    meaning_of,
    read_contacts,
    read_row,
    write_csv,
)
from campaigns.audiences.rules.words import (
    LIFTABLE,
    ConsentChannel,
    ConsentScope,
    SuppressionReason,
    SuppressionScope,
)

__all__ = [
    "LIFTABLE",
    "MAX_CUSTOM_FIELDS",
    "MAX_FILE_BYTES",
    "MAX_ROWS",
    "Address",
    "ConsentChannel",
    "ConsentScope",
    "ContactFile",
    "ContactRow",
    "RowError",
    "RowProblem",
    "SuppressionReason",
    "SuppressionScope",
    "decode",
    "meaning_of",
    "read_address",
    "read_contacts",
    "read_row",
    "write_csv",
]
