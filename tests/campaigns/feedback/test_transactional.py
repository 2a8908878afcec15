"""What the service owes its own people reaches them, whatever they said about marketing."""

from campaigns.audiences import service as audiences
from campaigns.audiences.rules import SuppressionReason
from tcma.accounts import service as accounts
from tcma.infra.db import transaction
from tcma.kernel.actor import SYSTEM
from tcma.kernel.permissions import Role
from tests.factories import accounts as make


def test_somebody_who_wants_no_marketing_from_anybody_still_gets_the_link_for_a_new_password(world, mailbox, work):
    with transaction(SYSTEM):
        make.brand()
        user = make.user(Role.OWNER, make.partner("Nordwind"))
        address_hash = audiences.hash_of(user.email)
        audiences.suppress_everywhere(SYSTEM, address_hash, SuppressionReason.BOUNCED)
        audiences.suppress_for_brand(SYSTEM, address_hash, SuppressionReason.UNSUBSCRIBED)
    with transaction(SYSTEM):
        accounts.send_reset(SYSTEM, email=user.email)
    work()
    (notice,) = mailbox.notices
    assert notice.recipient == user.email
    assert "/reset/" in notice.message.get_content()
