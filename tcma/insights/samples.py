"""Made-up content for the page of building blocks."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from tcma.kernel import clock
from tcma.kernel.money import Money


def samples() -> dict[str, Any]:
    """Return what the page of building blocks shows."""
    now = clock.now()
    return {
        "sample": SimpleNamespace(
            amount=Money(1234550, "EUR"),
            small=Money(5, "EUR"),
            negative=Money(-100, "EUR"),
            at=now,
            day=now.date(),
            events=[
                SimpleNamespace(at=now, title="Approved", actor="Ada", text="In part", href="#history"),
                SimpleNamespace(at=now - timedelta(days=2), title="Submitted", actor="Bo", text="", href=""),
            ],
        ),
        "form": SimpleNamespace(
            values={"title": "Spring", "amount.amount": "12"},
            errors={"amount": ["The least is EUR 50.00."], "kind": ["Choose one."]},
        ),
    }
