"""The page of all files, with what narrows them."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from assets.library import queries, rules
from assets.library.portal.views import KINDS, RIGHTS, bp, owners
from assets.library.rules import Variant
from assets.library.schemas import ListAssets
from tcma.accounts import service as accounts
from tcma.infra.db import reading
from tcma.kernel.actor import Actor
from tcma.web.guards import current_actor
from tcma.web.pages import render


@bp.get("/")
def index() -> ResponseReturnValue:
    """Show the files that the actor may see, and how its logo stands on light and on dark."""
    actor = current_actor()
    given = {name: value for name, value in request.args.items() if value}
    query = ListAssets(unknown="exclude").load(given)
    listed = queries.page_of_archived if query.pop("archived") else queries.page_of
    with reading(actor):
        found = listed(actor, **query | {"limit": 24})
        return render(
            "library/index.html",
            files=found,
            chosen=query["kind"],
            narrowed=bool(given),
            asked=query,
            kinds=KINDS,
            rights=RIGHTS,
            partners=[] if actor.is_partner else [(one.id, one.trade_name) for one in accounts.partners(actor)],
            owners=owners(actor, found.items),
            logos=[] if given else _logos(actor),
        )


def _logos(actor: Actor) -> list[dict[str, Any]]:
    """Give the actor's own logo as it is chosen for light and for dark backgrounds."""
    own = queries.logos_of(actor, actor.partner_id)
    labels = [(Variant.LIGHT, "On light backgrounds"), (Variant.DARK, "On dark backgrounds")]
    return [{"variant": variant, "label": label, "logo": rules.suits_best(own, variant)} for variant, label in labels]
