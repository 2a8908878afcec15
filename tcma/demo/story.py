"""The main job, told once through the HTTP API, like a script of somebody else would do it.

Every step first looks whether it was done, so that the story can be told again, or be picked up where it broke off.
"""

import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

from tcma.accounts.service import PartnerProfile
from tcma.demo import paper
from tcma.demo.caller import Caller, CallRefused
from tcma.demo.cases import SUPPLIERS
from tcma.demo.kits import TASTING
from tcma.demo.loading import SOCIAL
from tcma.demo.money import E_MAIL
from tcma.kernel import clock
from tcma.kernel.money import Money

Json = dict[str, Any]

TITLE = "Tasting week: mailing, print and delivery"
INVOICE = "HD-4502"
PATIENCE_S = 120
FINAL = ("sent", "failed", "skipped", "unknown", "bounced", "complained")


@dataclass
class Story:
    """Who takes part, where the service is, and what was done so far."""

    base_url: str
    marketing: Caller
    channel: Caller
    finance: Caller
    treasury: Caller
    owner: Caller
    lines: list[str] = field(default_factory=list)

    def say(self, line: str, path: str = "") -> None:
        """Remember a line, with where to look."""
        self.lines.append(f"- {line}" + (f"\n  {self.base_url}{path}" if path else ""))


def run(base_url: str, password: str) -> list[str]:
    """Run the main job; return what was done, with figures and addresses to look at.

    Raises CallRefused with the sentence of the service.
    """
    with ExitStack() as stack:

        def enter(email: str) -> Caller:
            return stack.enter_context(Caller(base_url, email, password))

        story = Story(
            base_url=base_url.rstrip("/"),
            marketing=enter("marketing@brand.example"),
            channel=enter("channel@brand.example"),
            finance=enter("finance@brand.example"),
            treasury=enter("treasury@brand.example"),
            owner=enter("owner@partner-a.example"),
        )
        publish(story)
        launch = launch_kit(story)
        wait_for_mails(story, launch)
        flyer = look_at_files(story, launch)
        request = get_money_approved(story)
        claim = claim_money(story, request, flyer)
        pay(story, claim)
        balance(story, request)
        return ["What the main job did:", *story.lines]


def publish(story: Story) -> None:
    """Let marketing publish a template version and a kit."""
    template = _named(story.marketing, "/templates", SOCIAL)
    if template["published_version_id"] is None:
        story.marketing.post(f"/templates/versions/{template['draft_version_id']}/publish", "story-template")
    story.say(f"Marketing published the template “{SOCIAL}”.", f"/templates/{template['id']}")
    kit = _named(story.marketing, "/kits", TASTING)
    if kit["published_version_id"] is None:
        story.marketing.post(f"/kits/{kit['id']}/versions/{kit['draft_version_id']}/publish", "story-kit")
    story.say(f"Marketing published the kit “{TASTING}” to all partners.", f"/kits/{kit['id']}")


def launch_kit(story: Story) -> Json:
    """Let partner A launch the kit, with one click: nothing but the kit is named."""
    kit = _named(story.owner, "/kits", TASTING)
    version_id = kit["published_version_id"]
    for known in story.owner.every("/launches"):
        if known["kit_version_id"] == version_id:
            return known
    return story.owner.post("/launches", "story-launch", kit_version_id=version_id)


def wait_for_mails(story: Story, launch: Json) -> None:
    """Wait until every recipient is in a final state.

    Raises CallRefused when nothing moves any more.
    """
    path = f"/launches/{launch['id']}/results"
    done_before, moved_at = -1, time.monotonic()
    while True:
        results = story.owner.get(path)
        done = sum(results["states"].get(state, 0) for state in FINAL)
        if results["recipients"] and done >= results["recipients"]:
            break
        if done > done_before:
            done_before, moved_at = done, time.monotonic()
        if time.monotonic() - moved_at > PATIENCE_S:
            raise CallRefused(
                f"{done} of {results['recipients']} mails left, and nothing moves. Is the worker running?"
            )
        time.sleep(0.5)
    story.say(
        f"Nordwind Bürotechnik launched it with one click: {results['sent']} co-branded mails delivered, "
        f"{results['failed']} failed, of {results['recipients']} recipients.",
        f"/launches/{launch['id']}",
    )
    story.say("The mails as they arrived, with their headers:", "/sandbox/mail")


def look_at_files(story: Story, launch: Json) -> bytes:
    """Render what the launch links and shares; give the flyer as a picture, the proof for the claim."""
    touches = {touch["channel"]: touch for touch in launch["touches"]}
    share = f"/launches/{launch['id']}/touches/{touches['share']['id']}/share"
    picture = story.owner.download(f"{share}/1200x630")
    artwork = _artwork(story)
    flyer = story.owner.download(f"/artworks/{artwork['id']}/renders/a4")
    letter = story.owner.download(f"/artworks/{artwork['id']}/renders/letter")
    proof = story.owner.download(f"/artworks/{artwork['id']}/renders/a4?output=jpg")
    sizes = ", ".join(f"{len(data) // 1000} KB" for data in (flyer, letter, picture))
    story.say(
        f"Files rendered in their name: flyer A4, flyer Letter, picture 1200 × 630 ({sizes}).",
        f"/artworks/{artwork['id']}",
    )
    return proof


def _artwork(story: Story) -> Json:
    for known in story.owner.every("/artworks"):
        if known["name"] == "Tasting week flyer, Hamburg":
            return known
    template = _named(story.owner, "/templates", "Tasting week flyer")
    return story.owner.post(
        "/artworks",
        "story-artwork",
        template_version_id=template["published_version_id"],
        name="Tasting week flyer, Hamburg",
        values={"headline": "Kaffee, über den Hamburg spricht"},
    )


def get_money_approved(story: Story) -> Json:
    """Let partner A ask for marketing money, and the channel manager approve it."""
    request = next((known for known in story.owner.every("/mdf/requests") if known["title"] == TITLE), None)
    if request is None:
        request = _draft_request(story)
    path = f"/mdf/requests/{request['id']}"
    if request["state"] == "draft":
        request = story.owner.post(f"{path}/submit", "story-request-submit")
    if request["state"] == "submitted":
        request = story.channel.post(
            f"{path}/approve", "story-request-approve", note="Good plan, nice flyer.", seen=request["revision"]
        )
    story.say(
        f"They asked for money: {_said(request['requested'])} of a cost of {_said(request['cost'])}; "
        f"the channel manager approved {_said(request['approved'])}.",
        path,
    )
    return request


def _draft_request(story: Story) -> Json:
    allocation = next(iter(story.owner.every("/mdf/allocations")))
    today = clock.today()
    lines = [
        {"kind": "media", "description": "Mailing to our customers", "amount": _eur("480.00")},
        {"kind": "production", "description": "Flyers, roll-up, delivery", "amount": _eur("1020.00")},
    ]
    return story.owner.post(
        "/mdf/requests",
        "story-request",
        allocation_id=allocation["id"],
        activity_type=E_MAIL,
        title=TITLE,
        description="Three days of tasting in our showroom in the Speicherstadt.",
        starts_on=today.isoformat(),
        ends_on=(today + timedelta(days=14)).isoformat(),
        lines=lines,
    )


def claim_money(story: Story, request: Json, flyer: bytes) -> Json:
    """Let partner A claim with invoice and proof, and finance approve a part of it."""
    known = story.owner.get("/mdf/claims", request_id=request["id"])["items"]
    claim = known[0] if known else story.owner.post("/mdf/claims", "story-claim", request_id=request["id"])
    path = f"/mdf/claims/{claim['id']}"
    if claim["state"] == "draft":
        _fill_in(story, path, flyer)
        claim = story.owner.post(f"{path}/submit", "story-claim-submit", note="Everything is attached.")
    if claim["state"] == "submitted":
        claim = story.finance.post(
            f"{path}/approve",
            "story-claim-approve",
            amount=_eur("640.00"),
            reason="cost_excluded",
            note="The express delivery (EUR 160.00) is not part of the program.",
            seen=claim["money_hash"],
        )
    story.say(
        f"They claimed an invoice of {_said(claim['net'])} with proof; "
        f"finance approved {_said(claim['approved'])}, in part.",
        path,
    )
    return claim


def _fill_in(story: Story, path: str, flyer: bytes) -> None:
    supplier, address, tax_id, tax_percent = SUPPLIERS["a"]
    me = next(story.owner.every("/partners"))
    invoice = paper.Invoice(
        supplier=supplier,
        supplier_address=address,
        tax_id=tax_id,
        number=INVOICE,
        on=clock.today(),
        what="Tasting week: 2,000 flyers, one roll-up, mailing service, express delivery",
        net=Money.parse("1440.00", "EUR"),
        tax_percent=tax_percent,
    )
    drawn = paper.draw(invoice, cast("PartnerProfile", SimpleNamespace(**me)))
    story.owner.patch(
        path,
        supplier=supplier,
        supplier_tax_id=tax_id,
        invoice_number=INVOICE,
        invoiced_on=invoice.on.isoformat(),
        net=_eur(str(invoice.net.decimal)),
        tax=_eur(str(invoice.tax.decimal)),
        figures={"leads": "23"},
    )
    files = {"invoice": (drawn.data, drawn.filename), "creative": (flyer, "flyer.jpg")}
    for proof, (data, filename) in files.items():
        asset_id = story.owner.upload(data, filename, kind="proof", name=f"{proof.capitalize()} {INVOICE}")
        story.owner.post(f"{path}/proofs", f"story-proof-{proof}-{asset_id}", proof=proof, asset_id=asset_id)


def pay(story: Story, claim: Json) -> None:
    """Let finance prepare a batch, a second person release it, and finance mark it settled."""
    items = story.finance.get("/mdf/payments", claim_id=claim["id"])["items"]
    if not items:
        prepared = story.finance.post(
            "/mdf/payments/batches", "story-batch", claim_ids=[claim["id"]], note="Main job of the demo"
        )
        items = prepared["payments"]
    item = items[0]
    path = f"/mdf/payments/batches/{item['batch_id']}"
    batch = story.finance.get(path)
    if batch["state"] == "draft":
        batch = story.treasury.post(f"{path}/release", "story-batch-release")
    if batch["state"] == "released":
        batch = story.treasury.post(f"{path}/export", "story-batch-export")
    if batch["state"] == "exported":
        settled = {"paid_on": _today().isoformat(), "bank_reference": "DEMO-0001"}
        story.finance.post(f"/mdf/payments/{item['id']}/settle", "story-settle", **settled)
        batch = story.finance.get(path)
    story.say(
        f"Finance paid {_said(batch['total'])}: batch {batch['id']} prepared by {batch['prepared_by_name']}, "
        f"released by {batch['released_by_name']}, {batch['state']}.",
        path,
    )
    for waiting in story.treasury.every("/mdf/payments/batches", state="draft"):
        story.say(
            f"Payment run {waiting['id']} of {_said(waiting['total'])} waits for a second person: sign in as "
            f"{story.treasury.email} (same password) to release it.",
            f"/mdf/payments/batches/{waiting['id']}",
        )


def balance(story: Story, request: Json) -> None:
    """Look at the fund's ledger: what came in is what is there, to the cent."""
    fund = story.finance.get(f"/mdf/funds/{request['fund_id']}")
    accounts = list(story.finance.every("/mdf/ledger/accounts", fund_id=fund["id"]))
    rest = sum((Decimal(account["balance"]["amount"]) for account in accounts), Decimal(0))
    if rest != 0:
        raise CallRefused(f"The ledger of {fund['name']} is out of balance by {rest} {fund['currency']}.")
    story.say(
        f"The ledger of “{fund['name']}” balances over {len(accounts)} accounts: budget {_said(fund['budget'])}, "
        f"available {_said(fund['available'])}, committed {_said(fund['committed'])}, paid {_said(fund['paid'])}.",
        f"/mdf/funds/{fund['id']}",
    )


def _today() -> date:
    return clock.today()


def _named(caller: Caller, path: str, name: str) -> Json:
    for item in caller.every(path):
        if item["name"] == name:
            return item
    raise CallRefused(f"There is no “{name}” at {path}. Load the demo program first.")


def _eur(amount: str) -> Json:
    return {"amount": amount, "currency": "EUR"}


def _said(money: Json) -> str:
    return f"{money['currency']} {Decimal(money['amount']):,.2f}"
