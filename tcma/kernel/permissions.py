"""Who may do what: one table, role -> permissions, deny by default. Names are room:noun:verb, in alphabetical order."""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """Name what a person is: four roles at the brand, two at a partner."""

    ADMIN = "admin"
    MARKETING = "marketing"
    CHANNEL_MANAGER = "channel_manager"
    FINANCE = "finance"
    OWNER = "owner"
    MARKETER = "marketer"


BRAND_ROLES = frozenset({Role.ADMIN, Role.MARKETING, Role.CHANNEL_MANAGER, Role.FINANCE})
PARTNER_ROLES = frozenset({Role.OWNER, Role.MARKETER})


class Permission(StrEnum):
    """Name one thing that an actor may do."""

    ACCOUNTS_BRAND_EDIT = "accounts:brand:edit"
    ACCOUNTS_PARTNER_CREATE = "accounts:partner:create"
    ACCOUNTS_PARTNER_EDIT = "accounts:partner:edit"
    ACCOUNTS_PARTNER_READ = "accounts:partner:read"
    ACCOUNTS_PARTNER_RETIER = "accounts:partner:retier"
    ACCOUNTS_TOKEN_CREATE = "accounts:token:create"  # noqa: S105 - a permission, not a password
    ACCOUNTS_USER_INVITE = "accounts:user:invite"
    ACCOUNTS_USER_READ = "accounts:user:read"
    ACCOUNTS_USER_SUSPEND = "accounts:user:suspend"
    ASSETS_ASSET_ARCHIVE = "assets:asset:archive"
    ASSETS_ASSET_READ = "assets:asset:read"
    ASSETS_ASSET_REPLACE = "assets:asset:replace"
    ASSETS_ASSET_SHARE = "assets:asset:share"
    ASSETS_ASSET_UPLOAD = "assets:asset:upload"
    ASSETS_FONT_UPLOAD = "assets:font:upload"
    AUDIT_ENTRY_READ = "audit:entry:read"
    CAMPAIGNS_ACCOUNT_CONNECT = "campaigns:account:connect"
    CAMPAIGNS_ACCOUNT_READ = "campaigns:account:read"
    CAMPAIGNS_AUDIENCE_READ = "campaigns:audience:read"
    CAMPAIGNS_CONTACT_EDIT = "campaigns:contact:edit"
    CAMPAIGNS_CONTACT_IMPORT = "campaigns:contact:import"
    CAMPAIGNS_CONTACT_READ = "campaigns:contact:read"
    CAMPAIGNS_DELIVERY_READ = "campaigns:delivery:read"
    CAMPAIGNS_DELIVERY_SETTLE = "campaigns:delivery:settle"
    CAMPAIGNS_DOMAIN_EDIT = "campaigns:domain:edit"
    CAMPAIGNS_DOMAIN_LIMIT = "campaigns:domain:limit"
    CAMPAIGNS_KIT_EDIT = "campaigns:kit:edit"
    CAMPAIGNS_KIT_PUBLISH = "campaigns:kit:publish"
    CAMPAIGNS_KIT_READ = "campaigns:kit:read"
    CAMPAIGNS_KIT_WITHDRAW = "campaigns:kit:withdraw"
    CAMPAIGNS_LAUNCH_APPROVE = "campaigns:launch:approve"
    CAMPAIGNS_LAUNCH_CANCEL = "campaigns:launch:cancel"
    CAMPAIGNS_LAUNCH_CREATE = "campaigns:launch:create"
    CAMPAIGNS_LAUNCH_ON_BEHALF = "campaigns:launch:on_behalf"
    CAMPAIGNS_LAUNCH_PAUSE = "campaigns:launch:pause"
    CAMPAIGNS_LAUNCH_READ = "campaigns:launch:read"
    CAMPAIGNS_POST_READ = "campaigns:post:read"
    CAMPAIGNS_POST_SETTLE = "campaigns:post:settle"
    CAMPAIGNS_SENDER_EDIT = "campaigns:sender:edit"
    CAMPAIGNS_SENDER_READ = "campaigns:sender:read"
    CAMPAIGNS_SENDER_RELEASE = "campaigns:sender:release"
    CAMPAIGNS_SUPPRESSION_EDIT = "campaigns:suppression:edit"
    CAMPAIGNS_SUPPRESSION_READ = "campaigns:suppression:read"
    COBRANDING_ARTWORK_APPROVE = "cobranding:artwork:approve"
    COBRANDING_ARTWORK_EDIT = "cobranding:artwork:edit"
    COBRANDING_ARTWORK_READ = "cobranding:artwork:read"
    COBRANDING_BATCH_CREATE = "cobranding:batch:create"
    COBRANDING_BATCH_READ = "cobranding:batch:read"
    COBRANDING_KEY_ROTATE = "cobranding:key:rotate"
    COBRANDING_TEMPLATE_EDIT = "cobranding:template:edit"
    COBRANDING_TEMPLATE_PUBLISH = "cobranding:template:publish"
    COBRANDING_TEMPLATE_READ = "cobranding:template:read"
    COBRANDING_TEMPLATE_WITHDRAW = "cobranding:template:withdraw"
    MDF_ALLOCATION_CREATE = "mdf:allocation:create"
    MDF_ALLOCATION_READ = "mdf:allocation:read"
    MDF_CLAIM_APPROVE = "mdf:claim:approve"
    MDF_CLAIM_EDIT = "mdf:claim:edit"
    MDF_CLAIM_READ = "mdf:claim:read"
    MDF_CLAIM_SUBMIT = "mdf:claim:submit"
    MDF_FUND_CREATE = "mdf:fund:create"
    MDF_FUND_READ = "mdf:fund:read"
    MDF_LEDGER_READ = "mdf:ledger:read"
    MDF_PAYMENT_PREPARE = "mdf:payment:prepare"
    MDF_PAYMENT_READ = "mdf:payment:read"
    MDF_PAYMENT_RELEASE = "mdf:payment:release"
    MDF_PAYMENT_SETTLE = "mdf:payment:settle"
    MDF_PROGRAM_EDIT = "mdf:program:edit"
    MDF_PROGRAM_READ = "mdf:program:read"
    MDF_REQUEST_APPROVE = "mdf:request:approve"
    MDF_REQUEST_EDIT = "mdf:request:edit"
    MDF_REQUEST_READ = "mdf:request:read"
    MDF_REQUEST_SUBMIT = "mdf:request:submit"


P = Permission

_EVERYONE = frozenset(
    {
        P.ACCOUNTS_PARTNER_READ,
        P.ACCOUNTS_TOKEN_CREATE,
        P.ASSETS_ASSET_READ,
        P.CAMPAIGNS_KIT_READ,
        P.CAMPAIGNS_SENDER_READ,
        P.COBRANDING_TEMPLATE_READ,
        P.MDF_PROGRAM_READ,
    }
)
_BRAND = _EVERYONE | {
    P.ACCOUNTS_USER_READ,
    P.CAMPAIGNS_AUDIENCE_READ,
    P.CAMPAIGNS_DELIVERY_READ,
    P.CAMPAIGNS_LAUNCH_READ,
    P.CAMPAIGNS_POST_READ,
    P.COBRANDING_ARTWORK_READ,
    P.COBRANDING_BATCH_READ,
    P.MDF_ALLOCATION_READ,
    P.MDF_CLAIM_READ,
    P.MDF_FUND_READ,
    P.MDF_REQUEST_READ,
}
_MARKETER = _EVERYONE | {
    P.ASSETS_ASSET_ARCHIVE,
    P.ASSETS_ASSET_SHARE,
    P.ASSETS_ASSET_UPLOAD,
    P.CAMPAIGNS_ACCOUNT_CONNECT,
    P.CAMPAIGNS_ACCOUNT_READ,
    P.CAMPAIGNS_AUDIENCE_READ,
    P.CAMPAIGNS_CONTACT_EDIT,
    P.CAMPAIGNS_CONTACT_IMPORT,
    P.CAMPAIGNS_CONTACT_READ,
    P.CAMPAIGNS_DELIVERY_READ,
    P.CAMPAIGNS_DELIVERY_SETTLE,
    P.CAMPAIGNS_LAUNCH_CANCEL,
    P.CAMPAIGNS_LAUNCH_CREATE,
    P.CAMPAIGNS_LAUNCH_PAUSE,
    P.CAMPAIGNS_LAUNCH_READ,
    P.CAMPAIGNS_POST_READ,
    P.CAMPAIGNS_POST_SETTLE,
    P.CAMPAIGNS_SENDER_EDIT,
    P.CAMPAIGNS_SUPPRESSION_EDIT,
    P.CAMPAIGNS_SUPPRESSION_READ,
    P.COBRANDING_ARTWORK_EDIT,
    P.COBRANDING_ARTWORK_READ,
    P.MDF_ALLOCATION_READ,
    P.MDF_CLAIM_EDIT,
    P.MDF_CLAIM_READ,
    P.MDF_CLAIM_SUBMIT,
    P.MDF_REQUEST_EDIT,
    P.MDF_REQUEST_READ,
    P.MDF_REQUEST_SUBMIT,
}

GRANTS: Mapping[Role, frozenset[Permission]] = {
    Role.ADMIN: _BRAND
    | {
        P.ACCOUNTS_BRAND_EDIT,
        P.ACCOUNTS_PARTNER_CREATE,
        P.ACCOUNTS_PARTNER_EDIT,
        P.ACCOUNTS_PARTNER_RETIER,
        P.ACCOUNTS_USER_INVITE,
        P.ACCOUNTS_USER_SUSPEND,
        P.AUDIT_ENTRY_READ,
        P.CAMPAIGNS_DOMAIN_EDIT,
        P.CAMPAIGNS_DOMAIN_LIMIT,
        P.CAMPAIGNS_SENDER_RELEASE,
        P.COBRANDING_KEY_ROTATE,
    },
    Role.MARKETING: _BRAND
    | {
        P.ASSETS_ASSET_ARCHIVE,
        P.ASSETS_ASSET_REPLACE,
        P.ASSETS_ASSET_SHARE,
        P.ASSETS_ASSET_UPLOAD,
        P.ASSETS_FONT_UPLOAD,
        P.CAMPAIGNS_KIT_EDIT,
        P.CAMPAIGNS_KIT_PUBLISH,
        P.CAMPAIGNS_KIT_WITHDRAW,
        P.CAMPAIGNS_LAUNCH_APPROVE,
        P.COBRANDING_ARTWORK_APPROVE,
        P.COBRANDING_BATCH_CREATE,
        P.COBRANDING_TEMPLATE_EDIT,
        P.COBRANDING_TEMPLATE_PUBLISH,
        P.COBRANDING_TEMPLATE_WITHDRAW,
    },
    Role.CHANNEL_MANAGER: _BRAND
    | {
        P.ACCOUNTS_PARTNER_CREATE,
        P.ACCOUNTS_PARTNER_EDIT,
        P.ACCOUNTS_PARTNER_RETIER,
        P.ACCOUNTS_USER_INVITE,
        P.CAMPAIGNS_LAUNCH_APPROVE,
        # For a partner, in its name; its contacts stay unseen, and it is told.
        P.CAMPAIGNS_LAUNCH_ON_BEHALF,
        P.CAMPAIGNS_SENDER_RELEASE,
        P.MDF_ALLOCATION_CREATE,
        P.MDF_PROGRAM_EDIT,
        P.MDF_REQUEST_APPROVE,
        # On behalf of a partner; whoever does is then barred from deciding about that request.
        P.MDF_REQUEST_EDIT,
        P.MDF_REQUEST_SUBMIT,
    },
    Role.FINANCE: _BRAND
    | {
        P.AUDIT_ENTRY_READ,
        P.MDF_ALLOCATION_CREATE,
        P.MDF_CLAIM_APPROVE,
        P.MDF_FUND_CREATE,
        P.MDF_LEDGER_READ,
        P.MDF_PAYMENT_PREPARE,
        P.MDF_PAYMENT_READ,
        P.MDF_PAYMENT_RELEASE,
        P.MDF_PAYMENT_SETTLE,
        P.MDF_PROGRAM_EDIT,
    },
    Role.MARKETER: _MARKETER,
    Role.OWNER: _MARKETER
    | {
        P.ACCOUNTS_PARTNER_EDIT,
        P.ACCOUNTS_USER_INVITE,
        P.ACCOUNTS_USER_READ,
        P.ACCOUNTS_USER_SUSPEND,
        P.CAMPAIGNS_DOMAIN_EDIT,
        P.MDF_PAYMENT_READ,
    },
}


def permissions_of(roles: frozenset[Role]) -> frozenset[Permission]:
    """Return everything that any of the roles grants."""
    return frozenset().union(*(GRANTS[role] for role in roles))
