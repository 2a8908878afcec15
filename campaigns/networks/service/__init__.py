"""The verbs on accounts: connect in three steps, disconnect, renew, warn; and what posting asks."""

from campaigns.networks.drivers import Access, driver_of
from campaigns.networks.rules import Network
from campaigns.networks.service.choosing import choices, choose
from campaigns.networks.service.connecting import begin_connect, connect, finish_connect, plan_connect, take_handshake
from campaigns.networks.service.keeping import (
    disconnect,
    lose_access,
    revoke,
)
from campaigns.networks.service.looking import (
    AccountView,
    Offer,
    account,
    account_view,
    accounts,
    offers,
    usable_accounts,
)
from campaigns.networks.service.renewing import begin_renewal, due_for_refresh, end_renewal, is_fresh, open_account
from campaigns.networks.service.warning import expire, forget_handshakes, warn_expiring

__all__ = [
    "Access",
    "AccountView",
    "Network",
    "Offer",
    "account",
    "account_view",
    "accounts",
    "begin_connect",
    "begin_renewal",
    "choices",
    "choose",
    "connect",
    "disconnect",
    "driver_of",
    "due_for_refresh",
    "end_renewal",
    "expire",
    "finish_connect",
    "forget_handshakes",
    "is_fresh",
    "lose_access",
    "offers",
    "open_account",
    "plan_connect",
    "revoke",
    "take_handshake",
    "usable_accounts",
    "warn_expiring",
]
