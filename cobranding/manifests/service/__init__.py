"""The verbs on manifests and keys.

A file is ordered in the transaction that gathers its inputs (`order`), rendered outside of it, and its manifest is
issued in a second one (`issue`), as the service itself: partners never hold the key. A question about a file goes the
same way: `look_up` reads, `judge` renders.
"""

from cobranding.manifests.service.issuing import Order, envelope_of, issue, issue_all, order, verify_page
from cobranding.manifests.service.keys import revoke, rotate
from cobranding.manifests.service.verifying import Asked, Trail, asked_with_code, asked_with_file, judge, look_up

__all__ = [
    "Asked",
    "Order",
    "Trail",
    "asked_with_code",
    "asked_with_file",
    "envelope_of",
    "issue",
    "issue_all",
    "judge",
    "look_up",
    "order",
    "revoke",
    "rotate",
    "verify_page",
]
