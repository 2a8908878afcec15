from datetime import UTC, datetime
from enum import StrEnum

import pytest

from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM, Actor, authorize
from tcma.kernel.errors import Forbidden
from tcma.kernel.permissions import Permission, Role
from tcma.kernel.states import IllegalMove, move


class Light(StrEnum):
    RED = "red"
    GREEN = "green"


MOVES = {Light.RED: frozenset({Light.GREEN})}


def test_a_move_that_the_table_knows_is_made():
    assert move(MOVES, Light.RED, Light.GREEN) is Light.GREEN


def test_a_move_that_the_table_does_not_know_says_what_is_possible():
    with pytest.raises(IllegalMove, match=r"cannot become red.*nothing: this is final"):
        move(MOVES, Light.GREEN, Light.RED)
    with pytest.raises(IllegalMove, match="it can become: green"):
        move(MOVES, Light.RED, Light.RED)


def test_the_clock_can_be_held_and_goes_on_afterwards():
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    with clock.frozen(at):
        assert clock.now() == at
        assert clock.today() == at.date()
    assert clock.now() != at


def test_a_clock_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"), clock.frozen(datetime(2026, 3, 1)):  # noqa: DTZ001 - the point
        pass


def person(role, partner_id=None, only=None):
    return Actor.person(user_id=1, partner_id=partner_id, roles=frozenset({role}), name="Jo", only=only)


def test_nobody_may_do_what_their_role_does_not_grant():
    with pytest.raises(Forbidden, match="mdf:claim:approve"):
        authorize(person(Role.OWNER, 1), Permission.MDF_CLAIM_APPROVE)
    authorize(person(Role.FINANCE), Permission.MDF_CLAIM_APPROVE)


def test_an_actor_without_roles_may_do_nothing():
    nobody = Actor(scope=person(Role.OWNER, 1).scope, user_id=1, partner_id=1)
    assert not [permission for permission in Permission if nobody.can(permission)]


def test_a_partner_may_do_nothing_to_what_belongs_to_another():
    class Thing:
        partner_id = 2

    with pytest.raises(Forbidden):
        authorize(person(Role.OWNER, 1), Permission.MDF_CLAIM_EDIT, Thing())
    authorize(person(Role.OWNER, 2), Permission.MDF_CLAIM_EDIT, Thing())


def test_a_token_narrows_and_never_widens_what_its_person_may_do():
    narrow = person(Role.OWNER, 1, only=frozenset({Permission.MDF_CLAIM_READ, Permission.MDF_CLAIM_APPROVE}))
    assert narrow.can(Permission.MDF_CLAIM_READ)
    assert not narrow.can(Permission.MDF_CLAIM_EDIT)
    assert not narrow.can(Permission.MDF_CLAIM_APPROVE)


def test_a_job_for_a_partner_is_that_partner():
    job = Actor.partner_job(7)
    assert (job.is_partner, job.partner_id, job.user_id, job.organization) == (True, 7, None, "partner:7")
    assert SYSTEM.organization == "system"
