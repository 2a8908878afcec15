"""The whole table of permissions, written out: every change of it is a visible change here."""

from tcma.kernel.permissions import BRAND_ROLES, GRANTS, PARTNER_ROLES, Permission, Role

EVERYBODY = "admin channel_manager finance marketer marketing owner"
BRAND = "admin channel_manager finance marketing"
PARTNER = "marketer owner"

EXPECTED = {
    "accounts:brand:edit": "admin",
    "accounts:partner:create": "admin channel_manager",
    "accounts:partner:edit": "admin channel_manager owner",
    "accounts:partner:read": EVERYBODY,
    "accounts:partner:retier": "admin channel_manager",
    "accounts:token:create": EVERYBODY,
    "accounts:user:invite": "admin channel_manager owner",
    "accounts:user:read": f"{BRAND} owner",
    "accounts:user:suspend": "admin owner",
    "assets:asset:archive": "marketer marketing owner",
    "assets:asset:read": EVERYBODY,
    "assets:asset:replace": "marketing",
    "assets:asset:share": "marketer marketing owner",
    "assets:asset:upload": "marketer marketing owner",
    "assets:font:upload": "marketing",
    "audit:entry:read": "admin finance",
    "campaigns:account:connect": PARTNER,
    "campaigns:account:read": PARTNER,
    "campaigns:audience:read": EVERYBODY,
    "campaigns:contact:edit": PARTNER,
    "campaigns:contact:import": PARTNER,
    "campaigns:contact:read": PARTNER,
    "campaigns:delivery:read": EVERYBODY,
    "campaigns:delivery:settle": PARTNER,
    "campaigns:domain:edit": "admin owner",
    "campaigns:domain:limit": "admin",
    "campaigns:kit:edit": "marketing",
    "campaigns:kit:publish": "marketing",
    "campaigns:kit:read": EVERYBODY,
    "campaigns:kit:withdraw": "marketing",
    "campaigns:launch:approve": "channel_manager marketing",
    "campaigns:launch:cancel": PARTNER,
    "campaigns:launch:create": PARTNER,
    "campaigns:launch:on_behalf": "channel_manager",
    "campaigns:launch:pause": PARTNER,
    "campaigns:launch:read": EVERYBODY,
    "campaigns:post:read": EVERYBODY,
    "campaigns:post:settle": PARTNER,
    "campaigns:sender:edit": PARTNER,
    "campaigns:sender:read": EVERYBODY,
    "campaigns:sender:release": "admin channel_manager",
    "campaigns:suppression:edit": PARTNER,
    "campaigns:suppression:read": PARTNER,
    "cobranding:artwork:approve": "marketing",
    "cobranding:artwork:edit": PARTNER,
    "cobranding:artwork:read": EVERYBODY,
    "cobranding:batch:create": "marketing",
    "cobranding:batch:read": BRAND,
    "cobranding:key:rotate": "admin",
    "cobranding:template:edit": "marketing",
    "cobranding:template:publish": "marketing",
    "cobranding:template:read": EVERYBODY,
    "cobranding:template:withdraw": "marketing",
    "mdf:allocation:create": "channel_manager finance",
    "mdf:allocation:read": EVERYBODY,
    "mdf:claim:approve": "finance",
    "mdf:claim:edit": PARTNER,
    "mdf:claim:read": EVERYBODY,
    "mdf:claim:submit": PARTNER,
    "mdf:fund:create": "finance",
    "mdf:fund:read": BRAND,
    "mdf:ledger:read": "finance",
    "mdf:payment:prepare": "finance",
    "mdf:payment:read": "finance owner",
    "mdf:payment:release": "finance",
    "mdf:payment:settle": "finance",
    "mdf:program:edit": "channel_manager finance",
    "mdf:program:read": EVERYBODY,
    "mdf:request:approve": "channel_manager",
    "mdf:request:edit": f"channel_manager {PARTNER}",
    "mdf:request:read": EVERYBODY,
    "mdf:request:submit": f"channel_manager {PARTNER}",
}


def test_the_grants_are_exactly_these():
    actual = {
        permission.value: " ".join(sorted(role.value for role in Role if permission in GRANTS[role]))
        for permission in Permission
    }
    assert actual == EXPECTED


def test_permissions_stand_in_alphabetical_order():
    names = [permission.value for permission in Permission]
    assert names == sorted(names)


def test_every_role_is_of_the_brand_or_of_a_partner_and_never_both():
    assert set(Role) == BRAND_ROLES | PARTNER_ROLES
    assert not BRAND_ROLES & PARTNER_ROLES
    assert GRANTS.keys() == set(Role)


def test_no_brand_role_touches_contacts_or_suppressions():
    for role in BRAND_ROLES:
        assert not [p for p in GRANTS[role] if p.startswith(("campaigns:contact", "campaigns:suppression"))]


def test_no_partner_role_decides_about_money():
    deciding = ("approve", "release", "settle", "prepare", "create")
    for role in PARTNER_ROLES:
        assert not [p for p in GRANTS[role] if p.startswith("mdf:") and p.endswith(deciding)]
