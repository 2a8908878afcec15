"""Two versions of a template held against each other."""

from collections.abc import Sequence
from dataclasses import dataclass

from cobranding.rendering.document.diff import Change, changes
from cobranding.templates import queries
from cobranding.templates.errors import NothingBefore, TemplateNotFound
from cobranding.templates.queries import TemplateVersionView
from tcma.kernel.actor import Actor


@dataclass(frozen=True)
class Comparison:
    """What a version changes against another one."""

    version: TemplateVersionView
    against: TemplateVersionView
    changes: Sequence[Change]

    @property
    def version_id(self) -> int:
        """Return the version that is looked at."""
        return self.version.id

    @property
    def against_id(self) -> int:
        """Return the version that it is held against."""
        return self.against.id


def compare(actor: Actor, version_id: int, *, against: int | None = None) -> Comparison:
    """Hold a version against another one of its template, the one before it unless it is named.

    Raises TemplateNotFound, NothingBefore.
    """
    found = queries.version(actor, version_id)
    other = queries.version(actor, against) if against is not None else queries.version_before(actor, found)
    if other is None:
        raise NothingBefore
    if other.template_id != found.template_id:
        raise TemplateNotFound
    return Comparison(found, other, changes(other.document, found.document))
