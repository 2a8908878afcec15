"""The papers that claims need: supplier's invoices, drawn by the service's own engine from a document of ours."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from cobranding.rendering import engine
from cobranding.rendering.inputs import Brand, Inputs, Partner, RenderedFile
from tcma.accounts.service import PartnerProfile
from tcma.kernel.money import Money

Json = dict[str, Any]


@dataclass(frozen=True)
class Invoice:
    """What a supplier bills."""

    supplier: str
    supplier_address: str
    tax_id: str
    number: str
    on: date
    what: str
    net: Money
    tax_percent: int

    @property
    def tax(self) -> Money:
        """Give the tax on it."""
        return self.net.percent(self.tax_percent)


def draw(invoice: Invoice, partner: PartnerProfile) -> RenderedFile:
    """Draw an invoice to a partner as PDF; the same invoice gives the same bytes."""
    raw = _document()
    content_hash = engine.hash_of(raw)
    values = {
        "supplier": invoice.supplier,
        "supplier_address": invoice.supplier_address,
        "tax_id": invoice.tax_id,
        "number": invoice.number,
        "date": f"{invoice.on:%d %b %Y}",
        "due": f"{invoice.on + timedelta(days=14):%d %b %Y}",
        "what": invoice.what,
        "net": _written(invoice.net),
        "tax_label": f"Tax {invoice.tax_percent} %",
        "tax": _written(invoice.tax),
        "total": _written(invoice.net + invoice.tax),
    }
    fields = {name: getattr(partner, name) for name in ("legal_name", "street", "postal_code", "city", "country")}
    inputs = Inputs(
        content_hash=content_hash,
        document=engine.document_of(content_hash, raw),
        values=values,
        partner=Partner(**fields),
        brand=Brand(),
        locale="en",
        title=f"Invoice {invoice.number}",
    )
    return engine.render(inputs, "a4")


def _written(money: Money) -> str:
    return f"{money.currency} {money.decimal:,.2f}"


def _document() -> Json:
    names = (
        "supplier",
        "supplier_address",
        "tax_id",
        "number",
        "date",
        "due",
        "what",
        "net",
        "tax_label",
        "tax",
        "total",
    )
    variables = {name: {"type": "text", "max_length": 300, "required": True} for name in names}
    elements = [
        _text("supplier", [22, 22, 110, 9], "name"),
        _text("supplier_address", [22, 32, 110, 6], "small"),
        _text("tax_id", [22, 37.5, 110, 6], "small", "Tax no. {{tax_id}}"),
        {"id": "rule", "type": "line", "stroke": "#222222", "stroke_width": 0.4, "box": [22, 48, 166, 0]},
        {
            "id": "to",
            "type": "contact_block",
            "style": "body",
            "lines": [
                "{{partner.legal_name}}",
                "{{partner.street}}",
                "{{partner.postal_code}} {{partner.city}}",
                "{{partner.country}}",
            ],
            "box": [22, 60, 90, 26],
        },
        {"id": "title", "type": "text", "text": "INVOICE", "style": "name", "align": "right", "box": [118, 60, 70, 9]},
        _text("number", [118, 71, 70, 6], "body", "No. {{number}}", align="right"),
        _text("date", [118, 77, 70, 6], "body", "Date: {{date}}", align="right"),
        _text("due", [118, 83, 70, 6], "body", "Due: {{due}}", align="right"),
        {"id": "head", "type": "shape", "shape": "rectangle", "fill": "#EEEEEE", "box": [22, 104, 166, 8]},
        {
            "id": "head_what",
            "type": "text",
            "text": "Description",
            "style": "strong",
            "valign": "middle",
            "box": [25, 104, 100, 8],
        },
        {
            "id": "head_sum",
            "type": "text",
            "text": "Amount",
            "style": "strong",
            "align": "right",
            "valign": "middle",
            "box": [135, 104, 50, 8],
        },
        _text("what", [25, 116, 105, 20], "body"),
        _text("net", [135, 116, 50, 6], "body", align="right"),
        {"id": "rule_sum", "type": "line", "stroke": "#999999", "stroke_width": 0.2, "box": [110, 146, 78, 0]},
        {"id": "net_label", "type": "text", "text": "Net", "style": "body", "box": [110, 150, 30, 6]},
        _text("net", [135, 150, 50, 6], "body", align="right", key="net_again"),
        _text("tax_label", [110, 157, 40, 6], "body"),
        _text("tax", [135, 157, 50, 6], "body", align="right"),
        {"id": "total_label", "type": "text", "text": "Total", "style": "strong", "box": [110, 166, 30, 6]},
        _text("total", [135, 166, 50, 6], "strong", align="right"),
        {
            "id": "thanks",
            "type": "text",
            "text": "Thank you. Please pay within 14 days and quote the invoice number.",
            "style": "small",
            "box": [22, 250, 166, 6],
        },
    ]
    styles = {
        "name": {"font": "sans", "weight": 700, "size": 18, "smallest": 10},
        "strong": {"font": "sans", "weight": 700, "size": 10, "smallest": 7},
        "body": {"font": "sans", "size": 10, "smallest": 6, "line_height": 1.4},
        "small": {"font": "sans", "size": 8.5, "smallest": 6, "color": "#555555"},
    }
    page = {"width": 210, "height": 297, "unit": "mm", "background": "#FFFFFF", "elements": elements}
    return {
        "schema": 1,
        "kind": "flyer",
        "locale": "en",
        "brand": {"colors": {}, "styles": styles},
        "variables": variables,
        "formats": {"a4": page},
    }


def _text(
    name: str, box: list[float], style: str, text: str = "", *, align: str = "left", key: str = ""
) -> Mapping[str, Any]:
    return {
        "id": key or name,
        "type": "text",
        "text": text or f"{{{{{name}}}}}",
        "style": style,
        "align": align,
        "box": box,
        "open": {"content": True},
    }
