"""The jobs of templates: what follows a withdrawal. Each may be lost or repeated; a sweep finds what is owed."""

from cobranding.templates import service
from tcma.infra.db import reading, transaction
from tcma.infra.jobs import job
from tcma.kernel.actor import SYSTEM


@job("cobranding.templates.recall")
def recall(*, version_id: int) -> None:
    """Stop or replace everything that was made of a withdrawn version, one by one, each in its own transaction."""
    for kind in service.to_settle():
        more = True
        while more:
            with transaction(SYSTEM):
                more = service.settle_next(SYSTEM, version_id, kind=kind)
    with transaction(SYSTEM):
        service.finish_recall(SYSTEM, version_id)


@job("cobranding.templates.finish_recalls")
def finish_recalls() -> None:
    """Go on with every recall that is not over: its job was lost, or died half-way."""
    with reading(SYSTEM):
        owed = service.unfinished_recalls(SYSTEM)
    for version_id in owed:
        recall(version_id=version_id)
