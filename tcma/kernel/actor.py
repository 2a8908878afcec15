"""Who acts: a person of the brand, a person of a partner, a job for a partner, or the service itself."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from tcma.kernel.errors import Forbidden
from tcma.kernel.permissions import Permission, Role, permissions_of


class Scope(StrEnum):
    """Say whose rows the actor may see; PostgreSQL's row security is told the same word."""

    BRAND = "brand"
    PARTNER = "partner"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Describe who acts, from which organization, with which permissions."""

    scope: Scope
    user_id: int | None = None
    partner_id: int | None = None
    roles: frozenset[Role] = frozenset()
    name: str = ""
    permissions: frozenset[Permission] = field(default=frozenset(), repr=False)

    @classmethod
    def person(
        cls,
        *,
        user_id: int,
        partner_id: int | None,
        roles: frozenset[Role],
        name: str,
        only: frozenset[Permission] | None = None,
    ) -> Self:
        """Return a signed-in person; `only` narrows what an API token may do."""
        granted = permissions_of(roles)
        return cls(
            scope=Scope.BRAND if partner_id is None else Scope.PARTNER,
            user_id=user_id,
            partner_id=partner_id,
            roles=roles,
            name=name,
            permissions=granted if only is None else granted & only,
        )

    @classmethod
    def partner_job(cls, partner_id: int) -> Self:
        """Return the actor of a job that works for a partner: it sees what that partner sees, and nothing else."""
        return cls(
            scope=Scope.PARTNER,
            partner_id=partner_id,
            name="service, for the partner",
            permissions=permissions_of(frozenset({Role.OWNER})),
        )

    @property
    def is_brand(self) -> bool:
        """Tell whether this is a person of the brand."""
        return self.scope is Scope.BRAND

    @property
    def is_partner(self) -> bool:
        """Tell whether this is a person of a partner, or a job for one."""
        return self.scope is Scope.PARTNER

    @property
    def is_system(self) -> bool:
        """Tell whether this is the service itself."""
        return self.scope is Scope.SYSTEM

    @property
    def is_narrowed(self) -> bool:
        """Tell whether a token lets a person do less than their roles do."""
        return self.user_id is not None and self.permissions != permissions_of(self.roles)

    @property
    def organization(self) -> str:
        """Name the organization for which the actor acts, such as `brand` or `partner:5`."""
        return f"partner:{self.partner_id}" if self.is_partner else self.scope.value

    def can(self, permission: Permission) -> bool:
        """Tell whether the actor holds a permission."""
        return self.is_system or permission in self.permissions


SYSTEM = Actor(scope=Scope.SYSTEM, name="service")


def authorize(actor: Actor, permission: Permission, subject: object = None) -> None:
    """Let the actor go on, or raise Forbidden; a partner never acts on a subject of another partner."""
    owner = getattr(subject, "partner_id", None)
    foreign = actor.is_partner and owner is not None and owner != actor.partner_id
    if foreign or not actor.can(permission):
        raise Forbidden(f"This needs the permission {permission}, which your role does not have.")
