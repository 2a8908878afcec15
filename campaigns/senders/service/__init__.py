"""The verbs of sending domains and senders, and what sending asks: the From line, the signer, the limits."""

from campaigns.senders.model import Sender, SendingDomain
from campaigns.senders.queries import confirmed_senders, due_for_check, page_of_domains, page_of_senders
from campaigns.senders.queries import domain as one_domain
from campaigns.senders.queries import sender as one_sender
from campaigns.senders.rules import FromLine, safe_local_part
from campaigns.senders.service.checking import Examination, examination, note
from campaigns.senders.service.domains import Volume, add_domain, end_warm_up, limit, remove_domain, rotate, volume
from campaigns.senders.service.identities import (
    add_sender,
    code_of,
    confirm_sender,
    remove_sender,
    send_code_again,
)
from campaigns.senders.service.leaving import chosen, from_line, limits, signer

__all__ = [
    "Examination",
    "FromLine",
    "Sender",
    "SendingDomain",
    "Volume",
    "add_domain",
    "add_sender",
    "chosen",
    "code_of",
    "confirm_sender",
    "confirmed_senders",
    "due_for_check",
    "end_warm_up",
    "examination",
    "from_line",
    "limit",
    "limits",
    "note",
    "one_domain",
    "one_sender",
    "page_of_domains",
    "page_of_senders",
    "remove_domain",
    "remove_sender",
    "rotate",
    "safe_local_part",
    "send_code_again",
    "signer",
    "volume",
]
