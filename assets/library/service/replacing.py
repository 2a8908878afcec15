"""Put one of the brand's files in the place of another, wherever it is used.

What uses files lies in the rooms above, so those say here how they replace one (`on_replace`), like rooms that owe work
say so to the health page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assets.library import queries, rules
from assets.library.errors import AssetArchived, OtherOwner, RightsNotRunning, WrongKind
from assets.library.rules import UseKind
from assets.library.service.views import AssetView, view_of
from tcma.audit import service as audit
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.errors import Invalid
from tcma.kernel.permissions import Permission


@dataclass(frozen=True)
class Replaced:
    """A place where the file was put in: what it is, and what is left to do there, if anything."""

    kind: UseKind
    ref: str
    label: str
    left_to_do: str = ""


Replacer = Callable[[Actor, AssetView, AssetView], Sequence[Replaced]]

_replacers: list[Replacer] = []


def on_replace(replacer: Replacer) -> None:
    """Let a room above replace the first file by the second wherever it uses it; it says where it did."""
    _replacers.append(replacer)


def replace_everywhere(actor: Actor, asset_id: int, *, by_id: int) -> list[Replaced]:
    """Put another file of the brand in the place of one, in every room that uses files.

    What was published never changes: where a published edition uses the file, a draft of the next one is made.
    Raises AssetNotFound, Forbidden, OtherOwner, WrongKind, AssetArchived, RightsNotRunning, Invalid.
    """
    before, after = queries.several(actor, [asset_id, by_id])
    authorize(actor, Permission.ASSETS_ASSET_REPLACE, before)
    if before.partner_id is not None or after.partner_id is not None:
        raise OtherOwner("Only the brand's own files can be replaced everywhere, by others of its own.")
    if before.id == after.id:
        raise Invalid("Choose another file than the one to be replaced.", errors={"by_id": ["Choose another file."]})
    if before.kind is not after.kind:
        raise WrongKind(f"“{after.name}” is a {after.kind}, but a {before.kind} is needed here.")
    if after.archived_at is not None:
        raise AssetArchived(f"“{after.name}” was archived. Choose another, or upload it again.")
    if problem := rules.rights_problem(after, clock.today()):
        raise RightsNotRunning(problem)
    places = [place for replace in _replacers for place in replace(actor, view_of(before), view_of(after))]
    audit.record(actor, "assets.asset.replaced", before, by=after.id, places=[place.ref for place in places])
    return places
