import pytest

from mdf.claims.service import ClaimState
from mdf.requests.service import RequestState
from tcma import demo
from tcma.demo.cast import NotEmpty
from tcma.infra.db import db, reading, transaction
from tcma.kernel.actor import SYSTEM
from tests.factories import accounts

PASSWORD = "a long demo password 7"


def column(statement):
    with reading(SYSTEM):
        return list(db.session.scalars(db.text(statement)))


def counts():
    tables = column("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return {table: column(f"SELECT count(*) FROM {table}")[0] for table in tables}


@pytest.fixture
def loaded(world, errands):
    demo.load(PASSWORD)


def test_every_page_has_something_true_to_show_and_loading_again_changes_nothing(loaded):
    assert set(column("SELECT state FROM mdf_requests")) == {state.value for state in RequestState}
    reached = {state.value for state in ClaimState} - {"reversed"}
    assert set(column("SELECT state FROM mdf_claims")) == reached
    assert len(column("SELECT DISTINCT currency FROM mdf_funds")) == 2
    assert len(column("SELECT id FROM partners")) == 6
    assert len(set(column("SELECT time_zone FROM partners"))) == 6
    assert len(column("SELECT id FROM templates")) == 3
    assert len(column("SELECT id FROM kits")) == 2
    assert set(column("SELECT state FROM launches")) == {"scheduled", "cancelled"}
    before = counts()
    demo.load(PASSWORD)
    assert counts() == before


def test_a_service_with_a_real_brand_is_left_alone(world, errands):
    with transaction(SYSTEM):
        accounts.brand()
    with pytest.raises(NotEmpty):
        demo.load(PASSWORD)
    assert column("SELECT id FROM partners") == []
