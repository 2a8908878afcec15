"""States as data: a table says which moves exist, and one function makes them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from tcma.kernel.errors import Conflict

S = TypeVar("S", bound=StrEnum)


class IllegalMove(Conflict):
    """Report that a thing in this state does not move to that one."""

    code = "illegal_move"


def move(moves: Mapping[S, frozenset[S]], state: S, target: S) -> S:
    """Return `target` if the table allows the move from `state`.

    Raises IllegalMove.
    """
    if target in moves.get(state, frozenset()):
        return target
    possible = ", ".join(sorted(moves.get(state, frozenset()))) or "nothing: this is final"
    raise IllegalMove(f"This is {state} and cannot become {target}. From here it can become: {possible}.")
