"""Requests and claims in every state, played by the people whose job it is, on the days on which it would happen."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from assets.uploads import service as uploads
from cobranding.artworks import service as artworks
from cobranding.rendering import engine
from cobranding.rendering.inputs import RenderedFile
from cobranding.templates import service as templates
from mdf.claims import service as claims
from mdf.claims.service import Reason
from mdf.payments import service as payments
from mdf.requests import service as requests
from tcma.demo import marks, paper
from tcma.demo.cast import Cast
from tcma.demo.money import E_MAIL, EVENT, FUNDS, SHARES
from tcma.infra.db import reading, transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.errors import DomainError
from tcma.kernel.money import Money

FLYER = "Tasting week flyer"
SUPPLIERS: dict[str, tuple[str, str, str, int]] = {
    "a": ("Hansedruck KG", "Grimm 12, 20457 Hamburg, Germany", "DE 811 555 042", 19),
    "b": ("Imprimerie Bellecour", "4 place Bellecour, 69002 Lyon, France", "FR 40 555 123 456", 20),
    "c": ("Pacific Event Rentals Inc", "1200 SE Water Avenue, Portland, OR 97214", "93-5550142", 0),
    "d": ("Eventos Retiro SA", "Calle de Alcalá 88, 28009 Madrid, España", "A55501612", 21),
    "e": ("Darling Events Pty Ltd", "9 Wheat Road, Sydney NSW 2000", "55 501 990 123", 10),
    "f": ("Cubbon Printers", "14 Queens Road, Bengaluru 560001", "29AAACC5550Z1", 18),
}


@dataclass(frozen=True)
class Plan:
    """A request: who, what, when (days from today) and for how much."""

    partner: str
    title: str
    activity: str
    cost: str
    asked: int
    starts: int
    ends: int


class Director:
    """Play cases: open the clock on a day, let somebody act, in one transaction."""

    def __init__(self, cast: Cast, allocations: Mapping[str, int], flyer_version_id: int) -> None:
        self.cast = cast
        self.allocations = allocations
        self.flyer_version_id = flyer_version_id
        self.today = clock.today()
        self.now = clock.now()

    @contextmanager
    def on(self, day: int, actor: Actor) -> Iterator[Actor]:
        """Act on a day, counted from today; the past is played at noon, today at the real time."""
        at = self.now if day == 0 else (self.now + timedelta(days=day)).replace(hour=11, minute=20)
        with clock.frozen(at), transaction(actor):
            yield actor

    def owner(self, plan: Plan) -> Actor:
        """Give the person who asks."""
        return self.cast.owners[plan.partner]

    def money(self, plan: Plan, amount: str) -> Money:
        """Give an amount in the currency of the partner's fund."""
        return Money.parse(amount, FUNDS[SHARES[plan.partner][0]][0])

    def draft(self, plan: Plan) -> int:
        """Begin the request."""
        kind = "media" if plan.activity == E_MAIL else "venue"
        with self.on(plan.asked, self.owner(plan)) as owner:
            marks.take(owner, f"case: {plan.title}")
            return requests.draft(
                owner,
                allocation_id=self.allocations[plan.partner],
                activity_type=plan.activity,
                title=plan.title,
                starts_on=self.today + timedelta(days=plan.starts),
                ends_on=self.today + timedelta(days=plan.ends),
                lines=[{"kind": kind, "description": plan.title, "amount": self.money(plan, plan.cost)}],
                description="Planned with our team; the offers are in hand.",
            ).id

    def submit(self, plan: Plan) -> int:
        """Ask."""
        request_id = self.draft(plan)
        with self.on(plan.asked, self.owner(plan)) as owner:
            requests.submit(owner, request_id)
        return request_id

    def approve(self, plan: Plan, amount: str | None = None) -> int:
        """Ask, and grant all of it or an amount."""
        request_id = self.submit(plan)
        granted = None if amount is None else self.money(plan, amount)
        note = "" if amount is None else "We take part in the venue, not in the decoration."
        with self.on(plan.asked + 2, self.cast.channel) as channel:
            requests.approve(channel, request_id, amount=granted, note=note)
        return request_id

    def open_claim(self, plan: Plan, request_id: int, day: int, net: str, number: str) -> int:
        """Open a claim with its invoice, its proof and its figures, ready to be submitted."""
        supplier, address, tax_id, tax_percent = SUPPLIERS[plan.partner]
        invoice = paper.Invoice(
            supplier=supplier,
            supplier_address=address,
            tax_id=tax_id,
            number=number,
            on=self.today + timedelta(days=day - 2),
            what=plan.title,
            net=self.money(plan, net),
            tax_percent=tax_percent,
        )
        files = {
            "invoice": paper.draw(invoice, self.cast.profiles[plan.partner]),
            "creative" if plan.activity == E_MAIL else "photo": self._creative(plan, number),
        }
        checked = {proof: uploads.check(file.data, file.filename, "proof") for proof, file in files.items()}
        figures = {"leads": Decimal(12 + len(number))}
        if plan.activity == EVENT:
            figures["visitors"] = Decimal(84)
        with self.on(day, self.owner(plan)) as owner:
            claim = claims.open_claim(owner, request_id)
            claims.edit(
                owner,
                claim.id,
                supplier=supplier,
                supplier_tax_id=tax_id,
                invoice_number=number,
                invoiced_on=invoice.on,
                net=invoice.net,
                tax=invoice.tax,
                figures=figures,
            )
            for proof, file in checked.items():
                kept = uploads.receive(owner, file, name=f"{proof.capitalize()} {number}")
                claims.attach(owner, claim.id, proof=proof, asset_id=kept.id)
            return claim.id

    def _creative(self, plan: Plan, number: str) -> RenderedFile:
        """Give the partner's own flyer as a picture: what the activity put before people."""
        owner = self.owner(plan)
        with reading(owner):
            inputs = artworks.render_inputs(
                owner,
                self.cast.profiles[plan.partner].id,
                self.flyer_version_id,
                {"headline": plan.title[:60], "when": f"Ref. {number}"},
                link_url="https://www.brand.example/tasting",
                title=plan.title,
            )
        return engine.render(inputs, "a4", "jpg")

    def submit_claim(self, plan: Plan, request_id: int, day: int, net: str, number: str) -> int:
        """Open a claim, and give it to finance."""
        claim_id = self.open_claim(plan, request_id, day, net, number)
        with self.on(day, self.owner(plan)) as owner:
            claims.submit(owner, claim_id)
        return claim_id

    def approve_claim(self, claim_id: int, day: int) -> None:
        """Approve a claim in full."""
        with self.on(day, self.cast.finance) as finance:
            claims.approve(finance, claim_id)

    def reject_claim(self, claim_id: int, day: int) -> None:
        """Send a claim back with the reason."""
        with self.on(day, self.cast.finance) as finance:
            claims.reject(
                finance,
                claim_id,
                reason=Reason.PROOF_INSUFFICIENT,
                note="The picture shows the flyer, but not that the event took place.",
                fix="Attach a photograph taken at the event, with visitors or your counter on it.",
            )

    def pay(self, claim_id: int, day: int) -> None:
        """Prepare, release by a second person, export and settle."""
        with self.on(day, self.cast.finance) as finance:
            batch_id = payments.prepare(finance, claim_ids=[claim_id], note="Weekly run").id
        with self.on(day + 1, self.cast.treasury) as treasury:
            batch = payments.release(treasury, batch_id)
            payments.export(treasury, batch_id)
            items = [payment.id for payment in batch.payments]
        with self.on(day + 3, self.cast.finance) as finance:
            for payment_id in items:
                payments.settle(
                    finance,
                    payment_id,
                    paid_on=self.today + timedelta(days=day + 3),
                    bank_reference=f"RUN-{batch_id:05d}",
                )

    def close(self, plan: Plan, request_id: int, day: int) -> None:
        """Let the partner say that nothing more will be claimed."""
        with self.on(day, self.owner(plan)) as owner:
            requests.close(owner, request_id, note="All invoices are in.")


def play_all(cast: Cast, taken: Mapping[str, Mapping[str, Any]]) -> None:
    """Play every case that was not begun before."""
    with reading(cast.marketing):
        flyer = next(template for template in templates.gallery(cast.marketing) if template.name == FLYER)
    if flyer.published is None:
        raise DomainError("The flyer is not published.")
    director = Director(cast, taken["funds"]["allocations"], flyer.published.id)
    for plan, play in CASES:
        if f"case: {plan.title}" not in taken:
            play(director, plan)


Play = Callable[[Director, Plan], object]


def _asked(d: Director, plan: Plan) -> None:
    request_id = d.submit(plan)
    with d.on(plan.asked + 2, d.cast.channel) as channel:
        requests.ask(channel, request_id, question="Which station, and how many spots? Please add the offer's number.")


def _rejected(d: Director, plan: Plan) -> None:
    request_id = d.submit(plan)
    with d.on(plan.asked + 1, d.cast.channel) as channel:
        requests.reject(
            channel, request_id, reason="Please split venue and catering into two lines; catering is capped."
        )


def _declined(d: Director, plan: Plan) -> None:
    request_id = d.submit(plan)
    with d.on(plan.asked + 2, d.cast.channel) as channel:
        requests.decline(
            channel, request_id, reason="Staff outings are not marketing. We look forward to your next idea."
        )


def _withdrawn(d: Director, plan: Plan) -> None:
    request_id = d.submit(plan)
    with d.on(plan.asked + 3, d.owner(plan)) as owner:
        requests.withdraw(owner, request_id, note="The street fair was called off.")


def _expired(d: Director, plan: Plan) -> None:
    request_id = d.submit(plan)
    with d.on(plan.ends + 2, SYSTEM) as system:
        requests.expire(system, request_id)


def _claim_draft(d: Director, plan: Plan) -> None:
    d.open_claim(plan, d.approve(plan), -4, "1420.00", "BC-2207")


def _claim_submitted(d: Director, plan: Plan) -> None:
    d.submit_claim(plan, d.approve(plan), -4, "2380.00", "PER-88120")


def _claim_asked(d: Director, plan: Plan) -> None:
    claim_id = d.submit_claim(plan, d.approve(plan), -8, "1960.00", "ER-3314")
    with d.on(-6, d.cast.finance) as finance:
        claims.ask(finance, claim_id, note="The invoice names two events. Which part belongs to this one?")


def _claim_approved(d: Director, plan: Plan) -> None:
    d.approve_claim(d.submit_claim(plan, d.approve(plan), -9, "1840.00", "HD-4417"), -3)


def _claim_payable(d: Director, plan: Plan) -> None:
    claim_id = d.submit_claim(plan, d.approve(plan), -16, "3100.00", "BC-2188")
    d.approve_claim(claim_id, -9)
    with d.on(-1, d.cast.finance) as finance:
        payments.prepare(finance, claim_ids=[claim_id], note="Waits for a second person")


def _claim_paid(net: str, number: str) -> Play:
    def play(d: Director, plan: Plan) -> None:
        request_id = d.approve(plan)
        claim_id = d.submit_claim(plan, request_id, -48, net, number)
        d.approve_claim(claim_id, -43)
        d.pay(claim_id, -40)
        d.close(plan, request_id, -36)

    return play


def _claim_paid_and_closed(d: Director, plan: Plan) -> None:
    request_id = d.approve(plan)
    claim_id = d.submit_claim(plan, request_id, -58, "4400.00", "PER-87001")
    d.approve_claim(claim_id, -52)
    d.pay(claim_id, -50)
    d.close(plan, request_id, -40)


def _claim_rejected(d: Director, plan: Plan) -> None:
    d.reject_claim(d.submit_claim(plan, d.approve(plan), -12, "1500.00", "DE-0931"), -7)


def _claim_disputed(d: Director, plan: Plan) -> None:
    claim_id = d.submit_claim(plan, d.approve(plan), -14, "1250.00", "ER-3290")
    d.reject_claim(claim_id, -10)
    with d.on(-5, d.owner(plan)) as owner:
        claims.dispute(owner, claim_id, note="The picture was taken during the event; the counter is ours.")


def _claim_withdrawn(d: Director, plan: Plan) -> None:
    claim_id = d.submit_claim(plan, d.approve(plan), -10, "640.00", "CP-118")
    with d.on(-9, d.owner(plan)) as owner:
        claims.withdraw(owner, claim_id, note="Our supplier will send a corrected invoice.")


def _claim_expired(d: Director, plan: Plan) -> None:
    request_id = d.approve(plan)
    claim_id = d.open_claim(plan, request_id, -70, "900.00", "DE-0744")
    partner = Actor.partner_job(d.cast.profiles[plan.partner].id)
    with d.on(-20, partner):
        claims.expire(partner, claim_id)


CASES: tuple[tuple[Plan, Play], ...] = (
    (Plan("c", "Launch party with the roastery", EVENT, "5200.00", -110, -80, -79), _claim_paid_and_closed),
    (Plan("a", "Roadshow through five offices", E_MAIL, "2600.00", -90, -70, -60), _claim_paid("2600.00", "HD-4102")),
    (Plan("b", "Latte art evening", EVENT, "2900.00", -95, -70, -70), _claim_paid("2750.00", "BC-2090")),
    (Plan("e", "Lunchtime tastings at the quay", EVENT, "1200.00", -120, -98, -96), _claim_expired),
    (Plan("b", "Espresso bar at the book fair", EVENT, "3200.00", -60, -36, -33), _claim_payable),
    (Plan("a", "Newsletter and print for the autumn roast", E_MAIL, "2000.00", -45, -30, -20), _claim_approved),
    (Plan("d", "Degustación en el mercado", EVENT, "1400.00", -55, -34, -33), _claim_disputed),
    (Plan("e", "Harbour breakfast for architects", EVENT, "1600.00", -52, -30, -30), _claim_rejected),
    (Plan("d", "Noche de baristas", EVENT, "2100.00", -50, -28, -27), _claim_asked),
    (Plan("c", "Barista truck downtown", EVENT, "2600.00", -44, -22, -20), _claim_submitted),
    (Plan("f", "Flyer drop on Residency Road", E_MAIL, "700.00", -40, -30, -25), _claim_withdrawn),
    (Plan("b", "Campagne de rentrée", E_MAIL, "1500.00", -38, -25, -15), _claim_draft),
    (Plan("f", "Coffee cart at the tech park", EVENT, "1800.00", -45, -20, -18), _expired),
    (Plan("f", "Team day at the plantation", EVENT, "2400.00", -26, 10, 11), _declined),
    (Plan("c", "Street fair on Alberta", EVENT, "1900.00", -24, 8, 9), _withdrawn),
    (Plan("a", "Winter roast evening", EVENT, "4800.00", -15, 12, 13), lambda d, plan: d.approve(plan, "3000.00")),
    (Plan("e", "Cold brew days", E_MAIL, "2200.00", -12, 5, 25), lambda d, plan: d.approve(plan)),
    (Plan("e", "Rooftop tasting", EVENT, "3600.00", -9, 24, 25), _rejected),
    (Plan("d", "Radio spots, morning show", E_MAIL, "2800.00", -5, 15, 30), _asked),
    (Plan("c", "Open house with our barista", EVENT, "4000.00", -3, 20, 21), lambda d, plan: d.submit(plan)),
    (Plan("b", "Tasting days before Christmas", EVENT, "3200.00", -1, 22, 24), lambda d, plan: d.submit(plan)),
    (Plan("b", "Breakfast at the chamber of commerce", EVENT, "2400.00", -1, 45, 45), lambda d, plan: d.draft(plan)),
)
