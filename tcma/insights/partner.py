"""The start page of a partner: the wallet, what needs them, kits to launch, launches that run."""

from collections.abc import Iterator, Sequence

from assets.library import service as library
from campaigns.audiences import service as audiences
from campaigns.kits import service as kits
from campaigns.launches import service as launches
from campaigns.launches.rules import LaunchState
from mdf.claims import service as claims
from mdf.claims.service import ClaimState
from mdf.funds import service as funds
from mdf.requests import service as requests
from mdf.requests.service import RequestState
from tcma.accounts import service as accounts
from tcma.insights.home import Home, Line, Place, Section, Tile
from tcma.kernel.actor import Actor
from tcma.kernel.money import Money, sum_money

_MINE_IN_REQUESTS = (RequestState.DRAFT, RequestState.INFO_REQUESTED, RequestState.REJECTED, RequestState.APPROVED)
_MINE_IN_CLAIMS = (ClaimState.DRAFT, ClaimState.INFO_REQUESTED, ClaimState.REJECTED)
_THEIRS_IN_CLAIMS = (ClaimState.SUBMITTED, ClaimState.DISPUTED, ClaimState.APPROVED, ClaimState.PAYABLE)


def home_of(actor: Actor, partner_id: int) -> Home:
    """Return a partner's start page."""
    wallet = funds.wallet(actor, partner_id)
    mine = requests.waiting(actor, _MINE_IN_REQUESTS)
    open_claims = claims.waiting(actor, (*_MINE_IN_CLAIMS, *_THEIRS_IN_CLAIMS), limit=50)
    claimed = {claim.request_id for claim in open_claims}
    runs = launches.latest(actor, limit=8)
    offers = [kit for kit in kits.latest(actor, limit=12) if kit.published_version_id is not None]
    return Home(
        text=f"Run campaigns of {accounts.brand_name()} in your own name, and get your share of the marketing money.",
        tiles=list(_wallet(wallet)),
        needs=[
            *_first_steps(actor, partner_id),
            *(_missed(run) for run in runs if run.state is LaunchState.MISSED),
            *(_request(one) for one in mine if one.state is not RequestState.APPROVED or one.id not in claimed),
            *(_claim(claim) for claim in open_claims if claim.state in _MINE_IN_CLAIMS),
        ],
        sections=[
            Section(
                "Kits to launch",
                [Line(kit.name, kit.summary, place=Place("kits", kit.id)) for kit in offers[:5]],
                "The brand has not published a kit yet. You will be told when it does.",
                Place("kits"),
            ),
            Section(
                "Launches",
                [
                    Line(
                        run.name,
                        f"Starts {run.starts_at_local:%-d %b %Y, %H:%M}",
                        run.state.value,
                        Place("launches", run.id),
                    )
                    for run in runs
                ],
                "Nothing runs. Choose a kit: the preview shows it in your brand.",
                Place("launches"),
            ),
            Section(
                "With the brand",
                [
                    Line(
                        claim.title,
                        _amount(claim.approved or claim.asked or claim.net),
                        claim.state.value,
                        Place("claims", claim.id),
                    )
                    for claim in open_claims
                    if claim.state in _THEIRS_IN_CLAIMS
                ],
                "No claim is being looked at or paid.",
                Place("claims"),
            ),
        ],
    )


def _wallet(wallet: Sequence[funds.AllocationView]) -> Iterator[Tile]:
    for currency in sorted({share.currency for share in wallet}):
        shares = [share for share in wallet if share.currency == currency]
        last_day = min(share.period_end_on for share in shares)
        available = sum_money((share.available for share in shares), currency)
        until = f"of {sum_money((share.allocated for share in shares), currency)}, until {last_day:%-d %b %Y}"
        yield Tile("Available to you", available, until, Place("requests"))
        promised = sum_money((share.pending + share.committed for share in shares), currency)
        yield Tile("Asked for and promised", promised, "in your requests", Place("requests"))
        coming = sum_money((share.payable for share in shares), currency)
        yield Tile("On its way to you", coming, "approved, not paid yet", Place("claims"))
        yield Tile("Paid", sum_money((share.paid for share in shares), currency), "so far", Place("claims"))


def _first_steps(actor: Actor, partner_id: int) -> Iterator[Line]:
    profile = accounts.partner_profile(actor, partner_id)
    if not (profile.street and profile.city and profile.email):
        yield Line(
            "Complete your profile",
            "Mails need your postal address and an e-mail address.",
            place=Place("partners", page="mine"),
        )
    if not library.has_logo(actor, partner_id):
        yield Line("Upload your logo", "It is put into every mail, flyer and post.", place=Place("uploads", page="new"))
    if audiences.count(actor, partner_id).contacts == 0:
        yield Line(
            "Bring your contacts",
            "A CSV file of those who agreed to hear from you; nobody else sees it.",
            place=Place("contacts"),
        )


def _missed(run: launches.Launch) -> Line:
    return Line(
        f"{run.name} did not start in time", "Start it now, or cancel it.", run.state.value, Place("launches", run.id)
    )


def _request(one: requests.Request) -> Line:
    hints = {
        RequestState.DRAFT: "A request that you have not submitted yet.",
        RequestState.INFO_REQUESTED: "The brand asked something about your request.",
        RequestState.REJECTED: "Sent back: correct it and submit again.",
        RequestState.APPROVED: "Approved. Claim what you spent"
        + (f" until {one.claim_until_on:%-d %b %Y}." if one.claim_until_on else "."),
    }
    return Line(
        one.title, f"{hints[one.state]} {one.approved or one.requested}", one.state.value, Place("requests", one.id)
    )


def _claim(claim: claims.Claim) -> Line:
    hints = {
        ClaimState.DRAFT: "A claim that you have not submitted yet.",
        ClaimState.INFO_REQUESTED: "Finance asked something about your claim.",
        ClaimState.REJECTED: f"Sent back: {claim.reason_fix or claim.reason_text or 'correct it and submit again.'}",
    }
    until = (
        f" Answer until {claim.answer_by_on:%-d %b %Y}."
        if claim.state is ClaimState.INFO_REQUESTED and claim.answer_by_on
        else ""
    )
    return Line(claim.title, hints[claim.state] + until, claim.state.value, Place("claims", claim.id))


def _amount(amount: Money | None) -> str:
    return "" if amount is None else str(amount)
