import pytest

from tcma import demo
from tcma.demo.cast import NotEmpty
from tcma.demo.contacts import contacts_csv
from tcma.demo.people import MEMBERS
from tcma.infra.db import db, reading, transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM
from tests.factories import accounts


def test_a_service_with_a_real_brand_is_left_alone(world, errands):
    with transaction(SYSTEM):
        accounts.brand()
    with pytest.raises(NotEmpty):
        demo.load("a long demo password 7")
    with reading(SYSTEM):
        assert db.session.scalar(db.text("SELECT count(*) FROM partners")) == 0


@pytest.mark.parametrize("member", MEMBERS, ids=lambda member: member.key)
def test_each_partner_gets_the_same_people_every_time_under_example_domains(member):
    today = clock.today()
    text = contacts_csv(member.key, member.language, today=today)
    assert text == contacts_csv(member.key, member.language, today=today)
    rows = [line.split(",") for line in text.splitlines()[1:]]
    addresses = {row[0] for row in rows}
    assert len(rows) == 502
    assert len(addresses) == 501
    assert all(address.endswith(".example") for address in addresses - {"somebody(at)nowhere"})
    assert {row[4] for row in rows} == {member.language}
