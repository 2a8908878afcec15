"""What may send in which name, how much, and what the records of a domain mean. Pure: who asks brings the records."""

from campaigns.senders.rules.doctor import Facts, KeyFacts, Report, examine
from campaigns.senders.rules.findings import Finding, Standing
from campaigns.senders.rules.from_line import FromLine, Identity, choose, safe_local_part
from campaigns.senders.rules.names import organizational, read_domain, read_name, read_sender_address
from campaigns.senders.rules.states import (
    DOMAIN_MOVES,
    FAILURES_BEFORE_FALLBACK,
    SENDER_MOVES,
    DomainState,
    KeyState,
    SenderState,
)
from campaigns.senders.rules.warm_up import RAMP, Allowance, allowance, buckets_of

__all__ = [
    "DOMAIN_MOVES",
    "FAILURES_BEFORE_FALLBACK",
    "RAMP",
    "SENDER_MOVES",
    "Allowance",
    "DomainState",
    "Facts",
    "Finding",
    "FromLine",
    "Identity",
    "KeyFacts",
    "KeyState",
    "Report",
    "SenderState",
    "Standing",
    "allowance",
    "buckets_of",
    "choose",
    "examine",
    "organizational",
    "read_domain",
    "read_name",
    "read_sender_address",
    "safe_local_part",
]
