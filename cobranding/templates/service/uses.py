"""Where a template version is in use. Rooms look down only, so those above register here what they make of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from cobranding.templates import queries
from cobranding.templates.queries import TemplateVersionView
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.errors import NotFound
from tcma.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class Use:
    """One thing made of a version, as far as the brand may see it: whose, what, where it stands; never a recipient.

    `number` counts what stands behind a line that is a sum, such as the mails of one touch.
    """

    id: int
    partner_id: int | None
    label: str
    state: str
    page: str = ""
    number: int = 1


@dataclass(frozen=True, slots=True)
class Recall:
    """A version that was withdrawn, and the one that stands in its place, if there is one."""

    withdrawn: TemplateVersionView
    successor: TemplateVersionView | None

    @property
    def sentence(self) -> str:
        """Say what happened, with the brand's reason, to a partner."""
        why = self.withdrawn.withdrawn_reason
        said = f"The brand withdrew {self.withdrawn.name}, version {self.withdrawn.number}"
        return f"{said}: {why}" if why else f"{said}."


class Find(Protocol):
    """Find what was made of a version: a part of it, with ids above `after`, in their order."""

    def __call__(self, actor: Actor, version_id: int, /, *, after: int, limit: int) -> Sequence[Use]:
        """Return the uses found."""


@dataclass(frozen=True, slots=True)
class UseKind:
    """A kind of thing that is made of versions.

    `settle` stops one of them or puts the successor in its place, and returns a word for what became of it; it is asked
    once for each, in a transaction of its own. Without it, `afterwards` says why nothing has to be done.
    """

    name: str
    label: str
    count: Callable[[Actor, int], int]
    find: Find
    settle: Callable[[Actor, int, Recall], str] | None = None
    afterwards: str = ""


@dataclass(frozen=True, slots=True)
class UsesView:
    """The uses of one kind: how many there are, and a part of them."""

    kind: str
    label: str
    afterwards: str
    count: int
    items: Sequence[Use]
    next: int | None


_kinds: dict[str, UseKind] = {}


def register_use(kind: UseKind) -> None:
    """Let recalls find a kind of use; a room that makes something of versions calls this once, when it is imported."""
    if kind.name in _kinds:
        raise ValueError(f"two kinds of uses are called {kind.name}")
    _kinds[kind.name] = kind


def to_settle() -> list[UseKind]:
    """Return the kinds of uses that a recall stops or replaces one by one."""
    return [kind for kind in _kinds.values() if kind.settle is not None]


def label_of(name: str) -> str:
    """Return what people call a kind of use."""
    return _kinds[name].label if name in _kinds else name


def uses(actor: Actor, version_id: int, *, kind: str = "", limit: int = 20, after: int | None = None) -> list[UsesView]:
    """Return where a version is in use, by kind, or a page of one kind.

    Raises TemplateNotFound, Forbidden, NotFound for a kind that there is not.
    """
    found = queries.version(actor, version_id)
    authorize(actor, Permission.COBRANDING_TEMPLATE_WITHDRAW, found)
    if kind and kind not in _kinds:
        raise NotFound
    asked = [_kinds[kind]] if kind else list(_kinds.values())
    return [_view(actor, version_id, one, limit=limit, after=after or 0) for one in asked]


def _view(actor: Actor, version_id: int, kind: UseKind, *, limit: int, after: int) -> UsesView:
    found = kind.find(actor, version_id, after=after, limit=limit + 1)
    return UsesView(
        kind=kind.name,
        label=kind.label,
        afterwards=kind.afterwards,
        count=kind.count(actor, version_id),
        items=found[:limit],
        next=found[limit - 1].id if len(found) > limit else None,
    )
