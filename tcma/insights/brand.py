"""The start pages of the brand's people: marketing, channel managers, finance. Somebody with two roles sees both."""

from collections.abc import Iterator, Mapping, Sequence

from campaigns.kits import service as kits
from campaigns.launches import service as launches
from campaigns.launches.rules import LaunchState
from cobranding.artworks import service as artworks
from cobranding.templates import service as templates
from mdf.claims import service as claims
from mdf.claims.service import ClaimState
from mdf.funds import service as funds
from mdf.payments import service as payments
from mdf.payments.rules import BatchState
from mdf.requests import service as requests
from mdf.requests.service import RequestState
from tcma.accounts import service as accounts
from tcma.insights.home import Home, Line, Place, Section, Tile
from tcma.kernel import clock
from tcma.kernel.actor import Actor
from tcma.kernel.permissions import Permission

_GOES_ON = (LaunchState.SCHEDULED, LaunchState.RUNNING, LaunchState.PAUSED)
_NEXT_STEP = {
    BatchState.DRAFT: "Release it, unless you approved one of its claims.",
    BatchState.RELEASED: "Export the file for the bank.",
    BatchState.EXPORTED: "Settle what the bank has paid.",
}


def home_of(actor: Actor) -> Home:
    """Return the start page of somebody at the brand, put together from what they may do."""
    names = {partner.id: partner.trade_name for partner in accounts.partners(actor)}
    parts = list(_parts(actor, names))
    return Home(
        text=f"{len(names)} partners run your campaigns." if len(names) != 1 else "One partner runs your campaigns.",
        tiles=[tile for part in parts for tile in part.tiles],
        needs=[line for part in parts for line in part.needs],
        sections=[section for part in parts for section in part.sections],
    )


def _parts(actor: Actor, names: Mapping[int, str]) -> Iterator[Home]:
    if actor.can(Permission.MDF_REQUEST_APPROVE):
        yield _channel(actor, names)
    if actor.can(Permission.MDF_CLAIM_APPROVE) or actor.can(Permission.MDF_PAYMENT_RELEASE):
        yield _finance(actor, names)
    if actor.can(Permission.MDF_ALLOCATION_CREATE):
        yield _money(actor)
    if actor.can(Permission.CAMPAIGNS_KIT_EDIT):
        yield _marketing(actor)
    if actor.can(Permission.COBRANDING_ARTWORK_APPROVE):
        yield _reviewing(actor, names)
    if actor.can(Permission.ACCOUNTS_BRAND_EDIT):
        yield _administration(names)
    yield _launches(actor, names)


def _channel(actor: Actor, names: Mapping[int, str]) -> Home:
    waiting = requests.waiting(actor, [RequestState.SUBMITTED])
    return Home(
        text="",
        tiles=[
            Tile(
                "Requests to decide",
                requests.count_waiting(actor),
                _oldest([one.submitted_at for one in waiting]),
                Place("requests"),
            )
        ],
        needs=[
            Line(
                f"Decide: {one.title}",
                f"{names.get(one.partner_id, '')} asks for {one.requested}, starting {one.starts_on:%-d %b %Y}",
                one.state.value,
                Place("requests", one.id),
            )
            for one in waiting
        ],
    )


def _finance(actor: Actor, names: Mapping[int, str]) -> Home:
    waiting = claims.waiting(actor, [ClaimState.SUBMITTED, ClaimState.DISPUTED])
    batches = payments.open_batches(actor)
    return Home(
        text="",
        tiles=[
            Tile(
                "Claims to review",
                claims.count_waiting(actor),
                _oldest([claim.submitted_at for claim in waiting]),
                Place("claims"),
            ),
            Tile(
                "Ready to be paid",
                payments.count_payable(actor),
                "approved claims without a payment run",
                Place("payments"),
            ),
            Tile("Payment runs", payments.count_open(actor), "to release, export or settle", Place("payments")),
        ],
        needs=[
            *(
                Line(
                    f"Review: {claim.title}",
                    f"{names.get(claim.partner_id, '')} claims {claim.asked or claim.net}"
                    + (f", to be decided by {claim.decide_by_on:%-d %b %Y}" if claim.decide_by_on else ""),
                    claim.state.value,
                    Place("claims", claim.id, "review"),
                )
                for claim in waiting
            ),
            *(
                Line(
                    f"Payment run {batch.id} of {batch.total}",
                    _next_step(actor, batch),
                    batch.state.value,
                    Place("payments", batch.id, page="batch"),
                )
                for batch in batches
            ),
        ],
    )


def _next_step(actor: Actor, batch: payments.PaymentBatch) -> str:
    if batch.state is BatchState.DRAFT and batch.prepared_by == actor.user_id:
        return "You prepared it; it waits for a second person to release it."
    return f"{_NEXT_STEP[batch.state]} Prepared by {batch.prepared_by_name}."


def _money(actor: Actor) -> Home:
    lines = [
        Line(
            fund.name,
            f"{fund.unallocated} not given to partners; {fund.committed} promised, {fund.paid} paid of {fund.budget}",
            place=Place("funds", fund.id),
        )
        for fund in funds.page_of(actor, limit=8).items
    ]
    return Home(text="", sections=[Section("Funds", lines, "There is no fund yet.", Place("funds"))])


def _marketing(actor: Actor) -> Home:
    gallery = templates.gallery(actor)
    newest = kits.latest(actor, limit=20)
    drafts = [
        *(
            Line(kit.name, "Kit: a draft that is not published.", "draft", Place("kits", kit.id))
            for kit in newest
            if kit.draft_version_id
        ),
        *(
            Line(template.name, "Template: a draft that is not published.", "draft", Place("templates", template.id))
            for template in gallery
            if template.draft_version_id
        ),
    ]
    published = [kit for kit in newest if kit.published_version_id]
    return Home(
        text="",
        tiles=[
            Tile("Kits that partners can launch", len(published), "", Place("kits")),
            Tile(
                "Templates in use",
                sum(1 for template in gallery if template.published_version_id),
                "",
                Place("templates"),
            ),
        ],
        needs=drafts,
        sections=[
            Section(
                "Kits",
                [Line(kit.name, kit.summary, "published", Place("kits", kit.id)) for kit in published[:6]],
                "Nothing is published. Start with a template, then make a kit of it.",
                Place("kits"),
            )
        ],
    )


def _reviewing(actor: Actor, names: Mapping[int, str]) -> Home:
    waiting = artworks.queue(actor, limit=6).items
    return Home(
        text="",
        tiles=[
            Tile(
                "Artworks to approve",
                artworks.count_waiting(actor),
                _oldest([one.submitted_at for one in waiting]),
                Place("artworks", page="queue"),
            )
        ],
        needs=[
            Line(
                f"Approve: {one.name}",
                f"{names.get(one.partner_id, '')} waits for it",
                one.state.value,
                Place("artworks", one.id, "review"),
            )
            for one in waiting
        ],
    )


def _administration(names: Mapping[int, str]) -> Home:
    needs = []
    if not accounts.brand_name():
        needs.append(Line("Set up the brand", "Its name stands in every mail and on every page.", place=Place("brand")))
    if not names:
        needs.append(
            Line("Add the first partner", "Then invite the person who runs its marketing.", place=Place("partners"))
        )
    return Home(text="", tiles=[Tile("Partners", len(names), "", Place("partners"))], needs=needs)


def _launches(actor: Actor, names: Mapping[int, str]) -> Home:
    runs = launches.latest(actor, limit=50)
    lines = [
        Line(run.name, names.get(run.partner_id, ""), run.state.value, Place("launches", run.id)) for run in runs[:8]
    ]
    going_on = sum(1 for run in runs if run.state in _GOES_ON)
    return Home(
        text="",
        tiles=[Tile("Launches that run", going_on, "of the latest 50", Place("launches"))],
        sections=[Section("Launches by partners", lines, "No partner has launched a kit yet.", Place("launches"))],
    )


def _oldest(instants: Sequence[object]) -> str:
    known = [at for at in instants if at is not None]
    if not known:
        return "nothing waits"
    days = (clock.now() - min(known)).days  # type: ignore[operator, type-var] # instants of one kind
    return "the oldest since today" if days < 1 else f"the oldest since {days} day{'s' if days > 1 else ''}"
